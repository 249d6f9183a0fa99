package ui

import (
	"context"
	"image"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"touchstone/engine"
	"touchstone/ui/theme"
)

// screen is a search screen on a canvas in memory, whose background work is run
// by settle on the test's own goroutine.
type screen struct {
	*offscreen
	t testing.TB
	b *fakeBench
	s *search
}

func newScreen(t testing.TB) *screen {
	t.Helper()
	return newScreenOf(t, newFakeBench())
}

func newScreenOf(t testing.TB, b *fakeBench) *screen {
	t.Helper()
	o := newOffscreen(b, image.Pt(1280, 800), theme.Light)
	t.Cleanup(o.close)
	sc := &screen{offscreen: o, t: t, b: b, s: o.shell.search}
	sc.settle()
	return sc
}

// settle lets all background work finish.
func (sc *screen) settle() {
	sc.t.Helper()
	finish(sc.t, sc.loop, sc.shell.tasks)
}

// finish lets all background work finish, on the test's own goroutine.
func finish(t testing.TB, l *loop, tasks *tasks) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute) // a loaded machine may stand still for two
	defer cancel()
	if err := l.settle(ctx, tasks); err != nil {
		t.Fatalf("background work did not end: %v", err)
	}
}

// find types a query and waits for its page.
func (sc *screen) find(query string) {
	sc.t.Helper()
	sc.s.field.SetText(query)
	sc.settle()
	if query = strings.TrimSpace(query); query != "" && (sc.s.page == nil || sc.s.page.Query != query) {
		sc.t.Fatalf("no page for %.40q", query)
	}
}

// press presses a key that is no letter on what has the focus.
func (sc *screen) press(name fyne.KeyName) {
	sc.canvas.Focused().TypedKey(&fyne.KeyEvent{Name: name})
}

// letter types a letter on what has the focus.
func (sc *screen) letter(r rune) { sc.canvas.Focused().TypedRune(r) }

// order is the first n product IDs of the page.
func (sc *screen) order(n int) []string {
	var ids []string
	for _, r := range sc.s.page.Results[:n] {
		ids = append(ids, r.Product.ID)
	}
	return ids
}

func (sc *screen) gradeOf(i int) int {
	if g := sc.s.page.Results[i].Grade; g != nil {
		return int(*g)
	}
	return -1
}

// told is the text of the notices that stand on screen.
func (sc *screen) told() string {
	text := ""
	for _, o := range sc.shell.notices.told.Objects {
		text += words(o)
	}
	return text
}

// words is all text below an object.
func words(o fyne.CanvasObject) string {
	switch w := o.(type) {
	case interface{ Text() string }:
		return w.Text() + "\n"
	case interface{ Label() string }:
		return w.Label() + "\n"
	}
	text := ""
	if c, ok := o.(*fyne.Container); ok {
		for _, child := range c.Objects {
			text += words(child)
		}
	} else if w, ok := o.(fyne.Widget); ok {
		for _, child := range test.WidgetRenderer(w).Objects() {
			text += words(child)
		}
	}
	return text
}

func grade(g engine.Grade) *engine.Grade { return &g }
