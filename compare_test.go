package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCompareContract runs compare and its reports on a small shop and checks
// the keys and exit codes that other programs rely on.
func TestCompareContract(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	const colours = "red blue green black white grey brown amber"
	products, ratings := "id,title,description\n", "query,docid,rating\n"
	for i, colour := range strings.Fields(colours) {
		products += fmt.Sprintf("a%d,%s lamp,Stands on the desk\nb%d,Shelf,Fits a %s lamp\n", i, colour, i, colour)
		ratings += fmt.Sprintf("%s lamp,a%d,3\n%s lamp,b%d,0\n", colour, i, colour, i)
	}
	for name, text := range map[string]string{"products.csv": products, "ratings.csv": ratings} {
		if err := os.WriteFile(in(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	w := in("w.touchstone")
	must(t, "new", w, "--model", "minilm")
	must(t, "import", w, in("products.csv"))
	must(t, "judgments", w, in("ratings.csv"))

	var c struct {
		Metric             string
		A, B, Delta, P     float64
		CI95               [2]float64
		Wins, Ties, Losses int
		Verdict, Sentence  string
	}
	keys := []string{"metric", "a", "b", "delta", "ci95", "p", "wins", "ties", "losses", "verdict"}
	decode(t, must(t, "compare", w, "bm25", "default", "--fail-if-worse", "--json"), &c, keys...)
	if c.Wins+c.Ties+c.Losses != 8 || math.Abs(c.B-c.A-c.Delta) > 1e-9 || c.CI95[0] > c.Delta || c.CI95[1] < c.Delta || c.P <= 0 || c.P > 1 {
		t.Errorf("%+v", c)
	}
	decode(t, must(t, "compare", w, "default", "default", "--json"), &c, keys...)
	if c.Verdict != "no difference shown" || c.Delta != 0 || c.P != 1 || c.Ties != 8 {
		t.Errorf("a ranker and itself: %+v", c)
	}

	// Judged by what bm25 puts higher than cosine does, cosine is worse.
	ratings = "query,docid,rating\n"
	for colour := range strings.FieldsSeq(colours) {
		ratings += fmt.Sprintf("%s lamp,%s,3\n", colour, higher(t, w, colour+" lamp", "bm25", "cosine"))
	}
	if err := os.WriteFile(in("ratings.csv"), []byte(ratings), 0o644); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := run(t, "", "compare", w, "bm25", "cosine", "--judgments", in("ratings.csv"), "--fail-if-worse",
		"--html", in("r.html"), "--xlsx", in("r.xlsx"), "--markdown", in("r.md"), "--junit", in("r.xml"))
	if code != 3 || !strings.HasPrefix(stdout, "B is worse: NDCG@10 −0.") || !strings.Contains(stderr, "cosine (B) against bm25 (A)") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
	for _, file := range []string{"r.html", "r.xlsx", "r.md", "r.xml"} {
		if info, err := os.Stat(in(file)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", file, err)
		}
	}
	decode(t, must(t, "compare", w, "cosine", "bm25", "--judgments", in("ratings.csv"), "--fail-if-worse", "--json"), &c, keys...)
	if c.Verdict != "better" {
		t.Errorf("the other way round: %+v", c)
	}
	if code, _, stderr := run(t, "", "eval", w, "--fail-under", "1.01", "--junit", in("e.xml"), "--markdown", in("e.md")); code != 3 {
		t.Errorf("exit %d: %s", code, stderr)
	}
	for file, says := range map[string]string{"e.xml": "<failure", "e.md": "under 1.0100"} {
		if text, err := os.ReadFile(in(file)); err != nil || !strings.Contains(string(text), says) {
			t.Errorf("%s: %v, want %q in %s", file, err, says, text)
		}
	}
	must(t, "snapshot", w, "before", "--ranker", "bm25")
	if out := must(t, "snapshot", w); !strings.Contains(out, "before") || !strings.Contains(out, "8 queries") {
		t.Errorf("the list of snapshots: %s", out)
	}
	decode(t, must(t, "compare", w, "snapshot:before", "bm25", "--json"), &c, keys...)
	if c.Ties != 8 {
		t.Errorf("bm25 and its own snapshot: %+v", c)
	}
	must(t, "export", w, "run", "--format", "trec", "--ranker", "bm25", "--out", in("theirs.run"))
	if out := must(t, "snapshot", w, "theirs", "--file", in("theirs.run")); !strings.Contains(out, "8 queries ranked by bm25 are kept (TREC run); compare with snapshot:theirs") {
		t.Errorf("reading a run: %s", out)
	}
	decode(t, must(t, "compare", w, "snapshot:theirs", "snapshot:before", "--json"), &c, keys...)
	if c.Ties != 8 {
		t.Errorf("bm25's snapshot and its run, written and read: %+v", c)
	}
	for _, format := range []string{"html", "xlsx"} {
		must(t, "export", w, "report", "--format", format, "--out", in("report."+format))
	}
	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{1, "no ranker", []string{"compare", w, "default", "none"}},
		{1, "no snapshot", []string{"compare", w, "default", "snapshot:none"}},
		{1, "choose another", []string{"snapshot", w, "before"}},
		{1, "choose another", []string{"snapshot", w, "before", "--file", in("theirs.run")}},
		{1, "leave one of them out", []string{"snapshot", w, "new", "--file", in("theirs.run"), "--ranker", "bm25"}},
		{1, "not a format of runs", []string{"snapshot", w, "new", "--file", in("ratings.csv")}},
		{1, "keep it as a snapshot", []string{"judgments", w, in("theirs.run")}},
		{1, "html, xlsx", []string{"export", w, "report", "--format", "pdf", "--out", in("r.pdf")}},
		{2, "--help", []string{"compare", w, "default"}},
	} {
		if code, _, stderr := run(t, "", c.args...); code != c.code || !strings.Contains(stderr, c.says) {
			t.Errorf("touchstone %v: exit %d, want %d with %q: %s", c.args, code, c.code, c.says, stderr)
		}
	}
}

// higher is a product that the first ranker puts above where the second does.
func higher(t *testing.T, w, query, first, second string) string {
	t.Helper()
	var pages [2]struct{ Results []struct{ ID string } }
	for i, ranker := range []string{first, second} {
		decode(t, must(t, "search", w, query, "--ranker", ranker, "-k", "50", "--json"), &pages[i], "results")
	}
	for i, r := range pages[0].Results {
		if i < len(pages[1].Results) && pages[1].Results[i].ID != r.ID {
			return r.ID
		}
	}
	t.Fatalf("%s and %s order %q alike", first, second, query)
	return ""
}
