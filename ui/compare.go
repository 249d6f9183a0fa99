package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

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
	viewSweep:      locale.Mark("One number goes through its range, everything else stays. The best point is chosen on two thirds of the judged queries; the last third has no say in the choice and shows what is left of the gain. Each of the two curves fills its own range.\n\nA best point that does nothing for the queries left out is best by chance."),
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
	a, b               *widgets.Select
	metric, convention *widgets.Select
	weighted           *widget.Check
	reportAs, adoptB   *widgets.Button
	sentence, detail   *widgets.Paragraph
	caption            *widgets.Text // below the bars, and what is pointed at
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

func newCompare(sh *shell) *compare {
	c := &compare{sh: sh, stale: true}
	muted := widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}
	c.a, c.b = widgets.NewSelect(nil, func(string) { c.compare() }), widgets.NewSelect(nil, func(string) { c.compare() })
	c.reportAs = widgets.NewButton(locale.T("Report…"), widgets.Quiet, func() { c.report(locale.T("Report as a page (HTML)…"), "html") }).AtRight()
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
		c.sentence, c.detail, c.warnings, container.New(&plotsLayout{}, c.plot, c.scatter, c.histogram, c.caption,
			caption(locale.T("A across, B up"), fyne.TextAlignLeading), caption(locale.T("Queries by difference"), fyne.TextAlignLeading))))
	body := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap4), card, c.pages)
	first := container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, theme.Gap4, 0, 0), head), nil, nil, nil, besideBar(body))
	c.interleaving, c.ideal, c.sweep, c.timeline = newInterleaving(c), newIdeal(c), newSweeping(c), newTimeline(c)
	c.views = []fyne.CanvasObject{first, c.interleaving.content, c.ideal.content, c.sweep.content, c.timeline.content}
	c.content = container.New(layout.NewCustomPaddedLayout(theme.Gap4, theme.Gap4, theme.Gap5, theme.Gap5),
		container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, theme.Gap3, 0, 0), container.NewBorder(nil, nil, tabs, c.reportAs)), nil, nil, nil, container.NewStack(c.views...)))
	c.buildSide()
	c.view(viewCompare)
	c.show()
	return c
}

var cardSurface = widgets.Surface{Fill: theme.ColorSurface, Stroke: fynetheme.ColorNameSeparator, Radius: 2 * theme.Rounded, Across: theme.Gap4, Down: theme.Gap4}

// view shows the comparison or one of its other views.
func (c *compare) view(i int) {
	c.shown = i
	for k, v := range c.views {
		v.Hide()
		c.tabs[k].SetSelected(k == i)
	}
	c.views[i].Show()
	c.sh.canvas.Unfocus() // what had the focus may be hidden now
	c.reportAs.Hidden = i != viewCompare
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
