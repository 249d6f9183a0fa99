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
	judged := slices.Clone(g.Missing)
	for _, grade := range g.Grades {
		if !math.IsNaN(grade) {
			judged = append(judged, grade)
		}
	}
	if len(judged) == 0 || slices.Max(judged) == 0 {
		return scored{}
	}
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), strings.Compare(g.Products[a], g.Products[b]))
	})
	var whole, only []float64
	for _, row := range order {
		grade := g.Grades[row]
		if g.Added == nil || !g.Added[row] {
			whole = append(whole, grade)
		}
		if !math.IsNaN(grade) {
			only = append(only, grade)
		}
	}
	return scored{Scores{metric.Of(whole, judged), metric.Of(only, judged)}, true}
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
