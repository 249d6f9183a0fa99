package ui

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// splitCell is one result in a column of a split. What finds no room is left out:
// the bar of the score first, then the picture.
type splitCell struct {
	widget.BaseWidget
	resultParts
	sp     *split
	column int

	mark    *canvas.Rectangle // behind the grade
	grade   *widgets.Text
	objects []fyne.CanvasObject
}

const (
	cellRank    = 30
	cellTile    = 34
	cellBar     = 88
	cellGrade   = 26
	cellTitle   = 170 // what a picture leaves to the title at least
	cellComfort = 240 // and the bar
)

func newSplitCell(sp *split, column int) *splitCell {
	c := &splitCell{sp: sp, column: column, resultParts: newResultParts(),
		mark:  canvas.NewRectangle(nil),
		grade: widgets.NewText("", widgets.Style{Bold: true, Align: fyne.TextAlignCenter}),
	}
	c.mark.CornerRadius = theme.Rounded
	c.objects = []fyne.CanvasObject{c.back, c.focus, c.rank, c.moved, c.thumb, c.title, c.about, c.bar, c.mark, c.grade}
	c.ExtendBaseWidget(c)
	return c
}

// set shows the i-th result of a page that stands at there in the other column.
// Where that is of another query, nothing is said of it.
func (c *splitCell) set(page *workbench.Page, i, there int, ok, same bool) {
	s := c.sp.s
	result := &page.Results[i]
	c.resultParts.set(s, result, i, c.sp.list.colours, c.sp.full[c.column])
	text, colour := "", theme.ColorMuted
	if same {
		text, colour = movedText(c.column, i, there, ok)
	}
	c.setMoved(text, colour)
	c.about.SetText(priceFirst(&result.Product))
	grade, ink := "·", theme.ColorMuted
	c.mark.Hidden = result.Grade == nil
	if g := result.Grade; g != nil {
		place := int(*g + 0.5)
		grade, ink = locale.Name(fmt.Sprintf("%.2g", float64(*g))), theme.ColorOnGrade(place)
		c.mark.FillColor = fynetheme.ColorForWidget(theme.ColorGrade(place), c)
		if fills := gradeColours(s.bench.Scale()); place < len(fills) && fills[place] != nil {
			c.mark.FillColor = fills[place]
		}
	}
	c.grade.SetText(grade)
	c.grade.SetColour(ink)
	selected := c.id == s.selected
	c.back.Hidden = !selected && c.id != c.sp.pointed
	c.focus.Hidden = !selected || !c.sp.list.focused || c.column != c.sp.faced
	c.Refresh()
}

// priceFirst says what kind of thing a product is where there may be little room:
// price · brand · category.
func priceFirst(p *engine.Product) string {
	parts := slices.DeleteFunc([]string{price(p), p.Brand, p.Category}, func(s string) bool { return s == "" })
	return strings.Join(parts, " · ")
}

// Tapped implements fyne.Tappable.
func (c *splitCell) Tapped(*fyne.PointEvent) {
	s := c.sp.s
	s.focus(c.sp.list)
	c.sp.faced = c.column
	s.pick(c.id)
}

// MouseIn implements desktop.Hoverable.
func (c *splitCell) MouseIn(*desktop.MouseEvent) { c.sp.point(c.id) }

// MouseMoved implements desktop.Hoverable.
func (c *splitCell) MouseMoved(*desktop.MouseEvent) { c.sp.point(c.id) }

// MouseOut implements desktop.Hoverable.
func (c *splitCell) MouseOut() { c.sp.point("") }

// CreateRenderer implements fyne.Widget.
func (c *splitCell) CreateRenderer() fyne.WidgetRenderer {
	r := &splitCellRenderer{c}
	r.Refresh()
	return r
}

type splitCellRenderer struct{ c *splitCell }

func (r *splitCellRenderer) Objects() []fyne.CanvasObject { return r.c.objects }
func (r *splitCellRenderer) Destroy()                     {}

func (r *splitCellRenderer) MinSize() fyne.Size {
	_, _, both := r.c.lines()
	return fyne.NewSize(120, both+2*theme.Gap)
}

func (r *splitCellRenderer) Layout(size fyne.Size) {
	c := r.c
	body, caption, both := c.lines()
	top := (size.Height - both) / 2
	second := top + body + 1
	putAt(c.back, 0, -1, size.Width, size.Height+2)
	putAt(c.focus, 0, 6, 3, size.Height-12)
	x := float32(theme.Gap)
	rank := asText(cellRank)
	c.placeRank(x, rank, size.Height)
	x += rank + theme.Gap2
	right := size.Width - theme.Gap2 - cellGrade
	putAt(c.mark, right, (size.Height-body-2*theme.Gap)/2, cellGrade, body+2*theme.Gap)
	putAt(c.grade, right, (size.Height-body)/2, cellGrade, body)
	right -= theme.Gap2
	c.thumb.Hidden = right-x-cellTile-theme.Gap2 < cellTitle
	if !c.thumb.Hidden {
		putAt(c.thumb, x, (size.Height-cellTile)/2, cellTile, cellTile)
		x += cellTile + theme.Gap2
	}
	c.bar.Hidden = right-x-cellBar-theme.Gap2 < cellComfort
	if !c.bar.Hidden {
		right -= cellBar
		bar := c.bar.MinSize().Height
		putAt(c.bar, right, second+(caption-bar)/2, cellBar, bar)
		right -= theme.Gap3
	}
	putAt(c.title, x, top, right-x, body)
	putAt(c.about, x, second, right-x, caption)
}

func (r *splitCellRenderer) Refresh() {
	c := r.c
	c.renew(c, r.Objects()...)
	name := fynetheme.ColorNameHover
	if c.id == c.sp.s.selected {
		name = theme.ColorRow
	}
	c.back.FillColor = fynetheme.ColorForWidget(name, c)
	c.focus.FillColor = fynetheme.ColorForWidget(fynetheme.ColorNamePrimary, c)
	r.Layout(c.Size())
	canvas.Refresh(c)
}
