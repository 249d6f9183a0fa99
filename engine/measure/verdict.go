package measure

import (
	"cmp"
	"math"
	"slices"
)

// Alpha is the share of false alarms that is put up with: comparisons of
// equals that end in Better or Worse.
const Alpha = 0.05

// Verdict is what a comparison shows of the second ranking.
type Verdict string

// The verdicts. NoDifference does not say that there is none.
const (
	Better       Verdict = "better"
	Worse        Verdict = "worse"
	NoDifference Verdict = "no difference shown"
)

// Verdict is Better or Worse only where the randomisation test says so at
// Alpha and the bootstrap interval leaves 0 out. A P that was sampled must stay
// below Alpha by three of its own standard errors, so that no other seed would
// end in another verdict.
func (c Comparison) Verdict() Verdict {
	p := c.P
	if changed := c.Wins + c.Losses; !allSigned(changed, Samples) {
		p += 3 * math.Sqrt(p*(1-p)/Samples)
	}
	switch {
	case p >= Alpha:
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
