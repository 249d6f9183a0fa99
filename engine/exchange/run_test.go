package exchange

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func readRunText(t *testing.T, text string) (*Run, error) {
	t.Helper()
	s, err := newSource(strings.NewReader(text), "test", defaultLimits)
	if err != nil {
		return nil, err
	}
	return readRun(s, "", defaultLimits)
}

// TestRunsRead: each format as other programs write it, and what is wrong in it.
func TestRunsRead(t *testing.T) {
	spring := time.Date(2024, 3, 5, 10, 20, 30, 0, time.UTC)
	tests := []struct {
		name, text string
		format     string
		tag        string
		at         time.Time
		want       []Ranked
		problems   []string
	}{
		{"TREC, where the rank means nothing and the score all",
			"1 Q0 1370 1 12.5 configA\r\n1 Q0 1371 2 13 configA\n\n2\tQ0\t7\t1\t-1e3\tconfigA\n", "TREC run", "configA", time.Time{},
			[]Ranked{{"1", "1371", 1, 13}, {"1", "1370", 2, 12.5}, {"2", "7", 1, -1000}}, nil},
		{"TREC with broken lines", "star%20trek Q0 1 1 3 t\nstar%20trek Q0 2 2 2\nstar%20trek Q0 3 3 x t\nstar%20trek Q0 1 4 1 t\nstar%20trek Q0 4 4 1 other\nstar%20trek Q0 5 5 1 t\n", "TREC run", "t", time.Time{},
			[]Ranked{{"star trek", "1", 1, 3}, {"star trek", "5", 2, 1}},
			[]string{"test:2: has 5 parts", `test:3: the score "x"`, "test:4: ranks \"1\" for the query \"star trek\" again", `test:5: is of another run, "other"`}},
		{"a Quepid snapshot", "\ufeffSnapshot Name,Snapshot Time,Case ID,Query Text,Doc ID,Doc Position,title\r\nspring,2024-03-05T10:20:30Z,7,star trek,1371,2,x\r\nspring,2024-03-05T10:20:30Z,7,star trek,1370,1,\"Star Trek, the film\"\r\nspring,2024-03-05T10:20:30Z,7,nothing found,,,\r\n",
			"Quepid snapshot CSV", "spring", spring, []Ranked{{"star trek", "1370", 1, 0}, {"star trek", "1371", 2, 0}}, nil},
		{"a table with scores alone", "query;sku;score\nlamp;a;0.5\nlamp;b;0.75\nlamp;c;much\n;d;1\nlamp;;1\n", "run CSV", "", time.Time{},
			[]Ranked{{"lamp", "b", 1, 0.75}, {"lamp", "a", 2, 0.5}}, []string{`test:4: "much"`, "test:5: names no query", "test:6: names no product"}},
		{"a table whose places are not in order", "query,rank,docid\n -lamp,2, =a\n -lamp,1,b\n-lamp,,c\n", "run CSV", "", time.Time{},
			[]Ranked{{"-lamp", "b", 1, 0}, {"-lamp", "=a", 2, 0}}, []string{`test:4: gives "c"`}},
		{"JSON Lines", `{"query":"lamp","docid":"a","rank":1,"ranker":"v2"}` + "\n" + `{"query":"lamp","docid":"b","rank":2,"ranker":"v2"}` + "\n", "run JSON Lines", "v2", time.Time{},
			[]Ranked{{"lamp", "a", 1, 0}, {"lamp", "b", 2, 0}}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := readRunText(t, test.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, r.Ranked); diff != "" || r.Format != test.format || r.Tag != test.tag || !r.Time.Equal(test.at) {
				t.Errorf("read as %q by %q at %v (-want +got):\n%s", r.Format, r.Tag, r.Time, diff)
			}
			if len(r.Problems) != len(test.problems) || r.Skipped != len(test.problems) {
				t.Fatalf("%d skipped with problems %v, want %v", r.Skipped, r.Problems, test.problems)
			}
			for i, p := range r.Problems {
				if !strings.HasPrefix(p.String(), test.problems[i]) {
					t.Errorf("problem %q, want %q", p, test.problems[i])
				}
			}
		})
	}
	for name, text := range map[string]string{"judgments": "query,docid,rating\nlamp,a,3\n", "an empty file": "", "a catalogue": "id,title\n1,Tea\n"} {
		if r, err := readRunText(t, text); err == nil || !strings.HasPrefix(err.Error(), "test: ") {
			t.Errorf("%s: read %+v, error %v", name, r, err)
		}
	}
}

// TestRunsRoundTrip writes any run in every format and reads it back equal.
func TestRunsRoundTrip(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		format := rapid.SampledFrom(RunFormats).Draw(t, "format")
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "time"), 0).UTC()
		tag := strings.ReplaceAll(token(true).Draw(t, "tag"), " ", "_")
		var want []Ranked
		seen := map[string]bool{}
		for range rapid.IntRange(1, 4).Draw(t, "queries") {
			query := token(true).Draw(t, "query")
			if seen[query] {
				continue
			}
			seen[query] = true
			score := 100.0
			for _, product := range rapid.SliceOfNDistinct(token(format != "trec"), 1, 5, rapid.ID).Draw(t, "products") {
				score -= rapid.Float64Range(1e-6, 50).Draw(t, "less")
				n := 0
				if len(want) > 0 && want[len(want)-1].Query == query {
					n = want[len(want)-1].Rank
				}
				want = append(want, Ranked{query, product, n + 1, score})
			}
		}
		path := filepath.Join(folder, "run")
		if err := WriteRun(path, format, tag, at, want); err != nil {
			t.Fatal(err)
		}
		got, err := OpenRun(path)
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		if diff := cmp.Diff(want, got.Ranked); diff != "" || len(got.Problems) > 0 || got.Tag != tag {
			t.Fatalf("%s was read as %s by %q, written by %q, with problems %v (-written +read):\n%s", format, got.Format, got.Tag, tag, got.Problems, diff)
		}
		if format == "quepid-snapshot" && !got.Time.Equal(at) {
			t.Fatalf("written at %v, read %v", at, got.Time)
		}
	})
}

func FuzzRun(f *testing.F) {
	addSamples(f, "written")
	f.Add([]byte("1 Q0 1370 1 12.5 configA\n1 Q0 1371 2 13 configA\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := newSource(bytes.NewReader(data), "fuzz", fuzzLimits)
		if err != nil {
			return
		}
		r, err := readRun(s, "", fuzzLimits)
		if err != nil {
			return
		}
		var last Ranked
		for _, one := range r.Ranked {
			if one.Query == "" || one.Product == "" || one.Rank < 1 || one.Rank > 1 && (one.Query != last.Query || one.Rank != last.Rank+1) {
				t.Fatalf("%+v after %+v", one, last)
			}
			last = one
		}
		if slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.What == "" }) {
			t.Fatalf("a problem without a reason: %+v", r.Problems)
		}
	})
}

// TestRunsAreNoJudgments: what says how things were ranked is refused where
// grades are asked for, by name.
func TestRunsAreNoJudgments(t *testing.T) {
	for _, text := range []string{"1 Q0 1370 1 12.5 configA\n", "\ufeffSnapshot Name,Snapshot Time,Case ID,Query Text,Doc ID,Doc Position,title\r\nspring,2024-03-05T10:20:30Z,7,star trek,1370,1,\"Star Trek, the film\"\r\n"} {
		_, err := ReadJudgments(strings.NewReader(text), "run", JudgmentOptions{})
		if err == nil || !strings.Contains(err.Error(), "no ratings: keep it as a snapshot") {
			t.Errorf("error %v", err)
		}
	}
}
