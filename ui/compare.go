package ui

import (
	"context"
	"fmt"
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
	viewSweep
	viewTimeline
)

// compare is the place where two rankings are set against each other: one
// sentence, a bar for each query, both pages of the chosen one, and at the side
// where B hurts and what would settle it.
type compare struct {
	sh   *shell
	kept latest // of comparisons
	look latest // of the lists and pages beside them

	content, side    *fyne.Container
	tabs             []*widgets.Button
	views            []fyne.CanvasObject
	a, b             *widget.Select
	reportAs, adoptB *widgets.Button
	sentence, detail *widgets.Paragraph
	caption          *widgets.Text
	plot             *widgets.Differences
	warnings         *fyne.Container
	pages            *fyne.Container
	sideLost, sideBy *fyne.Container
	settleText       *widgets.Paragraph
	settleButton     *widgets.Button
	sweep            *sweeping
	timeline         *fyne.Container

	names  []sideName
	result *workbench.Comparison
	sides  [2]workbench.Side
	shown  int  // view
	stale  bool // the workspace has changed since
}

// sideName is one choice of A or B.
type sideName struct{ name, label string }

func newCompare(sh *shell) *compare {
	c := &compare{sh: sh, stale: true}
	muted := widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}
	c.a, c.b = widget.NewSelect(nil, func(string) { c.chosen() }), widget.NewSelect(nil, func(string) { c.chosen() })
	c.reportAs = widgets.NewButton(locale.T("Report…"), widgets.Bordered, func() { c.report("html") })
	c.adoptB = widgets.NewButton(locale.T("Adopt B"), widgets.Primary, c.adopt)
	for i, name := range []string{locale.T("Compare"), locale.T("Sweep"), locale.T("Timeline")} {
		c.tabs = append(c.tabs, widgets.NewButton(name, widgets.Quiet, func() { c.view(i) }))
	}
	c.sentence = widgets.NewParagraph("", 600, widgets.Style{Size: theme.SizeTitle, Bold: true})
	c.detail = widgets.NewParagraph("", 600, muted)
	c.caption = widgets.NewText("", muted)
	c.plot = widgets.NewDifferences()
	c.plot.OnChosen = c.open
	c.plot.OnHover = c.hover
	c.warnings = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
	c.pages = container.NewGridWithColumns(2)
	head := container.NewBorder(nil, nil, nil,
		container.New(layout.NewCustomPaddedLayout(0, 0, theme.Gap4, 0), container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap2), c.reportAs, c.adoptB)),
		container.New(widgets.Columns{0, 72, 0}, c.a, widgets.NewText(locale.T("against"), widgets.Style{Colour: theme.ColorMuted, Align: fyne.TextAlignCenter}), c.b))
	card := widgets.NewPanel(cardSurface, container.New(&wrapping{c.sentence, c.detail},
		c.sentence, c.detail, c.warnings, c.plot, c.caption))
	body := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap4), card, c.pages)
	first := container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, theme.Gap4, 0, 0), head), nil, nil, nil, container.NewVScroll(body))
	c.sweep = newSweeping(c)
	c.timeline = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2))
	c.views = []fyne.CanvasObject{first, c.sweep.content, container.NewVScroll(c.timeline)}
	tabs := container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap2), c.tabs[0], c.tabs[1], c.tabs[2])
	c.content = container.New(layout.NewCustomPaddedLayout(theme.Gap4, theme.Gap4, theme.Gap5, theme.Gap5),
		container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, theme.Gap3, 0, 0), tabs), nil, nil, nil, container.NewStack(c.views...)))
	c.buildSide()
	c.view(viewCompare)
	c.show()
	return c
}

var cardSurface = widgets.Surface{Fill: theme.ColorSurface, Stroke: fynetheme.ColorNameSeparator, Radius: 2 * theme.Rounded, Across: theme.Gap4, Down: theme.Gap4}

// wrapping stacks objects and tells paragraphs among them how wide they are.
type wrapping struct{ one, two *widgets.Paragraph }

// Layout implements fyne.Layout.
func (w *wrapping) Layout(o []fyne.CanvasObject, size fyne.Size) {
	w.one.SetWidth(size.Width)
	w.two.SetWidth(size.Width)
	y := float32(0)
	for _, part := range o {
		h := part.MinSize().Height
		part.Move(fyne.NewPos(0, y))
		part.Resize(fyne.NewSize(size.Width, h))
		if h > 0 {
			y += h + theme.Gap2
		}
	}
}

// MinSize implements fyne.Layout.
func (w *wrapping) MinSize(o []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(300, 0)
	for _, part := range o {
		if h := part.MinSize().Height; h > 0 {
			size.Height += h + theme.Gap2
		}
	}
	return size
}

