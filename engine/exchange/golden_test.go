package exchange

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// samples is where the small files of every format and their golden readings are.
const samples = "../../testdata/exchange"

// eachSample calls read with every sample file below a folder, and compares
// what it returns with the golden file beside it.
func eachSample(t *testing.T, folder string, read func(t *testing.T, path string) any) {
	t.Helper()
	found := 0
	err := filepath.WalkDir(filepath.Join(samples, folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".golden") {
			return err
		}
		found++
		name, err := filepath.Rel(filepath.Join(samples, folder), path)
		if err != nil {
			return err
		}
		t.Run(filepath.ToSlash(name), func(t *testing.T) { checkGolden(t, path+".golden", read(t, path)) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found == 0 {
		t.Fatalf("no samples in %s", folder)
	}
}

// checkGolden compares a value, as JSON, with a golden file.
func checkGolden(t *testing.T, path string, got any) {
	t.Helper()
	var text bytes.Buffer
	if raw, ok := got.([]byte); ok {
		text.Write(raw)
	} else {
		out := json.NewEncoder(&text)
		out.SetEscapeHTML(false)
		out.SetIndent("", " ")
		if err := out.Encode(got); err != nil {
			t.Fatal(err)
		}
	}
	if *update {
		if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text.String()); diff != "" {
		t.Errorf("differs from %s (-want +got; -update accepts it):\n%s", path, diff)
	}
}

// lines are problems as text, for golden files.
func lines(list []Problem) []string {
	out := []string{}
	for _, p := range list {
		text := p.String()
		if p.Kept {
			text += " (kept)"
		}
		out = append(out, text)
	}
	return out
}

func TestCatalogueSamples(t *testing.T) {
	eachSample(t, "catalogues", func(t *testing.T, path string) any {
		c, err := OpenCatalogue(path, CatalogueOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		products := drain(t, c)
		return map[string]any{"format": c.Format, "encoding": c.Encoding, "fields": c.Fields(), "products": products, "problems": lines(c.Problems()), "notes": c.Notes()}
	})
}

func TestJudgmentSamples(t *testing.T) {
	eachSample(t, "judgments", func(t *testing.T, path string) any {
		if name := filepath.Base(path); name == "queries.jsonl" || name == "query.csv" {
			t.Skip("read with the judgments beside it")
		}
		j, err := OpenJudgments(path, JudgmentOptions{Judge: "me"})
		if err != nil {
			t.Fatal(err)
		}
		return map[string]any{"format": j.Format, "judgments": j.Judgments, "queries": j.Queries, "problems": lines(j.Problems), "notes": j.Notes}
	})
}

func TestQuerySamples(t *testing.T) {
	eachSample(t, "queries", func(t *testing.T, path string) any {
		q, err := OpenQueries(path)
		if err != nil {
			t.Fatal(err)
		}
		return map[string]any{"format": q.Format, "queries": q.Queries, "problems": lines(q.Problems)}
	})
}

func TestRankerSamples(t *testing.T) {
	eachSample(t, "rankers", func(t *testing.T, path string) any {
		r, err := ReadRanker(path)
		if err != nil {
			t.Fatal(err)
		}
		return r
	})
}
