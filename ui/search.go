package ui

import (
	"context"
	"errors"
	"image/color"
	"slices"
	"strings"
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
	results   *resultList
	middle    *fyne.Container // the results, or what stands in their place
	inspector *inspector
	content   fyne.CanvasObject
}

// around is what a screen may ask of what stands around it.
type around struct {
	canvas   fyne.Canvas
	pictures *thumbnails
	tell     func(notice)
	focus    func(fyne.Focusable)
	onStatus func()          // the status bar is out of date
	typed    func(rune) bool // a letter was typed where no text is; says whether it meant something
	panes    func() panes    // how the window is divided
	divide   func(change func(*panes))
}

func newSearch(bench Bench, tasks *tasks, around around) *search {
	s := &search{bench: bench, tasks: tasks, around: around, ranker: bench.Ranker(), status: bench.Status()}
	s.field = newSearchField()
	s.field.OnChanged = func(text string) {
		s.leaving = false
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
	field := container.NewStack(container.NewThemeOverride(s.field, theme.Lead()),
		container.NewBorder(nil, nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, 0, theme.Gap3), container.NewCenter(hint))))
	// The line is as high without chips, so that results do not jump.
	room := canvas.NewRectangle(color.Transparent)
	room.SetMinSize(fyne.NewSize(0, chip("–").MinSize().Height))
	s.summary = container.New(besideChips{}, container.NewStack(room, s.chips), s.found)
	s.content = container.NewBorder(
		container.New(layout.NewCustomPaddedLayout(theme.Gap4, theme.Gap2, theme.Gap5, theme.Gap5),
			container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2), field, s.summary, s.reading.content)),
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

// search asks for a page after a pause, in place of any search under way. The
// old page stays until the new one is there. With a pause the last word may
// still go on.
func (s *search) search(query string, pause time.Duration) {
	query = strings.TrimSpace(query)
	if query == s.query && s.page != nil && s.page.Query == query {
		s.searches.stop()
		return
	}
	s.query = query
	if query == "" {
		s.searches.stop()
		s.page, s.selected, s.before = nil, "", nil
		s.split.forget()
		s.show()
		return
	}
	s.ask(pause, pause > 0, resultsWanted)
}

// finish searches for a query whose typing has ended.
func (s *search) finish(query string) {
	completed := s.partly && s.page != nil && slices.ContainsFunc(s.page.Analysis.Terms, func(t engine.Term) bool { return t.Added == engine.Prefix })
	if query = strings.TrimSpace(query); completed && query == s.query && s.page.Query == query {
		s.ask(0, false, resultsWanted)
		return
	}
	s.search(query, 0)
}

// again searches for the present query under other choices.
func (s *search) again() {
	if s.query != "" {
		s.ask(0, s.partly, resultsWanted)
	}
}

// more asks for further results when the end of the page comes near.
func (s *search) more() {
	if s.page == nil || s.page.Query != s.query || len(s.page.Results) < s.asked || len(s.page.Results) >= s.page.Total {
		return
	}
	s.ask(0, s.partly, s.asked+resultsWanted)
}

// ask searches for the present query. A page with more results than the one on
// screen leaves everything where it is.
func (s *search) ask(pause time.Duration, typing bool, wanted int) {
	further := wanted > resultsWanted
	s.asked, s.typing = wanted, typing
	req, orders := s.request(), s.orders
	s.split.ask(pause)
	s.tasks.newest(&s.searches, pause, func(ctx context.Context) func() {
		page, err := s.bench.Search(ctx, req)
		return func() {
			if err != nil {
				s.tell(failure(locale.T("The search did not work"), err))
				return
			}
			s.page, s.partly = page, typing
			if further {
				if s.orders != orders {
					s.reorder()
				}
				s.showRows()
				return
			}
			s.aside = nil
			if typing {
				s.count(req)
			} else {
				s.refine.learn(page.Facets)
			}
			s.before, s.selected = nil, ""
			if len(page.Results) > 0 {
				s.selected = page.Results[0].Product.ID
			}
			if s.orders != orders { // the weights changed while this search ran
				s.reorder()
			}
			s.show()
			s.scrollTo(0)
			s.pickThere(s.wanted)
			s.wanted = ""
			s.leave()
			s.onStatus()
		}
	})
}

