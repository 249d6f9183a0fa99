package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"touchstone/engine/workbench"
)

func noProblems(string, []workbench.RowProblem) {}

func TestImportShowsProgressAndReport(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.b.hold = make(chan struct{})
	sc.b.imported = &workbench.ImportReport{Added: 1200, Changed: 3, Seconds: 4.2, Skipped: 1, Problems: []workbench.RowProblem{{Line: 7, What: "no title"}}}
	var listed []workbench.RowProblem
	sc.shell.importCatalogue([]string{"/shop/products.csv"}, nil, func(_ string, p []workbench.RowProblem) { listed = p })
	(<-sc.loop.queue)() // the progress report
	if got := words(sc.shell.notices.work); !strings.Contains(got, "Importing products.csv · encoding · 50 of 200 · 90") && !strings.Contains(got, "2 min left") {
		t.Errorf("progress says %q", got)
	}
	close(sc.b.hold)
	sc.settle()
	if len(sc.shell.notices.work.Objects) != 0 {
		t.Error("the progress still shows")
	}
	if got := sc.told(); !strings.Contains(got, "products.csv: 1,200 products added, 3 changed") || !strings.Contains(got, "1 row was skipped.") {
		t.Errorf("the report says %q", got)
	}
	press(t, sc.shell.notices.told, "Which")
	if len(listed) != 1 || listed[0].Line != 7 {
		t.Errorf("listed %v", listed)
	}
	if sc.s.page == nil || sc.s.page.Query != "headphones" {
		t.Error("the page was not searched again")
	}
}

// TestWhatTheFileLacksIsRemoved imports a file that lacks two products, and then
// has them removed.
func TestWhatTheFileLacksIsRemoved(t *testing.T) {
	sc := newScreen(t)
	sc.b.imported = &workbench.ImportReport{Unchanged: 1200, Missing: 2}
	var asked fyne.CanvasObject
	sc.shell.over = func(_ string, content fyne.CanvasObject, buttons ...fyne.CanvasObject) func() {
		asked = container.NewVBox(append(buttons, content)...)
		return func() {}
	}
	sc.shell.importCatalogue([]string{"/shop/products.csv"}, nil, noProblems)
	sc.settle()
	if got := sc.told(); !strings.Contains(got, "2 products are not in it and stay.") {
		t.Errorf("the report says %q", got)
	}
	press(t, sc.shell.notices.told, "Remove those…")
	if got := words(asked); !strings.Contains(got, "not in products.csv") {
		t.Errorf("asked: %q", got)
	}
	press(t, asked, "Remove 2 products")
	sc.settle()
	if got := sc.told(); !strings.Contains(got, "2 products were removed.") {
		t.Errorf("then the report says %q", got)
	}
}

func TestSearchGoesOnDuringAnImport(t *testing.T) {
	sc := newScreen(t)
	hold := make(chan struct{})
	sc.b.hold = hold
	sc.shell.importCatalogue([]string{"a.csv", "b.csv"}, nil, noProblems)
	(<-sc.loop.queue)()
	sc.b.mu.Lock()
	sc.b.hold = nil
	sc.b.mu.Unlock()
	sc.s.search("headphones", 0)
	for sc.s.page == nil {
		(<-sc.loop.queue)()
	}
	if len(sc.shell.notices.work.Objects) != 1 {
		t.Error("the import ended before it was let go")
	}
	close(hold)
	sc.settle()
}

func TestImportCanBeCancelled(t *testing.T) {
	sc := newScreen(t)
	sc.b.hold = make(chan struct{})
	sc.shell.importCatalogue([]string{"products.csv"}, nil, noProblems)
	press(t, sc.shell.notices.work, "Cancel")
	sc.settle()
	if got := sc.told(); !strings.Contains(got, "cancelled") {
		t.Errorf("notices say %q", got)
	}
}

func TestUnfinishedImportGoesOn(t *testing.T) {
	b := newFakeBench()
	b.unencoded = 40
	sc := newScreenOf(t, b)
	if got := sc.told(); !strings.Contains(got, "40 of 150 products are found by their words only") {
		t.Fatalf("notices say %q", got)
	}
	press(t, sc.shell.notices.told, "Encode them")
	sc.settle()
	if b.unencoded != 0 || sc.told() != "" {
		t.Errorf("%d products left, notices say %q", b.unencoded, sc.told())
	}
}

func TestFailedImportSaysWhatToDo(t *testing.T) {
	sc := newScreen(t)
	sc.shell.importCatalogue([]string{"products.csv"}, nil, noProblems)
	sc.settle()
	if got := sc.told(); !strings.Contains(got, "no column holds titles") {
		t.Errorf("notices say %q", got)
	}
	sc.shell.notices.told.Objects = nil
	sc.shell.importJudgments("/shop/qrels.csv", noProblems)
	sc.settle()
	if got := sc.told(); !strings.Contains(got, "12 judgments of 3 queries") || !strings.Contains(got, "1 name") {
		t.Errorf("notices say %q", got)
	}
	sc.shell.exportJudgments("csv", "/shop/out.csv")
	sc.settle()
	if got := sc.told(); !strings.Contains(got, "/shop/out.csv") {
		t.Errorf("notices say %q", got)
	}
}

func TestOlderNoticesGiveWay(t *testing.T) {
	sc := newScreen(t)
	for _, text := range []string{"one", "two", "three", "four"} {
		sc.shell.notices.tell(notice{text: text})
	}
	if got := sc.told(); strings.Contains(got, "one") || !strings.Contains(got, "four") {
		t.Errorf("notices say %q", got)
	}
}
