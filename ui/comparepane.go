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

func (c *compare) buildSide() {
	c.sideLost, c.sideBy = container.New(layout.NewCustomPaddedVBoxLayout(0)), container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
	c.settleText = widgets.NewParagraph("", inspectorInner, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted})
	c.settleButton = widgets.NewButton("", widgets.Bordered, c.settle)
	var labels []string
	for _, m := range workbench.Metrics() {
		labels = append(labels, locale.Name(workbench.MetricLabel(m)))
	}
	c.metric = widgets.NewSelect(labels, nil)
	c.metric.SetSelectedIndex(0)
	var conventions []string
	for _, name := range workbench.Conventions() {
		conventions = append(conventions, locale.Say(name))
	}
	c.convention = widgets.NewSelect(conventions, nil)
	c.convention.SetSelectedIndex(0)
	c.weighted = widget.NewCheck(locale.T("Weigh by how often asked"), nil)
	again := func() { c.compare() }
	c.metric.OnChanged = func(string) { again() }
	c.convention.OnChanged = func(string) { again() }
	c.weighted.OnChanged = func(bool) { again() }
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2),
		sideHeading(locale.T("Where B hurts")), c.sideLost, widgets.NewText("", widgets.Style{}),
		sideHeading(locale.T("By metric")), container.NewGridWithColumns(2, c.metric, c.convention), flush(c.weighted), c.sideBy, widgets.NewText("", widgets.Style{}),
		sideHeading(locale.T("Would settle more")), c.settleText, container.NewHBox(c.settleButton))
	c.sideCompare = column
	c.sideSays = widgets.NewParagraph("", inspectorInner, widgets.Style{Colour: theme.ColorMuted})
	c.side = container.NewStack(sideColumn(container.NewStack(c.sideCompare, c.ideal.side, container.NewVBox(c.sideSays))))
}

func sideHeading(text string) fyne.CanvasObject {
	return widgets.NewText(text, widgets.Style{Bold: true})
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
		if m.Shown() {
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