// request is the present search.
func (s *search) request() workbench.SearchRequest {
	return workbench.SearchRequest{Query: s.query, K: s.asked, Ranker: s.draft, Typing: s.typing, Facets: s.asked <= resultsWanted && !s.typing,
		Filter: s.refine.filter(), Sort: s.refine.sort, Profile: s.refine.shopper}
}

// count counts the values of filters for a page that was found while its query was
// typed, unless typing goes on.
func (s *search) count(req workbench.SearchRequest) {
	req.K, req.Facets = 1, true
	s.tasks.newest(&s.searches, countingPause, func(ctx context.Context) func() {
		page, err := s.bench.Search(ctx, req)
		return func() {
			if err != nil {
				s.tell(failure(locale.T("The values of the filters could not be counted"), err))
				return
			}
			s.refine.learn(page.Facets)
		}
	})
}

// toResults gives the results the focus, if there are any.
func (s *search) toResults() {
	if page := s.facing(); page != nil && len(page.Results) > 0 {
		s.focus(s.rows())
	}
}

// facing is the page that is looked at: the results, or of two rankings side by
// side the one that the keys go to; nil while there is none.
func (s *search) facing() *workbench.Page {
	if s.split.on() {
		return s.split.page()
	}
	return s.page
}

// rows is the list of results, which takes the focus.
func (s *search) rows() fyne.Focusable {
	if s.split.on() {
		return s.split.list
	}
	return s.results
}

// showRows draws the results again where they stand.
func (s *search) showRows() {
	if s.split.on() {
		s.split.show()
		return
	}
	s.results.show()
}

func (s *search) scrollTo(row int) {
	if s.split.on() {
		s.split.list.ScrollTo(row)
		return
	}
	s.results.ScrollTo(row)
}

// toggleSplit sets two rankings side by side, or goes back to one.
func (s *search) toggleSplit() { s.split.toggle() }

// leave goes from the field to the results of the query that was entered, as
// soon as they are there.
func (s *search) leave() {
	if s.leaving && s.page != nil && s.page.Query == s.query {
		s.leaving = false
		s.toResults()
	}
}

// open types a query for the person and searches it at once.
func (s *search) open(query string) {
	s.field.setQuietly(query)
	s.search(query, 0)
}

// openAt opens a query at one of its products, with the reasons beside it.
func (s *search) openAt(query, product string) {
	s.inspector.choose(true)
	if s.page != nil && s.page.Query == query {
		s.field.setQuietly(query)
		s.pickThere(product)
		return
	}
	s.wanted = product
	s.open(query)
}

// pickThere selects a product and brings it into view, if it is on the page.
func (s *search) pickThere(product string) {
	if i := s.row(product); i >= 0 {
		s.pick(product)
		s.scrollTo(i)
		s.inspector.content.Refresh() // the reasons may need another height
	}
}

// weights is what the sliders show: the ranker in use, or changes to it.
func (s *search) weights() engine.Ranker {
	if s.draft != nil {
		return *s.draft
	}
	return s.ranker
}

// ranking is the ranker of the page that is looked at.
func (s *search) ranking() engine.Ranker {
	if s.split.on() {
		return s.split.columns[s.split.faced].ranker()
	}
	return s.weights()
}

// changed says whether the sliders differ from the ranker in use.
func (s *search) changed() bool { return s.draft != nil }

// row is where a product stands on the page that is looked at, −1 when it does not.
func (s *search) row(product string) int { return rowOf(s.facing(), product) }

func rowOf(page *workbench.Page, product string) int {
	if page == nil {
		return -1
	}
	return slices.IndexFunc(page.Results, func(r engine.Result) bool { return r.Product.ID == product })
}

// result is the selected result, nil for none.
func (s *search) result() *engine.Result {
	if i := s.row(s.selected); i >= 0 {
		return &s.facing().Results[i]
	}
	return nil
}

