package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/widgets"
)

func TestTypingSearches(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones for the train")
	if got := len(sc.s.page.Results); got != 100 {
		t.Errorf("page has %d results, want 100", got)
	}
	if sc.s.selected != "P000" {
		t.Errorf("selected %q, want the first result", sc.s.selected)
	}
	if got := sc.s.found.Text(); got != "150 products · 3 ms" {
		t.Errorf("found line says %q", got)
	}
	want := "headphone · train\n+ anc · synonym\nwithout for · the\nCategory any\nPrice any\nMore\nShop as nobody\nA | B\n"
	if got := words(sc.s.chips); got != want {
		t.Errorf("chips say %q, want %q", got, want)
	}
}

// TestRedirectIsTold holds that a page which no shopper sees says so, and leads to
// the rule that is why.
func TestRedirectIsTold(t *testing.T) {
	sc := newScreen(t)
	sc.b.rules = []engine.Rule{{ID: 7, Kind: engine.RedirectRule, When: engine.When{Queries: []string{"sale"}}, URL: "https://shop.example/sale"}}
	sc.find("sale")
	if got := words(sc.s.redirect); got != "A rule sends shoppers to https://shop.example/sale\n" {
		t.Errorf("it says %q", got)
	}
	test.Tap(sc.s.redirect.Objects[0].(*widgets.Chip))
	sc.settle()
	if sc.shell.place.kind.id != placeRules || sc.shell.rules.draft.ID != 7 {
		t.Errorf("at %s with rule %d", sc.shell.place.kind.id, sc.shell.rules.draft.ID)
	}
	sc.find("headphones")
	if got := words(sc.s.redirect); got != "" || sc.s.redirect.Visible() {
		t.Errorf("of another query it says %q", got)
	}
}

// TestFiltersAreCountedAfterTyping holds that a page does not wait for the counts
// of the filters while its query is typed, and that they come.
func TestFiltersAreCountedAfterTyping(t *testing.T) {
	sc := newScreen(t)
	sc.s.field.SetText("headphones")
	sc.settle()
	if n := len(sc.b.requests); n != 2 || sc.b.requests[0].Facets || !sc.b.requests[1].Facets {
		t.Fatalf("asked for %+v", sc.b.requests)
	}
	if len(sc.s.page.Results) != 100 {
		t.Errorf("the page has %d results once the filters are counted", len(sc.s.page.Results))
	}
	if got := words(sc.s.chips); !strings.Contains(got, "Category") {
		t.Errorf("chips say %q", got)
	}
}

func TestNewestSearchWins(t *testing.T) {
	sc := newScreen(t)
	hold := make(chan struct{})
	sc.b.hold = hold
	sc.s.search("first", 0)
	// The first one hangs; the second must neither wait for it nor be replaced by it.
	sc.s.search("second", 0)
	close(hold)
	sc.settle()
	if sc.s.page == nil || sc.s.page.Query != "second" {
		t.Fatalf("page is %+v, want the one of the second query", sc.s.page)
	}
}

func TestOldPageStaysWhileSearching(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.b.hold = make(chan struct{})
	sc.s.search("other", 0)
	if sc.s.page == nil || sc.s.page.Query != "headphones" {
		t.Error("the old page went away before the new one came")
	}
	close(sc.b.hold)
	sc.settle()
}

func TestEnterSearchesAtOnceAndGoesToTheResults(t *testing.T) {
	sc := newScreen(t)
	sc.canvas.Focus(sc.s.field)
	for _, r := range "usb c hub" {
		sc.letter(r)
	}
	sc.press(fyne.KeyReturn)
	sc.settle()
	if sc.s.page == nil || sc.s.page.Query != "usb c hub" {
		t.Errorf("page is %+v, want the one of what was typed", sc.s.page)
	}
	if sc.canvas.Focused() != sc.s.results {
		t.Error("the results do not have the focus")
	}
	sc.letter('/')
	if sc.canvas.Focused() != sc.s.field {
		t.Error("/ did not lead back to the field")
	}
	sc.press(fyne.KeyEscape)
	sc.settle()
	if sc.s.field.Text != "" || sc.s.page != nil {
		t.Error("escape did not clear the field and the page")
	}
}

