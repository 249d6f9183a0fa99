package ui

import (
	"fmt"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
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

const (
	inspectorWidth = 352
	inspectorInner = inspectorWidth - 2*theme.Gap4
	swatchSize     = 10
	labelWidth     = 136
	valueWidth     = 42
	unmeasured     = "–"
	shownWeight    = 0.005 // smaller ones show as 0.00
	queriesListed  = 6     // of those that learning made worse
)

// inspector is the pane at the right: how good this page and all pages are, and
// below it the weights or the reasons of the selected result.
type inspector struct {
	s       *search
	content fyne.CanvasObject

	page, mean           *figure
	tabs                 *fyne.Container
	weightsTab, whyTab   *widgets.Button
	weightsPane, whyPane *fyne.Container
	version              *widgets.Text
	weights              []*weightRow
	more                 *widgets.Button
	unweighed            *widgets.Paragraph // in place of the weights, of rankers that have none
	all                  bool               // weights of 0 are listed too
	learn, reset, keep   *widgets.Button
	progress             *fyne.Container
	meter                *widgets.Meter
	stage                *widgets.Text
	outcome              *fyne.Container
	why                  *why
}

func newInspector(s *search) *inspector {
	in := &inspector{s: s}
	in.page, in.mean = newFigure(locale.T("This query")), newFigure(locale.T("All queries"))
	in.weightsTab = widgets.NewButton(locale.T("Weights"), widgets.Quiet, func() { in.choose(false) })
	in.whyTab = widgets.NewButton(locale.T("Why"), widgets.Quiet, func() { in.choose(true) })
	in.version = widgets.NewText("", widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Align: fyne.TextAlignTrailing, Cut: true})
	in.weightsPane = container.New(layout.NewCustomPaddedVBoxLayout(2))
	in.learn = widgets.NewButton(locale.T("Learn"), widgets.Primary, s.learn)
	in.reset = widgets.NewButton(locale.T("Reset"), widgets.Bordered, s.reset)
	in.keep = widgets.NewButton(locale.T("Keep"), widgets.Bordered, s.keep)
	in.meter = widgets.NewMeter()
	in.stage = widgets.NewText("", widgets.Style{Colour: theme.ColorMuted, Cut: true})
	in.progress = container.NewBorder(nil, nil, nil,
		widgets.NewButton(locale.T("Cancel"), widgets.Bordered, func() {
			if s.stopLearn != nil {
				s.stopLearn()
			}
		}),
		container.New(layout.NewCustomPaddedLayout(0, 0, 0, theme.Gap3),
			container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap), in.stage, in.meter)))
	in.outcome = container.New(layout.NewCustomPaddedVBoxLayout(0))
	in.why = newWhy(s)
	in.whyPane = container.NewStack(in.why.content)
	in.whyPane.Hide()

	in.unweighed = widgets.NewParagraph(locale.T("Trees and networks have no weights to move. Why shows what each feature adds; Models takes a weighted sum back into use."), inspectorInner, widgets.Style{Colour: theme.ColorMuted})
	in.more = widgets.NewButton("", widgets.Quiet, func() {
		in.all = !in.all
		in.show()
		in.content.Refresh()
	})
	in.tabs = container.NewBorder(nil, nil, container.NewHBox(in.weightsTab, in.whyTab), nil, in.version)
	pad := func(top, bottom float32, o fyne.CanvasObject) fyne.CanvasObject {
		return container.New(layout.NewCustomPaddedLayout(top, bottom, theme.Gap4, theme.Gap4), o)
	}
	head := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap4), in.page.content, in.mean.content, widget.NewSeparator(), in.tabs)
	foot := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap3),
		container.NewStack(container.New(widgets.Flow{Gap: theme.Gap2, Width: inspectorInner}, in.learn, in.reset, in.keep), in.progress), in.outcome)
	body := pad(0, 0, container.NewStack(in.weightsPane, in.whyPane))
	in.content = widgets.NewPanel(widgets.Surface{Fill: theme.ColorSurface}, container.New(shrinking{body: body},
		pad(theme.Gap4, theme.Gap2, head), container.NewVScroll(body), pad(theme.Gap3, theme.Gap4, foot)))
	in.rebuild()
	return in
}

