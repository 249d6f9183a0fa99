package ui

import (
	"context"
	"slices"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// The views of the Compare place.
const (
	viewCompare = iota
	viewInterleave
	viewIdeal
	viewSweep
	viewTimeline
)

// viewNames are what stands above them, in their order.
var viewNames = []string{locale.Mark("Compare"), locale.Mark("Interleave"), locale.Mark("Ideal page"), locale.Mark("Sweep"), locale.Mark("Timeline")}

// viewSays is what stands beside views that have nothing else there.
var viewSays = map[int]string{
	viewInterleave: locale.Mark("A blind trial: the two sides take turns to put their best product that is still free on the page, and a coin says who begins each round. Nobody sees whose a product is until the end.\n\nEach pick is on disk before the next page, so you can stop and go on another day.\n\nThe sign test asks how often a coin would give one side that many pages. Pages that end equal do not count."),
	viewSweep:      locale.Mark("One number goes through its range, everything else stays. The best point is chosen on two thirds of the judged queries; the last third has no say in the choice and shows what is left of the gain.\n\nA best point that does nothing for the queries left out is best by chance."),
	viewTimeline:   locale.Mark("Everything that decided over the ranking, each measured by the grades of today.\n\nGoing back stores the old weights as the newest version: nothing is lost on the way back either."),
}

// compare is the place where two rankings are set against each other: one
// sentence, a bar for each query, both pages of the chosen one, and at the side
// where B hurts and what would settle it. Its other views ask the same in other
// ways.
type compare struct {
	sh   *shell
	kept latest // of comparisons
	look latest // of the lists and pages beside them

	content, side      *fyne.Container
	sideCompare        *fyne.Container
	sideSays           *widgets.Paragraph // what the view is for, where there is no more to say
	tabs               []*widgets.Button
	views              []fyne.CanvasObject
	a, b               *widget.Select
	metric, convention *widget.Select
	weighted           *widget.Check
	reportAs, adoptB   *widgets.Button
	sentence, detail   *widgets.Paragraph
	caption            *widgets.Text
	plot               *widgets.Differences
	scatter            *widgets.Scatter
	histogram          *widgets.Histogram
	warnings           *fyne.Container
	pages              *fyne.Container
	sideLost, sideBy   *fyne.Container
	settleText         *widgets.Paragraph
	settleButton       *widgets.Button
	interleaving       *interleaving
	ideal              *ideal
	sweep              *sweeping
	timeline           *timeline

	names   []sideName
	sliders string // the name of the side that the sliders are, "" where they stand as the ranker has them
	result  *workbench.Comparison
	sides   [2]workbench.Side
	shown   int  // view
	stale   bool // the workspace has changed since
}

// sideName is one choice of A or B.
type sideName struct{ name, label string }

func newCompare(sh *shell) *compare {
	c := &compare{sh: sh, stale: true}
	muted := widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}
	c.a, c.b = widget.NewSelect(nil, func(string) { c.compare() }), widget.NewSelect(nil, func(string) { c.compare() })
	c.reportAs = widgets.NewButton(locale.T("Report…"), widgets.Quiet, func() { c.report("html") })
	c.adoptB = widgets.NewButton(locale.T("Adopt B"), widgets.Primary, c.adopt)
	tabs := container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap2))
	for i, name := range viewNames {
		c.tabs = append(c.tabs, widgets.NewButton(locale.T(name), widgets.Quiet, func() { c.view(i) }))
		tabs.Add(c.tabs[i])
	}
	c.sentence = widgets.NewParagraph("", 600, widgets.Style{Size: theme.SizeTitle, Bold: true})
	c.detail = widgets.NewParagraph("", 600, muted)
	c.caption = widgets.NewText("", widgets.Style{Size: muted.Size, Colour: muted.Colour, Cut: true})
	c.plot = widgets.NewDifferences()
	c.plot.OnChosen = c.open
	c.plot.OnHover = c.hover
	c.warnings = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
	c.scatter = widgets.NewScatter()
	c.scatter.OnChosen = c.open
	c.scatter.OnHover = c.hover
	c.histogram = widgets.NewHistogram()
	c.histogram.OnHover = c.hoverBin
	c.pages = container.NewStack()
	head := container.NewBorder(nil, nil, nil,
		container.New(layout.NewCustomPaddedLayout(0, 0, theme.Gap4, 0), c.adoptB),
		container.New(widgets.Columns{0, 60, 0}, c.a, widgets.NewText(locale.T("against"), widgets.Style{Colour: theme.ColorMuted, Align: fyne.TextAlignCenter}), c.b))
	card := widgets.NewPanel(cardSurface, container.New(wrapping{},
		c.sentence, c.detail, c.warnings, container.New(&plotsLayout{}, c.plot, c.scatter, c.histogram),
		container.NewBorder(nil, nil, nil, c.reportAs, c.caption)))
	body := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap4), card, c.pages)
	first := container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, theme.Gap4, 0, 0), head), nil, nil, nil, container.NewVScroll(body))
	c.interleaving, c.ideal, c.sweep, c.timeline = newInterleaving(c), newIdeal(c), newSweeping(c), newTimeline(c)
	c.views = []fyne.CanvasObject{first, c.interleaving.content, c.ideal.content, c.sweep.content, c.timeline.content}
	c.content = container.New(layout.NewCustomPaddedLayout(theme.Gap4, theme.Gap4, theme.Gap5, theme.Gap5),
		container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, theme.Gap3, 0, 0), tabs), nil, nil, nil, container.NewStack(c.views...)))
	c.buildSide()
	c.view(viewCompare)
	c.show()
	return c
}