func TestFailedSearchIsToldAndKeepsThePage(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.b.searchError = errors.New("the index is damaged: run touchstone check")
	sc.s.search("other", 0)
	sc.settle()
	if !strings.Contains(sc.told(), "run touchstone check") {
		t.Errorf("notices say %q", sc.told())
	}
	if sc.s.page.Query != "headphones" {
		t.Error("the page went away")
	}
}

func TestKeysMoveTheSelection(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.canvas.Focus(sc.s.results)
	steps := []struct {
		do   func()
		want int
	}{
		{func() { sc.letter('j') }, 1},
		{func() { sc.press(fyne.KeyDown) }, 2},
		{func() { sc.letter('k') }, 1},
		{func() { sc.press(fyne.KeyUp) }, 0},
		{func() { sc.press(fyne.KeyUp) }, 0},
		{func() { sc.press(fyne.KeyPageDown) }, 10},
		{func() { sc.press(fyne.KeyEnd) }, 99},
		{func() { sc.press(fyne.KeyDown) }, 99},
		{func() { sc.press(fyne.KeyHome) }, 0},
	}
	for i, step := range steps {
		step.do()
		if got := sc.s.row(sc.s.selected); got != step.want {
			t.Errorf("step %d: row %d is selected, want %d", i, got, step.want)
		}
	}
}

func TestGradingByKeyStoresAdvancesAndKeepsTheOrder(t *testing.T) {
	sc := newScreen(t)
	sc.find("usb hub")
	sc.canvas.Focus(sc.s.results)
	before := sc.order(100)
	for _, r := range "3210" {
		sc.letter(r)
	}
	if sc.s.unsaved != 4 || !sc.s.saved.IsZero() {
		t.Errorf("%d grades unsaved and saved at %v before anything was written", sc.s.unsaved, sc.s.saved)
	}
	sc.settle()
	for i, want := range []int{3, 2, 1, 0, -1} {
		if got := sc.gradeOf(i); got != want {
			t.Errorf("result %d has grade %d on screen, want %d", i, got, want)
		}
		stored, ok := sc.b.grades[[2]string{"usb hub", before[i]}]
		if ok != (want >= 0) || ok && int(stored) != want {
			t.Errorf("result %d has stored grade %v (%v), want %d", i, stored, ok, want)
		}
	}
	if got := sc.s.row(sc.s.selected); got != 4 {
		t.Errorf("row %d is selected, want 4", got)
	}
	if !slices.Equal(before, sc.order(100)) {
		t.Error("the order changed under the cursor")
	}
	if sc.s.saved.IsZero() || !strings.Contains(sc.shell.status.saved.Text(), "Saved ") {
		t.Errorf("status bar says %q", sc.shell.status.saved.Text())
	}
	if got := sc.s.inspector.learn.Label(); got != "Learn from 7 grades" {
		t.Errorf("the button says %q", got)
	}
}

func TestGradesBeyondTheScaleDoNothing(t *testing.T) {
	sc := newScreen(t)
	sc.find("usb hub")
	sc.canvas.Focus(sc.s.results)
	sc.letter('4')
	sc.letter('x')
	sc.settle()
	if sc.gradeOf(0) != -1 || sc.s.row(sc.s.selected) != 0 {
		t.Error("a key that is no grade did something")
	}
}

func TestGradeThatIsNotSavedIsTakenBack(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.b.gradeError = errors.New("write spring.touchstone: no space left on device: free some and grade again")
	sc.s.grade("P000", grade(1))
	if sc.gradeOf(0) != 1 {
		t.Error("the grade is not shown at once")
	}
	sc.settle()
	if sc.gradeOf(0) != 3 {
		t.Errorf("grade %d on screen, want the stored 3", sc.gradeOf(0))
	}
	if !strings.Contains(sc.told(), "no space left") || !sc.s.saved.IsZero() {
		t.Errorf("the failure is not told: %q, saved %v", sc.told(), sc.s.saved)
	}
}

