package ui

import (
	"strings"
	"testing"
)

// TestTourDoesTheRealThing: each step ends when its thing is done, by the button
// or by hand, and learning really learns.
func TestTourDoesTheRealThing(t *testing.T) {
	sc := newScreen(t)
	sc.b.learned = betterWeights()
	sc.shell.startTour()
	card := func() string { return words(sc.shell.notices.work) }
	for i, step := range []struct {
		says string
		do   func()
	}{
		{"step 1 of 5", func() { press(t, sc.shell.notices.work, "Search for “headphones”") }},
		{"step 2 of 5", func() { sc.shell.rune('e') }},
		{"step 3 of 5", func() {
			sc.s.gradeSelected(3)
			sc.s.gradeSelected(2)
			sc.settle()
			if got := card(); !strings.Contains(got, "step 3 of 5") {
				t.Errorf("two grades are enough: %q", got)
			}
			sc.s.gradeSelected(0)
		}},
		{"step 4 of 5", func() { press(t, sc.shell.notices.work, "Learn from the grades") }},
	} {
		if got := card(); !strings.Contains(got, step.says) {
			t.Fatalf("before step %d the card says %q", i+1, got)
		}
		step.do()
		sc.settle()
	}
	if got := card(); !strings.Contains(got, "step 5 of 5") || sc.s.outcome == nil {
		t.Errorf("at the end the card says %q", got)
	}
	sc.shell.endTour()
	if got := card(); got != "" {
		t.Errorf("after the tour there stands %q", got)
	}
}

// TestTourComesOnce: with the first sample, and from the menu whenever wanted.
func TestTourComesOnce(t *testing.T) {
	w := newTestWindow(t, Deps{Sample: func() (Bench, error) { return newFakeBench(), nil }})
	w.openFirst()
	w.wait()
	if w.shell.tour == nil {
		t.Error("the first sample starts no tour")
	}
	w.openSample()
	w.wait()
	if w.shell.tour != nil {
		t.Error("the tour comes again")
	}
	w.shell.act("help.tour")
	if w.shell.tour == nil {
		t.Error("the menu starts no tour")
	}
	w.shell.tasks.stop()()
}
