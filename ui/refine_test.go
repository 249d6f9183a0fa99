package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// last is the newest search that the window asked for.
func (b *fakeBench) last() workbench.SearchRequest {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.requests[len(b.requests)-1]
}

// pickItem runs an item of a menu by its label.
func pickItem(t *testing.T, items []*fyne.MenuItem, label string) {
	t.Helper()
	for _, i := range items {
		if strings.HasPrefix(i.Label, label) {
			i.Action()
			return
		}
	}
	t.Fatalf("no item %q", label)
}

func TestChoicesNarrowTheSearch(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	r := sc.s.refine
	pickItem(t, r.values("category"), "Earbuds")
	sc.settle()
	if got := sc.b.last().Filter; len(got) != 1 || got[0] != (engine.Condition{Field: "category", Op: "=", Value: "Earbuds"}) {
		t.Fatalf("asked with %+v", got)
	}
	if sc.s.page.Total != 1 || r.field.Label() != "Category Earbuds" {
		t.Errorf("%d products, chip %q", sc.s.page.Total, r.field.Label())
	}
	if values := r.values("category"); len(values) < 5 {
		t.Errorf("the other categories are no longer offered: %d", len(values))
	}
	pickItem(t, r.values("price"), "<50")
	sc.settle()
	if len(sc.s.page.Results) != 0 || !strings.Contains(words(sc.s.middle), "Take every choice away") {
		t.Errorf("nothing is left, and the page says %q", words(sc.s.middle))
	}
	counted := false
	r.recount(r.order, func() { counted = true })
	sc.settle()
	if prices := r.choices["price"].Values; !counted || prices[0].Count != 0 || prices[1].Count != 1 {
		t.Errorf("among the earbuds, prices are %+v", prices)
	}
	if got := r.choices["category"].Values; len(got) == 0 || slices.ContainsFunc(got, func(v engine.FacetValue) bool { return v.Value == "Earbuds" }) {
		t.Errorf("below 50, categories are %+v", got)
	}
	r.sortBy(workbench.ByPrice)
	sc.settle() // else the two searches may reach the bench in any order
	r.shopAs("ann")
	sc.settle()
	if req := sc.b.last(); req.Sort != workbench.ByPrice || req.Profile != "ann" || len(req.Filter) != 2 {
		t.Errorf("asked for %+v", req)
	}
	sc.find("usb")
	if req := sc.b.last(); len(req.Filter) != 2 || req.Profile != "ann" {
		t.Errorf("another query forgets the choices: %+v", req)
	}
	r.clear()
	sc.settle()
	if req := sc.b.last(); req.Filter != nil || req.Sort != "" || req.Profile != "" || r.set() {
		t.Errorf("after taking all away: %+v", req)
	}
}

// TestChipsPressedTwiceOpenOneMenu: what a menu lists is read beside the window,
// and only the menu that was asked for last opens.
func TestChipsPressedTwiceOpenOneMenu(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	r := sc.s.refine
	pickItem(t, r.values("category"), "Earbuds")
	sc.settle()
	r.openField("category")
	r.openShop()
	r.openShop()
	sc.settle()
	if open := sc.canvas.Overlays().List(); len(open) != 1 {
		t.Errorf("%d menus are open", len(open))
	}
}

func TestPagesGoOn(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	if len(sc.s.page.Results) != 100 || sc.s.page.Total != 150 {
		t.Fatalf("%d of %d", len(sc.s.page.Results), sc.s.page.Total)
	}
	sc.s.more()
	sc.settle()
	if req := sc.b.last(); req.K != 200 || req.Facets {
		t.Errorf("asked for %+v", req)
	}
}

func TestReadingShowsTheSteps(t *testing.T) {
	sc := newScreen(t)
	sc.find("the headphones")
	sc.s.refine.shopAs("ann")
	sc.settle()
	sc.s.reading.toggle()
	sc.settle()
	got := words(sc.s.reading.content)
	for _, want := range []string{"headphone", "left out: it says too little", "ann viewed 5, put 2 into the basket and bought 1."} {
		if !strings.Contains(got, want) {
			t.Errorf("the panel lacks %q: %s", want, got)
		}
	}
	sc.s.reading.toggle()
	if !sc.s.reading.content.Hidden {
		t.Error("the panel stays open")
	}
}

func TestSimilarStandsInPlaceOfTheResults(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.s.showSimilar()
	sc.settle()
	if !strings.Contains(words(sc.s.middle), "Back to the results") {
		t.Fatalf("no similar products: %s", words(sc.s.middle))
	}
	sc.s.key(fyne.KeyEscape)
	if sc.s.aside != nil || slices.Contains(sc.s.middle.Objects, sc.s.aside) {
		t.Error("the results do not come back")
	}
}

func TestFrontPageOfAShopper(t *testing.T) {
	sc := newScreen(t)
	sc.s.showFront()
	sc.settle()
	if got := words(sc.s.middle); !strings.Contains(got, "Front page for a stranger") || !strings.Contains(got, "Rating 0.35") {
		t.Errorf("a stranger is shown %q", got)
	}
	sc.s.refine.shopAs("ann") // while no query is typed
	sc.settle()
	if got := words(sc.s.middle); !strings.Contains(got, "Front page for ann") || !strings.Contains(got, "Meaning (BERT) 0.35 · Like those above −0.03") {
		t.Errorf("ann is shown %q", got)
	}
	if !sc.s.closeAside() || strings.Contains(words(sc.s.middle), "Front page") {
		t.Error("the front page stays")
	}
	sc.s.showFront()
	sc.settle()
	sc.find("headphones")
	if got := words(sc.s.middle); strings.Contains(got, "Front page") {
		t.Errorf("a query is typed, and the front page stays: %q", got)
	}
}
