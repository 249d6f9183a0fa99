package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/cli"
)

// run carries out a command and returns its exit code, stdout and stderr.
func run(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = cli.Run(t.Context(), args, wire(strings.NewReader(stdin), &out, &err))
	return code, out.String(), err.String()
}

// must is run for a command that has to work; it returns stdout.
func must(t *testing.T, args ...string) string {
	t.Helper()
	code, stdout, stderr := run(t, "", args...)
	if code != 0 {
		t.Fatalf("touchstone %s: exit %d: %s", strings.Join(args, " "), code, stderr)
	}
	return stdout
}

// decode reads a command's JSON into a value and checks that its top has the
// keys of the contract.
func decode(t *testing.T, text string, v any, keys ...string) {
	t.Helper()
	var top map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &top); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	for _, key := range keys {
		if _, ok := top[key]; !ok {
			t.Errorf("the JSON lacks %q: %s", key, text)
		}
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		t.Fatal(err)
	}
}

// TestCommandContract runs the commands of docs/cli.md on a small shop and
// checks the keys, the sums and the exit codes that other programs rely on.
func TestCommandContract(t *testing.T) {
	dir := t.TempDir()
	w := filepath.Join(dir, "w.touchstone")
	write := func(name string, lines ...string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	catalogue := write("products.csv", "sku,name,maker,price",
		"1,Desk lamp,Lumo,49.90", "2,Floor lamp,Lumo,\"1.299,00 €\"", "3,Lamp shade,Tela,19", "4,Cushion,Tela,15")
	ratings := write("ratings.csv", "query,docid,rating", "lamp,1,3", "lamp,2,2", "lamp,3,0", "cushion,4,3", "cushion,1,0", "nothing,1,0")

	must(t, "new", w, "--model", "minilm")
	must(t, "import", w, catalogue, "--map", "title=name,brand=maker")
	must(t, "judgments", w, ratings, "--judge", "ann")

	var page struct {
		Query   string   `json:"query"`
		TookMS  *float64 `json:"took_ms"`
		Total   int      `json:"total"`
		Results []struct {
			Rank          int      `json:"rank"`
			ID            string   `json:"id"`
			Title         string   `json:"title"`
			Score         float64  `json:"score"`
			Grade         *float64 `json:"grade"`
			Contributions []struct {
				Feature      string   `json:"feature"`
				Value        *float64 `json:"value"`
				Weight       *float64 `json:"weight"`
				Contribution *float64 `json:"contribution"`
			} `json:"contributions"`
		} `json:"results"`
	}
	decode(t, must(t, "search", w, "lamp", "-k", "3", "--json"), &page, "query", "took_ms", "total", "results")
	if page.Query != "lamp" || len(page.Results) != 3 {
		t.Fatalf("page %+v", page)
	}
	for i, r := range page.Results {
		sum := 0.0
		for _, c := range r.Contributions {
			sum += *c.Contribution
		}
		if r.Rank != i+1 || r.ID == "" || r.Title == "" || math.Abs(sum-r.Score) > 1e-9 {
			t.Errorf("result %+v: contributions sum to %v", r, sum)
		}
	}
	if g := page.Results[0].Grade; page.Results[0].ID == "1" && (g == nil || *g != 3) {
		t.Errorf("the first result's grade is %v", g)
	}
	decode(t, must(t, "search", w, "lamp", "--filter", "price>1000", "--json"), &page)
	if len(page.Results) != 1 || page.Results[0].ID != "2" {
		t.Errorf("price>1000 found %+v", page.Results)
	}

	decode(t, must(t, "similar", w, "1", "-k", "2", "--json"), &page, "query", "took_ms", "total", "results")
	if len(page.Results) != 2 || page.Results[0].ID != "2" && page.Results[0].ID != "3" {
		t.Errorf("similar to the desk lamp: %+v", page.Results)
	}

	must(t, "events", w, write("events.csv", "profile,product,action,time", "ann,1,buy,2024-05-01", "ann,2,view,2024-05-02"))
	for _, shopper := range []string{"ann", "stranger"} {
		decode(t, must(t, "recommend", w, "--profile", shopper, "-k", "2", "--json"), &page, "query", "took_ms", "total", "results")
		for _, r := range page.Results {
			sum := 0.0
			for _, c := range r.Contributions {
				sum += *c.Contribution
			}
			if math.Abs(sum-r.Score) > 1e-9 || shopper == "ann" && r.ID == "1" {
				t.Errorf("recommended to %s: %+v, contributions sum to %v", shopper, r, sum)
			}
		}
		if len(page.Results) != 2 {
			t.Errorf("%d products recommended to %s, want 2", len(page.Results), shopper)
		}
	}
	decode(t, must(t, "search", w, "lmap shade", "--profile", "ann", "--facets", "--json"), &page, "suggestion", "analysis")
	decode(t, must(t, "search", w, "shaed", "--json"), &page, "suggestion", "near")
	decode(t, must(t, "search", w, "lamp", "--facets", "--json"), &page, "facets")
	decode(t, must(t, "search", w, "lamp", "--sort", "price", "--offset", "1", "--json"), &page)
	if page.Results[0].Rank != 2 {
		t.Errorf("a page from offset 1 starts with %+v", page.Results[0])
	}

	var eval struct {
		Mean    float64
		Queries int
		Skipped int
		Bounds  []float64
	}
	for _, scope := range []string{"all", "judged"} {
		decode(t, must(t, "eval", w, "--scope", scope, "--json"), &eval,
			"metric", "convention", "mean", "queries", "skipped", "coverage", "bounds", "per_query")
		if eval.Queries != 2 || eval.Skipped != 1 || len(eval.Bounds) != 2 || eval.Bounds[0] > eval.Mean || eval.Bounds[1] < eval.Mean {
			t.Errorf("%s: %+v", scope, eval)
		}
	}
	for _, ranker := range []string{"bm25", "cosine", "default"} {
		must(t, "eval", w, "--ranker", ranker, "--judgments", ratings)
	}

	var learned struct{ Adopted *bool }
	decode(t, must(t, "train", w, "--seed", "3", "--json"), &learned,
		"ranker", "kind", "before", "after", "adopted", "why", "seconds")
	if learned.Adopted == nil {
		t.Error("train does not say whether it adopted")
	}

	if out := must(t, "check", w); !strings.Contains(out, "4 products") || !strings.Contains(out, "6 judgments") {
		t.Errorf("check: %s", out)
	}
	must(t, "backup", w, filepath.Join(dir, "copy.touchstone"))
	must(t, "check", filepath.Join(dir, "copy.touchstone"))
	must(t, "export", w, "judgments", "--format", "trec", "--out", filepath.Join(dir, "qrels.txt"))
	must(t, "export", w, "run", "--format", "trec", "--out", filepath.Join(dir, "run.txt"))
	must(t, "export", w, "ranker", "--format", "touchstone", "--out", filepath.Join(dir, "ranker.json"))

	t.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "config"))
	tiny := filepath.Join("..", "shared", "models", "tiny-bert-chinese")
	if _, err := os.Stat(tiny); err == nil {
		must(t, "model", "import", tiny, "tiny")
		if out := must(t, "new", filepath.Join(dir, "t.touchstone"), "--model", "tiny"); out != "" {
			t.Errorf("new printed %q", out)
		}
		must(t, "import", filepath.Join(dir, "t.touchstone"), catalogue)
		if code, _, stderr := run(t, "", "model", "import", tiny, "tiny"); code != 1 || !strings.Contains(stderr, "already") {
			t.Errorf("a second model of one name: exit %d, %s", code, stderr)
		}
	}
	if code, _, stderr := run(t, "", "model", "import", dir, "../up"); code != 1 || !strings.Contains(stderr, "name") {
		t.Errorf("a path as a model's name: exit %d, %s", code, stderr)
	}

	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{2, "--help", []string{"serch", "a", "b"}},
		{2, "--scope", []string{"eval", w, "--scope", "some"}},
		{1, "already", []string{"new", w}},
		{1, "nowhere", []string{"search", filepath.Join(dir, "nowhere.touchstone"), "x"}},
		{1, "nowhere.csv", []string{"import", w, filepath.Join(dir, "nowhere.csv")}},
		{1, "no ranker", []string{"search", w, "x", "--ranker", "none"}},
		{1, "price, date and rating", []string{"search", w, "x", "--sort", "weight"}},
		{1, "fusion", []string{"search", w, "x", "--fusion", "sum"}},
		{1, "character 7", []string{"search", w, "x", "--filter", "price<"}},
		{3, "under", []string{"eval", w, "--fail-under", "1.01"}},
	} {
		code, stdout, stderr := run(t, "", c.args...)
		if code != c.code || !strings.Contains(stderr, c.says) || strings.Count(strings.TrimSpace(stderr), "\n") > 1 && c.code == 1 {
			t.Errorf("touchstone %v: exit %d, want %d, with %q in one line on stderr: %s%s", c.args, code, c.code, c.says, stdout, stderr)
		}
	}
}

// TestEncodeContract: one line out for each line in, in order; bad input is
// named by its line.
func TestEncodeContract(t *testing.T) {
	code, stdout, stderr := run(t, "{\"text\":\"desk lamp\"}\n\n{\"text\":\"\"}\n", "encode", "--model", "minilm")
	if code != 0 {
		t.Fatal(stderr)
	}
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines for two texts", len(lines))
	}
	for i, want := range []int{4, 2} {
		var row struct {
			IDs       []int     `json:"ids"`
			Embedding []float64 `json:"embedding"`
		}
		if err := json.Unmarshal([]byte(lines[i]), &row); err != nil {
			t.Fatal(err)
		}
		if len(row.IDs) != want || len(row.Embedding) != 384 {
			t.Errorf("line %d: %d ids, %d values", i+1, len(row.IDs), len(row.Embedding))
		}
	}
	for _, c := range []struct{ in, says string }{{"{\"text\":\"a\"}\nnonsense\n", "line 2"}, {"{}\n", "line 1"}} {
		if code, _, stderr := run(t, c.in, "encode"); code != 1 || !strings.Contains(stderr, c.says) {
			t.Errorf("%q: exit %d, %s", c.in, code, stderr)
		}
	}
}