// rebuild makes a slider for each feature; after an import there may be others.
func (in *inspector) rebuild() {
	in.weightsPane.RemoveAll()
	in.weights = nil
	for i, f := range in.s.bench.Features() {
		row := newWeightRow(in.s, f, i)
		in.weights = append(in.weights, row)
		in.weightsPane.Add(row.content)
	}
	in.weightsPane.Add(container.NewHBox(in.more))
	in.weightsPane.Add(in.unweighed)
	in.show()
}

// choose shows the reasons of the selected result, or the weights.
func (in *inspector) choose(why bool) {
	in.whyPane.Hidden, in.weightsPane.Hidden = !why, why
	in.show()
	in.content.Refresh()
	in.s.onStatus()
}

// toggleWhy goes from weights to reasons and back.
func (in *inspector) toggleWhy() { in.choose(in.whyPane.Hidden) }

// compareWith holds on to the selected result, to set another against it, or
// lets go of it.
func (in *inspector) compareWith() {
	in.choose(true)
	in.why.setAgainst()
}

// show draws everything from the state of the search.
func (in *inspector) show() {
	in.showPage()
	in.showMean()
	in.weightsTab.SetSelected(!in.weightsPane.Hidden)
	in.whyTab.SetSelected(!in.whyPane.Hidden)
	in.showWeights()
	in.showLearning()
	in.showOutcome()
	in.showWhy()
}

func (in *inspector) showPage() {
	s := in.s
	if s.page == nil || len(s.page.Results) == 0 {
		in.page.set(unmeasured, locale.T("no page to measure"), "")
		return
	}
	have := judgedOn(s.page)
	score, ok := s.bench.Measure(s.page)
	if !ok {
		in.page.set(unmeasured, have, locale.T("grade one with 1, 2 or 3 to measure it"))
		return
	}
	name := metric("ndcg@10")
	if s.evaluation != nil {
		name = metric(s.evaluation.Metric) + " · " + locale.Say(s.evaluation.Convention)
	}
	if score.Best-score.Worst >= 0.005 {
		have += locale.T(" · between %s and %s", number(score.Worst, 2), number(score.Best, 2))
	}
	in.page.set(number(score.Value, 2), name, have)
}

// judgedOn says how much of what is measured of a page is judged.
func judgedOn(page *workbench.Page) string {
	shown, judged := min(len(page.Results), metricDepth), 0
	for _, r := range page.Results[:shown] {
		if r.Grade != nil {
			judged++
		}
	}
	return locale.T("%d of %d judged", judged, shown)
}

func (in *inspector) showMean() {
	s := in.s
	e := s.evaluation
	if e == nil {
		in.mean.title.SetText(locale.T("All queries"))
		text := locale.T("being measured")
		if s.status.Judgments == 0 {
			text = locale.T("nothing graded yet")
		}
		in.mean.set(unmeasured, text, "")
		return
	}
	in.mean.title.SetText(locale.N(e.Queries, "All %d query", "All %d queries"))
	first, colour := fmt.Sprintf("%s · %s", metric(e.Metric), locale.Say(e.Convention)), theme.ColorMuted
	if s.was != nil {
		change := e.Mean - *s.was
		first = locale.T("was %s · %s", number(*s.was, 3), signed(change, 3))
		switch {
		case change >= 0.0005:
			colour = theme.ColorRise
		case change <= -0.0005:
			colour = theme.ColorFall
		}
	}
	second := locale.T("%.0f %% of the first pages judged", 100*e.Coverage)
	if e.Queries == 0 {
		in.mean.set(unmeasured, locale.T("no query has a grade above 0"), "")
		return
	}
	in.mean.set(number(e.Mean, 3), first, second)
	in.mean.first.SetColour(colour)
}

func (in *inspector) showWeights() {
	s := in.s
	r := s.weights()
	state := ""
	switch {
	case s.live.trying:
		state = locale.T(", trying")
	case s.draft != nil:
		state = locale.T(", changed")
	}
	in.version.SetText(rankerName(&r, state))
	reach := 1.0
	for _, w := range s.ranker.Weights {
		reach = max(reach, math.Abs(w.Weight))
	}
	if reach > 1 {
		reach = math.Ceil(reach * 1.25)
	}
	sum := r.Kind == engine.Linear || r.Kind == ""
	in.unweighed.Hidden = sum
	unused := 0
	for _, row := range in.weights {
		row.show(&r, reach)
		name := row.feature.Name
		none := math.Abs(r.Weight(name)) < shownWeight && math.Abs(s.ranker.Weight(name)) < shownWeight
		row.content.Hidden = none && !in.all || !sum
		if none {
			unused++
		}
	}
	in.more.Hidden = unused == 0 || !sum
	if in.all {
		in.more.SetLabel(locale.T("Hide those at 0"))
	} else {
		in.more.SetLabel(locale.T("%d more at 0", unused))
	}
	in.weightsPane.Refresh()
	enable(in.reset, s.draft != nil)
	enable(in.keep, s.draft != nil)
	enable(in.learn, s.status.Judgments > 0)
	in.learn.SetLabel(locale.N(s.status.Judgments, "Learn from %d grade", "Learn from %d grades"))
}

