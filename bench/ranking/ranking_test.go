package main

import (
	"os"
	"slices"
	"testing"

	"touchstone/bench/electronics"
)

// TestDefaultOnElectronics holds the ranker that needs no grades to its bars on
// a real catalogue. It reads the workspace that one run of this command
// prepares, because encoding the catalogue takes longer than a test may.
func TestDefaultOnElectronics(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 19,406 products")
	}
	path, err := electronics.Path()
	if err != nil {
		t.Skip(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not there: `go run ./bench/ranking` with ../shared/data beside the repository makes it", path)
	}
	c, err := open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	pools, err := c.bringUp(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, err := systems()
	if err != nil {
		t.Fatal(err)
	}
	score := func(name string) (whole, judged float64) {
		i := slices.IndexFunc(list, func(s system) bool { return s.name == name })
		if i < 0 {
			t.Fatalf("there is no system %q", name)
		}
		w, j := list[i].measure(pools, c.qrels)
		t.Logf("%-24s NDCG@10 whole %.4f, judged %.4f of %d queries", name, w.Mean, j.Mean, len(w.Scores))
		return w.Mean, j.Mean
	}
	whole, judged := score("default")
	if whole < 0.77 || judged < 0.88 {
		t.Errorf("default: whole %.4f and judged %.4f, want at least 0.77 and 0.88", whole, judged)
	}
	for _, other := range []string{"BM25", "cosine", "reciprocal rank fusion", "min-max hybrid, 0.3 BM25", "min-max hybrid, 0.5 BM25"} {
		if w, j := score(other); w > whole || j > judged {
			t.Errorf("default: whole %.4f and judged %.4f are not both above %s: %.4f and %.4f", whole, judged, other, w, j)
		}
	}
}

func TestFusions(t *testing.T) {
	scores := []float64{3, 0, 1, 2}
	if got, want := minMax(scores), []float64{1, 0, 1.0 / 3, 2.0 / 3}; !slices.Equal(got, want) {
		t.Errorf("min-max %v, want %v", got, want)
	}
	if got, want := minMax([]float64{2, 2}), []float64{0, 0}; !slices.Equal(got, want) {
		t.Errorf("min-max of equal scores %v, want %v", got, want)
	}
	if got, want := reciprocalRanks(scores), []float64{1.0 / 61, 0, 1.0 / 63, 1.0 / 62}; !slices.Equal(got, want) {
		t.Errorf("reciprocal ranks %v, want %v", got, want)
	}
}
