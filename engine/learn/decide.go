package learn

import (
	"fmt"
	"math"
	"slices"
	"strings"
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
	var d Decision
	type change struct {
		query string
		by    float64
		held  *Held
	}
	var changes []change
	var whole, judged []float64
	for i := range v.Held {
		h := &v.Held[i]
		by := h.After.Whole - h.Before.Whole
		whole = append(whole, by)
		judged = append(judged, h.After.Judged-h.Before.Judged)
		changes = append(changes, change{h.Query, by, h})
	}
	slices.SortStableFunc(changes, func(a, b change) int { return -compare(math.Abs(a.by), math.Abs(b.by)) })
	for _, c := range changes {
		switch {
		case c.by > same:
			d.Better = append(d.Better, c.query)
		case c.by < -same:
			d.Worse = append(d.Worse, c.query)
		default:
			d.Equal++
		}
	}
	n := len(v.Held)
	from := fmt.Sprintf("Learned from %s, but ", count(grades, "grade"))
	if n == 0 {
		d.Why = "Too few grades to learn from and to check the result on others: kept the old weights. Grade some results as good and some as wrong, on two queries or more."
		return d
	}
	meanWhole, meanJudged := mean(whole), mean(judged)
	few := n < manyQueries
	changed := len(d.Better)+len(d.Worse) > 0 || slices.ContainsFunc(judged, func(v float64) bool { return math.Abs(v) > same })
	switch {
	case !moved && v.OneQuery:
		d.Why = fmt.Sprintf("%swhat helps one query may hurt others: kept the old weights. Grade results of a second query.", from)
	case !moved:
		d.Why = fmt.Sprintf("%stheir queries do not agree on what helps: kept the old weights. Grade more queries.", from)
	case !changed:
		d.Why = fmt.Sprintf("%son %s nothing changes: kept the old weights.", from, v.left(n))
	case meanWhole >= -same && meanJudged >= -unseen && (!few || len(d.Better) >= len(d.Worse)):
		d.Adopt = true
		d.Why = d.tally(v)
	case len(d.Worse) > 0 && (meanWhole < -same || few):
		d.Why = fmt.Sprintf("%s%d of %s got worse: kept the old weights. Grade more of: %s.",
			from, len(d.Worse), v.left(n), strings.Join(d.Worse[:min(3, len(d.Worse))], ", "))
		if v.OneQuery {
			d.Why = fmt.Sprintf("%s%d of %s got worse: kept the old weights. Grade results of a second query.", from, len(d.Worse), v.left(n))
		}
	default:
		d.Why = fmt.Sprintf("%sthe judged products of %s came out in a worse order: kept the old weights.", from, v.left(n))
	}
	return d
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

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if strings.HasSuffix(what, "query") {
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(what, "y"))
	}
	return fmt.Sprintf("%d %ss", n, what)
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
