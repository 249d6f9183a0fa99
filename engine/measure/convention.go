package measure

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Convention is the way in which one tool computes metrics that many tools call
// by the same name. The zero Convention is Standard.
type Convention uint8

// The conventions and what sets their NDCG apart; where others differ too, the
// code says so.
const (
	Standard Convention = iota // gain 2^g−1, ideal from the judged products cut at k, unjudged 0
	TREC                       // trec_eval: gain g
	Ranx                       // ranx: gain g, grades below 1 count as 0
	Quepid                     // gain 2^g−1, ideal from all judged products, not cut at k
	SRW                        // OpenSearch Search Relevance Workbench: as Standard, rounded to 2 decimals
	ES                         // Elasticsearch _rank_eval: ideal cut at the hits returned
	RRE                        // Rated Ranking Evaluator: every term and the result floored to 2 decimals
)

var conventions = [...]string{"standard", "trec", "ranx", "quepid", "srw", "es", "rre"}

// String is the name under which a convention is shown and stored.
func (c Convention) String() string { return conventions[c] }

// Conventions lists the names of all conventions, the standard one first.
func Conventions() []string { return slices.Clone(conventions[:]) }

// parseConvention is the inverse of String.
func parseConvention(name string) (Convention, error) {
	if i := slices.Index(conventions[:], strings.ToLower(name)); i >= 0 {
		return Convention(i), nil
	}
	return 0, fmt.Errorf("unknown convention %q: use one of %s", name, strings.Join(conventions[:], ", "))
}

// gain is what a product of grade g adds at rank 1; NaN (unjudged) and grades
// below 0 add nothing.
func (c Convention) gain(g float64) float64 {
	switch {
	case !(g > 0) || c == Ranx && g < 1:
		return 0
	case c == TREC || c == Ranx:
		return g
	}
	return math.Exp2(g) - 1
}

// dcg is the discounted cumulative gain of a page of grades in rank order
// (Järvelin and Kekäläinen 2002, with the log2(rank+1) discount in use since
// Burges et al. 2005).
func (c Convention) dcg(page []float64) float64 {
	sum := 0.0
	for i, g := range page {
		if gain := c.gain(g); gain > 0 {
			term := gain / math.Log2(float64(i+2))
			if c == RRE {
				term = floor2(term)
			}
			sum += term
		}
	}
	return sum
}

// idealDepth is how many of the judged products make the ideal page, when k
// were asked for and returned came back. k = 0 asks for all.
func (c Convention) idealDepth(k, returned, judged int) int {
	switch {
	case c == Quepid || k == 0 && c != ES:
		return judged
	case c == ES && (k == 0 || returned < k):
		return min(returned, judged)
	}
	return min(k, judged)
}

// shown is what a tool's precision divides by.
func (c Convention) shown(k, returned int) int {
	switch {
	case k == 0:
		return returned
	case c == Quepid || c == SRW || c == ES || c == RRE:
		return min(k, returned)
	}
	return k
}

// round is the precision to which a tool reports its metrics.
func (c Convention) round(v float64) float64 {
	if c == SRW {
		return math.Floor(v*100+0.5) / 100
	}
	return v
}

// floor2 is the largest decimal of two places that is not above v, which may
// itself have lost a last bit in floating point.
func floor2(v float64) float64 { return math.Floor(v*100+1e-9) / 100 }
