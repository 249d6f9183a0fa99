package compare

import (
	"fmt"
	"math"
	"strings"

	"touchstone/engine/measure"
)

// sentence is the answer: "B is better: NDCG@10 +0.031, 95 % interval +0.012 to
// +0.050; 41 queries won, 12 lost, 37 equal".
func (c *Comparison) sentence() string {
	answer := map[measure.Verdict]string{
		measure.Better: "B is better", measure.Worse: "B is worse", measure.NoDifference: "No difference shown",
	}[c.Verdict]
	return fmt.Sprintf("%s: %s %s, 95 %% interval %s to %s; %s won, %d lost, %d equal",
		answer, c.Metric.Label(), Signed(c.Delta), Signed(c.Low), Signed(c.High), count(c.Wins, "query", "queries"), c.Losses, c.Ties)
}

// Detail is what the sentence rests on, in one line.
func (c *Comparison) Detail() string {
	skipped := ""
	if c.Skipped > 0 {
		skipped = fmt.Sprintf(" (%d more left out: nothing in them is above grade 0)", c.Skipped)
	}
	return fmt.Sprintf("%.4f → %.4f, p %s by paired randomisation, %s%s; judged coverage %s and %s; pages overlap by Jaccard %.2f, RBO %.2f",
		c.A.Mean, c.B.Mean, measure.Chance(c.P), count(len(c.Queries), "query", "queries"), skipped, percent(c.A.Coverage), percent(c.B.Coverage), c.Jaccard, c.RBO)
}

// Coverage below lowCoverage leaves most of the page to the assumption that
// unjudged products are wrong; apart by more than unevenCoverage, that
// assumption favours one side.
const (
	lowCoverage    = 0.5
	unevenCoverage = 0.05
)

// leastChanged is how many queries must differ before any test can show a
// difference at measure.Alpha: of five, 2 of 32 choices of signs are as extreme
// as all wins, which is more.
const leastChanged = 6

func (c *Comparison) warnings() []string {
	var w []string
	if changed := c.Wins + c.Losses; changed > 0 && changed < leastChanged {
		w = append(w, fmt.Sprintf("Only %s changed: with fewer than %d no test can show a difference. Judge more queries.",
			count(changed, "judged query", "judged queries"), leastChanged))
	}
	low, high, less := c.A.Coverage, c.B.Coverage, "A"
	if low > high {
		low, high, less = high, low, "B"
	}
	if len(c.Queries) > 0 && low < lowCoverage {
		w = append(w, fmt.Sprintf("Only %s of what A shows and %s of what B shows is judged: too little to decide. %s",
			percent(c.A.Coverage), percent(c.B.Coverage), c.advice()))
	}
	if high-low > unevenCoverage {
		w = append(w, fmt.Sprintf("%s of what A shows is judged and %s of what B shows. What nobody has judged counts as wrong, which speaks against %s. %s",
			percent(c.A.Coverage), percent(c.B.Coverage), less, c.advice()))
	}
	return w
}

func (c *Comparison) advice() string {
	if len(c.Unsettled) == 0 {
		return "Judge more of both."
	}
	return fmt.Sprintf("The %s listed as unsettled would help most.", count(len(c.Unsettled), "pair", "pairs"))
}

// Signed writes a difference with its sign, a true minus, and three decimals.
func Signed(v float64) string {
	if math.Abs(v) < 0.0005 {
		return "0.000"
	}
	return strings.Replace(fmt.Sprintf("%+.3f", v), "-", "−", 1)
}

func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