func enable(b *widgets.Button, on bool) {
	if on && b.Disabled() {
		b.Enable()
	} else if !on && !b.Disabled() {
		b.Disable()
	}
}

// rankerName is a ranker's name and version, with what else is to be said of it.
func rankerName(r *engine.Ranker, state string) string {
	name := r.Name
	if r.Version > 0 {
		name = fmt.Sprintf("%s v%d", name, r.Version)
	}
	return name + state
}

// showLearning shows how far learning is, in place of the buttons.
func (in *inspector) showLearning() {
	p := in.s.learning
	in.progress.Hidden = p == nil
	for _, b := range []*widgets.Button{in.learn, in.reset, in.keep} {
		b.Hidden = p != nil
	}
	if p != nil {
		text := locale.T("Learning")
		if p.Total > 0 {
			in.meter.Set(float64(p.Done) / float64(p.Total))
		} else {
			in.meter.Set(0)
		}
		if l := left(p.Left); l != "" {
			text += " · " + l
		}
		in.stage.SetText(text)
	}
	in.progress.Refresh()
}

// showOutcome says what came of learning.
func (in *inspector) showOutcome() {
	l := in.s.outcome
	in.outcome.RemoveAll()
	if l == nil || in.weightsPane.Hidden { // the reasons need the room
		return
	}
	inner := inspectorInner - 2*theme.Gap4
	title, fill := locale.T("Learned, and better."), theme.ColorRow
	if !l.Adopted {
		title, fill = locale.T("The old weights stay."), theme.ColorAlert
	}
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap), widgets.NewText(title, widgets.Style{Bold: true}))
	if l.Why != "" {
		column.Add(widgets.NewParagraph(locale.Say(l.Why), inner, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}))
	}
	if len(l.Better)+len(l.Worse)+l.Equal > 0 {
		column.Add(scores(l))
	}
	if n := len(l.Worse); n > 0 {
		listed := container.New(layout.NewCustomPaddedVBoxLayout(0))
		listed.Hide()
		for _, q := range l.Worse[:min(n, queriesListed)] {
			listed.Add(container.NewHBox(widgets.NewButton(q, widgets.Quiet, func() { in.s.open(q) })))
		}
		label := locale.T("See the query that got worse")
		if n > 1 {
			label = locale.T("See the %d that got worse", n)
		}
		var more *widgets.Button
		more = widgets.NewButton(label, widgets.Quiet, func() {
			listed.Show()
			more.Hide()
			in.content.Refresh()
		})
		column.Add(container.NewVBox(container.NewHBox(more), listed))
	}
	in.outcome.Add(widgets.NewPanel(
		widgets.Surface{Fill: fill, Radius: 2 * theme.Rounded, Across: theme.Gap4, Down: theme.Gap3}, column))
}

// scores sets what learning did to queries that were left out beside what it did
// to those that it learned from: far apart, it has learned them by heart.
func scores(l *workbench.Learned) fyne.CanvasObject {
	cell := func(text string, style widgets.Style) fyne.CanvasObject {
		style.Size = fynetheme.SizeNameCaptionText
		return widgets.NewText(text, style)
	}
	right := widgets.Style{Colour: theme.ColorMuted, Align: fyne.TextAlignTrailing}
	columns := widgets.Columns{0, 50, 50, 54}
	table := container.New(layout.NewCustomPaddedVBoxLayout(0), cell(locale.T("NDCG@10 on queries"), widgets.Style{Colour: theme.ColorMuted}), container.New(columns,
		cell("", right), cell(locale.T("before"), right), cell(locale.T("after"), right), cell("", right)))
	for _, row := range []struct {
		name string
		of   [2]float64
	}{{locale.T("left out"), l.Score}, {locale.T("learned from"), l.Train}} {
		figure := widgets.Style{Align: fyne.TextAlignTrailing}
		table.Add(container.New(columns, cell(row.name, widgets.Style{}), cell(number(row.of[0], 3), figure),
			cell(number(row.of[1], 3), figure), cell(signed(row.of[1]-row.of[0], 3), right)))
	}
	return table
}