// pick selects a product.
func (s *search) pick(product string) {
	s.selected = product
	s.showRows()
	s.inspector.showWhy()
}

// move selects the row that lies steps below the selected one.
func (s *search) move(steps int) {
	page := s.facing()
	if page == nil || len(page.Results) == 0 {
		return
	}
	i := min(max(s.row(s.selected)+steps, 0), len(page.Results)-1)
	s.pick(page.Results[i].Product.ID)
	s.scrollTo(i)
}

// grade gives a product of the page a grade, nil to take it away. The order of
// the page stays: only learning and the sliders change it.
func (s *search) grade(product string, g *engine.Grade) {
	i := s.row(product)
	if i < 0 {
		return
	}
	query, result := s.facing().Query, &s.facing().Results[i]
	old := result.Grade
	s.setGrade(query, product, g)
	if g != nil {
		s.graded++
	}
	s.store(func() error {
		if g == nil {
			return s.bench.Clear(query, product)
		}
		return s.bench.Grade(context.Background(), query, product, *g)
	}, func(err error) {
		if err != nil {
			s.setGrade(query, product, old)
		} else if g == nil {
			s.setGrade(query, product, s.agreed(product))
		}
	})
}

// gradeSelected grades the selected result and goes on to the next.
func (s *search) gradeSelected(g engine.Grade) {
	if s.result() != nil {
		s.grade(s.selected, &g)
		s.move(1)
	}
}

// clearSelected takes the grade of the selected result away.
func (s *search) clearSelected() {
	if r := s.result(); r != nil && r.Grade != nil {
		s.grade(s.selected, nil)
	}
}

// setGrade shows a grade on the pages that still are of that query.
func (s *search) setGrade(query, product string, g *engine.Grade) {
	if i := rowOf(s.page, product); i >= 0 && s.page.Query == query {
		s.page.Results[i].Grade = g
	}
	s.split.grade(query, product, g)
	s.showRows()
}

// store writes to the workspace after all earlier writes. Only when it is on
// disk does the screen say saved. Then is told what came of it.
func (s *search) store(write func() error, then func(error)) {
	s.unsaved++
	s.onStatus()
	s.tasks.inOrder(func() func() {
		err := write()
		status := s.bench.Status()
		return func() {
			s.unsaved--
			switch {
			case err == nil:
				s.saved, s.status = time.Now(), status
			case errors.Is(err, workbench.ErrNotWritten):
				// It stands, and is tried again: nothing on the screen goes back.
				s.tell(failure(locale.T("The grade is not in the file yet"), err))
				err = nil
			default:
				s.tell(failure(locale.T("The grade was not saved"), err))
			}
			then(err)
			if err == nil {
				s.follow()
			}
			s.was = nil // measured on other grades
			s.showMeasured()
			s.evaluate(gradingPause)
			s.onStatus()
		}
	})
}

// undo takes back the newest grade, on this page or another.
func (s *search) undo() { s.takeBack(s.showUndone) }

// takeBack undoes the newest step and then shows what changed.
func (s *search) takeBack(show func([]engine.Change)) {
	var undone []engine.Change
	s.unsaved++
	s.onStatus()
	s.tasks.inOrder(func() func() {
		var err error
		undone, err = s.bench.Undo()
		status := s.bench.Status()
		return func() {
			s.unsaved--
			switch {
			case err != nil:
				s.tell(failure(locale.T("The grade was not taken back"), err))
			case len(undone) == 0:
				s.tell(notice{text: locale.T("There is no grade to undo.")})
			default:
				s.saved, s.status, s.was = time.Now(), status, nil
				show(undone)
			}
			s.showMeasured()
			s.evaluate(gradingPause)
			s.onStatus()
		}
	})
}

// showMeasured shows how good the pages are by the grades of now.
func (s *search) showMeasured() {
	s.inspector.show()
	if s.split.on() {
		s.split.showHeads()
	}
}

func (s *search) showUndone(undone []engine.Change) {
	for _, c := range undone {
		s.showTakenBack(c)
	}
}