// TestGradeThatWaitsForTheDiskStands: a grade that the bench keeps and tries
// again stays on the screen, which does not call it saved.
func TestGradeThatWaitsForTheDiskStands(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.b.gradeError = fmt.Errorf("the grade is kept in a journal: %w", workbench.ErrNotWritten)
	sc.s.grade("P000", grade(1))
	sc.settle()
	if sc.gradeOf(0) != 1 {
		t.Errorf("grade %d on screen, want the 1 that is kept", sc.gradeOf(0))
	}
	if !strings.Contains(sc.told(), "kept in a journal") || !sc.s.saved.IsZero() {
		t.Errorf("it is not told where the grade is: %q, saved %v", sc.told(), sc.s.saved)
	}
}

func TestUndoTakesGradesBackInOrder(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.canvas.Focus(sc.s.results)
	sc.letter('1') // was 3
	sc.letter('2') // was none
	sc.letter('z')
	sc.settle()
	if sc.gradeOf(1) != -1 || sc.gradeOf(0) != 1 || sc.s.row(sc.s.selected) != 1 {
		t.Errorf("after one undo: grades %d and %d, row %d", sc.gradeOf(0), sc.gradeOf(1), sc.s.row(sc.s.selected))
	}
	sc.letter('z')
	sc.letter('z') // nothing is left to undo
	sc.settle()
	if sc.gradeOf(0) != 3 {
		t.Errorf("after two: grade %d, want 3", sc.gradeOf(0))
	}
	if !strings.Contains(sc.told(), "no grade to undo") {
		t.Errorf("notices say %q", sc.told())
	}
}

// TestUndoOfAnImportIsPutBack: a file of grades is one step, and one key takes all
// of it back; it says so once, and one press puts it back.
func TestUndoOfAnImportIsPutBack(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	before := len(sc.b.grades)
	for i, query := range []string{"headphones", "headphones", "dock"} {
		j := engine.Judgment{Query: query, Product: fmt.Sprintf("X%d", i), Grade: 2}
		sc.b.grades[[2]string{j.Query, j.Product}] = j.Grade
		sc.b.history = append(sc.b.history, engine.Change{After: &j, Step: 9})
	}
	sc.s.undo()
	sc.settle()
	if got := sc.told(); len(sc.b.grades) != before || !strings.Contains(got, "Took back 3 grades of 2 queries.") || strings.Contains(got, "a grade for") {
		t.Fatalf("%d grades stand: %s", len(sc.b.grades), got)
	}
	press(t, sc.shell.notices.told, "Put them back")
	sc.settle()
	if got := sc.told(); len(sc.b.grades) != before+3 || strings.Contains(got, "Put them back") {
		t.Errorf("%d grades stand: %s", len(sc.b.grades), got)
	}
}

func TestUndoOnAnotherPageNamesTheQuery(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.s.gradeSelected(2)
	sc.find("usb hub")
	sc.s.undo()
	sc.settle()
	if !strings.Contains(sc.told(), "“headphones”") {
		t.Errorf("notices say %q", sc.told())
	}
}

func TestDeleteClearsAGrade(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.canvas.Focus(sc.s.results)
	sc.press(fyne.KeyDelete)
	sc.settle()
	if _, ok := sc.b.grades[[2]string{"headphones", "P000"}]; ok || sc.gradeOf(0) != -1 {
		t.Error("the grade is still there")
	}
}

