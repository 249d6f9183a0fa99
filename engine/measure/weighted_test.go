package measure

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"touchstone/engine"
)

// TestWeightsAreRepetitions holds a weighted mean to that of a query set in
// which each query stands as often as its weight.
func TestWeightsAreRepetitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Metric{Kind: NDCG, K: 3}
		qrels, many := engine.Qrels{}, engine.Qrels{}
		runs, manyRuns := map[string][]string{}, map[string][]string{}
		weights := map[string]float64{}
		products := []string{"a", "b", "c", "d"}
		for i := range rapid.IntRange(1, 5).Draw(t, "queries") {
			q := fmt.Sprint("q", i)
			grades := map[string]engine.Grade{"a": 3}
			for _, p := range products {
				if rapid.Bool().Draw(t, "judged") {
					grades[p] = engine.Grade(rapid.IntRange(1, 3).Draw(t, "grade"))
				}
			}
			run := rapid.Permutation(products).Draw(t, "run")
			n := rapid.IntRange(0, 4).Draw(t, "weight") // 0 counts as 1
			weights[q] = float64(n)
			qrels[q], runs[q] = grades, run
			for k := range max(1, n) {
				many[fmt.Sprint(q, "-", k)], manyRuns[fmt.Sprint(q, "-", k)] = grades, run
			}
		}
		e := m.Evaluate(runs, qrels)
		got, want := e.Weighted(weights), m.Evaluate(manyRuns, many)
		if math.Abs(got.Mean-want.Mean) > 1e-12 || math.Abs(got.Worst-want.Worst) > 1e-12 || math.Abs(got.Best-want.Best) > 1e-12 {
			t.Fatalf("%v, want %v", got.Mean, want.Mean)
		}
		var values []float64
		for _, s := range e.Scores {
			values = append(values, s.Value)
		}
		if scaled := average(e.WeighDifferences(values, weights)); math.Abs(scaled-want.Mean) > 1e-12 {
			t.Fatalf("the mean of scaled values is %v, want %v", scaled, want.Mean)
		}
	})
}

func TestSignTest(t *testing.T) {
	// exact sums of binomial coefficients
	for _, c := range []struct {
		a, b int
		p    float64
	}{{0, 0, 1}, {5, 5, 1}, {1, 0, 1}, {6, 0, 0.03125}, {9, 1, 0.021484375}, {8, 2, 0.109375}, {15, 5, 0.04138946533203125}, {300, 240, 0.011050481}} {
		if got := SignTest(c.a, c.b); math.Abs(got-c.p) > 1e-6 {
			t.Errorf("%d against %d: %v, want %v", c.a, c.b, got, c.p)
		}
		if SignTest(c.a, c.b) != SignTest(c.b, c.a) {
			t.Errorf("%d against %d is not symmetric", c.a, c.b)
		}
	}
}
