package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"touchstone/assets"
	"touchstone/ui/locale"
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

func TestActionLeadsToItsPlace(t *testing.T) {
	w, _ := everyAction(t)
	w.shell.act("rules.new")
	if w.shell.place.kind.id != placeRules || len(w.shell.notices.told.Objects) > 0 {
		t.Errorf("a new rule is written in %s, and the window says %q", w.shell.place.kind.id, words(w.shell.notices.told))
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

// TestPaletteKnowsWhatPeopleCallThings: what a merchandiser may type, in both
// languages, and what must be first.
func TestPaletteKnowsWhatPeopleCallThings(t *testing.T) {
	w, all := everyAction(t)
	ids := map[string]bool{}
	for _, a := range all {
		ids[a.id] = true
	}
	for id := range searchWords {
		if !ids[id] {
			t.Errorf("%s has words to be found by and is no action", id)
		}
	}
	w.shell.openPalette()
	find := func(typed, id string) {
		t.Helper()
		w.shell.palette.narrow(typed)
		if found := w.shell.palette.found; len(found) == 0 {
			t.Errorf("%q finds nothing, not %s", typed, id)
		} else if found[0].id != id {
			t.Errorf("%q finds %s first, not %s", typed, found[0].id, id)
		}
	}
	for typed, id := range map[string]string{
		"encoder": "file.model", "upload": "file.import", "csv": "file.export.csv", "open": "file.open", "export": "file.export.csv",
		"dark": "look.dark", "dark mode": "look.dark", "theme": "look.light", "font": "text.larger", "undo": "edit.undo", "backup": "file.restore",
		"synonym": "go.rules", "price": "search.price", "judge": "go.judge", "kappa": "help.glossary", "shortcuts": "help.keys",
		"a/b": "go.compare", "split": "search.split", "sort": "search.more", "filter": "search.field.choose", "exit": "file.quit",
		"elasticsearch": "file.export.rank-eval", "chinese": "language.zh", "train": "ranking.learn", "lea": "ranking.learn", "learn": "ranking.learn", "ratings": "file.judgments", "zoo": "text.larger",
	} {
		find(typed, id)
	}
	if err := locale.Set(locale.Chinese); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := locale.Set(locale.English); err != nil {
			t.Error(err)
		}
	})
	for typed, id := range map[string]string{
		"编码器": "file.model", "上传": "file.import", "字体": "text.larger", "备份": "file.restore", "同义词": "go.rules", "快捷键": "help.keys",
		"价格": "search.price", "夜间": "look.dark", "训练": "ranking.learn", "分屏": "search.split", "encoder": "file.model",
	} {
		find(typed, id)
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

// TestThePaletteSaysThatItFoundNothing: an empty list would look broken.
func TestThePaletteSaysThatItFoundNothing(t *testing.T) {
	sc := newScreen(t)
	sc.shell.openPalette()
	p := sc.shell.palette
	if p.none.Visible() {
		t.Error("it says so before anything is typed")
	}
	p.narrow("qqqq")
	if len(p.found) > 0 || !p.none.Visible() {
		t.Errorf("found %d, said so: %v", len(p.found), p.none.Visible())
	}
	if p.narrow("sear"); p.none.Visible() {
		t.Error("it still says so")
	}
	sc.shell.closePalette()
}
