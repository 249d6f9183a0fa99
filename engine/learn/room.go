package learn

import (
	"cmp"
	"math"
	"slices"

	"touchstone/engine/measure"
)

// room is what each row of a group counts, against one that people judged, as
// something that stands in another's way: 1 where something is known of it, else
// the less the higher the prior has it, whose scores are given. There the prior and
// the missing grade contradict each other; it may be that nobody has come so far.
func (g *Group) room(prior []float64, t *tuning) []float64 {
	rows := make([]int, len(prior))
	for r := range rows {
		rows[r] = r
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(prior[b], prior[a]) })
	room := make([]float64, len(rows))
	above := 0.5
	for _, r := range rows {
		if _, trust := g.grade(r); trust > 0 {
			room[r] = 1
			above += t.passed
			continue
		}
		room[r] = t.unjudged * above / (above + t.doubt)
		above++
	}
	return room
}

// inDoubt measures a group as the loss sees it: on the page of all candidates a
// row takes no whole place but what room says, so that a good product a few
// places further down has not lost them all to products that nobody has looked
// at yet. That is what the data of a fit are like: people grade a few products of
// each query, those that stand high. Where all have full room it is measure with
// NDCG of the standard convention.
func (g *Group) inDoubt(scores, room []float64, metric measure.Metric) scored {
	judged := g.allGrades()
	ideal := measure.Metric{Kind: measure.DCG, K: metric.K}.Of(descending(judged), nil)
	if ideal == 0 {
		return scored{}
	}
	sum := 0.0
	for row, grade := range g.Grades {
		if !(grade > 0) || !g.found(row) {
			continue
		}
		above := 0.0
		for other, taken := range room {
			if other != row && g.found(other) && g.compare(scores, other, row) < 0 {
				above += taken
			}
		}
		if metric.K == 0 || above < float64(metric.K) {
			sum += (math.Exp2(grade) - 1) / math.Log2(2+above)
		}
	}
	return scored{Scores{sum / ideal, g.judgedView(scores, judged, metric)}, true}
}
