package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

const queriesListed = 6 // of those that learning made worse

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
