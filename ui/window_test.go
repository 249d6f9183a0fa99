package ui

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// press presses the button with a label below an object.
func press(t *testing.T, o fyne.CanvasObject, label string) {
	t.Helper()
	var found *widgets.Button
	var look func(fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		if b, ok := o.(*widgets.Button); ok {
			if b.Label() == label {
				found = b
			}
			return
		}
		if c, ok := o.(*fyne.Container); ok {
			for _, child := range c.Objects {
				look(child)
			}
		} else if w, ok := o.(fyne.Widget); ok {
			for _, child := range test.WidgetRenderer(w).Objects() {
				look(child)
			}
		}
	}
	look(o)
	if found == nil {
		t.Fatalf("there is no button %q in %q", label, words(o))
	}
	test.Tap(found)
}

// testWindow is a window of the test driver with a loop of its own.
type testWindow struct {
	*window
	t    *testing.T
	loop *loop
}

func newTestWindow(t *testing.T, deps Deps) *testWindow {
	w := &testWindow{window: &window{deps: deps, app: test.NewTempApp(t)}, t: t}
	return w.another()
}

// another is a further window of the same app.
func (w *testWindow) another() *testWindow {
	again := &testWindow{window: &window{deps: w.deps, app: w.app, win: w.app.NewWindow("Touchstone")}, t: w.t, loop: newLoop()}
	again.build(again.loop.post)
	return again
}

// wait lets an opening or closing finish.
func (w *testWindow) wait() {
	for w.busy {
		(<-w.loop.queue)()
	}
}

// settle lets an opening or closing and all other work in the background finish.
func (w *testWindow) settle() {
	w.t.Helper()
	if w.wait(); w.shell.tasks != nil {
		finish(w.t, w.loop, w.shell.tasks)
	}
}

func TestFirstWorkspace(t *testing.T) {
	var opened []string
	open := func(path string) (Bench, error) { opened = append(opened, path); return newFakeBench(), nil }
	sample := func() (Bench, error) { opened = append(opened, "sample"); return newFakeBench(), nil }
	w := newTestWindow(t, Deps{Open: open, Sample: sample})
	w.openFirst()
	w.wait()
	w.deps.Path = "/shop/given.touchstone"
	w.openFirst()
	w.wait()
	if want := "[sample /shop/given.touchstone]"; fmt.Sprint(opened) != want {
		t.Errorf("opened %v, want %v", opened, want)
	}
	if got := w.win.Title(); got != "spring.touchstone – Touchstone" {
		t.Errorf("title is %q", got)
	}
	if w.win.Canvas().Focused() != w.shell.search.field {
		t.Error("the search field does not have the focus")
	}
}

func TestWorkspaceThatDoesNotOpen(t *testing.T) {
	cases := []struct {
		err  error
		want string
	}{
		{fmt.Errorf("open spring.touchstone: %w", workbench.ErrInUse), "already open in another Touchstone"},
		{fmt.Errorf("open spring.touchstone: %w", workbench.ErrNewer), "newer Touchstone"},
		{errors.New("spring.touchstone is cut short at byte 4096: restore a backup"), "restore a backup"},
	}
	for _, c := range cases {
		w := newTestWindow(t, Deps{
			Open:   func(string) (Bench, error) { return nil, c.err },
			Sample: func() (Bench, error) { return newFakeBench(), nil },
		})
		w.open("/shop/spring.touchstone", w.deps.Open)
		w.wait()
		if got := words(w.shell.notices.content); !strings.Contains(got, c.want) {
			t.Errorf("%v: the window says %q", c.err, got)
		}
		press(t, w.shell.middle, "Open the sample")
		w.wait()
		if w.shell.search == nil {
			t.Errorf("%v: the sample did not open afterwards", c.err)
		}
	}
}

// TestFirstSampleIsInTheWindowsLanguage starts for the first time.
func TestFirstSampleIsInTheWindowsLanguage(t *testing.T) {
	t.Cleanup(func() { _ = locale.Set(locale.English) })
	for language, want := range map[locale.Language]string{locale.English: "english", locale.Chinese: "chinese"} {
		opened := ""
		sample := func(name string) func() (Bench, error) {
			return func() (Bench, error) { opened = name; return newFakeBench(), nil }
		}
		w := newTestWindow(t, Deps{Sample: sample("english"), Samples: []Sample{{Name: "Open the sample in Chinese", Language: "zh", Open: sample("chinese")}}})
		w.speak(language)
		w.openFirst()
		w.wait()
		if opened != want {
			t.Errorf("in %s the window begins with the sample in %s", language, opened)
		}
		w.shell.tasks.stop()()
	}
}

