package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/widgets"
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
	sc.shell.judge.takeScale(ownScale("Bad:b:#d6d8dd，So so, Good:g"), true, func() {}, func(wrong string) { t.Error(wrong) })
	sc.settle()
	want := engine.Scale{{Name: "Bad", Key: "b", Colour: "#d6d8dd"}, {Name: "So so"}, {Name: "Good", Key: "g"}}
	if diff := cmp.Diff(want, sc.b.scale); diff != "" {
		t.Error(diff)
	}
	if again := engine.ParseScale(want.String()); !cmp.Equal(again, want) {
		t.Errorf("%q reads as %v", want.String(), again)
	}
}

// TestScaleInTheWayOfGrades: the sheet stays with what was typed and says which box
// to tick, and a scale of the menu that is refused asks in the same sheet.
func TestScaleInTheWayOfGrades(t *testing.T) {
	sc := judging(t, newFakeBench())
	sc.b.mu.Lock()
	sc.b.grades[[2]string{"lamp", "p1"}] = 3
	sc.b.mu.Unlock()
	var column *fyne.Container
	var use *widgets.Button
	closed := 0
	sc.shell.over = func(_ string, content fyne.CanvasObject, buttons ...fyne.CanvasObject) func() {
		column, use = content.(*fyne.Container), buttons[0].(*widgets.Button)
		return func() { closed++ }
	}
	sc.shell.judge.useScale(sc.shell, engine.Scales["binary"])
	sc.settle()
	if column == nil || !strings.Contains(words(column), "Tick the box below") {
		t.Fatal("a scale of the menu was refused without a word of what to do")
	}
	var field *sheetField
	var box *widgets.Check
	for _, o := range column.Objects {
		switch o := o.(type) {
		case *sheetField:
			field = o
		case *widgets.Check:
			box = o
		}
	}
	if field.Text != engine.Scales["binary"].String() {
		t.Errorf("the sheet begins with %q", field.Text)
	}
	field.SetText("No, Yes")
	use.OnTapped()
	sc.settle()
	if text := words(column); closed != 0 || field.Text != "No, Yes" || !strings.Contains(text, "grades up to 3, and this scale ends at 1") || strings.Contains(text, "--") {
		t.Errorf("closed %d times, %q typed:\n%s", closed, field.Text, text)
	}
	box.SetChecked(true)
	use.OnTapped()
	sc.settle()
	if want := (engine.Scale{{Name: "No"}, {Name: "Yes"}}); closed != 1 || !cmp.Equal(want, sc.b.scale) {
		t.Errorf("closed %d times, the scale is %v", closed, sc.b.scale)
	}
}