func (c *compare) buildSide() {
	c.sideLost, c.sideBy = container.New(layout.NewCustomPaddedVBoxLayout(0)), container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
	c.settleText = widgets.NewParagraph("", inspectorInner, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted})
	c.settleButton = widgets.NewButton("", widgets.Bordered, c.settle)
	heading := func(text string) fyne.CanvasObject { return widgets.NewText(text, widgets.Style{Bold: true}) }
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2),
		heading(locale.T("Where B hurts")), c.sideLost, widgets.NewText("", widgets.Style{}),
		heading(locale.T("By metric")), c.sideBy, widgets.NewText("", widgets.Style{}),
		heading(locale.T("Would settle more")), c.settleText, container.NewHBox(c.settleButton))
	c.side = container.NewStack(widgets.NewPanel(widgets.Surface{Fill: theme.ColorSurface, Across: theme.Gap4, Down: theme.Gap4}, container.NewVScroll(column)))
}

// view shows the comparison, the sweep or the timeline.
func (c *compare) view(i int) {
	c.shown = i
	for k, v := range c.views {
		if k == i {
			v.Show()
		} else {
			v.Hide()
		}
		c.tabs[k].SetSelected(k == i)
	}
	if i == viewTimeline {
		c.readTimeline()
	}
	if i == viewSweep {
		c.sweep.enter()
	}
	c.content.Refresh()
}

func (c *compare) enter() {
	if c.stale {
		c.readNames()
	}
	if c.shown == viewTimeline {
		c.readTimeline()
	}
}

func (c *compare) leave() { c.kept.stop(); c.look.stop() }

// readNames lists what can be compared, and compares the newest two.
func (c *compare) readNames() {
	c.stale = false
	b, sets := c.sh.bench, c.sh.bench.RuleSets()
	inUse := b.Ranker()
	c.sh.tasks.newest(&c.look, 0, func(context.Context) func() {
		rankers, err := b.Rankers()
		snapshots, failed := b.Snapshots()
		if err == nil {
			err = failed
		}
		return func() {
			if err != nil {
				c.sh.notices.tell(failure(locale.T("The rankers were not read"), err))
				return
			}
			c.name(rankers, snapshots, sets, &inUse)
			c.compare()
		}
	})
}

// name fills the choosers. B is what is in use, A what was before it.
func (c *compare) name(rankers []engine.Ranker, snapshots []workbench.Snapshot, sets []string, inUse *engine.Ranker) {
	c.names = nil
	add := func(name, label string) {
		if !slices.ContainsFunc(c.names, func(s sideName) bool { return s.name == name || s.label == label }) {
			c.names = append(c.names, sideName{name, label})
		}
	}
	used := fmt.Sprintf("%s@%d", inUse.Name, inUse.Version)
	if inUse.Name == "default" || inUse.Version == 0 {
		used = inUse.Name
	}
	add(used, locale.T("In use: %s", rankerName(inUse, "")))
	before := "default"
	for _, r := range slices.Backward(rankers) {
		name := fmt.Sprintf("%s@%d", r.Name, r.Version)
		if r.Name == inUse.Name && r.Version < inUse.Version && before == "default" {
			before = name
		}
		add(name, rankerName(&r, ""))
	}
	add("default", locale.T("First weights"))
	add("bm25", locale.T("Words alone (BM25)"))
	add("cosine", locale.T("Meaning alone (cosine)"))
	if used == "default" {
		before = "bm25"
	}
	for _, s := range slices.Backward(snapshots) {
		add("snapshot:"+s.Name, locale.T("Snapshot: %s", s.Name))
	}
	for _, s := range sets {
		label := locale.T("Rules: %s", s)
		if s == workbench.NoRules {
			label = locale.T("Without rules")
		}
		add("rules:"+s, label)
	}
	labels := make([]string, len(c.names))
	for i, n := range c.names {
		labels[i] = n.label
	}
	a, b := c.chosenName(c.a), c.chosenName(c.b)
	c.a.Options, c.b.Options = labels, labels
	c.set(c.a, a, before)
	c.set(c.b, b, used)
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
			if n.name == wanted {
				label = n.label
			}
		}
	}
	s.Selected = label
	s.Refresh()
}