var cardSurface = widgets.Surface{Fill: theme.ColorSurface, Stroke: fynetheme.ColorNameSeparator, Radius: 2 * theme.Rounded, Across: theme.Gap4, Down: theme.Gap4}

func (c *compare) buildSide() {
	c.sideLost, c.sideBy = container.New(layout.NewCustomPaddedVBoxLayout(0)), container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
	c.settleText = widgets.NewParagraph("", inspectorInner, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted})
	c.settleButton = widgets.NewButton("", widgets.Bordered, c.settle)
	var labels []string
	for _, m := range workbench.Metrics() {
		labels = append(labels, locale.Name(workbench.MetricLabel(m)))
	}
	c.metric = widget.NewSelect(labels, nil)
	c.metric.SetSelectedIndex(0)
	c.convention = widget.NewSelect(workbench.Conventions(), nil)
	c.convention.SetSelectedIndex(0)
	c.weighted = widget.NewCheck(locale.T("Weigh by how often asked"), nil)
	again := func() { c.compare() }
	c.metric.OnChanged = func(string) { again() }
	c.convention.OnChanged = func(string) { again() }
	c.weighted.OnChanged = func(bool) { again() }
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2),
		sideHeading(locale.T("Where B hurts")), c.sideLost, widgets.NewText("", widgets.Style{}),
		sideHeading(locale.T("By metric")), container.NewGridWithColumns(2, c.metric, c.convention), c.weighted, c.sideBy, widgets.NewText("", widgets.Style{}),
		sideHeading(locale.T("Would settle more")), c.settleText, container.NewHBox(c.settleButton))
	c.sideCompare = column
	c.sideSays = widgets.NewParagraph("", inspectorInner, widgets.Style{Colour: theme.ColorMuted})
	c.side = container.NewStack(sideColumn(container.NewStack(c.sideCompare, c.ideal.side, container.NewVBox(c.sideSays))))
}

func sideHeading(text string) fyne.CanvasObject {
	return widgets.NewText(text, widgets.Style{Bold: true})
}

// view shows the comparison or one of its other views.
func (c *compare) view(i int) {
	c.shown = i
	for k, v := range c.views {
		v.Hide()
		c.tabs[k].SetSelected(k == i)
	}
	c.views[i].Show()
	c.sh.canvas.Unfocus() // what had the focus may be hidden now
	c.sideCompare.Hidden, c.ideal.side.Hidden = i != viewCompare, i != viewIdeal
	c.sideSays.SetText("")
	if text := viewSays[i]; text != "" {
		c.sideSays.SetText(locale.T(text))
	}
	switch i {
	case viewInterleave:
		c.interleaving.enter()
	case viewIdeal:
		c.ideal.enter()
	case viewSweep:
		c.sweep.enter()
	case viewTimeline:
		c.timeline.read()
	}
	c.content.Refresh()
	c.side.Refresh()
}