// showWhy shows the reasons of the selected result.
func (in *inspector) showWhy() {
	if i := in.s.row(in.s.selected); i >= 0 {
		in.whyTab.SetLabel(locale.T("Why is it #%d", i+1))
		enable(in.whyTab, true)
	} else {
		in.whyTab.SetLabel(locale.T("Why"))
		enable(in.whyTab, !in.whyPane.Hidden)
	}
	in.tabs.Refresh()
	if !in.whyPane.Hidden {
		in.why.show()
		in.content.Refresh() // the reasons of another result take another height
	}
}

// shrinking stacks a head, a scroll and a foot. The scroll is as high as its
// body until space is short, so that the foot never leaves the window.
type shrinking struct{ body fyne.CanvasObject }

// Layout implements fyne.Layout.
func (l shrinking) Layout(o []fyne.CanvasObject, size fyne.Size) {
	head, foot := o[0].MinSize().Height, o[2].MinSize().Height
	middle := max(min(l.body.MinSize().Height, size.Height-head-foot), 0)
	y := float32(0)
	for i, height := range []float32{head, middle, foot} {
		o[i].Move(fyne.NewPos(0, y))
		o[i].Resize(fyne.NewSize(size.Width, height))
		y += height
	}
}

// MinSize implements fyne.Layout.
func (l shrinking) MinSize(o []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, part := range o {
		m := part.MinSize()
		size = fyne.NewSize(max(size.Width, m.Width), size.Height+m.Height)
	}
	return size
}

// figure is a headline number with two lines beside it.
type figure struct {
	content              fyne.CanvasObject
	title                *widgets.Text
	value, first, second *widgets.Text
}

func newFigure(title string) *figure {
	caption := widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Cut: true}
	f := &figure{
		title: widgets.NewText(title, widgets.Style{Bold: true}),
		value: widgets.NewText("", widgets.Style{Size: theme.SizeFigure, Bold: true}),
		first: widgets.NewText("", caption), second: widgets.NewText("", caption),
	}
	beside := container.New(layout.NewCustomPaddedVBoxLayout(2), layout.NewSpacer(), f.first, f.second, layout.NewSpacer())
	f.content = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap), f.title,
		container.NewBorder(nil, nil, f.value, nil, container.New(layout.NewCustomPaddedLayout(0, 0, theme.Gap3, 0), beside)))
	return f
}

func (f *figure) set(value, first, second string) {
	f.value.SetText(value)
	colour := fynetheme.ColorNameForeground
	if value == unmeasured {
		colour = theme.ColorMuted
	}
	f.value.SetColour(colour)
	f.first.SetText(first)
	f.first.SetColour(theme.ColorMuted)
	f.second.SetText(second)
	f.content.Refresh()
}

// weightRow is one feature with the slider of its weight.
type weightRow struct {
	feature engine.Feature
	content *fyne.Container
	slider  *widgets.Slider
	value   *widgets.Text
}

func newWeightRow(s *search, f engine.Feature, place int) *weightRow {
	r := &weightRow{
		feature: f,
		slider:  widgets.NewSlider(0, 1),
		value:   widgets.NewText("", widgets.Style{Align: fyne.TextAlignTrailing}),
	}
	r.slider.OnChanged = func(v float64) { s.setWeight(f.Name, v) }
	r.content = container.New(widgets.Columns{swatchSize, labelWidth, 0, valueWidth},
		swatch(place), widgets.NewParagraph(locale.Say(f.Label), labelWidth, widgets.Style{}), r.slider, r.value)
	return r
}

// show sets the slider; reach is the largest weight that sliders offer.
func (r *weightRow) show(ranker *engine.Ranker, reach float64) {
	w := ranker.Weight(r.feature.Name)
	low, high := -reach, reach
	if r.feature.Sign > 0 && w >= 0 {
		low = 0
	} else if r.feature.Sign < 0 && w <= 0 {
		high = 0
	}
	r.slider.Set(min(low, w), max(high, w), w)
	r.value.SetText(number(w, 2))
}

// swatch is the colour of a feature.
func swatch(place int) fyne.CanvasObject {
	c := canvas.NewRectangle(theme.Feature(place))
	c.CornerRadius = 2
	c.SetMinSize(fyne.NewSquareSize(swatchSize))
	return c
}
