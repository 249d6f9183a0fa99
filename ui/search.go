package ui

import (
	"context"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

const (
	resultsWanted = 100
	typingPause   = 20 * time.Millisecond  // a search starts when typing pauses for this long: every key of a person, not every one of a paste
	clearingPause = 200 * time.Millisecond // an emptied field shows no results after this: who types another query sees the next ones at once
	countingPause = 150 * time.Millisecond // values of filters are counted after this, not at every key
	gradingPause  = 500 * time.Millisecond // the query set is measured again after this
	metricDepth   = 10                     // of NDCG@10, the metric on screen
)

// search is the Search screen of an open workspace: what was found, graded and
// weighed, and the widgets that show it. Methods named after something a person
// does change the state and then show it.
type search struct {
	around
	bench Bench
	tasks *tasks

	query    string // of the page, or of the search that is under way
	page     *workbench.Page
	selected string         // product ID
	wanted   string         // the product to select when the page is there
	before   map[string]int // product ID → its rank before the order last changed; nil for no arrows

	ranker  engine.Ranker  // the one in use
	draft   *engine.Ranker // the weights on the sliders while they differ from it; never changed, only replaced
	orders  int            // counts changes of the weights
	leaving bool           // return was pressed in the field and the page is not there yet

	evaluation *workbench.Evaluation
	was        *float64 // the mean under the weights before, on the same grades
	learning   *engine.Progress
	stopLearn  context.CancelFunc
	live       live
	outcome    *workbench.Learned
	status     workbench.Status
	unsaved    int // grades on their way to the file
	graded     int // grades given on this screen
	saved      time.Time
	edited     bool // the newest step on this screen changed a product, not a grade

	searches, evaluations latest
	similars              latest

	refine  *refine
	reading *reading
	split   *split
	aside   fyne.CanvasObject // stands in place of the results; nil for the results
	partly  bool              // the page is of a query that was still being typed
	asked   int               // results asked for
	typing  bool              // the query may go on, of the newest search

	field     *searchField
	chips     *fyne.Container
	summary   *fyne.Container // the line under the field: chips, and how many were found
	found     *widgets.Text
	redirect  *fyne.Container // where a rule sends shoppers; hidden where none does
	results   *resultList
	middle    *fyne.Container // the results, or what stands in their place
	inspector *inspector
	content   fyne.CanvasObject
}

// around is what a screen may ask of what stands around it.
type around struct {
	canvas   fyne.Canvas
	pictures *thumbnails
	drawing  *drawing // nil where there is no window
	tell     func(notice)
	focus    func(fyne.Focusable)
	onStatus func()          // the status bar is out of date
	typed    func(rune) bool // a letter was typed where no text is; says whether it meant something
	panes    func() panes    // how the window is divided
	divide   func(change func(*panes))
	adopted  func() // a ranker was learned and is in use
	toRule   func(id uint64)
	regraded func() // grades were taken back or put back, maybe in another place
}

func newSearch(bench Bench, tasks *tasks, around around) *search {
	s := &search{bench: bench, tasks: tasks, around: around, ranker: bench.Ranker(), status: bench.Status()}
	s.field = newSearchField()
	s.field.OnChanged = func(text string) {
		s.leaving = false
		s.drawing.changed()
		s.search(text, typingPause)
	}
	s.field.OnSubmitted = func(text string) {
		s.leaving = true
		s.finish(text)
		s.leave()
	}
	s.field.onDown = s.toResults
	s.refine, s.reading, s.split = newRefine(s), newReading(s), newSplit(s)
	s.chips = container.New(&chipStrip{controls: len(s.refine.chips())})
	s.found = widgets.NewText("", widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted})
	s.results = newResultList(s)
	s.inspector = newInspector(s)
	s.middle = container.NewStack(s.results)
	hint := widgets.NewPanel(widgets.Surface{Fill: theme.ColorSurface, Stroke: fynetheme.ColorNameInputBorder, Radius: theme.Gap, Across: 7, Down: 1},
		widgets.NewText("/", widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}))
	field := container.NewStack(widgets.NewLead(s.field),
		container.NewBorder(nil, nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, 0, theme.Gap3), container.NewCenter(hint))))
	// The line is as high without chips, so that results do not jump.
	room := canvas.NewRectangle(color.Transparent)
	room.SetMinSize(fyne.NewSize(0, chip("–").MinSize().Height))
	s.summary = container.New(besideChips{}, container.NewStack(room, s.chips), s.found)
	s.redirect = container.NewHBox()
	s.content = container.NewBorder(
		container.New(layout.NewCustomPaddedLayout(theme.Gap4, theme.Gap2, theme.Gap5, theme.Gap5),
			container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2), field, s.summary, s.redirect, s.reading.content)),
		nil, nil, nil,
		container.New(layout.NewCustomPaddedLayout(0, 0, theme.Gap2, theme.Gap2), s.middle),
	)
	s.show()
	if s.split.on() {
		s.split.enter()
	}
	s.evaluate(0)
	return s
}

// refresh reads the counts again after an import or a change of a product, and the
// page with them. The old page stays until the new one is there, and the person
// at the selected result.
func (s *search) refresh() {
	s.status = s.bench.Status()
	s.ranker = s.bench.Ranker()
	s.inspector.rebuild()
	s.split.forget()
	s.show()
	if s.split.on() {
		s.split.enter()
	}
	if s.query != "" {
		s.wanted = s.selected
		s.ask(0, s.partly, max(s.asked, resultsWanted))
	}
	s.evaluate(0)
	s.onStatus()
}

// show draws everything from the state.
func (s *search) show() {
	s.showChips()
	s.showMiddle()
	s.inspector.show()
}

func (s *search) showChips() {
	s.chips.Objects = nil
	s.found.SetText("")
	if s.page != nil {
		s.chips.Objects = s.told(&s.page.Analysis)
		found := locale.N(s.page.Total-s.page.Near, "%d product", "%d products")
		if s.page.Near > 0 {
			found += locale.T(" + %d near", s.page.Near)
		}
		s.found.SetText(found + " · " + took(s.page.Took))
	}
	s.chips.Objects = append(s.chips.Objects, s.refine.chips()...)
	s.summary.Refresh()
	s.showRedirect()
	s.reading.show()
}

func (s *search) showMiddle() {
	var shown fyne.CanvasObject = s.results
	switch {
	case s.status.Products == 0:
		shown = emptyWorkspace()
	case s.aside != nil:
		shown = s.aside
	case s.page == nil && s.query == "":
		shown = noQuery(s)
	case s.page != nil && len(s.page.Results) == 0:
		shown = nothingFound(s)
	case s.split.on():
		shown = s.split.content
	}
	s.middle.Objects = []fyne.CanvasObject{shown}
	s.middle.Refresh()
	if shown == s.results || shown == s.split.content {
		s.showRows()
	}
}
