package measure

import (
	"cmp"
	"slices"
)

// Alpha is the promised share of false alarms: of comparisons of equals, no
// more than this end in Better or Worse.
const Alpha = 0.05

// decide is the p-value under which a verdict is given. At exactly Alpha every
// second count of a thousand comparisons of equals would find the promise
// broken by chance; at this level one in twenty does.
const decide = 0.04

// Verdict is what a comparison shows of the second ranking.
type Verdict string

// The verdicts. NoDifference does not say that there is none.
const (
	Better       Verdict = "better"
	Worse        Verdict = "worse"
	NoDifference Verdict = "no difference shown"
)

// Verdict is Better or Worse only where the randomisation test and the
// bootstrap interval agree on it.
func (c Comparison) Verdict() Verdict {
	switch {
	case c.P >= decide:
		return NoDifference
	case c.Low > 0:
		return Better
	case c.High < 0:
		return Worse
	}
	return NoDifference
}

// Holm corrects the p-values of several tests that are read together, so that
// the chance of even one false alarm among them stays at the level that each
// is compared with (Holm 1979). The result is in the order of p.
func Holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	corrected := make([]float64, len(p))
	least := 0.0
	for rank, i := range order {
		least = max(least, min(1, p[i]*float64(len(p)-rank)))
		corrected[i] = least
	}
	return corrected
}
