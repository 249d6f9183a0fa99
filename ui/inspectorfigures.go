package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

const unmeasured = "–"

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
