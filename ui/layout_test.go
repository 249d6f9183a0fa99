package ui

import (
	"flag"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
)

var everyLook = flag.Bool("everylook", false, "look for clipped, overlapping and pale text in every size, scale, language, palette and density; many minutes")

// look is how a window can be shown.
type look struct {
	language locale.Language
	mode     theme.Mode
	compact  bool
	size     image.Point // points
	scale    float32
	text     float64
}

func (l look) String() string {
	density := "comfortable"
	if l.compact {
		density = "compact"
	}
	return fmt.Sprintf("%s-%s-%s-%dx%d@%v-text%v", l.language, l.mode, density, l.size.X, l.size.Y, l.scale, l.text)
}

// looks are those in which every screen and dialog is looked at: one where the
// test is to be short, as it is under the race detector.
func looks() []look {
	small := image.Pt(1000, 640)
	chinese := look{locale.Chinese, theme.Light, true, small, 1, 1.3}
	switch {
	case *everyLook:
	case testing.Short():
		return []look{chinese}
	default:
		return []look{{locale.English, theme.Dark, false, small, 1, 1}, chinese}
	}
	var all []look
	for _, l := range locale.Languages {
		for _, mode := range []theme.Mode{theme.Light, theme.Dark} {
			for _, compact := range []bool{false, true} {
				for _, in := range []struct {
					size  image.Point
					scale float32
				}{{small, 1}, {small, 2}, {image.Pt(1440, 900), 1}, {image.Pt(1920, 1080), 2}, {image.Pt(3840, 2160), 1}} {
					for _, text := range []float64{1, 1.3} {
						all = append(all, look{l.Language, mode, compact, in.size, in.scale, text})
					}
				}
			}
		}
	}
	return all
}

// seen is a window in one look, through which a test goes.
type seen struct {
	*testWindow
	look look
	at   map[string]bool // the screens and dialogs that were looked at
}

func newSeen(t *testing.T, l look) *seen {
	t.Cleanup(func() { _ = locale.Set(locale.English) })
	b := newFakeBench()
	b.clicked = true
	b.learned = betterWeights()
	open := func(string) (Bench, error) { return b, nil }
	w := newTestWindow(t, Deps{Path: "/shop/spring.touchstone", Open: open, View: open, Create: open, Upkeep: &fakeUpkeep{},
		Diagnostics: func(*workbench.Status, int, bool) (string, error) { return "", nil }})
	prefs := w.app.Preferences()
	w.speak(l.language)
	prefs.SetString(prefLook, string(l.mode))
	prefs.SetBool(prefCompact, l.compact)
	prefs.SetFloat(prefText, l.text)
	w.applyLook()
	w.shell.hurry, w.shell.content.hurry = true, true
	w.win.Canvas().(test.WindowlessCanvas).SetScale(l.scale)
	w.win.Resize(fyne.NewSize(float32(l.size.X), float32(l.size.Y)))
	w.shell.person.keep("ann")
	w.openFirst()
	s := &seen{testWindow: w, look: l, at: map[string]bool{}}
	s.settle()
	w.shell.search.open("headphones")
	s.settle()
	for g := range 4 {
		w.shell.search.move(1)
		w.shell.search.gradeSelected(engine.Grade(g))
		s.settle()
	}
	w.shell.search.move(-everything)
	return s
}

// check looks at what the window shows now: at the dialog in front, where there
// is one. What was looked at before, by that name, is not again.
func (s *seen) check(name string) {
	s.t.Helper()
	if s.at[name] {
		return
	}
	s.at[name] = true
	canvas := s.win.Canvas()
	var all []sight
	if top := canvas.Overlays().Top(); top != nil {
		all = sights(top, canvas.Size())
	} else {
		s.shell.content.Refresh()
		all = sights(s.shell.content.inner, canvas.Size())
	}
	wrong := faults(all)
	if s.painted(strings.Contains(name, ".") && canvas.Overlays().Top() == nil) {
		picture := canvas.Capture()
		wrong = append(wrong, pale(all, picture, s.look.scale)...)
		keepPicture(s.t, s.look.String()+"-"+name, picture)
	}
	for _, what := range wrong {
		s.t.Errorf("%s: %s", name, what)
	}
}

// painted says whether contrast is measured in a picture of this look. It does not
// depend on the size of the window, and to paint the large ones takes most of an
// hour; what an action leaves on a screen that is looked at by its own name is
// painted in one size.
func (s *seen) painted(action bool) bool {
	if action {
		return *everyLook && s.look.size.X == 1000 && s.look.scale == 1
	}
	return s.look.size.X < 1900
}

// leave takes away whatever lies over the window.
func (s *seen) leave() {
	s.shell.endTour()
	s.shell.notices.clear()
	s.shell.closePalette()
	if s.asking != nil {
		s.asking.Dismiss()
	}
	for top := s.win.Canvas().Overlays().Top(); top != nil; top = s.win.Canvas().Overlays().Top() {
		s.win.Canvas().Overlays().Remove(top)
	}
	s.settle()
}

// passes says that an action leads to another look, out of the window, or to a
// dialog that many share.
func (s *seen) passes(a *action) bool {
	for _, prefix := range []string{"language.", "look.", "density.", "text.", "memory.", "judging.scale.0", "judging.scale.b", "file.quit", "file.new", "file.sample", "file.export.", "file.view"} {
		if strings.HasPrefix(a.id, prefix) {
			return true
		}
	}
	return false
}

