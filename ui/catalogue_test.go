package ui

import (
	"errors"
	"strings"
	"testing"
)

// catalogue enters the Catalogue screen.
func (sc *screen) catalogue() *catalogue {
	sc.t.Helper()
	sc.shell.goTo(placeCatalogue)
	sc.settle()
	return sc.shell.catalogue
}

func TestProductIsEditedAndTakenBack(t *testing.T) {
	sc := newScreen(t)
	c := sc.catalogue()
	if len(c.list.Products) != 100 || c.list.Total != 150 {
		t.Fatalf("%d of %d products", len(c.list.Products), c.list.Total)
	}
	c.pick("P001")
	title := c.editor.entries[0]
	title.SetText("Studio headphones, new")
	if !c.editor.dirty() || c.editor.saves.Disabled() {
		t.Fatal("a typed title changes nothing")
	}
	c.editor.store()
	sc.settle()
	if got := sc.b.products[1].Title; got != "Studio headphones, new" || !strings.Contains(sc.told(), "is changed") {
		t.Errorf("stored %q, told %q", got, sc.told())
	}
	sc.shell.undo()
	sc.settle()
	if got := sc.b.products[1].Title; !strings.HasPrefix(got, "Studio closed-back") || c.editor.entries[0].Text != got {
		t.Errorf("after undo %q, in the field %q", got, c.editor.entries[0].Text)
	}
}

func TestWrongFieldIsSaid(t *testing.T) {
	sc := newScreen(t)
	c := sc.catalogue()
	c.pick("P001")
	for i, field := range c.editor.fields {
		if field == "price" {
			c.editor.entries[i].SetText("cheap")
		}
	}
	c.editor.store()
	sc.settle()
	if !strings.Contains(sc.told(), "no number") || c.editor.entries[4].Text != "cheap" {
		t.Errorf("told %q, the field has %q", sc.told(), c.editor.entries[4].Text)
	}
	sc.b.editError = errors.New("the disk is full")
	c.editor.entries[4].SetText("5")
	c.editor.store()
	sc.settle()
	if !strings.Contains(sc.told(), "the disk is full") {
		t.Errorf("told %q", sc.told())
	}
}

func TestHiddenProductIsListedApart(t *testing.T) {
	sc := newScreen(t)
	c := sc.catalogue()
	c.pick("P002")
	c.hide()
	sc.settle()
	if c.list.Total != 149 || c.away.Label() != "1 hidden" {
		t.Errorf("%d products, %q", c.list.Total, c.away.Label())
	}
	c.choose(true)
	sc.settle()
	if c.list.Total != 1 || c.list.Products[0].ID != "P002" {
		t.Fatalf("hidden: %+v", c.list)
	}
	c.pick("P002")
	c.hide()
	sc.settle()
	if sc.b.products[2].Hidden || !strings.Contains(words(c.middle), "Nothing is hidden") {
		t.Errorf("shown again: %v, %s", sc.b.products[2].Hidden, words(c.middle))
	}
}