func TestSliderReordersWithoutSearching(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	asked, before := len(sc.b.asked), sc.order(100)
	sc.s.pick("P005")
	for _, w := range []float64{0.3, 0.1, 0, -2, -6} {
		sc.s.setWeight("cosine", w)
	}
	sc.settle()
	if len(sc.b.asked) != asked {
		t.Errorf("%d searches for a slider", len(sc.b.asked)-asked)
	}
	after := sc.order(100)
	if slices.Equal(before, after) {
		t.Fatal("the order did not change")
	}
	if sc.s.selected != "P005" {
		t.Errorf("the selection moved to %s", sc.s.selected)
	}
	for i, id := range after {
		text, _ := movement(sc.s.before, id, i)
		want := ""
		switch was := slices.Index(before, id); {
		case was < 0:
			want = "new"
		case was > i:
			want = fmt.Sprintf("▲%d", was-i)
		case was < i:
			want = fmt.Sprintf("▼%d", i-was)
		}
		if text != want {
			t.Errorf("%s at %d shows %q, want %q", id, i, text, want)
		}
	}
	if sc.s.was == nil || *sc.s.was != 0.796 || sc.s.evaluation.Mean != 0.823 {
		t.Errorf("was %v, is %v; want 0.796 and 0.823", sc.s.was, sc.s.evaluation.Mean)
	}
	if got := sc.s.inspector.mean.first.Text(); got != "was 0.796 · +0.027" {
		t.Errorf("the mean's line says %q", got)
	}
	sc.s.reset()
	sc.settle()
	if !slices.Equal(before, sc.order(100)) || sc.s.before != nil || sc.s.draft != nil {
		t.Error("reset did not bring the order back")
	}
	if r := sc.b.Ranker(); r.Weight("cosine") != 0.62 {
		t.Errorf("the ranker in use was changed: %+v", r)
	}
}

func TestSearchWhileSlidersMoveHasTheirOrder(t *testing.T) {
	sc := newScreen(t)
	sc.b.hold = make(chan struct{})
	sc.s.search("headphones", 0)
	sc.s.setWeight("cosine", -6)
	close(sc.b.hold)
	sc.settle()
	want := sc.b.order("headphones", sc.b.products, *sc.s.draft)
	for i, r := range sc.s.page.Results {
		if r.Product.ID != want[i].Product.ID {
			t.Fatalf("result %d is %s, want %s of the weights on the sliders", i, r.Product.ID, want[i].Product.ID)
		}
	}
}

func TestKeepTakesTheSlidersIntoUse(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.s.setWeight("price", -0.5)
	sc.s.keep()
	sc.settle()
	if r := sc.b.Ranker(); r.Version != 8 || r.Weight("price") != -0.5 {
		t.Errorf("in use is %+v", r)
	}
	if sc.s.draft != nil || !sc.s.inspector.keep.Disabled() {
		t.Error("the sliders still count as changed")
	}
}

func TestLearnedWeightsReorderWithArrows(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.b.learned = betterWeights()
	sc.s.learn()
	sc.s.setWeight("price", 1)
	if sc.s.draft != nil {
		t.Error("a slider moved while learning")
	}
	if sc.s.inspector.learn.Visible() || !sc.s.inspector.progress.Visible() {
		t.Error("no progress is shown")
	}
	sc.settle()
	if sc.s.ranker.Name != "learned" || sc.s.before == nil || sc.s.learning != nil {
		t.Errorf("ranker %s, arrows %v", sc.s.ranker.Name, sc.s.before != nil)
	}
	card := words(sc.s.inspector.outcome)
	for _, want := range []string{"Learned, and better.", "2 better, 1 worse, 5 equal", "left out\n0.796\n0.823\n+0.027", "learned from\n0.801\n0.840", "See the query that got worse"} {
		if !strings.Contains(card, want) {
			t.Errorf("the card lacks %q: %q", want, card)
		}
	}
	if got := sc.s.inspector.mean.first.Text(); got != "was 0.796 · +0.027" {
		t.Errorf("the mean's line says %q", got)
	}
}

func TestWorseWeightsAreNotTaken(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	before := sc.order(20)
	l := betterWeights()
	l.Adopted, l.Why = false, "On left-out queries the new weights were worse by 0.012."
	sc.b.learned = l
	sc.s.learn()
	sc.settle()
	if !slices.Equal(before, sc.order(20)) || sc.s.ranker.Name != "spring" {
		t.Error("the old weights did not stay")
	}
	if card := words(sc.s.inspector.outcome); !strings.Contains(card, "The old weights stay.") || !strings.Contains(card, l.Why) {
		t.Errorf("the card says %q", card)
	}
}

