package workbench

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"touchstone/engine"
	"touchstone/engine/rank"
	"touchstone/engine/rules"
	"touchstone/engine/text"
)

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

// keptPages is the name under which first pages are stored, with what they
// depend on.
const keptPages = "pages"

type storedPages struct {
	Of    string       `json:"of"`
	Pages []storedPage `json:"pages"`
}

type storedPage struct {
	Query    string   `json:"q"`
	Plan     string   `json:"r,omitempty"`
	Products []string `json:"p"`
}

// pagesDependOn names all that first pages depend on, beside query and rules.
func (b *Bench) pagesDependOn(ranker *engine.Ranker) (string, error) {
	weights, err := json.Marshal(ranker)
	return fmt.Sprintf("%d %d %s %x", text.Version, b.store.Generation(), b.Status().Model, hashed(string(weights))), err
}

// knownPages are the first pages of queries under the ranker and the rules in
// use. With search those that are not known are searched and kept for the next
// session, too.
func (b *Bench) knownPages(ctx context.Context, queries []string, search bool, progress engine.OnProgress) (map[string][]string, error) {
	ranker := b.ranker.Load()
	kept := b.pagesKept.of(b.view.Load(), ranker)
	depend, err := b.pagesDependOn(ranker)
	if err != nil {
		return nil, err
	}
	b.pagesKept.mu.Lock()
	empty := len(kept.pages) == 0
	b.pagesKept.mu.Unlock()
	if empty {
		if err := b.loadPages(kept, depend); err != nil {
			return nil, err
		}
	}
	rules := b.rulesInUse()
	pages := make(map[string][]string, len(queries))
	b.pagesKept.mu.Lock()
	for _, query := range queries {
		if page, ok := kept.pages[b.keyOf(rules, query)]; ok {
			pages[query] = page
		}
	}
	b.pagesKept.mu.Unlock()
	if !search || len(pages) == len(queries) {
		return pages, nil
	}
	if pages, err = b.pagesOf(ctx, queries, rules, progress); err != nil {
		return nil, err
	}
	stored := storedPages{Of: depend}
	for _, query := range queries {
		stored.Pages = append(stored.Pages, storedPage{query, b.keyOf(rules, query).plan, pages[query]})
	}
	data, err := json.Marshal(stored)
	if err != nil {
		return nil, err
	}
	return pages, b.store.PutDerived(keptPages, data)
}

// keyOf is what the first page of a query depends on, beside the catalogue and
// the ranker.
func (b *Bench) keyOf(rules *RuleSet, query string) pageKey {
	plan := rules.plan(query)
	key := pageKey{query, plan.Key()}
	if depth, fusion := b.searching(0, ""); depth != 0 || fusion != "" {
		key.plan += fmt.Sprintf(" depth %d %s", depth, fusion)
	}
	return key
}

// loadPages reads the pages that an earlier session kept, if they still hold.
func (b *Bench) loadPages(into *firstPages, depend string) error {
	_, err := b.store.Derived(keptPages, func(data []byte) error {
		var stored storedPages
		if json.Unmarshal(data, &stored) != nil || stored.Of != depend {
			return nil // of another time: they are made again
		}
		b.pagesKept.mu.Lock()
		defer b.pagesKept.mu.Unlock()
		for _, p := range stored.Pages {
			into.pages[pageKey{p.Query, p.Plan}] = p.Products
		}
		return nil
	})
	return err
}
