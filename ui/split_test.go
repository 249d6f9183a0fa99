package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"touchstone/engine"
)

// besideEachOther opens the split on a page of results.
func besideEachOther(t *testing.T) *screen {
	t.Helper()
	sc := newScreen(t)
	sc.find("headphones")
	sc.shell.act("search.split")
	sc.settle()
	return sc
}

// on is the product at rank i of a column.
func (sc *screen) on(column, i int) string {
	return sc.s.split.columns[column].shown().Results[i].Product.ID
}

// TestTwoRankingsSideBySide: what was in use before against what is on the
// sliders, each product's way between them, and both figures.
func TestTwoRankingsSideBySide(t *testing.T) {
	sc := besideEachOther(t)
	sp := sc.s.split
	if got := [2]string{sp.columns[0].name, sp.columns[1].name}; got != [2]string{"learned@6", ""} {
		t.Fatalf("side by side are %q", got)
	}
	if sc.on(0, 2) != "P003" || sc.on(1, 2) != "P002" {
		t.Fatalf("third are %s and %s", sc.on(0, 2), sc.on(1, 2))
	}
	row := newSplitRow(sp)
	row.Resize(fyne.NewSize(600, row.MinSize().Height))
	row.set(2)
	if got := [2]string{row.cells[0].moved.Text(), row.cells[1].moved.Text()}; got != [2]string{"", "▲1"} {
		t.Errorf("the badges of the third row say %q", got)
	}
	down := row.joins[0].Ends()[0] // from the third at the left to the fourth at the right
	row.set(3)
	if up := row.joins[1].Ends()[0]; down[0] >= down[1] || up[0]+down[1]-down[0] != up[1] {
		t.Errorf("halves of one line: %v from the upper row, %v to the lower one", down, up)
	}
	for i, h := range sp.heads {
		if text := h.figure.Text(); !strings.Contains(text, "NDCG@10") || !strings.Contains(text, "2 of 10 judged") {
			t.Errorf("head %d says %q", i, text)
		}
	}
	sp.columns[0].places["P002"] = 2 + joinedRows + 1
	if row.set(2); len(row.joins[1].Ends()) != 0 {
		t.Error("a line follows a product that went far")
	}
	sp.point("P002")
	if row.set(2); len(row.joins[1].Ends()) != 1 {
		t.Error("the pointer is on a product that went far, and no line follows it")
	}
	sp.point("")

	sc.canvas.Focus(sp.list)
	sc.press(fyne.KeyHome)
	sc.press(fyne.KeyDown)
	sc.press(fyne.KeyDown)
	if sc.s.selected != "P002" {
		t.Fatalf("%s is selected", sc.s.selected)
	}
	sc.press(fyne.KeyLeft)
	if sc.s.selected != "P002" || sc.s.row("P002") != 3 {
		t.Errorf("in the other column %s is selected, in row %d", sc.s.selected, sc.s.row(sc.s.selected))
	}
	sc.letter('2')
	sc.settle()
	if sc.s.selected != sc.on(0, 4) {
		t.Errorf("after a grade %s is selected, not the next of that column", sc.s.selected)
	}
	for i, c := range sp.columns {
		if g := c.shown().Results[rowOf(c.shown(), "P002")].Grade; g == nil || *g != 2 {
			t.Errorf("column %d shows grade %v", i, g)
		}
	}
	if text := sp.heads[0].figure.Text(); !strings.Contains(text, "3 of 10 judged") {
		t.Errorf("after a grade the head says %q", text)
	}
	sc.letter('z')
	sc.settle()
	for i, c := range sp.columns {
		if g := c.shown().Results[rowOf(c.shown(), "P002")].Grade; g != nil {
			t.Errorf("taken back, column %d shows grade %v", i, *g)
		}
	}
}

// TestThePointerMarksAProductOnBothSides, and a press selects it there.
func TestThePointerMarksAProductOnBothSides(t *testing.T) {
	sc := besideEachOther(t)
	sp := sc.s.split
	upper, lower := newSplitRow(sp), newSplitRow(sp)
	show := func() { upper.set(2); lower.set(3) }
	show()
	upper.cells[0].MouseIn(&desktop.MouseEvent{})
	show()
	for _, marked := range []struct {
		what string
		back bool
		want bool
	}{{"under the pointer", upper.cells[0].back.Visible(), true}, {"the same at the right", lower.cells[1].back.Visible(), true},
		{"another", upper.cells[1].back.Visible(), false}} {
		if marked.back != marked.want {
			t.Errorf("%s is marked: %v", marked.what, marked.back)
		}
	}
	upper.cells[0].Tapped(nil)
	if sc.s.selected != sc.on(0, 2) || sp.faced != 0 {
		t.Errorf("pressed, %s is selected in column %d", sc.s.selected, sp.faced)
	}
	if ranker := sc.s.ranking(); ranker.Name != "learned@6" {
		t.Errorf("the reasons are those of %s", ranker.Name)
	}
}

// TestBothColumnsFollowTheQuery: the newest one, with what it is narrowed to.
func TestBothColumnsFollowTheQuery(t *testing.T) {
	sc := besideEachOther(t)
	sc.s.field.SetText("usb c")
	sc.s.field.SetText("usb c hub")
	sc.settle()
	sc.s.refine.choose("brand", &engine.FacetValue{Value: "Castor", Filter: engine.Filter{{Field: "brand", Op: "=", Value: "Castor"}}})
	sc.settle()
	for i, c := range sc.s.split.columns {
		if page := c.shown(); page.Query != "usb c hub" || page.Results[0].Product.Brand != "Castor" {
			t.Errorf("column %d shows %q, first from %s", i, page.Query, page.Results[0].Product.Brand)
		}
	}
	sc.find("")
	if page := sc.s.split.columns[0].shown(); page != nil {
		t.Errorf("without a query a page of %q stands there", page.Query)
	}
}