func TestClosingWritesGradesFirst(t *testing.T) {
	for name, end := range map[string]func(w *testWindow, release func()) error{
		"by the person": func(w *testWindow, release func()) error {
			w.shell.act("file.quit")
			release()
			w.wait()
			return w.failed
		},
		"by a signal": func(w *testWindow, release func()) error {
			ended := make(chan error)
			go func() { ended <- w.ended() }()
			release()
			return <-ended
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newFakeBench()
			w := newTestWindow(t, Deps{Sample: func() (Bench, error) { return b, nil }})
			w.openFirst()
			w.wait()
			release := b.slowGrade()
			w.shell.search.search("headphones", 0)
			for w.shell.search.page == nil {
				(<-w.loop.queue)()
			}
			w.shell.search.gradeSelected(1)
			if err := end(w, release); err != nil || !b.closed {
				t.Errorf("the workspace was closed: %v, %v", b.closed, err)
			}
			if b.grades[[2]string{"headphones", "P000"}] != 1 {
				t.Errorf("grade %v", b.grades[[2]string{"headphones", "P000"}])
			}
		})
	}
}

func TestEveryMenuItemDoesSomething(t *testing.T) {
	w := newTestWindow(t, Deps{})
	shortcuts := map[string]string{}
	var walk func(m *fyne.Menu)
	walk = func(m *fyne.Menu) {
		for _, item := range m.Items {
			switch {
			case item.IsSeparator:
			case item.ChildMenu != nil:
				walk(item.ChildMenu)
			case item.Action == nil:
				t.Errorf("%q does nothing", item.Label)
			}
			if item.Shortcut != nil {
				if other, ok := shortcuts[item.Shortcut.ShortcutName()]; ok {
					t.Errorf("%q and %q have the same shortcut", item.Label, other)
				}
				shortcuts[item.Shortcut.ShortcutName()] = item.Label
			}
		}
	}
	for _, m := range w.win.MainMenu().Items {
		walk(m)
	}
}

func TestLookAndTextSizeAreRemembered(t *testing.T) {
	w := newTestWindow(t, Deps{})
	w.setLook(theme.Dark)
	w.flipLook()
	if got := w.app.Preferences().String(prefLook); got != string(theme.Light) {
		t.Errorf("look is %q, want light", got)
	}
	for range 20 {
		w.resizeText(1)
	}
	if got := w.app.Preferences().Float(prefText); got != textLarger {
		t.Errorf("text grows to %v, want no more than %v", got, textLarger)
	}
	w.resizeText(0)
	if got := w.app.Preferences().Float(prefText); got != 1 {
		t.Errorf("text is %v, want 1", got)
	}
}

func TestUndoInTheFieldTakesBackTyping(t *testing.T) {
	b := newFakeBench()
	w := newTestWindow(t, Deps{Sample: func() (Bench, error) { return b, nil }})
	w.openFirst()
	w.wait()
	w.shell.search.field.TypedRune('x')
	w.undo()
	if got := w.shell.search.field.Text; got != "" {
		t.Errorf("the field holds %q", got)
	}
	if len(b.grades) != 3 {
		t.Error("a grade was taken back")
	}
	w.shell.tasks.stop()()
}

func TestDroppedFiles(t *testing.T) {
	b := newFakeBench()
	b.imported = &workbench.ImportReport{Added: 2}
	var opened []string
	w := newTestWindow(t, Deps{
		Open:   func(path string) (Bench, error) { opened = append(opened, path); return b, nil },
		Sample: func() (Bench, error) { return b, nil },
	})
	w.drop(fyne.Position{}, []fyne.URI{storage.NewFileURI("/shop/spring.touchstone")})
	w.wait()
	if want := "[/shop/spring.touchstone]"; fmt.Sprint(opened) != want {
		t.Errorf("opened %v, want %v", opened, want)
	}
	file := filepath.Join(t.TempDir(), "products.csv")
	if err := os.WriteFile(file, []byte(shopCSV), 0o600); err != nil {
		t.Fatal(err)
	}
	w.drop(fyne.Position{}, []fyne.URI{storage.NewFileURI(file)})
	for w.asking == nil {
		(<-w.loop.queue)()
	}
	press(t, w.win.Canvas().Overlays().Top(), "Add to spring.touchstone")
	w.settle()
	if got := words(w.shell.notices.told); !strings.Contains(got, "products.csv: 2 products added") {
		t.Errorf("after the import the window says %q", got)
	}
}

