package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"touchstone/engine"
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

// TestEscapeClosesASheetFromEverywhereOnIt, and Tab leads around it.
func TestEscapeClosesASheetFromEverywhereOnIt(t *testing.T) {
	w := newTestWindow(t, Deps{Sample: func() (Bench, error) { return newFakeBench(), nil }})
	w.openFirst()
	w.wait()
	for name, open := range map[string]func(){
		"a new engine": func() { w.editEngine(engine.Remote{}) }, // with copies to choose
		"an engine":    func() { w.editEngine(engine.Remote{Name: "shop", Kind: engine.Solr}) },
		"trying one":   func() { w.tryEngine(engine.Remote{Name: "shop", Kind: engine.Solr}) },
		"a model":      func() { w.askAboutModel("/models/own") },
		"a scale":      func() { w.shell.judge.askScale(w.shell) },
		"the keys":     w.showKeys,
	} {
		t.Run(name, func(t *testing.T) {
			canvas := w.win.Canvas()
			canvas.Unfocus()
			open()
			seen := map[fyne.Focusable]bool{}
			for canvas.FocusNext(); !seen[canvas.Focused()]; canvas.FocusNext() {
				seen[canvas.Focused()] = true
			}
			for n := range len(seen) {
				if w.asking == nil {
					open()
				}
				canvas.Unfocus()
				for range n + 1 {
					canvas.FocusNext()
				}
				at := canvas.Focused()
				if tabs, ok := at.(fyne.Tabbable); ok && tabs.AcceptsTab() {
					t.Errorf("Tab does not leave a %T", at)
				}
				at.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
				if w.asking != nil {
					t.Errorf("escape on a %T does not close it", at)
				}
			}
			if w.asking != nil {
				w.asking.Dismiss()
			}
		})
	}
}
