package ui

import (
	"errors"
	"fmt"
	"image"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/theme"
)

// judging is a screen at the Judge place, with a judge who has a name.
func judging(t *testing.T, b *fakeBench) *screen {
	t.Helper()
	sc := newScreenOf(t, b)
	sc.shell.person.keep("ann")
	sc.shell.goTo(placeJudge)
	sc.settle()
	return sc
}

func (sc *screen) keys(typed string) {
	for _, r := range typed {
		if !sc.shell.rune(r) {
			sc.t.Errorf("%q does nothing", r)
		}
	}
	sc.settle()
}

// onScreen is the product that is judged, "" for none.
func (sc *screen) onScreen() string {
	if item := sc.shell.judge.item(); item != nil {
		return item.Product.ID
	}
	return ""
}

func TestOneKeyGradesAndGoesOn(t *testing.T) {
	sc := judging(t, newFakeBench())
	if sc.onScreen() != "P001" {
		t.Fatalf("%q is on screen first", sc.onScreen())
	}
	if got := words(sc.shell.middle); !strings.Contains(got, "headphones\nSomeone wants quiet on flights") || !strings.Contains(got, "1 of 10 · blind · 9 s a grade") {
		t.Errorf("the head says %q", got)
	}
	sc.keys("3120")
	for i, want := range map[string]engine.Grade{"P001": 3, "P002": 1, "P003": 2, "P005": 0} {
		if got, ok := sc.b.grades[[2]string{"headphones", i}]; !ok || got != want {
			t.Errorf("%s has %v (%v), want %v", i, got, ok, want)
		}
	}
	if sc.onScreen() != "P006" || sc.shell.judge.day.Today != 152 || sc.shell.judge.left() != 6 {
		t.Errorf("%s is on screen, %d today, %d left", sc.onScreen(), sc.shell.judge.day.Today, sc.shell.judge.left())
	}
	if sc.shell.rune('7') { // not on the scale
		t.Log("a key off the scale is taken and changes nothing")
	}
	if sc.onScreen() != "P006" {
		t.Error("a figure off the scale went on")
	}
}

func TestUndoComesBack(t *testing.T) {
	sc := judging(t, newFakeBench())
	sc.keys("32z")
	if sc.onScreen() != "P002" || sc.shell.judge.item().Grade != nil {
		t.Errorf("after undo %s is on screen with %v", sc.onScreen(), sc.shell.judge.item().Grade)
	}
	if _, ok := sc.b.grades[[2]string{"headphones", "P002"}]; ok {
		t.Error("the grade is still there")
	}
	sc.keys("z")
	if sc.onScreen() != "P001" {
		t.Errorf("after two undos %s is on screen", sc.onScreen())
	}
}

func TestSkipLaterAndArrows(t *testing.T) {
	sc := judging(t, newFakeBench())
	sc.keys("l") // P001 to the end
	if sc.onScreen() != "P002" || sc.shell.judge.items[9].Product.ID != "P001" {
		t.Errorf("%s is on screen, %s last", sc.onScreen(), sc.shell.judge.items[9].Product.ID)
	}
	sc.keys("s?") // P002, P003
	if sc.onScreen() != "P005" || sc.shell.judge.left() != 8 {
		t.Errorf("%s is on screen, %d left", sc.onScreen(), sc.shell.judge.left())
	}
	for range 5 {
		sc.shell.place.key(fyne.KeyLeft)
	}
	if sc.onScreen() != "P002" || !strings.Contains(sc.shell.judge.where.Text(), "skipped") {
		t.Errorf("%s is on screen: %s", sc.onScreen(), sc.shell.judge.where.Text())
	}
	sc.shell.place.key(fyne.KeyRight)
	sc.keys("0")
	if sc.b.grades[[2]string{"headphones", "P003"}] != 0 || sc.onScreen() != "P005" {
		t.Errorf("going back to grade left %s on screen", sc.onScreen())
	}
	if len(sc.b.history) != 1 {
		t.Errorf("%d changes were written, one was graded", len(sc.b.history))
	}
}

func TestNotes(t *testing.T) {
	sc := judging(t, newFakeBench())
	sc.keys("n")
	if sc.canvas.Focused() != sc.shell.judge.side.note {
		t.Fatal("N does not lead to the note")
	}
	for _, r := range "only in white" {
		sc.letter(r)
	}
	sc.press(fyne.KeyReturn)
	if sc.canvas.Focused() != nil {
		t.Error("the note kept the focus")
	}
	sc.keys("2")
	if got := sc.b.notes[[2]string{"headphones", "P001"}]; got != "only in white" {
		t.Errorf("the note is %q", got)
	}
	sc.keys("1")
	if got := sc.b.notes[[2]string{"headphones", "P002"}]; got != "" {
		t.Errorf("the next product has the note %q", got)
	}
	sc.shell.place.key(fyne.KeyLeft)
	sc.keys("n")
	if got := sc.shell.judge.side.note.Text; sc.onScreen() != "P002" || got != "" {
		t.Errorf("%s shows the note %q", sc.onScreen(), got)
	}
	for _, r := range "late" {
		sc.letter(r)
	}
	sc.press(fyne.KeyReturn)
	sc.settle()
	if got := sc.b.notes[[2]string{"headphones", "P002"}]; got != "late" || sc.b.grades[[2]string{"headphones", "P002"}] != 1 {
		t.Errorf("a note after the grade: %q, grade %v", got, sc.b.grades[[2]string{"headphones", "P002"}])
	}
	sc.keys("n")
	sc.letter('x')
	sc.press(fyne.KeyEscape)
	if got := sc.shell.judge.side.note.Text; got != "late" || sc.canvas.Focused() != nil {
		t.Errorf("escape left the note at %q", got)
	}
}

