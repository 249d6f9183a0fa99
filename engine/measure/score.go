package measure

import (
	"maps"
	"math"
	"slices"

	"touchstone/engine"
)

// Score is the metric of one query's page and what must stand beside it.
type Score struct {
	Query    string
	Value    float64
	Shown    int     // products on the page: at most k, fewer when fewer came back
	Judged   int     // of Shown
	Coverage float64 // Judged / Shown; 0 for an empty page
	// Worst and Best bound Value under the two extreme assumptions about the
	// unjudged products on the page: all are grade 0, or all have the highest
	// grade. Under the second the ideal page is made from the judged products
	// and those, as it would be had someone judged them. Worst is the lower of
	// the two values: a find far down the page raises the ideal by more than the
	// page, so that the second can be the lower one.
	Worst, Best float64
}

// Score measures one run: product IDs, best first. judged holds the grades of
// the query's judged products. A product that is listed twice earns nothing
// the second time.
func (m Metric) Score(query string, run []string, judged map[string]engine.Grade) Score {
	page := make([]float64, len(run))
	seen := make(map[string]bool, len(run))
	for i, id := range run {
		g, ok := judged[id]
		switch {
		case seen[id]:
			page[i] = 0
		case ok:
			page[i] = float64(g)
		default:
			page[i] = math.NaN()
		}
		seen[id] = true
	}
	all := make([]float64, 0, len(judged))
	for _, g := range judged {
		all = append(all, float64(g))
	}
	slices.Sort(all)
	s := m.score(page, all)
	s.Query = query
	return s
}

func (m Metric) score(page, judged []float64) Score {
	var s Score
	s.Value = m.Of(page, judged)
	cut := page
	if m.K > 0 && len(cut) > m.K {
		cut = cut[:m.K]
	}
	s.Shown, s.Judged = len(cut), judgedOn(cut)
	s.Coverage = share(float64(s.Judged), s.Shown)
	if m.Kind == Judged {
		s.Worst, s.Best = s.Value, s.Value // it is no guess how much is judged
		return s
	}
	low := m.assuming(0, page, len(cut), judged)
	high := m.assuming(m.max(), page, len(cut), judged)
	s.Worst, s.Best = min(low, high), max(low, high)
	return s
}

// assuming is the metric if the unjudged among the first k of the page had
// grade g.
func (m Metric) assuming(g float64, page []float64, k int, judged []float64) float64 {
	page, judged = slices.Clone(page), slices.Clone(judged)
	for i := range k {
		if math.IsNaN(page[i]) {
			page[i] = g
			judged = append(judged, g)
		}
	}
	return m.Of(page, judged)
}

// Evaluation is a metric over a set of queries.
type Evaluation struct {
	Metric      Metric
	Scores      []Score  // of the queries in the mean, sorted by query
	Skipped     []string // judged, but nothing above grade 0: no order is better than another
	Unjudged    []string // in the runs, but nobody judged anything
	Mean        float64  // of Scores
	Worst, Best float64  // means of the bounds
	Coverage    float64  // judged share of all products shown
}

// Evaluate measures runs (query → product IDs, best first) against the judged
// queries: a judged query that is missing from the runs counts 0.
func (m Metric) Evaluate(runs map[string][]string, qrels engine.Qrels) Evaluation {
	e := Evaluation{Metric: m}
	shown, judged := 0, 0
	for _, query := range slices.Sorted(maps.Keys(qrels)) {
		grades := qrels[query]
		if !anyAbove0(grades) {
			if len(grades) > 0 {
				e.Skipped = append(e.Skipped, query)
			}
			continue
		}
		s := m.Score(query, runs[query], grades)
		e.Scores = append(e.Scores, s)
		e.Mean += s.Value
		e.Worst += s.Worst
		e.Best += s.Best
		shown += s.Shown
		judged += s.Judged
	}
	if n := float64(len(e.Scores)); n > 0 {
		e.Mean, e.Worst, e.Best = e.Mean/n, e.Worst/n, e.Best/n
	}
	e.Coverage = share(float64(judged), shown)
	for _, query := range slices.Sorted(maps.Keys(runs)) {
		if len(qrels[query]) == 0 {
			e.Unjudged = append(e.Unjudged, query)
		}
	}
	return e
}

func anyAbove0(grades map[string]engine.Grade) bool {
	for _, g := range grades {
		if g > 0 {
			return true
		}
	}
	return false
}
