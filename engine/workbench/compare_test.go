package workbench_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// lampShop is a shop in which ten queries are judged: the desk lamps are right,
// all that comes with them is wrong.
func lampShop(t *testing.T) *shop {
	s := newShop(t)
	lines, ratings := lampLines()
	s.importLines(lines...)
	if _, err := s.ImportJudgments(t.Context(), s.file("ratings.csv", ratings...), "ann"); err != nil {
		t.Fatal(err)
	}
	return s
}

func lampLines() (lines, ratings []string) {
	lines, ratings = []string{"id,title,price"}, []string{"query,docid,rating"}
	for i := range 10 {
		lines = append(lines, fmt.Sprintf("l%d,Lamp%d for the desk,%d", i, i, 20+i), fmt.Sprintf("b%d,Bulb <script> lamp%d,4", i, i), fmt.Sprintf("s%d,Shade lamp%d,9", i, i))
		ratings = append(ratings, fmt.Sprintf("lamp%d,l%d,3", i, i), fmt.Sprintf("lamp%d,b%d,0", i, i), fmt.Sprintf("lamp%d,gone,0", i))
	}
	return lines, ratings
}

// byPrice ranks by the price feature alone, from one end or the other.
func byPrice(weight float64) *engine.Ranker {
	return &engine.Ranker{Name: "price", Kind: engine.Linear, Weights: []engine.Weight{{Feature: "price", Weight: weight}}}
}

func ranks(r *engine.Ranker) workbench.Side { return workbench.Side{Ranker: r} }

func TestCompareSeesWhatRankersDo(t *testing.T) {
	s := lampShop(t)
	up, down := byPrice(1), byPrice(-1)
	c, err := s.Compare(t.Context(), workbench.CompareRequest{A: ranks(up), B: ranks(down), Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	back, err := s.Compare(t.Context(), workbench.CompareRequest{A: ranks(down), B: ranks(up), Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Queries) != 10 || c.Wins != back.Losses || c.Losses != back.Wins || c.Delta != -back.Delta || c.Verdict == back.Verdict {
		t.Errorf("%s, and turned round %s", c.Sentence, back.Sentence)
	}
	for _, side := range []struct {
		ranker *engine.Ranker
		mean   float64
	}{{up, c.A.Mean}, {down, c.B.Mean}} {
		e, err := s.Evaluate(t.Context(), workbench.EvalRequest{Ranker: side.ranker}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if e.Mean != side.mean {
			t.Errorf("evaluated alone %v, compared %v", e.Mean, side.mean)
		}
	}
	pages, err := s.ComparedPages(c, c.Queries[0])
	if err != nil {
		t.Fatal(err)
	}
	if len(pages.A) == 0 || pages.A[0].Product.Title == "" || pages.A[0].Product.ID != s.top(c.Queries[0].Query, up) {
		t.Errorf("the page of A: %+v", pages.A)
	}
	if len(c.Unsettled) == 0 || !strings.Contains(c.Unsettled[0].Product.Title, " ") {
		t.Errorf("unsettled pairs: %+v", c.Unsettled)
	}
}

// top is the ID of the first product that a ranker finds.
func (s *shop) top(query string, r *engine.Ranker) string {
	s.t.Helper()
	page, err := s.Search(s.t.Context(), workbench.SearchRequest{Query: query, Ranker: r})
	if err != nil {
		s.t.Fatal(err)
	}
	return page.Results[0].Product.ID
}

func TestCompareScopesAndMistakes(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	if _, err := s.Compare(t.Context(), workbench.CompareRequest{}, nil); err == nil || !strings.Contains(err.Error(), "judged") {
		t.Errorf("nothing judged: %v", err)
	}
	s.grade("lamp", "l2", 3)
	s.grade("lamp", "c1", 0)
	c, err := s.Compare(t.Context(), workbench.CompareRequest{Scope: workbench.Judged, Metric: "ap"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.A.Coverage != 1 || c.Unjudged != 0 || c.A.Name != "default" || c.A.Mean != c.B.Mean || c.Metric.Label() != "AP" {
		t.Errorf("only what is judged, by the ranker in use against itself: %+v", c)
	}
	if _, err := s.Compare(t.Context(), workbench.CompareRequest{Metric: "best@10"}, nil); err == nil {
		t.Error("an unknown metric compared")
	}
	bad := &engine.Ranker{Name: "bad", Kind: engine.Linear, Weights: []engine.Weight{{Feature: "nothing", Weight: 1}}}
	if _, err := s.Compare(t.Context(), workbench.CompareRequest{B: ranks(bad)}, nil); err == nil {
		t.Error("a ranker of an unknown feature compared")
	}
}

func TestCompareWarnsOfFittedRankers(t *testing.T) {
	s := lampShop(t)
	learned := *byPrice(1)
	learned.Made = engine.Provenance{Judgments: 20, Before: 0.5, After: 0.625}
	for _, own := range []bool{true, false} {
		req := workbench.CompareRequest{B: ranks(&learned)}
		if !own {
			req.Qrels = engine.Qrels{"lamp1": {"l1": 3}}
		}
		c, err := s.Compare(t.Context(), req, nil)
		if err != nil {
			t.Fatal(err)
		}
		if warned := strings.Contains(strings.Join(c.Warnings, "\n"), "from 0.500 to 0.625"); warned != own {
			t.Errorf("the workspace's own grades %v: warnings %q", own, c.Warnings)
		}
	}
}

func TestVersionsByName(t *testing.T) {
	s := lampShop(t)
	for range 3 {
		if _, err := s.Use(*byPrice(1)); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]int{"price": 3, "price@1": 1, "price@2": 2} {
		if r, err := s.Named(name); err != nil || r.Version != want {
			t.Errorf("%s: version %d, %v", name, r.Version, err)
		}
	}
	if _, err := s.Named("price@4"); err == nil {
		t.Error("a version that is not there was found")
	}
	newest, oldest, standard := s.Ranker(), engine.Ranker{Name: "price", Version: 1}, s.Default()
	for _, c := range []struct {
		of   *engine.Ranker
		want string
	}{{&newest, "price 2"}, {&oldest, "default 1"}, {&standard, "bm25 0"}} {
		before, err := s.Before(c.of)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%s %d", before.Name, before.Version); got != c.want {
			t.Errorf("before %s %d comes %s, want %s", c.of.Name, c.of.Version, got, c.want)
		}
	}
}

func TestWriteReport(t *testing.T) {
	s := lampShop(t)
	c, err := s.Compare(t.Context(), workbench.CompareRequest{A: ranks(byPrice(1)), B: ranks(byPrice(-1))}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Lost(1)) == 0 {
		if c, err = s.Compare(t.Context(), workbench.CompareRequest{A: ranks(byPrice(-1)), B: ranks(byPrice(1))}, nil); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := s.WriteReport(c, "html", file); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "&lt;script&gt;") || strings.Contains(string(text), "<script>") {
		t.Error("the report does not show the product called <script>, or shows it raw")
	}
	if err := s.WriteReport(c, "pdf", file); err == nil {
		t.Error("an unknown format was written")
	}
	if again, err := os.ReadFile(file); err != nil || string(again) != string(text) {
		t.Error("a failed report changed the file that was there")
	}
}
