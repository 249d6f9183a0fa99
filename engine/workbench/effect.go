package workbench

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"touchstone/engine"
	"touchstone/engine/measure"
)

// RuleEffect is what a change of rules does to the query set.
type RuleEffect struct {
	Queries  int // in the query set
	Affected int // of which the rules make something else than before
	Changed  []QueryEffect
	// Before and After are the mean of NDCG@10 over the judged queries of the set;
	// Judged is how many they are.
	Metric        string
	Before, After float64
	Judged        int
	Took          time.Duration
}

// QueryEffect is what a change of rules does to one query: its first page is
// another one.
type QueryEffect struct {
	Query         string
	Judged        bool    // Before and After mean something
	Before, After float64 // NDCG@10
	Left, Came    []engine.Product
}

// effectDepth is how long a first page is.
const effectDepth = 10

// RuleEffect compares two sets of rules over the query set under the ranker in
// use. before nil is the set in use. Only queries of which the two make
// something different are searched, and those of a set that was asked for
// before not again.
func (b *Bench) RuleEffect(ctx context.Context, before, after *RuleSet, progress engine.OnProgress) (*RuleEffect, error) {
	start := time.Now()
	before, after = b.ruled(before), b.ruled(after)
	queries, err := b.Queries()
	if err != nil {
		return nil, err
	}
	metric, err := b.metric(defaultMetric)
	if err != nil {
		return nil, err
	}
	qrels, err := b.qrels()
	if err != nil {
		return nil, err
	}
	e := &RuleEffect{Queries: len(queries), Metric: defaultMetric}
	texts := make([]string, len(queries))
	for i, q := range queries {
		texts[i] = q.Text
	}
	var touched []string
	for _, query := range texts {
		one, other := before.plan(query), after.plan(query)
		if one.Key() != other.Key() {
			touched = append(touched, query)
		}
	}
	e.Affected = len(touched)
	// The mean needs every judged query once; what the rules do not touch is kept.
	standing := slices.DeleteFunc(slices.Clone(texts), func(query string) bool { return len(qrels[query]) == 0 })
	old, err := b.pagesOf(ctx, union(standing, touched), before, progress)
	if err != nil {
		return nil, err
	}
	now, err := b.pagesOf(ctx, touched, after, progress)
	if err != nil {
		return nil, err
	}
	if err := b.sumEffect(e, metric, qrels, old, now); err != nil {
		return nil, err
	}
	e.Took = time.Since(start)
	return e, nil
}

// union is a, and what of b it lacks.
func union(a, b []string) []string {
	known := make(map[string]bool, len(a))
	for _, s := range a {
		known[s] = true
	}
	for _, s := range b {
		if !known[s] {
			a = append(a, s)
		}
	}
	return a
}

// sumEffect measures pages before, and those that were made anew.
func (b *Bench) sumEffect(e *RuleEffect, metric measure.Metric, qrels engine.Qrels, old, now map[string][]string) error {
	for _, query := range slices.Sorted(maps.Keys(old)) {
		before, after := old[query], old[query]
		if page, touched := now[query]; touched {
			after = page
		}
		grades := qrels[query]
		judged := slices.ContainsFunc(slices.Collect(maps.Values(grades)), func(g engine.Grade) bool { return g > 0 })
		q := QueryEffect{Query: query, Judged: judged}
		if judged {
			q.Before, q.After = metric.Score(query, before, grades).Value, metric.Score(query, after, grades).Value
			e.Judged++
			e.Before += q.Before
			e.After += q.After
		}
		if slices.Equal(before, after) {
			continue
		}
		for _, change := range []struct {
			into     *[]engine.Product
			one, two []string
		}{{&q.Left, before, after}, {&q.Came, after, before}} {
			for _, id := range change.one {
				if slices.Contains(change.two, id) {
					continue
				}
				p := engine.Product{ID: id}
				if err := b.fill(&p); err != nil {
					return err
				}
				*change.into = append(*change.into, p)
			}
		}
		e.Changed = append(e.Changed, q)
	}
	if e.Judged > 0 {
		e.Before, e.After = e.Before/float64(e.Judged), e.After/float64(e.Judged)
	}
	slices.SortStableFunc(e.Changed, compareEffects)
	return nil
}

// compareEffects puts what got worst first, and pages of which nobody knows
// whether they got better last, those that changed most before others.
func compareEffects(x, y QueryEffect) int {
	dx, dy := x.After-x.Before, y.After-y.Before
	return cmp.Or(cmp.Compare(dx, dy), cmp.Compare(len(y.Left), len(x.Left)))
}

// WarmRules searches the query set once, so that the effect of the first rule
// that is typed is there as soon as that of the next.
func (b *Bench) WarmRules(ctx context.Context, progress engine.OnProgress) error {
	queries, err := b.Queries()
	if err != nil {
		return err
	}
	texts := make([]string, len(queries))
	for i, q := range queries {
		texts[i] = q.Text
	}
	_, err = b.pagesOf(ctx, texts, b.rulesInUse(), progress)
	return err
}
