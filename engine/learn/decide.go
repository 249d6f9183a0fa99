package learn

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Decision says whether a learned ranker may replace the prior, and why.
type Decision struct {
	Adopt  bool
	Why    string   // one or two plain sentences
	Better []string // left-out queries, by the whole page, most first
	Worse  []string
	Equal  int
}

// manyQueries is from how many left-out queries on the mean alone decides.
const manyQueries = 20

// same is a change of a metric that no one would see.
const same = 1e-9

// unseen is a change of the judged view's mean that is none at the three
// decimals that people are shown.
const unseen = 0.0005

// Decide adopts a ranker when the queries left out of its fit do not get worse:
// the mean after is at least the mean before in both views; a drop below 0.0005
// in the order of the judged alone is none. Below 20 queries a mean may be the
// work of one, and no more queries may get worse than better. What changes nothing
// on left-out queries is not adopted: that all together are sure of a step which
// none of the fits without one of them took is no proof.
//
// grades is how many grades the fit learned from; moved, whether what it made of
// all of them is another ranker at all.
func Decide(v *Validation, grades int, moved bool) Decision {
	n := len(v.Held)
	if n == 0 {
		return Decision{Why: "Too few grades to learn from and to check the result on others: kept the old weights. Grade some results as good and some as wrong, on two queries or more."}
	}
	d, gain := v.compare()
	few := n < manyQueries
	notWorse := gain.Whole >= -same && gain.Judged >= -unseen
	kept := func(why string, args ...any) {
		from := fmt.Sprintf("Learned from %s, but ", count(grades, "grade"))
		d.Why = fmt.Sprintf(why, append([]any{from}, args...)...)
	}
	switch {
	case !moved && v.OneQuery:
		kept("%swhat helps one query may hurt others: kept the old weights. Grade results of a second query.")
	case !moved && notWorse && len(d.Better) > 0:
		kept("%sit is not sure that queries left out gain (%d better, %d worse): kept the old weights. Grade more queries.", len(d.Better), len(d.Worse))
	case !moved && len(d.Worse) == 0:
		kept("%stheir queries do not agree on what helps: kept the old weights. Grade more queries.")
	case !v.changed():
		kept("%son %s nothing changes: kept the old weights.", v.left(n))
	case moved && notWorse && (!few || len(d.Better) >= len(d.Worse)):
		d.Adopt = true
		d.Why = d.tally(v)
	case v.OneQuery && len(d.Worse) > 0:
		kept("%s%d of %s got worse: kept the old weights. Grade results of a second query.", len(d.Worse), v.left(n))
	case len(d.Worse) > 0 && (gain.Whole < -same || few):
		kept("%s%d of %s got worse: kept the old weights. Grade more of: %s.",
			len(d.Worse), v.left(n), strings.Join(d.Worse[:min(3, len(d.Worse))], ", "))
	default:
		kept("%sthe judged products of %s came out in a worse order: kept the old weights.", v.left(n))
	}
	return d
}

// compare tells the queries that were left out apart by what became of their
// whole page, and has the mean gain of both views.
func (v *Validation) compare() (d Decision, gain Scores) {
	changes := slices.Clone(v.Held)
	by := func(h *Held) float64 { return h.After.Whole - h.Before.Whole }
	slices.SortStableFunc(changes, func(a, b Held) int { return cmp.Compare(math.Abs(by(&b)), math.Abs(by(&a))) })
	for i := range changes {
		h := &changes[i]
		switch {
		case by(h) > same:
			d.Better = append(d.Better, h.Query)
		case by(h) < -same:
			d.Worse = append(d.Worse, h.Query)
		default:
			d.Equal++
		}
	}
	before, after := v.Before(), v.After()
	return d, Scores{after.Whole - before.Whole, after.Judged - before.Judged}
}

// changed reports whether any query that was left out has another score, in
// either view.
func (v *Validation) changed() bool {
	return slices.ContainsFunc(v.Held, func(h Held) bool {
		return math.Abs(h.After.Whole-h.Before.Whole) > same || math.Abs(h.After.Judged-h.Before.Judged) > same
	})
}

// tally is the sentence for an adopted ranker.
func (d *Decision) tally(v *Validation) string {
	what := fmt.Sprintf("On %s it was not trained on", count(len(v.Held), "query"))
	if v.OneQuery {
		what = fmt.Sprintf("On %s of this query's grades it was not trained on", count(len(v.Held), "part"))
	}
	return fmt.Sprintf("%s: %d better, %d worse, %d equal.", what, len(d.Better), len(d.Worse), d.Equal)
}

// left names what was left out.
func (v *Validation) left(n int) string {
	if v.OneQuery {
		return count(n, "left-out part") + " of the grades"
	}
	return count(n, "left-out query")
}

// count is a number of things, grouped by thousands.
func count(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case strings.HasSuffix(what, "query"):
		what = strings.TrimSuffix(what, "y") + "ie"
	}
	return message.NewPrinter(language.English).Sprintf("%d %ss", n, what)
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(max(1, len(v)))
}

// standardError is that of the mean; that of a single value is its size.
func standardError(v []float64) float64 {
	m := mean(v)
	if len(v) < 2 {
		return math.Abs(m)
	}
	sum := 0.0
	for _, x := range v {
		sum += (x - m) * (x - m)
	}
	return math.Sqrt(sum / float64(len(v)-1) / float64(len(v)))
}