func (s *search) showTakenBack(c engine.Change) {
	if c.After != nil {
		g := c.After.Grade
		s.setGrade(c.After.Query, c.After.Product, &g)
		s.showChanged(c.After.Query, c.After.Product)
	} else if c.Before != nil {
		if page := s.facing(); page != nil && page.Query == c.Before.Query {
			s.setGrade(c.Before.Query, c.Before.Product, s.agreed(c.Before.Product))
		}
		s.showChanged(c.Before.Query, c.Before.Product)
	}
}

// showChanged selects a product whose grade came back, or names its query.
func (s *search) showChanged(query, product string) {
	if i := s.row(product); i >= 0 && s.facing().Query == query {
		s.pick(product)
		s.scrollTo(i)
		return
	}
	s.tell(notice{text: locale.T("Took back a grade for “%s”.", query), action: locale.T("Show"), do: func() { s.open(query) }})
}

// setWeight moves one slider: the page is ordered anew without a search. While
// learning, the sliders stand still.
func (s *search) setWeight(feature string, weight float64) {
	if s.learning != nil { // what it learns would take the place of the change
		s.inspector.showWeights()
		return
	}
	if s.draft == nil {
		s.markBefore()
	}
	d := s.weights()
	d.Weights = slices.Clone(d.Weights)
	i := slices.IndexFunc(d.Weights, func(w engine.Weight) bool { return w.Feature == feature })
	if i < 0 {
		i, d.Weights = len(d.Weights), append(d.Weights, engine.Weight{Feature: feature})
	}
	d.Weights[i].Weight = weight
	s.draft, s.outcome = &d, nil
	s.ownWeights()
	s.rerank()
	s.evaluate(gradingPause)
}

// reset puts the sliders back to the ranker in use.
func (s *search) reset() {
	if s.draft == nil {
		return
	}
	s.draft, s.before, s.was = nil, nil, nil
	s.ownWeights()
	s.rerank()
	s.evaluate(0)
}

// keep takes the weights on the sliders into use, as a new version.
func (s *search) keep() {
	switch {
	case s.live.trying: // only a check keeps what the grades have made
		s.learn()
	case s.draft != nil:
		s.use(*s.draft)
	}
}

// useDefault goes back to the weights that need no grades.
func (s *search) useDefault() {
	s.markBefore()
	s.use(s.bench.Default())
}

func (s *search) use(r engine.Ranker) {
	before := s.ranker
	s.tasks.inOrder(func() func() {
		used, err := s.bench.Use(r)
		return func() {
			if err != nil {
				s.tell(failure(locale.T("The weights were not saved"), err))
				return
			}
			s.adopt(used)
			s.saved = time.Now()
			s.onStatus()
			s.evaluate(0)
			s.tell(notice{text: locale.T("%s is in use.", rankerName(&used, "")), action: locale.T("Undo"), do: func() {
				s.markBefore()
				s.use(before)
			}})
		}
	})
}

// adopt shows another ranker in use.
func (s *search) adopt(r engine.Ranker) {
	s.ranker, s.draft = r, nil
	s.ownWeights()
	s.rerank()
	if s.split.on() {
		s.split.enter() // there is another version to choose
	}
}

func (s *search) rerank() {
	s.orders++
	s.reorder()
	s.showRows()
	s.inspector.show()
}

// reorder puts the page into the order of the weights, without a search.
func (s *search) reorder() {
	s.split.reorder()
	if s.page == nil {
		return
	}
	page, err := s.bench.Rerank(s.page, s.weights())
	if err != nil {
		s.tell(failure(locale.T("The order stays as it is"), err))
		return
	}
	s.page = page
}

// agreed is the grade of a product that stands in the workspace when a judge's
// own was taken away: that of the other judges, nil where there is none.
func (s *search) agreed(product string) *engine.Grade {
	page, err := s.bench.Rerank(s.facing(), s.ranking())
	if err != nil {
		return nil // the grade is shown again with the next search
	}
	for i := range page.Results {
		if page.Results[i].Product.ID == product {
			return page.Results[i].Grade
		}
	}
	return nil
}

