package learn

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"touchstone/engine/measure"
	"touchstone/engine/model"
)

// scored is the metric of one group; ok is false where nothing is graded above
// 0, so that there is nothing to measure.
type scored struct {
	Scores
	ok bool
}

// scoreGroup measures a model on a group.
func scoreGroup(g *Group, d int, m model.Model, metric measure.Metric) scored {
	scores := make([]float64, len(g.Products))
	for i := range scores {
		scores[i] = m.Score(g.row(i, d))
	}
	return g.measure(scores, metric)
}

// sums are the scores of a group's rows by a weighted sum, but for what all of
// them share.
func (g *Group) sums(m model.Linear) []float64 {
	factors := make([]float64, len(m))
	for i, w := range m {
		factors[i] = w.Weight / w.Scale
	}
	all := make([]float64, len(g.Products))
	for r := range all {
		sum := 0.0
		for i, v := range g.row(r, len(m)) {
			if v == v { // no NaN
				sum += factors[i] * v
			}
		}
		all[r] = sum
	}
	return all
}

// scores measures a model on each group.
func (d *Dataset) scores(m model.Model, metric measure.Metric) []scored {
	all := make([]scored, len(d.Groups))
	for i := range d.Groups {
		all[i] = scoreGroup(&d.Groups[i], len(d.Features), m, metric)
	}
	return all
}

// Measure is the metric of one group when its rows have these scores; false
// where nothing is graded above 0, so that there is nothing to measure.
func (g *Group) Measure(scores []float64, metric measure.Metric) (Scores, bool) {
	s := g.measure(scores, metric)
	return s.Scores, s.ok
}

// measure ranks a group's rows by their scores and measures both views. Equal
// scores are ordered by product, as on the screen.
func (g *Group) measure(scores []float64, metric measure.Metric) scored {
	judged := g.allGrades()
	if len(judged) == 0 || slices.Max(judged) == 0 {
		return scored{}
	}
	page := make([]int, 0, len(scores))
	for row := range g.Grades {
		if g.found(row) {
			page = append(page, row)
		}
	}
	g.order(page, scores, metric.K)
	return scored{Scores{metric.Of(g.grades(page), judged), g.judgedView(scores, judged, metric)}, true}
}

// allGrades are those of the judged products, with a row or without.
func (g *Group) allGrades() []float64 {
	judged := slices.Clone(g.Missing)
	for _, grade := range g.Grades {
		if !math.IsNaN(grade) {
			judged = append(judged, grade)
		}
	}
	return judged
}

// found reports whether the search brought a row up by itself.
func (g *Group) found(row int) bool { return g.Added == nil || !g.Added[row] }

// judgedView is the metric of the judged rows alone.
func (g *Group) judgedView(scores, judged []float64, metric measure.Metric) float64 {
	only := make([]int, 0, len(judged))
	for row, grade := range g.Grades {
		if !math.IsNaN(grade) {
			only = append(only, row)
		}
	}
	g.order(only, scores, metric.K)
	return metric.Of(g.grades(only), judged)
}

// order brings the rows with the highest scores to the front, k of them in
// their order, or all with 0.
func (g *Group) order(rows []int, scores []float64, k int) {
	by := func(a, b int) int { return g.compare(scores, a, b) }
	if k == 0 || orderAll*k > len(rows) {
		slices.SortFunc(rows, by)
		return
	}
	slices.SortFunc(rows[:k], by)
	for i := k; i < len(rows); i++ {
		row, at := rows[i], k
		for at > 0 && by(row, rows[at-1]) < 0 {
			at--
		}
		if at < k {
			rows[i] = rows[k-1]
			copy(rows[at+1:k], rows[at:k-1])
			rows[at] = row
		}
	}
}

// compare is below 0 where row a stands above b.
func (g *Group) compare(scores []float64, a, b int) int {
	if c := cmp.Compare(scores[b], scores[a]); c != 0 {
		return c
	}
	return strings.Compare(g.Products[a], g.Products[b])
}

// orderAll is how many times k there must be of the rows for it to pay to leave
// the others out of order.
const orderAll = 3

// grades are those of the rows.
func (g *Group) grades(rows []int) []float64 {
	grades := make([]float64, len(rows))
	for i, row := range rows {
		grades[i] = g.Grades[row]
	}
	return grades
}

// meanScores is the mean over the groups that can be measured.
func meanScores(all []scored) Scores {
	var sum Scores
	n := 0.0
	for _, s := range all {
		if s.ok {
			sum.Whole += s.Whole
			sum.Judged += s.Judged
			n++
		}
	}
	if n == 0 {
		return Scores{}
	}
	return Scores{sum.Whole / n, sum.Judged / n}
}
