package workbench

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"touchstone/engine"
	"touchstone/engine/rank"
	"touchstone/engine/retrieve"
)

// order is the pool's order: the ranked items by the scorer and what rules lift
// and pin, or by the keys that take the score's place, and behind them the rest
// as it was retrieved. reach is the unit of the lifts.
func (p *pool) order(scorer *rank.Scorer) (order []rank.Scored, reach float64) {
	ranked := len(p.items) - p.rest
	m := p.features
	m.Rows = ranked
	order = scorer.Order(p.items[:ranked], &m)
	reach = p.lifted(order)
	if p.keys != nil {
		slices.SortStableFunc(order, func(a, b rank.Scored) int {
			if p.fewer != nil && p.fewer[a.Index] != p.fewer[b.Index] {
				return map[bool]int{true: 1, false: -1}[p.fewer[a.Index]]
			}
			return cmp.Compare(p.keys[a.Index], p.keys[b.Index])
		})
	} else {
		order = p.pinned(order)
	}
	for i := ranked; i < len(p.items); i++ {
		order = append(order, rank.Scored{Index: i, Score: scorer.Score(p.features.Row(i))})
	}
	return order, reach
}

// sortBy makes the pool's order that of a number. In front stands what has as many
// of the query's words as any candidate has, and behind it, in the same order,
// what has fewer: the cheapest of all that is near in meaning answers nothing.
func (v *view) sortBy(p *pool, by Sort) error {
	name, down := strings.CutPrefix(string(by), "-")
	value := map[Sort]func(retrieve.Numbers) float64{
		ByPrice:  func(n retrieve.Numbers) float64 { return n.Price },
		ByDate:   func(n retrieve.Numbers) float64 { return n.Date },
		ByRating: func(n retrieve.Numbers) float64 { return n.Rating },
	}[Sort(name)]
	if value == nil {
		return fmt.Errorf("no order is called %q; there are price, date and rating, and -price for the highest first", by)
	}
	p.keys = make([]float64, len(p.items))
	p.fewer = rank.FewerWords(&p.features)
	for i, c := range p.items {
		n, ok := v.numbers(c.Row)
		key := value(n)
		if down {
			key = -key
		}
		if !ok || math.IsNaN(key) {
			key = math.Inf(1) // last
		}
		p.keys[i] = key
	}
	return nil
}

// keepBrought makes the pool's order that in which a remote engine sent it; what
// rules or grades brought beside that comes last.
func (p *pool) keepBrought() {
	place := make(map[string]int, len(p.brought))
	for i, id := range p.asBrought() {
		place[id] = i
	}
	p.keys = make([]float64, len(p.items))
	for i, c := range p.items {
		p.keys[i] = math.Inf(1)
		if at, ok := place[c.Product]; ok {
			p.keys[i] = float64(at)
		}
	}
}

// extend adds to the pool what results from to to show behind its ranked items:
// the other products that have a word of the query, best words first. Their
// features are measured against the ranked items, which stay as they are.
func (v *view) extend(ctx context.Context, p *pool, from, to int) error {
	ranked := len(p.items)
	if to <= ranked || p.total <= ranked || v.far != nil && !v.far.home {
		return nil
	}
	inPool := map[string]bool{}
	for _, c := range p.items {
		inPool[c.Product] = true
	}
	deep, err := v.retrieve(ctx, engine.Request{Analysis: p.analysis, Filter: p.ask.Filter, Except: p.ask.Except, Exclude: p.ask.Exclude, Depth: to})
	if err != nil {
		return err
	}
	var ids []string
	for _, c := range deep.Items {
		if !inPool[c.Product] {
			ids = append(ids, c.Product)
		}
	}
	ids = ids[min(len(ids), max(0, from-ranked)):]
	ids = ids[:min(len(ids), to-max(from, ranked))]
	ask := p.ask
	ask.Include, ask.Only, ask.Facets, ask.Keep = ids, true, false, 0
	found, err := v.retrieve(ctx, ask)
	if err != nil {
		return err
	}
	slices.SortFunc(found.Items, func(a, b engine.Candidate) int {
		return cmp.Compare(slices.Index(ids, a.Product), slices.Index(ids, b.Product))
	})
	p.items = append(p.items, found.Items...)
	p.rest = len(found.Items)
	return v.extract(p)
}
