package ui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// TestTabBeginsInThePlace: wherever the focus was, the first Tab after a place
// has come up lands in it.
func TestTabBeginsInThePlace(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	onRail := func(p *place) fyne.Focusable { return sc.shell.rail.buttons[p] }
	for _, p := range sc.shell.places {
		for from, focused := range map[string]fyne.Focusable{"nothing": nil, "the search field": sc.s.field, "the rail": onRail(p)} {
			sc.shell.goTo(placeSearch)
			if p.kind.id == placeSearch {
				sc.shell.goTo(placeModels)
			}
			sc.settle()
			sc.canvas.Focus(focused)
			sc.shell.goTo(p.kind.id)
			sc.settle()
			if at := sc.canvas.Focused(); at != nil && !within(p.content, at) {
				t.Errorf("%s, from %s: %T has the focus, which is not there", p.kind.id, from, at)
			}
			sc.canvas.FocusNext()
			if at := sc.canvas.Focused(); !within(p.content, at) {
				t.Errorf("%s, from %s: the first Tab leads to %T", p.kind.id, from, at)
			}
		}
	}
}

// within says whether an object is in another.
func within(o fyne.CanvasObject, wanted fyne.Focusable) bool {
	if f, ok := o.(fyne.Focusable); ok && f == wanted {
		return true
	}
	for _, child := range parts(o) {
		if within(child, wanted) {
			return true
		}
	}
	return false
}