func (c *compare) enter() {
	if c.stale || c.sliders != c.slidersSide() {
		c.readNames()
	}
	if c.shown != viewCompare {
		c.view(c.shown)
	}
}

// slidersSide is the name of the weights that stand on the sliders of the Search
// place while they differ from the ranker in use and can be named.
func (c *compare) slidersSide() string {
	if s := c.sh.search; s != nil && s.draft != nil && s.draft.Kind == engine.Linear {
		return c.sh.bench.SlidersSide(s.draft)
	}
	return ""
}

func (c *compare) leave() { c.kept.stop(); c.look.stop() }

// key goes from query to query.
func (c *compare) key(name fyne.KeyName) {
	switch c.shown {
	case viewCompare:
		if name == fyne.KeyLeft || name == fyne.KeyRight {
			c.plot.TypedKey(&fyne.KeyEvent{Name: name})
		}
	case viewInterleave:
		c.interleaving.key(name)
	case viewIdeal:
		switch name {
		case fyne.KeyLeft:
			c.ideal.step(-1)
		case fyne.KeyRight:
			c.ideal.step(1)
		}
	}
}

// readNames lists what can be compared, and compares: what is in use against what
// was before it, or the sliders against it where they have just been moved.
func (c *compare) readNames() {
	sliders := c.slidersSide()
	moved := sliders != "" && sliders != c.sliders
	c.stale, c.sliders = false, sliders
	b := c.sh.bench
	c.sh.tasks.newest(&c.look, 0, func(context.Context) func() {
		choices, before, now, err := b.Sides()
		return func() {
			if err != nil {
				c.sh.notices.tell(failure(locale.T("The rankers were not read"), err))
				return
			}
			c.name(choices, now)
			a, other := c.chosenName(c.a), c.chosenName(c.b)
			if moved {
				a, other = now, sliders
			}
			c.set(c.a, a, before)
			c.set(c.b, other, now)
			c.compare()
		}
	})
}

// name lists the choices.
func (c *compare) name(choices []workbench.SideChoice, now string) {
	a, b := c.chosenName(c.a), c.chosenName(c.b)
	c.names = nil
	for _, choice := range choices {
		c.names = append(c.names, sideName{choice.Name, sideLabel(choice, now)})
	}
	if c.sliders != "" {
		c.names = slices.Insert(c.names, 1, sideName{c.sliders, locale.T("The sliders as they stand")})
	}
	labels := make([]string, len(c.names))
	for i, n := range c.names {
		labels[i] = n.label
	}
	c.a.Options, c.b.Options = labels, labels
	c.set(c.a, a, "")
	c.set(c.b, b, "")
}

// sideLabel is how a choice reads in the choosers.
func sideLabel(choice workbench.SideChoice, now string) string {
	switch {
	case choice.Name == now:
		return locale.T("In use: %s", choice.Of)
	case choice.Kind == workbench.SnapshotSide:
		return locale.T("Snapshot: %s", choice.Of)
	case choice.Name == "rules:"+workbench.NoRules:
		return locale.T("Without rules")
	case choice.Kind == workbench.RulesSide:
		return locale.T("Rules: %s", choice.Of)
	case choice.Kind == workbench.EngineSide:
		return locale.T("Engine: %s", choice.Of)
	case choice.Of == workbench.Shipped:
		return locale.T("Encoder: as shipped")
	case choice.Kind == workbench.EncoderSide:
		return locale.T("Encoder: %s", choice.Of)
	}
	if plain, ok := plainRankers[choice.Name]; ok {
		return locale.T(plain)
	}
	return choice.Of
}

// plainRankers are those that need no grades.
var plainRankers = map[string]string{
	"default": locale.Mark("First weights"), "bm25": locale.Mark("Words alone (BM25)"), "cosine": locale.Mark("Meaning alone (cosine)"),
}

func (c *compare) chosenName(s *widget.Select) string {
	for _, n := range c.names {
		if n.label == s.Selected {
			return n.name
		}
	}
	return ""
}

