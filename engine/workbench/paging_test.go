package workbench_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"touchstone/engine/workbench"
)

// page is the IDs of a page.
func (s *shop) page(req workbench.SearchRequest) []string {
	s.t.Helper()
	page, err := s.Search(s.t.Context(), req)
	if err != nil {
		s.t.Fatal(err)
	}
	var ids []string
	for i, r := range page.Results {
		if r.Rank != req.Offset+i+1 {
			s.t.Errorf("result %d of the page from %d has rank %d", i+1, req.Offset, r.Rank)
		}
		sum := 0.0
		for _, c := range r.Contributions {
			sum += c.Contribution
		}
		if d := sum - r.Score; d > 1e-9 || d < -1e-9 {
			s.t.Errorf("rank %d: contributions sum to %v, the score is %v", r.Rank, sum, r.Score)
		}
		ids = append(ids, r.Product.ID)
	}
	return ids
}

// TestPagesToAnyDepth: pages follow each other without gap or repetition, up to
// the last product that matches, far behind what is ranked.
func TestPagesToAnyDepth(t *testing.T) {
	s := newShop(t)
	lines := []string{"id,title"}
	for i := range 1200 {
		lines = append(lines, fmt.Sprintf("%d,lamp %s", i, strings.Repeat("x ", i%7)))
	}
	s.importLines(lines...)
	seen := map[string]bool{}
	const k = 170
	for offset := 0; ; offset += k {
		ids := s.page(workbench.SearchRequest{Query: "lamp", K: k, Offset: offset})
		for _, id := range ids {
			if seen[id] {
				t.Fatalf("the page from %d shows %s again", offset, id)
			}
			seen[id] = true
		}
		if len(ids) < k {
			break
		}
	}
	if len(seen) != 1200 {
		t.Errorf("the pages show %d of 1200 products", len(seen))
	}
	first := s.page(workbench.SearchRequest{Query: "lamp", K: 20})
	long := s.page(workbench.SearchRequest{Query: "lamp", K: 1000})
	if !slices.Equal(long[:20], first) {
		t.Error("a long page begins in another order than a short one")
	}
	if got := s.page(workbench.SearchRequest{Query: "lamp", Offset: 5000}); len(got) != 0 {
		t.Errorf("behind the last product there is %v", got)
	}
}

func TestSortAndFacets(t *testing.T) {
	s := newShop(t)
	s.importLines("id,title,brand,price,rating,date", "1,desk lamp,Lumo,30,4,2024-01-01", "2,floor lamp,Lumo,10,5,2023-01-01",
		"3,lamp,Tela,20,3,2022-01-01", "4,lamp shade,Tela,,,", "5,shade,Tela,1,5,2020-01-01", "6,chair,Lumo,99,5,2026-01-01")
	for sort, want := range map[workbench.Sort]string{
		workbench.ByPrice: "2 3 1 4 5 6", workbench.ByPriceDown: "1 3 2 4 6 5", workbench.ByRatingDown: "2 1 3 4 5 6", workbench.ByRating: "3 1 2 4 5 6",
		workbench.ByDate: "3 2 1 4 5 6", workbench.ByDateDown: "1 2 3 4 6 5",
	} {
		if got := strings.Join(s.page(workbench.SearchRequest{Query: "lamp", Sort: sort}), " "); got != want {
			t.Errorf("by %s: %s, want %s", sort, got, want)
		}
	}
	if _, err := s.Search(t.Context(), workbench.SearchRequest{Query: "lamp", Sort: "weight"}); err == nil || !strings.Contains(err.Error(), "price") {
		t.Errorf("an unknown order: %v", err)
	}
	page, err := s.Search(t.Context(), workbench.SearchRequest{Query: "lamp", Facets: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Facets) == 0 || page.Facets[0].Field != "brand" || page.Facets[0].Values[0].Count != 2 {
		t.Errorf("facets %+v", page.Facets)
	}
	if page.Total != 6 || page.Near != 2 { // the shade and the chair
		t.Errorf("%d products, %d of them near", page.Total, page.Near)
	}
	if s.search("lamp").Facets != nil {
		t.Error("facets that no one asked for")
	}
}
