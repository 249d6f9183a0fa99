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

// scoreGroup ranks a group's rows with a model and measures both views. Equal
// scores are ordered by product, as on the screen.
func scoreGroup(g *Group, d int, m model.Model, metric measure.Metric) scored {
	judged := slices.Clone(g.Missing)
	for _, grade := range g.Grades {
		if !math.IsNaN(grade) {
			judged = append(judged, grade)
		}
	}
	if len(judged) == 0 || slices.Max(judged) == 0 {
		return scored{}
	}
	type row struct {
		at    int
		score float64
	}
	order := make([]row, len(g.Products))
	for i := range order {
		order[i] = row{i, m.Score(g.row(i, d))}
	}
	slices.SortFunc(order, func(a, b row) int {
		return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(g.Products[a.at], g.Products[b.at]))
	})
	var whole, only []float64
	for _, r := range order {
		grade := g.Grades[r.at]
		if g.Added == nil || !g.Added[r.at] {
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
