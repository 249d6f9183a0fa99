package workbench

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestExpectationAgainstRecomputing compares the quick NDCG after one changed
// gain with one that starts over.
func TestExpectationAgainstRecomputing(t *testing.T) {
	slow := func(gains []float64, place []int, depth int) float64 {
		ideal, dcg := 0.0, 0.0
		best := slices.Clone(gains)
		slices.Sort(best)
		slices.Reverse(best)
		for i := range gains {
			if i < depth {
				ideal += best[i] / math.Log2(float64(i)+2)
			}
			if place[i] < depth {
				dcg += gains[i] / math.Log2(float64(place[i])+2)
			}
		}
		if ideal == 0 {
			return 0
		}
		return dcg / ideal
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 14).Draw(t, "candidates")
		depth := rapid.IntRange(1, 12).Draw(t, "depth")
		gains := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 0.5, 1, 2.2, 3, 7}), n, n).Draw(t, "gains")
		var numbers []int
		for i := range n {
			numbers = append(numbers, i)
		}
		own, rival := rapid.Permutation(numbers).Draw(t, "own"), rapid.Permutation(numbers).Draw(t, "rival")
		i := rapid.IntRange(0, n-1).Draw(t, "changed")
		gain := rapid.SampledFrom([]float64{0, 1, 3, 7}).Draw(t, "gain")
		a, b := newExpectation(gains, own, rival, depth).ndcg(i, gain)
		changed := slices.Clone(gains)
		changed[i] = gain
		if x, y := slow(changed, own, depth), slow(changed, rival, depth); math.Abs(a-x) > 1e-9 || math.Abs(b-y) > 1e-9 {
			t.Fatalf("NDCG %v and %v, started over %v and %v", a, b, x, y)
		}
	})
}