// TestNothingIsClippedOrPale goes through every place, every view of it, every
// action of the window and every dialog, and looks there for text that is cut
// off, lies over other text, or does not stand out from what is behind it.
func TestNothingIsClippedOrPale(t *testing.T) {
	var all []string
	for _, l := range looks() {
		t.Run(l.String(), func(t *testing.T) {
			s := newSeen(t, l)
			s.places()
			s.actions()
			s.dialogs()
			s.steps()
			for name := range s.at {
				if !slices.Contains(all, name) {
					all = append(all, name)
				}
			}
			s.shell.tasks.stop()()
		})
	}
	for _, name := range []string{"judging.judges", "judging.history", "judging.share", "judging.scale.own", "models.clicks.said", "catalogue.engines",
		"engine", "engine-asked", "engine-edited", "engine-new", "file.restore", "file.import", "mapping", "model", "licences", "skipped", "help.about", "help.glossary", "help.keys", "help.words", "help.diagnostics", "edit.palette"} {
		if !slices.Contains(all, name) {
			t.Errorf("%s was not looked at", name)
		}
	}
	t.Logf("looked at %d screens and dialogs", len(all))
}

// places are the screens of the rail with something in them.
func (s *seen) places() {
	for _, p := range s.shell.places {
		s.shell.goTo(p.kind.id)
		s.settle()
		s.check(p.kind.id)
		if p.kind.id != placeCompare {
			continue
		}
		for view, name := range viewNames {
			openView(s.shell.compare, view)
			s.settle()
			s.check(p.kind.id + "." + name)
		}
	}
}

// openView shows a view of the Compare place with something in it.
func openView(c *compare, view int) {
	c.view(view)
	switch view {
	case viewInterleave:
		c.interleaving.begin()
	case viewSweep:
		c.sweep.choose.SetSelectedIndex(2) // the first weight
	}
}

// actions does whatever can be done, each from its own place.
func (s *seen) actions() {
	var ids []string
	for _, a := range s.shell.actions() {
		if !s.passes(a) {
			ids = append(ids, a.id)
		}
	}
	for _, id := range ids {
		for _, a := range s.shell.actions() { // they may have been made anew
			if a.id != id {
				continue
			}
			if a.place != nil {
				s.shell.goTo(a.place.kind.id)
				s.settle()
			}
			if !s.shell.can(a) {
				break
			}
			s.shell.do(a)
			s.settle()
			s.check(id)
			s.leave()
			if id == "pane.fold" || id == "pane.names" {
				s.shell.do(a) // back
			}
			break
		}
	}
}

// dialogs are those that no action opens by itself.
func (s *seen) dialogs() {
	look := func(name string, show func()) {
		show()
		s.settle()
		s.check(name)
		s.leave()
	}
	s.shell.goTo(placeSearch)
	shop := s.engines().Remotes()[0]
	look("engine", func() { s.tryEngine(shop) })
	look("engine-edited", func() { s.editEngine(shop) })
	look("engine-new", func() { s.editEngine(engine.Remote{}) })
	s.tryEngine(shop)
	s.settle()
	typed := s.win.Canvas().Focused()
	for _, r := range "mug" {
		typed.TypedRune(r)
	}
	typed.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	look("engine-asked", func() {})
	look("model", func() { s.askAboutModel("/models/shop") })
	look("licences", s.showLicences)
	look("skipped", func() {
		s.showProblems("products.csv", []workbench.RowProblem{{Line: 7, What: "no title"}, {Line: 1234567, What: "the price “12,5 bis 14,99 je nach Ausführung und Verfügbarkeit” is no number"}})
	})
	look("mapping", func() {
		p := &preview{w: s.window, files: []string{s.file("catalogue-with-a-long-name-2026-03.csv", shopCSV)}, mapping: map[string]engine.Role{}}
		done := false
		p.load(func(err error) {
			if done = true; err != nil {
				s.t.Error(err)
				return
			}
			p.show()
		})
		for !done {
			(<-s.loop.queue)()
		}
	})
	for _, chip := range []string{"search.field.choose", "search.price"} {
		s.shell.goTo(placeSearch)
		look("menu-"+chip, func() { s.shell.act(chip) })
	}
	s.shell.notices.clear()
	look("notices", func() {
		s.shell.notices.tell(notice{text: locale.T("Judgments exported to %s.", "/home/ann/shops/2026/spring/a-long-name/judgments.csv"), action: locale.T("Undo"), do: func() {}})
		s.shell.notices.tell(failure(locale.T("The grade was not saved"), fmt.Errorf("write /home/ann/shops/2026/spring/catalogue.touchstone: no space left on device: free some and grade again")))
		s.shell.notices.job(locale.T("Importing %s", "products.csv"), func() {}).show(engine.Progress{Stage: "encoding", Done: 640, Total: 19406, Left: 95 * time.Second})
	})
	s.shell.notices.clear()
}

// file writes a file for a test.
func (s *seen) file(name, text string) string {
	path := filepath.Join(s.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// steps are those of the tour.
func (s *seen) steps() {
	s.shell.startTour()
	for i := range tourSteps {
		s.shell.tour.step = i
		s.shell.showTour()
		s.check(fmt.Sprintf("tour-%d", i+1))
	}
	s.shell.endTour()
}