func TestEscapeClosesTheDialogInFront(t *testing.T) {
	b := newFakeBench()
	w := newTestWindow(t, Deps{Sample: func() (Bench, error) { return b, nil }})
	w.openFirst()
	w.wait()
	w.win.Canvas().Unfocus()
	w.rune('?')
	if w.asking == nil || w.win.Canvas().Overlays().Top() == nil {
		t.Fatal("? shows no keys")
	}
	w.rune('/') // goes nowhere: the dialog is in front
	if w.win.Canvas().Focused() != nil {
		t.Error("a key reached the screen behind the dialog")
	}
	w.key(fyne.KeyEscape)
	if w.asking != nil || w.win.Canvas().Overlays().Top() != nil {
		t.Error("escape did not close the dialog")
	}
	w.showAbout()
	w.showProblems("products.csv", []workbench.RowProblem{{Line: 7, What: "no title"}})
	if n := len(w.win.Canvas().Overlays().List()); n != 1 {
		t.Errorf("%d dialogs are open at once", n)
	}
	w.shell.tasks.stop()()
}

func TestFailedOpeningKeepsTheWorkspace(t *testing.T) {
	w := newTestWindow(t, Deps{
		Open: func(path string) (Bench, error) {
			if path == "/shop/broken.touchstone" {
				return nil, errors.New("broken.touchstone is no workspace: choose a file ending in .touchstone")
			}
			return newFakeBench(), nil
		},
		Sample: func() (Bench, error) { return newFakeBench(), nil },
	})
	w.openFirst()
	w.wait()
	w.open("/shop/broken.touchstone", w.deps.Open)
	w.wait()
	if got := words(w.shell.notices.content); !strings.Contains(got, "is no workspace") {
		t.Errorf("the window says %q", got)
	}
	if w.shell.search == nil || w.shell.bench.Status().Products == 0 {
		t.Error("the workspace that was open is gone")
	}
	if last := w.app.Preferences().String(prefLast); last != "" {
		t.Errorf("%s is remembered", last)
	}
	w.shell.tasks.stop()()
}

func TestClosingWhileOpeningWaits(t *testing.T) {
	gate := make(chan struct{})
	b := newFakeBench()
	w := newTestWindow(t, Deps{Sample: func() (Bench, error) { <-gate; return b, nil }})
	w.openFirst()
	w.quit()
	close(gate)
	w.wait()
	if !b.closed {
		t.Error("the workspace was left open")
	}
}

// TestLanguageChangesLive: the menu and the screens change at once, and what is
// open stays open.
func TestLanguageChangesLive(t *testing.T) {
	w := newTestWindow(t, Deps{Sample: func() (Bench, error) { return newFakeBench(), nil }})
	t.Cleanup(func() { _ = locale.Set(locale.English) })
	w.openFirst()
	w.wait()
	w.shell.search.open("headphones")
	w.settle()
	w.shell.search.pick("P002")
	w.shell.act("language.zh")
	w.settle()
	if got := w.win.MainMenu().Items[0].Label; got != "文件" {
		t.Errorf("the first menu is %q", got)
	}
	if got := lang.L("Create Folder"); got != "新建文件夹" {
		t.Errorf("the toolkit says %q", got)
	}
	if got := words(w.shell.inspector); !strings.Contains(got, "从 3 个评分学习") {
		t.Errorf("the inspector says %q", got)
	}
	if s := w.shell.search; s.page == nil || s.page.Query != "headphones" || s.selected != "P002" || s.field.Text != "headphones" {
		t.Errorf("the query or the selection is gone")
	}
	if got := words(w.shell.status.content); !strings.Contains(got, "工作区 spring.touchstone") {
		t.Errorf("the status bar says %q", got)
	}
	w.shell.goTo(placeJudge)
	w.settle()
	w.shell.act("language.en")
	w.settle()
	if got := lang.L("Create Folder"); got != "Create folder" {
		t.Errorf("the toolkit says %q", got)
	}
	if got := words(w.shell.inspector); w.shell.place.kind.id != placeJudge || !strings.Contains(got, "Why this one next") {
		t.Errorf("at %s the inspector says %q", w.shell.place.kind.id, got)
	}
	w.shell.tasks.stop()()
}

// TestLanguageWaitsForWork: a grade on its way is written and shown as saved
// before the screens are made anew.
func TestLanguageWaitsForWork(t *testing.T) {
	b := newFakeBench()
	w := newTestWindow(t, Deps{Sample: func() (Bench, error) { return b, nil }})
	t.Cleanup(func() { _ = locale.Set(locale.English) })
	w.openFirst()
	w.wait()
	w.shell.search.open("headphones")
	w.settle()
	release := b.slowGrade()
	w.shell.search.gradeSelected(1)
	before := w.shell.search
	w.shell.act("language.zh")
	if w.shell.search != before {
		t.Error("the screens were made anew with a grade on its way")
	}
	release()
	w.settle()
	if w.shell.search == before || b.grades[[2]string{"headphones", "P000"}] != 1 {
		t.Errorf("made anew: %v, grade %v", w.shell.search != before, b.grades[[2]string{"headphones", "P000"}])
	}
	w.shell.tasks.stop()()
}
