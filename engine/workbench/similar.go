package workbench

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"touchstone/engine"
)

// Similar finds the products whose meaning is nearest to one product's, nearest
// first. The page's query is the product's title.
func (b *Bench) Similar(ctx context.Context, id string, k int) (*Page, error) {
	start := time.Now()
	product, ok, err := b.store.Product(id)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("similar products: %w", &NoProductError{ID: id})
	}
	row, _, err := b.store.Row(id)
	if err != nil {
		return nil, err
	}
	v := b.view.Load()
	vector := v.vector(row)
	if vector == nil {
		return nil, fmt.Errorf("similar to %s: it is not encoded yet; import its catalogue again to go on with the encoding", id)
	}
	if k <= 0 {
		k = defaultK
	}
	candidates, err := v.retrieve(ctx, engine.Request{Vector: vector, Depth: k + 1})
	if err != nil {
		return nil, err
	}
	items := slices.DeleteFunc(candidates.Items, func(c engine.Candidate) bool { return c.Product == id })
	slices.SortFunc(items, func(a, b engine.Candidate) int {
		return cmp.Or(cmp.Compare(b.Cosine, a.Cosine), cmp.Compare(a.Product, b.Product))
	})
	page := &Page{Query: product.Title, Total: len(items), pool: &pool{}}
	for i, c := range items[:min(k, len(items))] {
		near := engine.Product{ID: c.Product}
		if err := b.fill(&near); err != nil {
			return nil, err
		}
		cosine := float64(c.Cosine)
		page.Results = append(page.Results, engine.Result{Rank: i + 1, Product: near, Score: cosine,
			Contributions: []engine.Contribution{{Feature: "cosine", Value: cosine, Weight: 1, Contribution: cosine}}})
	}
	page.Took = time.Since(start)
	return page, nil
}