// set selects a side by name, or else another one, without comparing yet.
func (c *compare) set(s *widget.Select, name, other string) {
	label := ""
	for _, wanted := range []string{other, name} {
		for _, n := range c.names {
			if wanted != "" && n.name == wanted {
				label = n.label
			}
		}
	}
	s.Selected = label
	s.Refresh()
}

// compareWith takes what is in use as B and compares it with a side.
func (c *compare) compareWith(name string) {
	c.set(c.a, name, "")
	if len(c.names) > 0 {
		c.b.Selected = c.names[0].label
		c.b.Refresh()
	}
	c.view(viewCompare)
	c.compare()
}

func (c *compare) swap() {
	c.a.Selected, c.b.Selected = c.b.Selected, c.a.Selected
	c.a.Refresh()
	c.b.Refresh()
	c.compare()
}

// compare asks for the comparison of what is chosen.
func (c *compare) compare() {
	names := [2]string{c.chosenName(c.a), c.chosenName(c.b)}
	if names[0] == "" || names[1] == "" {
		return
	}
	b := c.sh.bench
	req := workbench.CompareRequest{Metric: workbench.Metrics()[c.metric.SelectedIndex()] + ":" + c.convention.Selected, Weighted: c.weighted.Checked, Seed: 1}
	c.sentence.SetText(locale.T("Comparing…"))
	enable(c.adoptB, false) // it is about the choice before
	enable(c.reportAs, false)
	progress := c.sh.reporting(c.detail.SetText)
	c.sh.tasks.newest(&c.kept, 0, func(ctx context.Context) func() {
		var sides [2]workbench.Side
		var err error
		for i := range sides {
			if err == nil {
				sides[i], err = b.Side(names[i])
			}
		}
		var result *workbench.Comparison
		if err == nil {
			req.A, req.B = sides[0], sides[1]
			result, err = b.Compare(ctx, req, progress.report)
		}
		return func() {
			progress.end()
			c.sides, c.result = sides, result
			if err != nil {
				c.sh.notices.tell(failure(locale.T("They were not compared"), err))
			}
			c.show()
		}
	})
}

// show draws the result, or says that there is none.
func (c *compare) show() {
	r := c.result
	enable(c.adoptB, r != nil)
	enable(c.reportAs, r != nil)
	c.warnings.RemoveAll()
	c.sideLost.RemoveAll()
	c.sideBy.RemoveAll()
	c.pages.RemoveAll()
	if r == nil {
		c.sentence.SetText(locale.T("Is B better than A?"))
		c.detail.SetText(locale.T("Choose two rankings above. They are compared on every query that has grades."))
		c.plot.Set(nil)
		c.scatter.Set(nil)
		c.histogram.Set(nil)
		c.caption.SetText("")
		c.settleText.SetText("")
		c.settleButton.Hide()
		c.content.Refresh()
		c.side.Refresh()
		return
	}
	c.sentence.SetText(sentenceOf(r))
	c.detail.SetText(detailOf(r))
	for _, w := range r.Warnings {
		c.warnings.Add(widgets.NewParagraph(locale.Say(w), 560, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorFall}))
	}
	values, points := make([]float64, len(r.Queries)), make([][2]float64, len(r.Queries))
	for i, q := range r.Queries {
		values[i], points[i] = q.Delta, [2]float64{q.A.Value, q.B.Value}
	}
	c.plot.Set(values)
	c.scatter.Set(points)
	c.histogram.Set(values)
	c.hover(-1)
	c.showSide()
	if n := len(r.Queries); n > 0 {
		worst := n - 1
		if r.Queries[worst].Delta == 0 {
			worst = 0
		}
		c.open(worst)
	}
	c.content.Refresh()
	c.side.Refresh()
}

// sentenceOf is the answer in one line.
func sentenceOf(r *workbench.Comparison) string {
	delta := workbench.Signed(r.Delta)
	switch r.Verdict {
	case workbench.Better:
		return locale.T("B is better: %s %s", r.Metric.Label(), delta)
	case workbench.Worse:
		return locale.T("B is worse: %s %s", r.Metric.Label(), delta)
	}
	return locale.T("No difference shown: %s %s", r.Metric.Label(), delta)
}

