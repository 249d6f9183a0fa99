package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"touchstone/engine/workbench"
)

// typed measures a query from its text to its ranked page with explanations, its
// encoding included: over the real products, and over the large catalogue. Each
// query is asked once in an opened workspace that has answered a few others, so
// most of the products that it brings up were not looked at before.
func (b *bench) typed(ctx context.Context) error {
	real, err := b.real(ctx)
	if err != nil {
		return err
	}
	paths := []string{real}
	if b.products > 0 {
		large, err := b.recombined(ctx, b.products)
		if err != nil {
			return err
		}
		paths = append(paths, large)
	}
	queries, err := b.typedQueries(b.queries)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\ntyped query to ranked page with explanations, %d queries, each once\n", len(queries)-warming)
	for _, path := range paths {
		if err := b.timeTyped(ctx, path, queries); err != nil {
			return err
		}
	}
	return nil
}

// warming is how many queries are asked before the clock counts.
const warming = 10

func (b *bench) timeTyped(ctx context.Context, path string, queries []string) error {
	w, err := openBench(ctx, path)
	if err != nil {
		return err
	}
	for _, kind := range []struct {
		name string
		ask  workbench.SearchRequest
	}{
		{"page of 10", workbench.SearchRequest{}},
		{"page of 100, as the window asks at every key", workbench.SearchRequest{K: 100, Typing: true}},
		{"page of 100 with facets, as it asks when typing ends", workbench.SearchRequest{K: 100, Facets: true}},
	} {
		var took times
		var asked []string
		for i, query := range queries {
			req := kind.ask
			req.Query = query
			began := time.Now()
			if _, err := w.Search(ctx, req); err != nil {
				return errors.Join(err, w.Close())
			}
			if i >= warming {
				took = append(took, time.Since(began))
				asked = append(asked, query)
			}
		}
		fmt.Fprintf(b.out, "%9d products, %s: %s (%q)\n", w.Status().Products, kind.name, took, asked[slices.Index(took, slices.Max(took))])
	}
	return w.Close()
}
