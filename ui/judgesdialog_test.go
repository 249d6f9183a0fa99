package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// overWindow is what the shell shows over the window.
func (sc *screen) overWindow(run func()) (title, text string) {
	sc.t.Helper()
	sc.shell.over = func(name string, content fyne.CanvasObject, buttons ...fyne.CanvasObject) func() {
		content.Resize(content.MinSize())
		title, text = name, words(content)
		for _, b := range buttons {
			text += words(b)
		}
		return func() {}
	}
	run()
	sc.settle()
	return title, text
}

func TestAgreementIsShown(t *testing.T) {
	sc := judging(t, newFakeBench())
	title, text := sc.overWindow(sc.shell.showJudges)
	if title != "How far the judges agree" {
		t.Errorf("%q is shown", title)
	}
	for _, want := range []string{"0.720 [0.610, 0.830]", "ann and bea: 100 pairs, 84 % the same", "kappa 0.72, quadratic 0.72", "31\n4\n0\n0", "right 93 % of the time", "60 % the same of 40, alpha 0.50", "brings them\n1 pair\nSettled\n2 pairs"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestHistoryIsShown(t *testing.T) {
	sc := judging(t, newFakeBench())
	sc.keys("31z")
	title, text := sc.overWindow(sc.shell.showHistory)
	if title != "The history of grades" || !strings.Contains(text, "– → 3") || !strings.Contains(text, "headphones · "+sc.b.products[1].Title) {
		t.Errorf("%q:\n%s", title, text)
	}
}

func TestSharingOut(t *testing.T) {
	sc := judging(t, newFakeBench())
	if _, ok := sc.shell.shares("ann", "some"); ok {
		t.Error("a number of judges that is none was taken")
	}
	if _, text := sc.overWindow(sc.shell.shareOut); !strings.Contains(text, "Judges for each pair") {
		t.Errorf("asked for\n%s", text)
	}
	req, ok := sc.shell.shares("ann, bea，cem", " 2 ")
	if !ok {
		t.Fatal("not taken")
	}
	sc.shell.share(req)
	sc.settle()
	want := []workbench.AssignRequest{{Judges: []string{"ann", " bea", "cem"}, Overlap: 2, Seed: poolSeed}}
	if diff := cmp.Diff(want, sc.b.assigned); diff != "" {
		t.Error(diff)
	}
}

func TestScaleOfOnesOwn(t *testing.T) {
	sc := judging(t, newFakeBench())
	if title, text := sc.overWindow(func() { sc.shell.judge.askScale(sc.shell) }); title != "A scale of your own" || !strings.Contains(text, "Use this scale") {
		t.Errorf("%q:\n%s", title, text)
	}
	sc.shell.judge.takeScale("Bad:b:#d6d8dd，So so, Good:g", false)
	sc.settle()
	want := engine.Scale{{Name: "Bad", Key: "b", Colour: "#d6d8dd"}, {Name: "So so"}, {Name: "Good", Key: "g"}}
	if diff := cmp.Diff(want, sc.b.scale); diff != "" {
		t.Error(diff)
	}
	if again := engine.ParseScale(want.String()); !cmp.Equal(again, want) {
		t.Errorf("%q reads as %v", want.String(), again)
	}
}