// detailOf is what the answer rests on.
func detailOf(r *workbench.Comparison) string {
	return locale.T("95 %% interval %s to %s · p %s, paired randomisation, %d queries · %d won, %d lost, %d equal · judged coverage %d %% and %d %% · pages overlap: Jaccard %s, RBO %s",
		workbench.Signed(r.Low), workbench.Signed(r.High), workbench.Chance(r.P), len(r.Queries), r.Wins, r.Losses, r.Ties,
		int(100*r.A.Coverage+0.5), int(100*r.B.Coverage+0.5), number(r.Jaccard, 2), number(r.RBO, 2))
}

func (c *compare) showSide() {
	r := c.result
	lost := r.Lost(workbench.MostLosses)
	for _, q := range lost {
		c.sideLost.Add(newLostRow(q, func() { c.choose(q.Query) }))
	}
	if len(lost) == 0 {
		c.sideLost.Add(widgets.NewParagraph(locale.T("Nowhere: no judged query lost."), inspectorInner, widgets.Style{Colour: theme.ColorMuted}))
	}
	for _, m := range r.Metrics {
		colour := theme.ColorMuted
		if m.Corrected < 0.05 {
			colour = theme.ColorRise
			if m.Delta < 0 {
				colour = theme.ColorFall
			}
		}
		c.sideBy.Add(container.New(widgets.Columns{0, 120, 56}, widgets.NewText(m.Metric.Label(), widgets.Style{}),
			widgets.NewText(locale.Name(number(m.A, 3)+" → "+number(m.B, 3)), widgets.Style{Align: fyne.TextAlignTrailing}),
			widgets.NewText(workbench.Signed(m.Delta), widgets.Style{Colour: colour, Align: fyne.TextAlignTrailing})))
	}
	n := len(r.Unsettled)
	c.settleButton.Hidden = n == 0
	if n == 0 {
		c.settleText.SetText(locale.T("Everything on both first pages that could move the answer is graded."))
		return
	}
	c.settleText.SetText(locale.T("%d products on the first pages have no grade. These could move the difference most.", r.Unjudged))
	c.settleButton.SetLabel(locale.T("Judge these %d", n))
}

// choose opens a query by name.
func (c *compare) choose(query string) {
	i := slices.IndexFunc(c.result.Queries, func(q workbench.ComparedQuery) bool { return q.Query == query })
	if i >= 0 {
		c.open(i)
	}
}

// hover names the bar under the pointer.
func (c *compare) hover(i int) {
	if c.result == nil || i < 0 || i >= len(c.result.Queries) {
		c.caption.SetText(locale.T("Difference per query, best to worst. Click a bar to see both pages."))
		return
	}
	q := c.result.Queries[i]
	c.caption.SetText(locale.T("“%s”: %s → %s", q.Query, number(q.A.Value, 3), number(q.B.Value, 3)))
}

// hoverBin says how many queries the bin under the pointer counts.
func (c *compare) hoverBin(bin int) {
	if bin < 0 || bin >= len(c.histogram.Bins()) {
		c.hover(-1)
		return
	}
	b := c.histogram.Bins()[bin]
	switch {
	case b.High == 0 && b.Low == 0:
		c.caption.SetText(locale.N(b.Count, "%d query is equal", "%d queries are equal"))
	case b.Low < 0:
		c.caption.SetText(locale.N(b.Count, "%d query lost %s to %s", "%d queries lost %s to %s", number(-b.High, 3), number(-b.Low, 3)))
	default:
		c.caption.SetText(locale.N(b.Count, "%d query won %s to %s", "%d queries won %s to %s", number(b.Low, 3), number(b.High, 3)))
	}
}

// open shows both pages of a query, which is marked in the plots.
func (c *compare) open(i int) {
	if c.result == nil || i < 0 || i >= len(c.result.Queries) {
		return
	}
	c.plot.Choose(i)
	c.scatter.Choose(i)
	r, q, b := c.result, c.result.Queries[i], c.sh.bench
	c.sh.tasks.newest(&c.look, 0, func(context.Context) func() {
		pages, err := b.ComparedPages(r, q)
		return func() {
			if err != nil {
				c.sh.notices.tell(failure(locale.T("The pages were not read"), err))
				return
			}
			if c.result != r {
				return
			}
			c.pages.RemoveAll()
			c.pages.Add(newPagePair(pageSide{locale.T("A · “%s”", q.Query), q.A.Value, pages.A}, pageSide{locale.T("B · “%s”", q.Query), q.B.Value, pages.B}))
			c.content.Refresh()
		}
	})
}

