package workbench_test

import (
	"testing"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

func TestMistypedWordsFind(t *testing.T) {
	s := newShop(t)
	s.importLines("id,title", "1,Wireless Headphones", "2,Desk lamp", "3,Sony WH-1000XM5", "4,Office chair", "5,Lamps", "6,Floor lamp")
	for _, test := range []struct{ query, suggestion, first string }{
		{"wireles headphnes", "wireless headphones", "1"},
		{"desk lapm", "desk lamp", "2"},
		{"desk lamp", "", "2"},
		{"sony WH-1000XM4", "", "3"},
	} {
		page := s.search(test.query)
		if page.Suggestion != test.suggestion || page.Results[0].Product.ID != test.first {
			t.Errorf("%q: %q, first %s; want %q, %s", test.query, page.Suggestion, page.Results[0].Product.ID, test.suggestion, test.first)
		}
	}
	page, err := s.Search(t.Context(), workbench.SearchRequest{Query: "off", Typing: true})
	if err != nil {
		t.Fatal(err)
	}
	if page.Suggestion != "" || page.Results[0].Product.ID != "4" || page.Analysis.Terms[0].Added != engine.Prefix {
		t.Errorf("while typing: %q, first %s, terms %+v", page.Suggestion, page.Results[0].Product.ID, page.Analysis.Terms)
	}
}
