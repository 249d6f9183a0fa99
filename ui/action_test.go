package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"touchstone/assets"
)

// everyAction is a window with the sample open, and all its actions.
func everyAction(t *testing.T) (*testWindow, []*action) {
	w := newTestWindow(t, Deps{Sample: func() (Bench, error) { return newFakeBench(), nil }})
	w.openFirst()
	w.wait()
	t.Cleanup(func() { w.shell.tasks.stop()() })
	return w, w.shell.actions()
}

// TestActionsAreWhole: an action has a name, a menu and something to do; no two
// have the same ID, nor the same key in the same place.
func TestActionsAreWhole(t *testing.T) {
	_, all := everyAction(t)
	ids, keys := map[string]bool{}, map[string]string{}
	for _, a := range all {
		if a.id == "" || a.name == "" || a.run == nil || a.group == "" {
			t.Errorf("%+v is not whole", a)
		}
		if ids[a.id] {
			t.Errorf("%s is there twice", a.id)
		}
		ids[a.id] = true
		if a.enabled != nil && a.why == "" && a.place == nil {
			t.Errorf("%s does not say what it lacks", a.id)
		}
		where := ""
		if a.place != nil && a.key.name == "" {
			where = a.place.kind.id
		}
		if k := where + a.key.String(); a.key != (key{}) {
			if keys[k] != "" {
				t.Errorf("%s and %s have the same key %s", keys[k], a.id, k)
			}
			keys[k] = a.id
		}
	}
}

func TestEveryPlaceHasAnIcon(t *testing.T) {
	for _, kind := range placeKinds {
		if assets.Icon(kind.id) == nil {
			t.Errorf("there is no icon %s.svg", kind.id)
		}
	}
}

func TestActionSaysWhatItLacks(t *testing.T) {
	w, _ := everyAction(t)
	w.shell.act("ranking.keep")
	if got := words(w.shell.notices.told); !strings.Contains(got, "The sliders stand where the ranker has them.") {
		t.Errorf("the window says %q", got)
	}
	w.shell.act("judge.skip")
	if got := words(w.shell.notices.told); !strings.Contains(got, "works in Judge") {
		t.Errorf("the window says %q", got)
	}
	press(t, w.shell.notices.told, "Go there")
	if w.shell.place.kind.id != placeJudge {
		t.Error("it does not go there")
	}
}

func TestPaletteReachesEveryAction(t *testing.T) {
	w, all := everyAction(t)
	for _, a := range all {
		if a.id == "edit.palette" {
			continue
		}
		w.shell.openPalette()
		w.shell.palette.field.SetText(a.title())
		first := w.shell.palette.found[0]
		if first.title() != a.title() {
			t.Errorf("%q finds %q first", a.title(), first.title())
		}
		w.shell.closePalette()
	}
}

func TestPaletteNeedsNoMouse(t *testing.T) {
	w, _ := everyAction(t)
	w.shell.openPalette()
	field := w.win.Canvas().Focused()
	if field != w.shell.palette.field {
		t.Fatal("the palette does not have the focus")
	}
	for _, r := range "gojdgjj" { // not in this order anywhere
		field.TypedRune(r)
	}
	if n := len(w.shell.palette.found); n != 0 {
		t.Errorf("%d actions go with letters that none has", n)
	}
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) // nothing to do, and nothing breaks
	w.shell.openPalette()
	w.shell.openPalette()
	field = w.win.Canvas().Focused()
	for _, r := range "judg" {
		field.TypedRune(r)
	}
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	if got := w.shell.palette.found[0].name; got != "Judge" {
		t.Errorf("%q is found first", got)
	}
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if w.shell.palette != nil || w.shell.place.kind.id != placeJudge {
		t.Errorf("palette %v, place %s", w.shell.palette, w.shell.place.kind.id)
	}
	w.shell.openPalette()
	w.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.shell.palette != nil {
		t.Error("escape does not leave")
	}
}

func TestFuzzy(t *testing.T) {
	better := func(typed, one, other string) {
		t.Helper()
		a, ok := fuzzy(typed, one)
		if !ok {
			t.Fatalf("%q does not go with %q", typed, one)
		}
		if b, ok := fuzzy(typed, other); ok && b >= a {
			t.Errorf("%q: %q has %d, %q has %d", typed, one, a, other, b)
		}
	}
	better("ic", "Import catalogue…", "Dark like ice")
	better("learn", "Learn from the grades", "Larger text, earlier")
	better("lg", "Learn from the grades", "Larger text")
	better("JUDGE", "Judge", "Import judgments…")
	better("导入", "导入商品目录", "导出评分，然后再放入")
	if _, ok := fuzzy("learnz", "Learn from the grades"); ok {
		t.Error("a letter that is missing is forgiven")
	}
	if _, ok := fuzzy("", "anything"); !ok {
		t.Error("nothing typed goes with nothing")
	}
}

// TestListOfKeysIsComplete: what has a key is in the list, that of the place on
// screen first.
func TestListOfKeysIsComplete(t *testing.T) {
	w, all := everyAction(t)
	w.shell.goTo(placeJudge)
	sections := w.shell.keySections()
	if sections[0].title != "Judge" || sections[1].title != "Everywhere" {
		t.Errorf("the list begins with %s and %s", sections[0].title, sections[1].title)
	}
	listed := map[string]bool{}
	for _, s := range sections {
		for _, l := range s.lines {
			listed[l.keys+l.does] = true
		}
	}
	for _, a := range all {
		if a.key != (key{}) && !listed[a.key.String()+a.name] {
			t.Errorf("%s (%s) is not in the list of keys", a.name, a.key)
		}
	}
}