// newLostRow is a query that lost, which opens its pages.
func newLostRow(q workbench.ComparedQuery, open func()) fyne.CanvasObject {
	return container.NewBorder(nil, nil, nil,
		widgets.NewText(workbench.Signed(q.Delta), widgets.Style{Colour: theme.ColorFall}),
		container.NewHBox(widgets.NewButton(shortened(q.Query, 34), widgets.Quiet, open)))
}

// shortened cuts a text to so many letters.
func shortened(s string, most int) string {
	letters := []rune(s)
	if len(letters) <= most {
		return s
	}
	return string(letters[:most-1]) + "…"
}

// adopt uses B from now on, with the answer as the reason.
func (c *compare) adopt() {
	if c.result == nil {
		return
	}
	b, side, why, before := c.sh.bench, c.sides[1], c.result.Sentence, c.sh.bench.Ranker()
	c.sh.tasks.inOrder(func() func() {
		r, err := b.AdoptSide(side, why)
		return func() {
			if err != nil {
				c.sh.notices.tell(failure(locale.T("B was not adopted"), err))
				return
			}
			if side.Ranker != nil && side.Rules == nil && side.Depth == 0 && side.Fusion == "" {
				c.sh.inUse(locale.T("%s is in use.", rankerName(&r, "")), before)
			} else {
				c.sh.notices.tell(notice{text: locale.T("B is in use: %s. The timeline leads back.", rankerName(&r, "")), action: locale.T("Timeline"), do: func() { c.view(viewTimeline) }})
			}
			c.sh.refresh()
			c.readNames()
		}
	})
}

// report writes the comparison to a file that the person names.
func (c *compare) report(format string) {
	r, b := c.result, c.sh.bench
	if r == nil {
		return
	}
	c.sh.files.save("report."+format, func(path string) {
		c.sh.tasks.inOrder(func() func() {
			err := b.WriteReport(r, format, path)
			return func() {
				if err != nil {
					c.sh.notices.tell(failure(locale.T("The report was not written"), err))
					return
				}
				c.sh.notices.tell(notice{text: locale.T("The report is in %s.", path)})
			}
		})
	})
}

// settle takes the pairs that would settle the comparison to the Judge place.
func (c *compare) settle() {
	r, b := c.result, c.sh.bench
	if r == nil || c.sh.judge == nil {
		return
	}
	c.sh.tasks.newest(&c.look, 0, func(context.Context) func() {
		items, err := b.Settling(r)
		return func() {
			if err != nil {
				c.sh.notices.tell(failure(locale.T("There is nothing to judge yet"), err))
				return
			}
			c.stale = true
			c.sh.judge.given(items)
			c.sh.goTo(placeJudge)
		}
	})
}

// reported shows how far a task is while it runs.
type reported struct {
	mu    sync.Mutex
	last  time.Time
	over  bool // on Fyne's goroutine
	post  func(func())
	shows func(string)
}

// reporting says now and then how far a task is.
func (sh *shell) reporting(shows func(string)) *reported { return newReported(sh.post, shows) }

func newReported(post func(func()), shows func(string)) *reported {
	return &reported{post: post, shows: shows, last: time.Now()}
}

func (r *reported) report(p engine.Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.Total == 0 || time.Since(r.last) < 200*time.Millisecond {
		return
	}
	r.last = time.Now()
	r.post(func() {
		if r.over {
			return
		}
		text := locale.T("%d of %d queries", p.Done, p.Total)
		if p.Stage == "encoding" {
			text = locale.T("The other encoder reads the catalogue: %d of %d products", p.Done, p.Total)
		}
		if l := left(p.Left); l != "" {
			text += " · " + l
		}
		r.shows(text)
	})
}

func (r *reported) end() { r.over = true }