func TestLearningStartsFromTheSliders(t *testing.T) {
	sc := newScreen(t)
	sc.b.learned = betterWeights()
	sc.b.learned.Adopted = false
	sc.s.setWeight("price", -0.4)
	sc.s.learn()
	sc.settle()
	if r := sc.b.Ranker(); r.Weight("price") != -0.4 {
		t.Errorf("learned from price %v, want −0.4", r.Weight("price"))
	}
}

func TestLearningCanBeCancelled(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.b.hold = make(chan struct{})
	sc.s.learn()
	sc.s.stopLearn()
	sc.settle()
	if sc.s.learning != nil || sc.s.outcome != nil || !sc.s.inspector.learn.Visible() {
		t.Error("learning still shows")
	}
	if got := sc.told(); got != "" {
		t.Errorf("cancelling told %q", got)
	}
}

func TestFailedLearningIsTold(t *testing.T) {
	sc := newScreen(t)
	sc.s.learn()
	sc.settle()
	if !strings.Contains(sc.told(), "grade at least five") {
		t.Errorf("notices say %q", sc.told())
	}
}

func TestWhyAddsUpAndComparesWithTheResultAbove(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.canvas.Focus(sc.s.results)
	sc.letter('j')
	sc.letter('e')
	text := words(sc.s.inspector.whyPane)
	r := sc.s.page.Results[1]
	for _, want := range []string{r.Product.Title, number(r.Score, 3), "× 0.62", "#1, “" + sc.s.page.Results[0].Product.Title + "”, is "} {
		if !strings.Contains(text, want) {
			t.Errorf("the reasons lack %q: %q", want, text)
		}
	}
	sc.letter('e')
	if sc.s.inspector.whyPane.Visible() || !sc.s.inspector.weightsPane.Visible() {
		t.Error("e did not lead back to the weights")
	}
}

func TestExtremes(t *testing.T) {
	c := func(f string, v float64) engine.Contribution { return engine.Contribution{Feature: f, Contribution: v} }
	ahead, behind := extremes(
		[]engine.Contribution{c("a", 0.5), c("b", 0.1), c("c", 0.3)},
		[]engine.Contribution{c("a", 0.2), c("b", 0.6), c("d", 0.1)})
	if ahead.Feature != "a" && ahead.Feature != "c" {
		t.Errorf("ahead is %v", ahead)
	}
	if behind.Feature != "b" || behind.Contribution != -0.5 {
		t.Errorf("behind is %v, want b by −0.5", behind)
	}
	ahead, behind = extremes([]engine.Contribution{c("a", 1)}, []engine.Contribution{c("a", 1)})
	if ahead.Feature != "" || behind.Feature != "" {
		t.Errorf("equal results differ by %v and %v", ahead, behind)
	}
}

func TestEmptyPagesSayWhatToDo(t *testing.T) {
	sc := newScreen(t)
	if got := words(sc.s.middle); !strings.Contains(got, "What would a shopper type?") || !strings.Contains(got, "usb c hub") {
		t.Errorf("without a query the page says %q", got)
	}
	sc.find("xyzzy")
	if got := words(sc.s.middle); !strings.Contains(got, "“xyzzy”") {
		t.Errorf("without results the page says %q", got)
	}
	sc.b.products = nil
	sc.s.refresh()
	sc.settle()
	if got := words(sc.s.middle); !strings.Contains(got, "No products yet") {
		t.Errorf("without products the page says %q", got)
	}
}

func TestALongQueryIsShownShort(t *testing.T) {
	sc := newScreen(t)
	sc.find(strings.Repeat("xyzzy ", 2000))
	if got := words(sc.s.middle); len(got) > 400 {
		t.Errorf("the empty page has %d bytes of text", len(got))
	}
	if got := words(sc.s.chips); len(got) > 400 {
		t.Errorf("the chips have %d bytes of text", len(got))
	}
}

// BenchmarkSlider is what one move of a slider costs besides painting: the bar
// is 60 frames a second, 16.7 ms, with 100 results.
func BenchmarkSlider(b *testing.B) {
	sc := newScreen(b)
	sc.find("headphones")
	b.ResetTimer()
	for i := range b.N {
		sc.s.setWeight("cosine", float64(i%100)/100)
	}
	b.StopTimer()
	sc.settle()
}