func (c *compare) chosen() { c.compare() }

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
	c.sentence.SetText(locale.T("Comparing…"))
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
			result, err = b.Compare(ctx, workbench.CompareRequest{A: sides[0], B: sides[1], Seed: 1}, progress.report)
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
	values := make([]float64, len(r.Queries))
	for i, q := range r.Queries {
		values[i] = q.Delta
	}
	c.plot.Set(values)
	c.hover(-1)
	c.showSide()
	if n := len(r.Queries); n > 0 {
		worst := n - 1
		if r.Queries[worst].Delta == 0 {
			worst = 0
		}
		c.plot.Choose(worst)
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
	return locale.T("95 %% interval %s to %s · p = %s, paired randomisation, %d queries · %d won, %d lost, %d equal · judged coverage %d %% and %d %% · pages overlap: Jaccard %s, RBO %s",
		workbench.Signed(r.Low), workbench.Signed(r.High), fmt.Sprintf("%.2g", r.P), len(r.Queries), r.Wins, r.Losses, r.Ties,
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
		c.plot.Choose(i)
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

// open shows both pages of a query.
func (c *compare) open(i int) {
	if c.result == nil || i < 0 || i >= len(c.result.Queries) {
		return
	}
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
			c.pages.Add(pageCard(locale.T("A · “%s”", q.Query), q.A.Value, pages.A, false))
			c.pages.Add(pageCard(locale.T("B · “%s”", q.Query), q.B.Value, pages.B, true))
			c.content.Refresh()
		}
	})
}

// pageCard is one side's page of a query; moves says how far products rose or
// fell against the other side.
func pageCard(title string, value float64, lines []workbench.ComparedLine, moves bool) fyne.CanvasObject {
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap),
		container.New(widgets.Columns{0, 60}, widgets.NewText(title, widgets.Style{Bold: true, Cut: true}),
			widgets.NewText(number(value, 2), widgets.Style{Bold: true, Align: fyne.TextAlignTrailing})))
	for _, l := range lines {
		column.Add(widget.NewSeparator())
		column.Add(newPageLine(&l, moves))
	}
	if len(lines) == 0 {
		column.Add(widgets.NewText(locale.T("No products"), widgets.Style{Colour: theme.ColorMuted}))
	}
	return widgets.NewPanel(cardSurface, column)
}

func newPageLine(l *workbench.ComparedLine, moves bool) fyne.CanvasObject {
	text, colour := "", theme.ColorMuted
	switch rose := l.Other - l.Rank; {
	case l.Other == 0 && moves:
		text = locale.T("new")
	case l.Other == 0:
		text = locale.T("gone")
	case moves && rose > 0:
		text, colour = fmt.Sprintf("▲%d", rose), theme.ColorRise
	case moves && rose < 0:
		text, colour = fmt.Sprintf("▼%d", -rose), theme.ColorFall
	}
	return container.New(widgets.Columns{20, 0, 40, 30},
		widgets.NewText(fmt.Sprint(l.Rank), widgets.Style{Colour: theme.ColorMuted, Align: fyne.TextAlignTrailing}),
		widgets.NewText(l.Product.Title, widgets.Style{Cut: true}),
		widgets.NewText(text, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: colour, Align: fyne.TextAlignTrailing}),
		gradeChip(l.Grade))
}

// gradeChip is a grade in its colour, nothing for none.
func gradeChip(g *engine.Grade) fyne.CanvasObject {
	if g == nil {
		return widgets.NewText("·", widgets.Style{Colour: theme.ColorMuted, Align: fyne.TextAlignCenter})
	}
	place := int(*g + 0.5)
	return widgets.NewPanel(widgets.Surface{Fill: theme.ColorGrade(place), Radius: theme.Rounded, Down: 3},
		widgets.NewText(locale.Name(fmt.Sprintf("%.2g", float64(*g))), widgets.Style{Bold: true, Colour: theme.ColorOnGrade(place), Align: fyne.TextAlignCenter}))
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
	b, side, why := c.sh.bench, c.sides[1], c.result.Sentence
	c.sh.tasks.inOrder(func() func() {
		r, err := b.AdoptSide(side, why)
		return func() {
			if err != nil {
				c.sh.notices.tell(failure(locale.T("B was not adopted"), err))
				return
			}
			c.sh.notices.tell(notice{text: locale.T("B is in use: %s. The timeline leads back.", rankerName(&r, "")), action: locale.T("Timeline"), do: func() { c.view(viewTimeline) }})
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
func (sh *shell) reporting(shows func(string)) *reported {
	return &reported{post: sh.post, shows: shows, last: time.Now()}
}

func (r *reported) report(p engine.Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.Total == 0 || time.Since(r.last) < 200*time.Millisecond {
		return
	}
	r.last = time.Now()
	r.post(func() {
		if !r.over {
			r.shows(locale.T("%d of %d queries", p.Done, p.Total))
		}
	})
}

func (r *reported) end() { r.over = true }