func TestTheEndOfAQueue(t *testing.T) {
	sc := judging(t, newFakeBench())
	sc.keys(strings.Repeat("2", 10))
	if sc.onScreen() != "" || len(sc.b.queues) != 2 {
		t.Errorf("%q is on screen; the queue was asked for %d times, want 2", sc.onScreen(), len(sc.b.queues))
	}
	if got := words(sc.shell.middle); !strings.Contains(got, "Nothing waits here") {
		t.Errorf("the screen says %q", got)
	}
	for _, key := range "23zsn?le" { // nothing to do it to
		sc.shell.rune(key)
	}
	sc.settle()
	sc.b.queueError = errors.New("the index is damaged: run touchstone check")
	sc.shell.judge.chooser.SetSelectedIndex(2)
	sc.settle()
	if !strings.Contains(sc.told(), "run touchstone check") || sc.b.queues[len(sc.b.queues)-1] != workbench.PoolQueue {
		t.Errorf("told %q of %v", sc.told(), sc.b.queues)
	}
}

func TestFailedGradeComesBack(t *testing.T) {
	sc := judging(t, newFakeBench())
	sc.b.gradeError = errors.New("the disk is full")
	sc.keys("3")
	if sc.onScreen() != "P001" || sc.shell.judge.item().Grade != nil || sc.shell.judge.day.Today != 148 {
		t.Errorf("%s is on screen with %v, %d today", sc.onScreen(), sc.shell.judge.item().Grade, sc.shell.judge.day.Today)
	}
	if !strings.Contains(sc.told(), "the disk is full") {
		t.Errorf("told %q", sc.told())
	}
}

func TestTheNameIsAskedOnce(t *testing.T) {
	b := newFakeBench()
	sc := newScreenOf(t, b)
	sc.shell.goTo(placeJudge)
	sc.settle()
	if got := words(sc.shell.middle); !strings.Contains(got, "Who judges?") || len(b.queues) != 0 {
		t.Fatalf("the screen says %q", got)
	}
	for _, r := range "bea" {
		sc.letter(r)
	}
	sc.press(fyne.KeyReturn)
	sc.settle()
	if b.judge != "bea" || sc.shell.person.name() != "bea" || sc.onScreen() == "" {
		t.Errorf("the judge is %q, the preference %q", b.judge, sc.shell.person.name())
	}
	if got := sc.shell.status.judge.Text(); got != "Judge: bea" {
		t.Errorf("the status bar says %q", got)
	}
}

func TestExplainShowsTheProductInItsPage(t *testing.T) {
	sc := judging(t, newFakeBench())
	sc.shell.place.key(fyne.KeyRight)
	sc.keys("e")
	if sc.shell.place.kind.id != placeSearch || sc.s.selected != "P002" || sc.s.inspector.whyPane.Hidden {
		t.Errorf("selected %q, reasons hidden %v", sc.s.selected, sc.s.inspector.whyPane.Hidden)
	}
	sc.shell.goTo(placeJudge)
	sc.settle()
	if sc.onScreen() != "P002" {
		t.Errorf("back at the queue %s is on screen", sc.onScreen())
	}
	sc.shell.judge.chooser.SetSelectedIndex(1)
	sc.settle()
	if got := sc.b.queues[len(sc.b.queues)-1]; got != workbench.PageQueue || sc.shell.judge.item().Query.Text != "headphones" {
		t.Errorf("the page in Search gave %v", got)
	}
}

// TestNothingMovesUnderTheCursor holds the grades in their place from product to
// product, whatever they say.
func TestNothingMovesUnderTheCursor(t *testing.T) {
	sc := judging(t, newFakeBench())
	where := func() string {
		text := ""
		for _, b := range sc.shell.judge.buttons {
			text += fmt.Sprint(b.Position(), b.Size())
		}
		return text + fmt.Sprint(sc.shell.judge.below.Position())
	}
	first := where()
	for range 9 {
		sc.shell.place.key(fyne.KeyRight)
		if got := where(); got != first {
			t.Fatalf("the grades moved from %s to %s at %s", first, got, sc.onScreen())
		}
	}
}

