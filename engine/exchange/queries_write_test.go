package exchange

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"touchstone/engine"
)

// TestQueriesRoundTrip writes any query set in every format and reads back what
// the format holds.
func TestQueriesRoundTrip(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		format := rapid.SampledFrom(QueryFormats).Draw(t, "format")
		var want []engine.Query
		for range rapid.IntRange(1, 6).Draw(t, "n") {
			q := engine.Query{Text: token(true).Draw(t, "query")}
			if slices.ContainsFunc(want, func(o engine.Query) bool { return o.Text == q.Text }) {
				continue
			}
			if format != "beir" {
				q.Need = rapid.OneOf(rapid.Just(""), token(true)).Draw(t, "need")
			}
			if format == "csv" {
				q.Weight = float64(rapid.IntRange(0, 1000).Draw(t, "weight"))
				q.Note = rapid.OneOf(rapid.Just(""), token(true)).Draw(t, "note")
				q.Tags = rapid.SampledFrom([][]string{nil, {"head"}, {"a b", "tail"}}).Draw(t, "tags")
			}
			want = append(want, q)
		}
		path := filepath.Join(folder, "queries")
		if err := WriteQueries(path, format, want); err != nil {
			t.Fatal(err)
		}
		got, err := OpenQueries(path)
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		if d := cmp.Diff(want, got.Queries, cmpopts.EquateEmpty()); d != "" || len(got.Problems) > 0 {
			t.Fatalf("%s was read as %s with problems %v (-written +read):\n%s", format, got.Format, got.Problems, d)
		}
	})
	if err := WriteQueries(filepath.Join(folder, "x"), "parquet", nil); err == nil || !strings.Contains(err.Error(), "formats are csv") {
		t.Error(err)
	}
}

// TestLogsOfQueries: how often a query was asked is its weight, whatever kind of
// log it comes from.
func TestLogsOfQueries(t *testing.T) {
	for name, lines := range map[string][]string{
		"a line each": {"lamp", "desk", "lamp", "lamp"},
		"a column":    {"search_term,searches", "lamp,3", "desk,1"},
		"UBI": {`{"index":{"_index":"ubi_queries","_id":"1"}}`, `{"query_id":"a","user_query":"lamp"}`, `{"query_id":"b","user_query":"lamp"}`,
			`{"query_id":"c","user_query":"desk"}`, `{"query_id":"d","user_query":"lamp"}`, `{"index":{"_index":"ubi_events","_id":"2"}}`,
			`{"action_name":"click","query_id":"a","user_query":"lamp","event_attributes":{"object":{"object_id":"7"}}}`},
	} {
		path := filepath.Join(t.TempDir(), "log")
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := OpenQueries(path)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := []engine.Query{{Text: "lamp", Weight: 3}, {Text: "desk", Weight: 1}}
		if d := cmp.Diff(want, got.Queries); d != "" || len(got.Problems) > 0 {
			t.Errorf("%s: %v\n%s", name, got.Problems, d)
		}
	}
}

// TestJudgingSheet: what goes out blank comes back as the grades that someone
// filled in, and nothing in it runs as a formula.
func TestJudgingSheet(t *testing.T) {
	sheet := JudgingSheet{Scale: engine.DefaultScale(), Judge: "ann", Rows: []JudgingRow{
		{engine.Query{Text: "-lamp", Need: "light, \"warm\""}, engine.Product{ID: "=1", Title: "@Desk lamp", Price: engine.Known(9.5), Currency: "€"}},
		{engine.Query{Text: "-lamp"}, engine.Product{ID: "2", Title: "Bulb"}},
	}}
	for _, ext := range []string{".csv", ".xlsx"} {
		path := filepath.Join(t.TempDir(), "pack"+ext)
		if err := WriteJudgingSheet(path, sheet); err != nil {
			t.Fatal(err)
		}
		blank, err := OpenJudgments(path, JudgmentOptions{Judge: "x"})
		if err != nil || len(blank.Judgments) != 0 || len(blank.Problems) != 0 || blank.Queries[0].Need != "light, \"warm\"" {
			t.Errorf("%s, blank: %+v, %v", ext, blank, err)
		}
		if ext == ".xlsx" {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		filled := strings.Replace(string(text), ",,ann,", ",3,ann,", 1)
		if filled == string(text) || strings.Contains(filled, "\n-lamp") || strings.Contains(filled, ",=1,") {
			t.Fatalf("cannot be filled in, or runs as a formula:\n%s", text)
		}
		got, err := ReadJudgments(strings.NewReader(filled), "pack", JudgmentOptions{Judge: "x"})
		want := []engine.Judgment{{Query: "-lamp", Product: "=1", Grade: 3, Judge: "ann"}}
		if d := cmp.Diff(want, got.Judgments); d != "" || err != nil {
			t.Errorf("%s: %v\n%s", ext, err, d)
		}
	}
}