// markBefore remembers the order of the page and the mean of the query set, to
// show what the next weights change.
func (s *search) markBefore() {
	s.before, s.was = nil, nil
	if s.page != nil {
		s.before = make(map[string]int, len(s.page.Results))
		for i := range s.page.Results {
			s.before[s.page.Results[i].Product.ID] = i
		}
	}
	if s.evaluation != nil {
		mean := s.evaluation.Mean
		s.was = &mean
	}
}

// evaluate measures the whole query set beside the window.
func (s *search) evaluate(pause time.Duration) {
	if s.status.Judgments == 0 {
		s.evaluations.stop()
		s.evaluation = nil
		s.inspector.show()
		return
	}
	ranker := s.draft
	s.tasks.newest(&s.evaluations, pause, func(ctx context.Context) func() {
		e, err := s.bench.Evaluate(ctx, workbench.EvalRequest{Ranker: ranker}, nil)
		return func() {
			if err != nil {
				s.tell(failure(locale.T("The query set was not measured"), err))
				return
			}
			s.evaluation = e
			s.inspector.show()
			if s.page == nil {
				s.showMiddle()
			}
		}
	})
}

// learn trains on all grades, from the weights on the sliders.
func (s *search) learn() { s.learnKind(engine.Linear) }

// learnKind is learn for a kind of ranker.
func (s *search) learnKind(kind engine.Kind) {
	if s.learning != nil {
		return
	}
	draft := s.draft
	if s.live.trying {
		draft = nil
		s.ownWeights()
	}
	s.learning, s.outcome = &engine.Progress{}, nil
	s.inspector.show()
	s.stopLearn = s.tasks.start(func(ctx context.Context) func() {
		var err error
		if draft != nil {
			_, err = s.bench.Use(*draft)
		}
		var learned *workbench.Learned
		if err == nil {
			learned, err = s.bench.Train(ctx, workbench.TrainRequest{Kind: kind, Seed: workbench.UsualSeed}, func(p engine.Progress) {
				s.tasks.post(func() {
					if s.learning != nil {
						s.learning = &p
						s.inspector.showLearning()
					}
				})
			})
		}
		cancelled := ctx.Err() != nil
		return func() { s.learned(learned, err, cancelled) }
	}, true)
}

func (s *search) learned(l *workbench.Learned, err error, cancelled bool) {
	s.learning, s.stopLearn = nil, nil
	switch {
	case err != nil && cancelled:
		s.adopt(s.bench.Ranker())
	case err != nil:
		s.tell(failure(locale.T("Learning stopped"), err))
		s.adopt(s.bench.Ranker())
	default:
		s.outcome = l
		if l.Adopted {
			s.markBefore()
			s.saved = time.Now()
		}
		s.adopt(l.Ranker)
		s.evaluate(0)
	}
	s.onStatus()
}

// refresh reads the counts again after an import, and the page with them.
func (s *search) refresh() {
	s.status = s.bench.Status()
	s.ranker = s.bench.Ranker()
	s.inspector.rebuild()
	query := s.query
	s.query, s.page = "", nil
	s.split.forget()
	s.show()
	if s.split.on() {
		s.split.enter()
	}
	if query != "" {
		s.search(query, 0)
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
		s.found.SetText(locale.N(s.page.Total, "%d product", "%d products") + " · " + took(s.page.Took))
	}
	s.chips.Objects = append(s.chips.Objects, s.refine.chips()...)
	s.summary.Refresh()
	s.reading.show()
}

func (s *search) showMiddle() {
	var shown fyne.CanvasObject = s.results
	switch {
	case s.status.Products == 0:
		shown = emptyWorkspace()
	case s.page == nil && s.query == "":
		shown = noQuery(s)
	case s.page != nil && len(s.page.Results) == 0:
		shown = nothingFound(s)
	case s.aside != nil:
		shown = s.aside
	case s.split.on():
		shown = s.split.content
	}
	s.middle.Objects = []fyne.CanvasObject{shown}
	s.middle.Refresh()
	if shown == s.results || shown == s.split.content {
		s.showRows()
	}
}