// TestKeysGradeBesideAFocusedButton: pressing a button leaves the focus on it.
func TestKeysGradeBesideAFocusedButton(t *testing.T) {
	w := keyedJudge(t)
	b := w.shell.bench.(*fakeBench)
	for _, o := range []fyne.Focusable{w.shell.rail.look, w.shell.judge.chooser} {
		before := len(b.history)
		w.win.Canvas().Focus(o)
		w.win.Canvas().Focused().TypedRune('2')
		w.settle()
		if len(b.history) != before+1 {
			t.Errorf("with the focus on %T a grade was not taken", o)
		}
	}
}

// TestHundredGradesInTheWindow drives the keys of the real window's canvas.
func TestHundredGradesInTheWindow(t *testing.T) {
	w := keyedJudge(t)
	b := w.shell.bench.(*fakeBench)
	graded := 0
	for round := 0; graded < 100; round++ {
		for w.shell.judge.item() != nil {
			w.win.Canvas().OnTypedRune()(rune('0' + graded%4))
			graded++
		}
		w.settle()
		b.mu.Lock()
		clear(b.grades) // the fake has ten products to judge
		b.mu.Unlock()
		w.shell.goTo(placeJudge)
		w.settle()
	}
	if got := len(b.history); got != graded {
		t.Errorf("%d grades were typed, %d are stored", graded, got)
	}
	if b.judge != "ann" {
		t.Errorf("the judge is %q", b.judge)
	}
}

func TestJudgePictures(t *testing.T) {
	if testing.Short() {
		t.Skip("pictures take seconds under the race detector")
	}
	for _, c := range []struct {
		name string
		mode theme.Mode
		size image.Point
	}{{"judge-light", theme.Light, PictureSize}, {"judge-dark", theme.Dark, PictureSize}, {"judge-small", theme.Light, image.Pt(1000, 640)}} {
		o := newOffscreen(newFakeBench(), c.size, c.mode)
		sc := &screen{offscreen: o, t: t, s: o.shell.search}
		o.shell.person.keep("ann")
		o.shell.goTo(placeJudge)
		sc.settle()
		o.shell.place.key(fyne.KeyRight)
		img := o.canvas.Capture()
		o.close()
		if n := colours(img); n < 100 {
			t.Errorf("%s shows %d colours", c.name, n)
		}
		keepPicture(t, c.name, img)
	}
}

// TestSharedOutComesFirst: who has pairs to judge finds them without choosing.
func TestSharedOutComesFirst(t *testing.T) {
	b := newFakeBench()
	b.toDo = 12
	sc := judging(t, b)
	if got := judgeQueues[sc.shell.judge.queue].queue; got != workbench.AssignedPairs || sc.shell.judge.chooser.SelectedIndex() != sc.shell.judge.queue {
		t.Errorf("the screen opens with %q", got)
	}
	if last := b.queues[len(b.queues)-1]; last != workbench.AssignedPairs {
		t.Errorf("%q was asked for", last)
	}
	left := sc.shell.judge.side.left
	if got := left.Text(); got != "12" || sc.shell.judge.left() != 10 {
		t.Errorf("%s are left of 12, of which %d are in the queue", got, sc.shell.judge.left())
	}
	sc.keys("31")
	if got := left.Text(); got != "10" {
		t.Errorf("after two grades %s are left", got)
	}
	sc.settle()
	if got := left.Text(); got != "10" {
		t.Errorf("once they are counted %s are left", got)
	}
	sc.shell.judge.choose(0)
	sc.settle()
	if last := b.queues[len(b.queues)-1]; last != workbench.NextBest {
		t.Errorf("after choosing the first queue %q was asked for", last)
	}
}

// TestOthersAreShownOnceGraded: what the others said about a pair in dispute is
// there as soon as the judge has said something too, and can be settled.
func TestOthersAreShownOnceGraded(t *testing.T) {
	b := newFakeBench()
	b.others = []engine.Judgment{{Judge: "bea", Grade: 0}}
	sc := judging(t, b)
	j := sc.shell.judge
	j.choose(slices.IndexFunc(judgeQueues, func(q judgeQueue) bool { return q.queue == workbench.Disagreements }))
	sc.settle()
	if j.disputed() {
		t.Fatal("the others' grades are shown before the judge's own")
	}
	sc.keys("3")
	sc.shell.key(fyne.KeyLeft)
	if !j.disputed() {
		t.Error("the others' grades are not shown after the judge's own")
	}
}

// TestLookingCanBeStopped: what takes long to find says so and can be stopped.
func TestLookingCanBeStopped(t *testing.T) {
	sc := judging(t, newFakeBench())
	j := sc.shell.judge
	j.items, j.loading, j.begun = nil, true, time.Now().Add(-time.Second)
	j.seeking(j.begun)(engine.Progress{Stage: "searching", Done: 3, Total: 90})
	sc.settle()
	if text := words(j.middle); !strings.Contains(text, "searching · 3 of 90") {
		t.Fatalf("on screen is\n%s", text)
	}
	press(t, j.middle, "Cancel")
	if text := words(j.middle); !strings.Contains(text, "Stopped looking") || j.loading {
		t.Errorf("after cancelling\n%s", text)
	}
}
