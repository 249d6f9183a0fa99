package workbench_test

import (
	"slices"
	"strings"
	"testing"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// finds lists the IDs that a query brings up.
func (s *shop) finds(query string) []string {
	s.t.Helper()
	page, err := s.Search(s.t.Context(), workbench.SearchRequest{Query: query, K: 50})
	if err != nil {
		s.t.Fatal(err)
	}
	var ids []string
	for _, r := range page.Results {
		ids = append(ids, r.Product.ID)
	}
	return ids
}

func TestHiddenProductsAreNowhere(t *testing.T) {
	s := newShop(t)
	s.importLines("id,title,brand,price", "a,red kettle,Aga,20", "b,blue kettle,Bosch,30", "c,green pan,Aga,10")
	if err := s.Hide(t.Context(), true, "b"); err != nil {
		t.Fatal(err)
	}
	check := func(when string) {
		t.Helper()
		if got := s.finds("blue kettle"); slices.Contains(got, "b") || !slices.Contains(got, "a") {
			t.Errorf("%s: %q", when, got)
		}
		page, err := s.Search(t.Context(), workbench.SearchRequest{Query: "kettle", Facets: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range page.Facets {
			for _, v := range f.Values {
				if v.Value == "Bosch" {
					t.Errorf("%s: a facet counts a hidden product", when)
				}
			}
		}
		near, err := s.Similar(t.Context(), "a", 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range near.Results {
			if r.Product.ID == "b" {
				t.Errorf("%s: a hidden product is similar", when)
			}
		}
		front, err := s.Recommend(t.Context(), "nobody", 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range front.Results {
			if r.Product.ID == "b" {
				t.Errorf("%s: a hidden product is recommended", when)
			}
		}
		list, err := s.List(t.Context(), workbench.ListRequest{Hidden: true})
		if err != nil {
			t.Fatal(err)
		}
		if list.Total != 1 || list.Products[0].ID != "b" || s.Status().Hidden != 1 || s.Status().Products != 2 {
			t.Errorf("%s: hidden %+v, status %+v", when, list, s.Status())
		}
	}
	check("at once")
	s.reopen()
	check("after reopening")
	s.importLines("id,title,brand,price", "a,red kettle,Aga,20", "b,blue kettle,Bosch,31", "c,green pan,Aga,10")
	check("after an import")
	if err := s.Hide(t.Context(), false, "b"); err != nil {
		t.Fatal(err)
	}
	if got := s.finds("blue kettle"); !slices.Contains(got, "b") {
		t.Errorf("shown again: %q", got)
	}
}

func TestEditIsFoundAndTakenBack(t *testing.T) {
	s := newShop(t)
	s.importLines("id,title,price", "a,red kettle,20", "b,blue kettle,30")
	encoded := s.encoder.encoded.Load()
	p, _, err := s.Product("a")
	if err != nil {
		t.Fatal(err)
	}
	if err := workbench.SetField(&p, "price", "25"); err != nil {
		t.Fatal(err)
	}
	if err := s.Edit(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if n := s.encoder.encoded.Load(); n != encoded {
		t.Errorf("a changed price encoded %d texts", n-encoded)
	}
	if err := workbench.SetField(&p, "title", "crimson samovar"); err != nil {
		t.Fatal(err)
	}
	if err := s.Edit(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if n := s.encoder.encoded.Load(); n != encoded+1 {
		t.Errorf("a changed title encoded %d texts, not 1", n-encoded)
	}
	if got := s.finds("samovar"); len(got) == 0 || got[0] != "a" {
		t.Errorf("the new title brings up %q", got)
	}
	s.reopen()
	if got := s.finds("samovar"); len(got) == 0 || got[0] != "a" {
		t.Errorf("after reopening the new title brings up %q", got)
	}
	if err := s.Edit(t.Context(), engine.Product{ID: "b", Title: "blue teapot"}); err != nil {
		t.Fatal(err)
	}
	back, err := s.UndoEdit(t.Context())
	if err != nil || len(back) != 1 || back[0].Title != "blue kettle" || back[0].Price.Value != 30 {
		t.Fatalf("taken back: %+v, %v", back, err)
	}
	if got := s.finds("blue kettle"); len(got) == 0 || got[0] != "b" {
		t.Errorf("after taking it back: %q", got)
	}
	if back, err := s.UndoEdit(t.Context()); err != nil || back != nil {
		t.Errorf("nothing is left to take back: %+v, %v", back, err)
	}
	if err := s.Edit(t.Context(), engine.Product{ID: "z", Title: "none"}); err == nil || !strings.Contains(err.Error(), `"z"`) {
		t.Errorf("an unknown product: %v", err)
	}
}

func TestReplaceRemovesWhatIsAbsent(t *testing.T) {
	s := newShop(t)
	s.importLines("id,title,price", "a,red kettle,20", "b,blue kettle,30", "c,green pan,5")
	encoded := s.encoder.encoded.Load()
	file := s.file("next.csv", "id,title,price", "a,red kettle,21", "b,blue kettle,30", "d,white cup,3")
	report, err := s.Import(t.Context(), []string{file}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if report.Added != 1 || report.Changed != 1 || report.Unchanged != 1 || report.Removed != 0 || report.Missing != 1 {
		t.Errorf("an import: %+v", report)
	}
	if report, err = s.Replace(t.Context(), []string{file}, nil, nil); err != nil {
		t.Fatal(err)
	}
	if report.Unchanged != 3 || report.Removed != 1 || report.Missing != 0 {
		t.Errorf("a replacement: %+v", report)
	}
	if n := s.encoder.encoded.Load() - encoded; n != 1 {
		t.Errorf("%d texts were encoded, only one is new", n)
	}
	if got := s.finds("green pan"); slices.Contains(got, "c") {
		t.Errorf("the removed product is found: %q", got)
	}
	list, err := s.List(t.Context(), workbench.ListRequest{})
	if err != nil || list.Total != 3 || len(list.Products) != 3 {
		t.Errorf("listed %+v, %v", list, err)
	}
	if list, err = s.List(t.Context(), workbench.ListRequest{Text: "d"}); err != nil || len(list.Products) == 0 || list.Products[0].ID != "d" {
		t.Errorf("by its ID: %+v, %v", list, err)
	}
	if list, err = s.List(t.Context(), workbench.ListRequest{Text: "kett", Offset: 1, K: 1}); err != nil || list.Total != 2 || len(list.Products) != 1 {
		t.Errorf("the second kettle: %+v, %v", list, err)
	}
}

func TestStepsOfAQuery(t *testing.T) {
	s := newShop(t)
	s.importLines("id,title,description", "a,Monitor 15.6 inch,a screen", "b,Headphones WH-1000XM5,for music", "c,Laptop,with a 15.6\" monitor")
	page, err := s.Search(t.Context(), workbench.SearchRequest{Query: "the monitr 15.6\" WH-1000XM5"})
	if err != nil {
		t.Fatal(err)
	}
	steps := page.Steps()
	if len(steps) != 4 || !steps[0].Dropped || steps[0].Word != "the" {
		t.Fatalf("steps %+v", steps)
	}
	if m := steps[1].Terms[0]; m.Text != "monitor" || m.Added != engine.Typo || m.Matched["title"] != 1 || m.Matched["description"] != 1 || m.Products != 2 {
		t.Errorf("a typing mistake: %+v", m)
	}
	if m := steps[2].Terms[0]; m.Text != "15.6in" || m.Kind != engine.Unit || m.Products != 2 {
		t.Errorf("a unit: %+v", m)
	}
	if terms := steps[3].Terms; len(terms) != 3 || terms[0].Text != "wh1000xm5" || terms[0].Part || !terms[1].Part {
		t.Errorf("a model number: %+v", terms)
	}
	for i := range page.Results {
		if r := &page.Results[i]; r.Product.ID == "b" && !slices.Contains(page.MatchedIn(r)["title"], "wh1000xm5") {
			t.Errorf("b matched %v", page.MatchedIn(r))
		}
	}
}
