package workbench

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"touchstone/engine"
	"touchstone/engine/measure"
	"touchstone/engine/rank"
	"touchstone/engine/rules"
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

// pageKey is what a first page depends on.
type pageKey struct {
	query, plan string
}

// firstPages keeps the first pages of queries, so that a change of rules has to
// search only those that it touches. They are of one view and one ranker.
type firstPages struct {
	mu      sync.Mutex
	view    *view
	ranker  *engine.Ranker
	pages   map[pageKey][]string
	ranked  map[pageKey][]rankedItem // by the part of the plan that searches
	vectors *queryVectors
}

// rankedItem is a candidate in the order of the ranker, before rules lift and
// pin: rules that only do that need no search.
type rankedItem struct {
	product string
	row     uint32
	score   float64
}

// mostPages and mostRanked bound the cache: a page is some hundred bytes, a
// query's candidates are some ten thousand.
const (
	mostPages  = 200_000
	mostRanked = 4_000
)

// of is the cache for a view and a ranker. That of another one is dropped, but
// the vectors of queries stay as long as the encoder does.
func (f *firstPages) of(v *view, r *engine.Ranker) *firstPages {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.view == nil || f.view.encoder != v.encoder {
		f.vectors = &queryVectors{}
	}
	if f.view != v || f.ranker != r || len(f.pages) > mostPages {
		f.view, f.ranker, f.pages = v, r, map[pageKey][]string{}
		f.ranked = map[pageKey][]rankedItem{}
	}
	if len(f.ranked) > mostRanked {
		f.ranked = map[pageKey][]rankedItem{}
	}
	return &firstPages{view: v, ranker: r, pages: f.pages, ranked: f.ranked, vectors: f.vectors}
}

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

// pagesOf are the first pages of queries under a set of rules, by query.
func (b *Bench) pagesOf(ctx context.Context, queries []string, set *RuleSet, progress engine.OnProgress) (map[string][]string, error) {
	v, ranker := b.view.Load(), b.ranker.Load()
	kept := b.pagesKept.of(v, ranker)
	scorer, err := rank.NewScorer(ranker)
	if err != nil {
		return nil, err
	}
	depth, fusion := b.searching(0, "")
	pages := make(map[string][]string, len(queries))
	var missing []string
	keys := map[string]pageKey{}
	b.pagesKept.mu.Lock()
	for _, query := range queries {
		keys[query] = b.keyOf(set, query)
		if page, known := kept.pages[keys[query]]; known {
			pages[query] = page
		} else {
			missing = append(missing, query)
		}
	}
	b.pagesKept.mu.Unlock()
	found, err := eachQuery(ctx, "searching", missing, progress, func(ctx context.Context, query string) ([]string, error) {
		plan := set.plan(query)
		how := pageKey{query, fmt.Sprintf("%s %d %s", plan.SearchKey(), depth, fusion)}
		b.pagesKept.mu.Lock()
		items, known := kept.ranked[how]
		b.pagesKept.mu.Unlock()
		if !known {
			p, err := v.pool(ctx, poolRequest{query: query, rules: set, vectors: kept.vectors, depth: depth, fusion: fusion})
			if err != nil {
				return nil, err
			}
			for _, o := range scorer.Order(p.items, &p.features) {
				items = append(items, rankedItem{p.items[o.Index].Product, p.items[o.Index].Row, o.Score})
			}
			b.pagesKept.mu.Lock()
			kept.ranked[how] = items
			b.pagesKept.mu.Unlock()
		}
		return v.firstPage(items, &plan), nil
	})
	if err != nil {
		return nil, err
	}
	b.pagesKept.mu.Lock()
	defer b.pagesKept.mu.Unlock()
	for i, query := range missing {
		pages[query] = found[i]
		kept.pages[keys[query]] = found[i]
	}
	return pages, nil
}

// firstPage is what rules make of candidates in the order of the ranker.
func (v *view) firstPage(items []rankedItem, plan *rules.Plan) []string {
	p := &pool{items: make([]engine.Candidate, len(items))}
	order := make([]rank.Scored, len(items))
	for i, item := range items {
		p.items[i] = engine.Candidate{Product: item.product, Row: item.row}
		order[i] = rank.Scored{Index: i, Score: item.score}
	}
	v.follow(p, plan)
	p.lifted(order)
	return p.top(p.pinned(order), effectDepth)
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
