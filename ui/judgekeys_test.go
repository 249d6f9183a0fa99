package ui

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"touchstone/ui/widgets"
)

// keyedJudge is a window in Judge, with a product on screen.
func keyedJudge(t *testing.T) *testWindow {
	t.Helper()
	w := newTestWindow(t, Deps{Sample: func() (Bench, error) { return newFakeBench(), nil }})
	w.app.Preferences().SetString(prefJudge, "ann")
	w.openFirst()
	w.wait()
	t.Cleanup(func() { w.shell.tasks.stop()() })
	w.shell.goTo(placeJudge)
	w.settle()
	return w
}

// TestEveryJudgingActionHasAKeyboardWay drives the window's canvas: what can be
// done in Judge is done from the palette by typing its name, and by its letter
// where it has one.
func TestEveryJudgingActionHasAKeyboardWay(t *testing.T) {
	w := keyedJudge(t)
	ran := map[string]int{}
	own := 0
	for _, a := range w.shell.actions() {
		if a.place == nil || a.place.kind.id != placeJudge {
			continue
		}
		own++
		a.run, a.enabled = func() { ran[a.id]++ }, nil
		w.win.Canvas().Unfocus()
		w.shell.openPalette()
		for _, r := range a.title() {
			w.win.Canvas().Focused().TypedRune(r)
		}
		w.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if ran[a.id] != 1 {
			t.Errorf("%s (%s): typing its name in the palette ran it %d times", a.id, a.title(), ran[a.id])
		}
		w.win.Canvas().Unfocus()
		if a.key.letter != 0 {
			w.win.Canvas().OnTypedRune()(a.key.letter)
			if ran[a.id] != 2 {
				t.Errorf("%s: its letter %c does nothing", a.id, a.key.letter)
			}
		}
	}
	if own < 20 {
		t.Errorf("Judge has %d actions, want all of them here", own)
	}
}

// TestEverythingInJudgeIsReachedByTab: whatever a click does in Judge, on the
// product and in the list, can have the focus, and Tab brings it there.
func TestEverythingInJudgeIsReachedByTab(t *testing.T) {
	w := keyedJudge(t)
	keys := "" // of the place
	for _, a := range w.shell.actions() {
		if a.place != nil && a.place.kind.id == placeJudge && a.key.letter != 0 {
			keys += a.key.String() + " "
		}
	}
	for _, k := range w.shell.place.keys {
		keys += k.keys + " "
	}
	for g, label := range w.shell.bench.Scale() {
		before := w.shell.judge.at
		w.win.Canvas().OnTypedRune()([]rune(w.shell.bench.Scale().Key(g))[0])
		w.settle()
		if w.shell.judge.at == before {
			t.Errorf("the key of the grade %s does nothing", label.Name)
		}
	}
	for _, list := range []bool{false, true} {
		if list {
			w.win.Canvas().Unfocus()
			w.win.Canvas().OnTypedRune()('v')
			w.settle()
			if !w.shell.judge.list.on {
				t.Fatal("V does not bring the list")
			}
		}
		canvas := w.win.Canvas()
		reached := map[fyne.Focusable]bool{}
		canvas.Unfocus()
		for range 500 {
			canvas.FocusNext()
			if reached[canvas.Focused()] {
				break
			}
			reached[canvas.Focused()] = true
		}
		clickable, grades := 0, 0
		for _, root := range []fyne.CanvasObject{w.shell.judge.content, w.shell.judge.side.content} {
			eachVisible(root, func(o fyne.CanvasObject) bool {
				if f, ok := o.(fyne.Focusable); ok && reached[f] {
					clickable++
					return false // what is in it has its keys
				}
				switch o.(type) {
				case *widgets.KeyHint: // names the key that does the same
					if key, _, _ := strings.Cut(words(o), "\n"); !strings.Contains(keys, key) {
						t.Errorf("list %v: nothing in Judge has the key %s of the hint %s", list, key, words(o))
					}
					return false
				case *widgets.GradeButton:
					grades++
					return false
				}
				if _, ok := o.(fyne.Tappable); !ok || strings.Contains(fmt.Sprintf("%T", o), "scrollBar") {
					return true // what scrolls follows the focus
				}
				if d, ok := o.(fyne.Disableable); !ok || !d.Disabled() {
					t.Errorf("list %v: %T can be clicked, and Tab does not reach it: %s", list, o, words(o))
				}
				return true
			})
		}
		if clickable < 3 || grades != len(w.shell.bench.Scale()) {
			t.Errorf("list %v: %d things to click and %d grades were found in Judge", list, clickable, grades)
		}
	}
}

// eachVisible calls fn for an object and everything in it that is shown, as far
// as fn says to go on.
func eachVisible(o fyne.CanvasObject, fn func(fyne.CanvasObject) bool) {
	if !o.Visible() || !fn(o) {
		return
	}
	switch o := o.(type) {
	case *fyne.Container:
		for _, inner := range o.Objects {
			eachVisible(inner, fn)
		}
	case fyne.Widget:
		for _, inner := range test.WidgetRenderer(o).Objects() {
			eachVisible(inner, fn)
		}
	}
}
