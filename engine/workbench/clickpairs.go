package workbench

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"touchstone/engine"
	"touchstone/engine/clicks"
)

// ClickPair is what the clicks say of one product of a query, beside what people
// say of it.
type ClickPair struct {
	Query, Product, Title       string
	Shown, Clicked              int
	PositionBased, OverExpected float64       // its grade by the position-based model, and by clicks over expected clicks
	Trust                       float64       // against a person's grade, by the model that learning uses; 0 where the clicks are left out
	People                      *engine.Grade // nil where no one has graded
}

// ClickPairs lists the products that the clicks say most about, at most so many:
// those first whose grade by clicks can be trusted most.
func (b *Bench) ClickPairs(ctx context.Context, most int) ([]ClickPair, error) {
	all, err := b.store.Clicks()
	if err != nil {
		return nil, err
	}
	qrels, err := b.qrels()
	if err != nil {
		return nil, err
	}
	settings := b.store.Settings().Clicks
	type key struct{ query, product string }
	at := map[key]int{}
	var pairs []ClickPair
	for _, model := range clicks.Models {
		f, err := clicks.Fit(model, all)
		if err != nil {
			return nil, err
		}
		for _, p := range f.Pairs {
			k := key{p.Query, p.Product}
			if _, ok := at[k]; !ok {
				at[k] = len(pairs)
				pairs = append(pairs, ClickPair{Query: p.Query, Product: p.Product, Shown: p.Shown, Clicked: p.Clicked})
			}
		}
		for _, j := range f.Grades(b.Scale().Max(), settings.weight()) {
			pair := &pairs[at[key{j.Query, j.Product}]]
			if model == clicks.PBM {
				pair.PositionBased = j.Grade
			} else {
				pair.OverExpected = j.Grade
			}
			if model == settings.model() {
				pair.Trust = j.Trust
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(pairs, func(a, b ClickPair) int {
		return cmp.Or(cmp.Compare(b.Trust, a.Trust), cmp.Compare(b.Shown, a.Shown), strings.Compare(a.Query, b.Query), strings.Compare(a.Product, b.Product))
	})
	pairs = pairs[:min(most, len(pairs))]
	for i := range pairs {
		p := &pairs[i]
		if g, ok := qrels[p.Query][p.Product]; ok {
			p.People = &g
		}
		product, ok, err := b.store.Product(p.Product)
		if err != nil {
			return nil, err
		}
		if ok {
			p.Title = product.Title
		}
	}
	return pairs, nil
}
