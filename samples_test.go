package main

import (
	"path/filepath"
	"slices"
	"testing"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// TestAnyCatalogue holds that a catalogue need not be a shop's: news and help
// pages open, are found better than by words alone, and can be narrowed and put
// in order by what they have. Their grades were given before any search.
func TestAnyCatalogue(t *testing.T) {
	if testing.Short() {
		t.Skip("encodes two samples; not in -short")
	}
	for _, sample := range []struct {
		name, query, category string
		atLeast               float64 // NDCG@10 of the default ranker; docs/retrieval.md has what it is
	}{
		{"news", "boat connection to the island", "Harbour", 0.93},
		{"help", "forgot my password", "Account", 0.78},
	} {
		t.Run(sample.name, func(t *testing.T) {
			bench, err := sampleWorkspace(t.Context(), filepath.Join(t.TempDir(), "w.touchstone"), sample.name, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer bench.Close()
			measured := map[string]float64{}
			for _, name := range []string{"bm25", "default"} {
				ranker, err := bench.Named(name)
				if err != nil {
					t.Fatal(err)
				}
				e, err := bench.Evaluate(t.Context(), workbench.EvalRequest{Ranker: &ranker}, nil)
				if err != nil {
					t.Fatal(err)
				}
				measured[name] = e.Mean
			}
			t.Logf("NDCG@10: %v", measured)
			if measured["default"] < sample.atLeast || measured["default"] < measured["bm25"] {
				t.Errorf("NDCG@10 %v, want %.2f and no less than by words alone", measured, sample.atLeast)
			}

			req := workbench.SearchRequest{Query: sample.query, Facets: true, Sort: workbench.ByDateDown}
			page, err := bench.Search(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(page.Facets, func(f engine.Facet) bool {
				return f.Field == string(engine.RoleCategory) && slices.ContainsFunc(f.Values, func(v engine.FacetValue) bool { return v.Value == sample.category })
			}) {
				t.Errorf("facets %+v lack %s", page.Facets, sample.category)
			}
			req.Filter = engine.Filter{{Field: string(engine.RoleCategory), Op: "=", Value: sample.category}}
			if page, err = bench.Search(t.Context(), req); err != nil {
				t.Fatal(err)
			}
			if len(page.Results) < 3 {
				t.Errorf("%d results in %s", len(page.Results), sample.category)
			}
			for _, r := range page.Results {
				if r.Product.Category != sample.category {
					t.Errorf("%s is of %s", r.Product.Title, r.Product.Category)
				}
			}
		})
	}
}
