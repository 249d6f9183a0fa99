package ui

import (
	"fmt"

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

// pageSide is one of two pages that are shown side by side.
type pageSide struct {
	title string
	value float64
	lines []workbench.ComparedLine
}

// newPagePair shows two pages of a query, with the products that are on both
// joined by lines. The right one says how far each has moved against the left.
func newPagePair(left, right pageSide) fyne.CanvasObject {
	a, b := newPageCard(left, false), newPageCard(right, true)
	return container.New(&pairLayout{a, b, left.lines}, a.panel, b.panel, widgets.NewJoins())
}

// pairGap is the room between two pages that joins are drawn in.
const pairGap = 28

// pairLayout puts two pages side by side and joins their rows.
type pairLayout struct {
	a, b  *pageCard
	lines []workbench.ComparedLine // of a
}

// Layout implements fyne.Layout.
func (l *pairLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	wide := (size.Width - pairGap) / 2
	for i, page := range o[:2] {
		page.Move(fyne.NewPos(float32(i)*(wide+pairGap), 0))
		page.Resize(fyne.NewSize(wide, page.MinSize().Height))
	}
	joins := o[2].(*widgets.Joins)
	joins.Move(fyne.NewPos(wide, 0))
	joins.Resize(fyne.NewSize(pairGap, size.Height))
	var ends [][2]float32
	for i, line := range l.lines {
		if other := line.Other; other > 0 && other <= len(l.b.rows) {
			ends = append(ends, [2]float32{l.a.middle(i), l.b.middle(other - 1)})
		}
	}
	joins.Set(ends)
}

// MinSize implements fyne.Layout.
func (l *pairLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(2*max(a.Width, b.Width)+pairGap, max(a.Height, b.Height))
}

// pageCard is one page of a query.
type pageCard struct {
	panel  *widgets.Panel
	column *fyne.Container
	rows   []fyne.CanvasObject
}

// newPageCard shows a page; moves says how far products rose or fell against the
// other one.
func newPageCard(p pageSide, moves bool) *pageCard {
	c := &pageCard{column: container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap),
		container.New(widgets.Columns{0, 44}, widgets.NewText(p.title, widgets.Style{Bold: true, Cut: true}),
			widgets.NewText(number(p.value, 2), widgets.Style{Bold: true, Align: fyne.TextAlignTrailing})))}
	for i := range p.lines {
		row := newPageLine(&p.lines[i], moves)
		c.rows = append(c.rows, row)
		c.column.Add(widget.NewSeparator())
		c.column.Add(row)
	}
	if len(p.lines) == 0 {
		c.column.Add(widgets.NewText(locale.T("No products"), widgets.Style{Colour: theme.ColorMuted}))
	}
	c.panel = widgets.NewPanel(cardSurface, c.column)
	return c
}

// middle is how far below the top of the page the middle of a row lies.
func (c *pageCard) middle(row int) float32 {
	r := c.rows[row]
	return c.panel.Position().Y + c.column.Position().Y + r.Position().Y + r.Size().Height/2
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
	return container.New(widgets.Columns{20, 0, 36, 28},
		widgets.NewText(fmt.Sprint(l.Rank), widgets.Style{Colour: theme.ColorMuted, Align: fyne.TextAlignTrailing}),
		widgets.NewText(l.Product.Title, widgets.Style{Cut: true}),
		widgets.NewText(text, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: colour, Align: fyne.TextAlignTrailing}),
		gradeChip(l.Grade))
}

// gradeChip is a grade in its colour, a dot of the same height for none.
func gradeChip(g *engine.Grade) fyne.CanvasObject {
	if g == nil {
		return widgets.NewPanel(widgets.Surface{Down: 3}, widgets.NewText("·", widgets.Style{Bold: true, Colour: theme.ColorMuted, Align: fyne.TextAlignCenter}))
	}
	place := int(*g + 0.5)
	return widgets.NewPanel(widgets.Surface{Fill: theme.ColorGrade(place), Radius: theme.Rounded, Down: 3},
		widgets.NewText(locale.Name(fmt.Sprintf("%.2g", float64(*g))), widgets.Style{Bold: true, Colour: theme.ColorOnGrade(place), Align: fyne.TextAlignCenter}))
}
