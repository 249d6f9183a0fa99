package measure

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVerdict(t *testing.T) {
	for name, c := range map[string]struct {
		Comparison
		want Verdict
	}{
		"better":                 {Comparison{Delta: 0.1, Low: 0.05, High: 0.2, P: 0.001, Wins: 60, Losses: 20}, Better},
		"worse":                  {Comparison{Delta: -0.1, Low: -0.2, High: -0.05, P: 0.001, Wins: 20, Losses: 60}, Worse},
		"not sure":               {Comparison{Delta: 0.1, Low: 0.01, High: 0.2, P: 0.06, Wins: 60}, NoDifference},
		"the interval disagrees": {Comparison{Delta: 0.1, Low: -0.01, High: 0.2, P: 0.03, Wins: 60}, NoDifference},
		"at the very edge":       {Comparison{Delta: 0.1, Low: 0.01, High: 0.2, P: 0.049, Wins: 60}, NoDifference},
		"just inside":            {Comparison{Delta: 0.1, Low: 0.01, High: 0.2, P: 0.039, Wins: 60}, Better},
		"nothing changed":        {Compare(make([]float64, 20), 1), NoDifference},
		"no queries":             {Compare(nil, 1), NoDifference},
	} {
		if got := c.Verdict(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestVerdictsOfEquals holds the promise about false alarms for query sets of
// several sizes in which a coin decides which side is called the second.
func TestVerdictsOfEquals(t *testing.T) {
	for _, queries := range []int{5, 12, 40} {
		rng := rand.New(rand.NewPCG(11, uint64(queries)))
		alarms := 0
		const comparisons = 1000
		for i := range comparisons {
			d := make([]float64, queries)
			for j := range d {
				if rng.IntN(3) > 0 { // a third of the queries keep their page
					d[j] = math.Pow(rng.Float64(), 3) // most differences are small
					if rng.IntN(2) == 0 {
						d[j] = -d[j]
					}
				}
			}
			if Compare(d, int64(i)).Verdict() != NoDifference {
				alarms++
			}
		}
		if alarms > comparisons*Alpha {
			t.Errorf("%d queries: %d of %d comparisons of equals called different", queries, alarms, comparisons)
		}
		t.Logf("%d queries: %d of %d", queries, alarms, comparisons)
	}
}

// The worked example of Holm's procedure: 0.01 × 4, 0.015 × 3, 0.03 × 2 and
// 0.04, which may not fall below the one before it.
func TestHolm(t *testing.T) {
	got := Holm([]float64{0.03, 0.01, 0.04, 0.015})
	want := []float64{0.06, 0.04, 0.06, 0.045}
	if diff := cmp.Diff(want, got, closeTo); diff != "" {
		t.Error(diff)
	}
	if got := Holm([]float64{0.9, 0.8}); got[0] != 1 || got[1] != 1 {
		t.Errorf("got %v, want no p above 1", got)
	}
}

var closeTo = cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-12 })

func TestLabel(t *testing.T) {
	for name, want := range map[string]string{"ndcg@10": "NDCG@10", "map": "AP", "recall@50": "Recall@50", "ndcg@5:quepid": "NDCG@5 (quepid)", "p@5": "P@5"} {
		if got := must(Parse(name)).Label(); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
