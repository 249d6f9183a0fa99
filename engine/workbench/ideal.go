package workbench

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"touchstone/engine"
	"touchstone/engine/compare"
)

// IdealPage is the best order that the judged products of a query allow, beside
// the present one.
type IdealPage struct {
	Query          string
	Metric         string  // that Value and Best are by
	Value, Best    float64 // of the present page and of the ideal one
	By             []IdealFigure
	Present, Ideal []ComparedLine
}

// IdealFigure is one metric of both pages.
type IdealFigure struct {
	Metric         string // as people write it
	Present, Ideal float64
}

// Ideal finds the ideal page of a query. The zero Side is the ranker in use.
func (b *Bench) Ideal(ctx context.Context, query string, side Side) (*IdealPage, error) {
	grades, err := b.agreed(query)
	if err != nil {
		return nil, err
	}
	if len(grades) == 0 {
		return nil, fmt.Errorf("ideal page: nothing is judged for %q yet; grade some of its results first", query)
	}
	metric, err := b.metric(defaultMetric)
	if err != nil {
		return nil, err
	}
	runs, err := b.sideRuns(ctx, []Side{side}, engine.Qrels{query: nil}, All, 0, nil, nil)
	if err != nil {
		return nil, err
	}
	run := runs[0][query]
	place := func(id string) int {
		if i := slices.Index(run, id); i >= 0 {
			return i
		}
		return len(run) // not found at all: last among its grade
	}
	best := slices.SortedFunc(maps.Keys(grades), func(x, y string) int {
		if d := compareGrades(grades[y], grades[x]); d != 0 {
			return d
		}
		if d := place(x) - place(y); d != 0 {
			return d
		}
		if x < y {
			return -1
		}
		return 1
	})
	in := compare.Input{Metric: metric, Qrels: engine.Qrels{query: grades},
		A: compare.Side{Runs: map[string][]string{query: run}}, B: compare.Side{Runs: map[string][]string{query: best}}}
	if in.Beside, err = b.beside(metric); err != nil {
		return nil, err
	}
	c := compare.Compare(in)
	page := &IdealPage{Query: query, Metric: metric.String(), Value: c.A.Mean, Best: c.B.Mean}
	for _, m := range c.Metrics {
		page.By = append(page.By, IdealFigure{m.Metric.Label(), m.A, m.B})
	}
	pages, err := b.ComparedPages(c, ComparedQuery{Query: query})
	page.Present, page.Ideal = pages.A, pages.B
	return page, err
}

func compareGrades(a, b engine.Grade) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