// TestSlidersMoveTheirColumnAlone.
func TestSlidersMoveTheirColumnAlone(t *testing.T) {
	sc := besideEachOther(t)
	a, b := sc.s.split.columns[0].shown(), sc.s.split.columns[1].shown()
	sc.s.setWeight("cosine", -3)
	sc.settle()
	if sc.s.split.columns[0].shown() != a || sc.s.split.columns[1].shown() == b {
		t.Error("the slider moved the other column, or not its own")
	}
}

// TestAColumnIsGivenItsSide: ranker, rules and encoder apart from each other.
func TestAColumnIsGivenItsSide(t *testing.T) {
	sc := besideEachOther(t)
	sp := sc.s.split
	b := sp.columns[1]
	sp.choose(b, b.with(encoderKinds, "encoder:bge-zh"))
	sp.choose(b, b.with(rulesKinds, "rules:off"))
	sp.choose(b, b.with(rankingKinds, "default"))
	sc.settle()
	if b.name != "default+rules:off+encoder:bge-zh" || !slices.Contains(sc.b.sided, b.name) || b.page == nil {
		t.Fatalf("the column is %q, %q answered", b.name, sc.b.sided)
	}
	if got := b.label(); got != "First weights · Without rules · Encoder: bge-zh" {
		t.Errorf("it is called %q", got)
	}
	sp.choose(b, b.with(rulesKinds, ""))
	if b.name != "default+encoder:bge-zh" {
		t.Errorf("without its rules the column is %q", b.name)
	}
	sc.settle()
	sc.shell.act("search.split.swap")
	sc.settle()
	if got := [2]string{sp.columns[0].name, sp.columns[1].name}; got != [2]string{"default+encoder:bge-zh", "learned@6"} {
		t.Errorf("swapped they are %q", got)
	}
	var labels []string
	for _, i := range b.menu() {
		labels = append(labels, i.Label)
	}
	if !slices.Contains(labels, "In use: learned v7") || !slices.Contains(labels, "Encoder") || slices.ContainsFunc(labels, func(l string) bool { return strings.Contains(l, "before spring") }) {
		t.Errorf("offered are %q; a snapshot ranks nothing", labels)
	}
}

// TestAnEncoderThatReadsTheCatalogueIsLeftToIt: typing on does not begin it anew;
// afterwards the newest query is asked.
func TestAnEncoderThatReadsTheCatalogueIsLeftToIt(t *testing.T) {
	sc := besideEachOther(t)
	sp := sc.s.split
	release := make(chan struct{})
	sc.b.mu.Lock()
	sc.b.sideHold = release
	sc.b.mu.Unlock()
	sp.choose(sp.columns[1], "encoder:bge-zh")
	sc.s.search("usb", 0)
	sc.s.search("usb c hub", 0)
	close(release)
	sc.settle()
	sc.b.mu.Lock()
	defer sc.b.mu.Unlock()
	var asked []string
	for i, name := range sc.b.sides {
		if name == "encoder:bge-zh" {
			asked = append(asked, sc.b.sideQueries[i])
		}
	}
	if want := []string{"headphones", "usb c hub"}; !slices.Equal(asked, want) {
		t.Errorf("it was asked %q, want %q", asked, want)
	}
	if page := sp.columns[1].page; page == nil || page.Query != "usb c hub" {
		t.Error("the newest query is not shown")
	}
}

// TestASideThatFailsSaysSo: the other stays.
func TestASideThatFailsSaysSo(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.b.sideError = errors.New("the shop does not answer")
	sc.shell.act("search.split")
	sc.settle()
	if told := sc.told(); !strings.Contains(told, "the shop does not answer") {
		t.Errorf("told: %q", told)
	}
	if sc.s.split.columns[1].shown() == nil {
		t.Error("the other column is gone")
	}
}

// TestTheSplitIsRemembered, with its sides where they are still there.
func TestTheSplitIsRemembered(t *testing.T) {
	w, _ := everyAction(t)
	w.settle()
	w.shell.act("search.split")
	w.settle()
	sp := w.shell.search.split
	sp.choose(sp.columns[0], "default+rules:off")
	w.settle()
	again := w.another()
	if p := again.shell.panes; !p.split || p.sides != [2]string{"default+rules:off", ""} {
		t.Fatalf("remembered %+v", p)
	}
	again.shell.open(newFakeBench())
	again.settle()
	if got := again.shell.search.split.columns[0].name; got != "default+rules:off" {
		t.Errorf("the next window shows %q", got)
	}
	again.shell.divide(func(p *panes) { p.sides[0] = "gone@3" })
	finish := again.shell.close()
	again.shell.open(newFakeBench())
	again.settle()
	if got := again.shell.search.split.columns[0].name; got != "learned@6" {
		t.Errorf("a ranker that is gone became %q", got)
	}
	if err := finish(); err != nil {
		t.Error(err)
	}
	again.shell.act("search.split")
	if again.shell.panes.split || again.shell.search.rows() != again.shell.search.results {
		t.Error("the split does not close")
	}
}
