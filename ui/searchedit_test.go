package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"touchstone/engine"
)

// TestResultIsHiddenAndTakenBack hides the second result with its key: the page is
// searched again, and the person stays where they are.
func TestResultIsHiddenAndTakenBack(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.s.toResults()
	sc.s.move(1)
	hidden, next := sc.s.selected, sc.s.page.Results[2].Product.ID
	sc.shell.rune('h')
	sc.settle()
	if i := sc.s.row(hidden); i >= 0 || sc.s.selected != next || sc.s.row(next) != 1 {
		t.Errorf("the hidden product stands at %d; %s is selected, at %d", i, sc.s.selected, sc.s.row(next))
	}
	if !strings.Contains(sc.told(), "is hidden") || sc.s.status.Hidden != 1 {
		t.Errorf("told %q, %d hidden", sc.told(), sc.s.status.Hidden)
	}
	sc.shell.undo()
	sc.settle()
	if strings.Contains(sc.told(), "is hidden") {
		t.Errorf("what was taken back can be taken back again: %q", sc.told())
	}
	if sc.s.row(hidden) != 1 || sc.s.selected != next || sc.s.status.Hidden != 0 {
		t.Errorf("after undo it stands at %d, %s is selected", sc.s.row(hidden), sc.s.selected)
	}
	sc.shell.undo() // a second one takes grades back again
	sc.settle()
	if !strings.Contains(sc.told(), "no grade to undo") {
		t.Errorf("told %q", sc.told())
	}
}

func TestTheOnlyResultIsHidden(t *testing.T) {
	sc := newScreen(t)
	sc.b.products = sc.b.products[:1]
	sc.find("headphones")
	sc.s.toResults()
	sc.shell.act("search.hide")
	sc.settle()
	if n := len(sc.s.page.Results); n != 0 || sc.s.result() != nil {
		t.Errorf("%d results", n)
	}
}

// TestResultIsEdited changes the title of a result in the sheet, where what
// cannot be stored stays.
func TestResultIsEdited(t *testing.T) {
	sc := newScreen(t)
	sc.shell.over = func(title string, content fyne.CanvasObject, buttons ...fyne.CanvasObject) func() {
		s := newSheet(sc.canvas, title, content, buttons...)
		s.Show()
		return s.Dismiss
	}
	sc.find("headphones")
	id := sc.s.selected
	sc.shell.act("search.edit")
	over := sc.canvas.Overlays().Top()
	if over == nil || !strings.Contains(words(over), "Change the product") {
		t.Fatal("no sheet lies over the window")
	}
	title, ok := sc.canvas.Focused().(*sheetField)
	if !ok || title.Text != sc.s.result().Product.Title {
		t.Fatalf("what has the focus is no title: %T", sc.canvas.Focused())
	}
	title.SetText("Something else")
	sc.b.editError = errors.New("the disk is full")
	press(t, over, "Save")
	if sc.settle(); sc.canvas.Overlays().Top() != over || !strings.Contains(words(over), "the disk is full") {
		t.Errorf("what was not stored is gone: %q", words(over))
	}
	sc.b.editError = nil
	press(t, over, "Save")
	if sc.settle(); sc.canvas.Overlays().Top() != nil {
		t.Error("the sheet is still there")
	}
	if got := sc.s.page.Results[sc.s.row(id)].Product.Title; got != "Something else" || sc.s.selected != id {
		t.Errorf("the page shows %q, selected is %s", got, sc.s.selected)
	}
}

// TestRuleBeginsAtAResult goes from a result to a rule that pins it for its query.
func TestRuleBeginsAtAResult(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.s.move(2)
	id := sc.s.selected
	sc.shell.act("search.rule")
	sc.settle()
	rule, err := sc.shell.rules.rule()
	if err != nil || rule.Kind != engine.PinRule || !slices.Equal(rule.Products, []string{id}) || !slices.Equal(rule.When.Queries, []string{"headphones"}) {
		t.Errorf("the rule is %+v, %v", rule, err)
	}
	sc.shell.rules.beginAt("sofa", "")
	if got := sc.shell.rules.fields["terms"].Text; got != "sofa" {
		t.Errorf("without results the words are %q", got)
	}
}
