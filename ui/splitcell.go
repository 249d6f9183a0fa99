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
	sp     *split
	column int
	id     string // product

	back, focus, mark         *canvas.Rectangle // mark is behind the grade
	rank, moved, title, about *widgets.Text
	grade                     *widgets.Text
	thumb                     *widgets.Thumbnail
	bar                       *widgets.ScoreBar
	parts                     []widgets.Part
	objects                   []fyne.CanvasObject
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
	caption := fynetheme.SizeNameCaptionText
	c := &splitCell{sp: sp, column: column,
		back: canvas.NewRectangle(nil), focus: canvas.NewRectangle(nil), mark: canvas.NewRectangle(nil),
		rank:  widgets.NewText("", widgets.Style{Colour: theme.ColorMuted, Align: fyne.TextAlignTrailing}),
		moved: widgets.NewText("", widgets.Style{Size: caption, Bold: true, Align: fyne.TextAlignTrailing}),
		title: widgets.NewText("", widgets.Style{Bold: true, Cut: true}),
		about: widgets.NewText("", widgets.Style{Size: caption, Colour: theme.ColorMuted, Cut: true}),
		grade: widgets.NewText("", widgets.Style{Bold: true, Align: fyne.TextAlignCenter}),
		thumb: widgets.NewThumbnail(), bar: widgets.NewScoreBar(),
	}
	c.back.CornerRadius, c.focus.CornerRadius, c.mark.CornerRadius = theme.Rounded, 1.5, theme.Rounded
	c.objects = []fyne.CanvasObject{c.back, c.focus, c.rank, c.moved, c.thumb, c.title, c.about, c.bar, c.mark, c.grade}
	c.ExtendBaseWidget(c)
	return c
}

// set shows the i-th result of a page that stands at there in the other column.
// Where that is of another query, nothing is said of it.
func (c *splitCell) set(page *workbench.Page, i, there int, ok, same bool) {
	s := c.sp.s
	result := &page.Results[i]
	p := &result.Product
	c.id = p.ID
	c.rank.SetText(fmt.Sprint(i + 1))
	text, colour := "", theme.ColorMuted
	if same {
		text, colour = movedText(c.column, i, there, ok)
	}
	c.moved.SetText(text)
	c.moved.SetColour(colour)
	c.title.SetText(p.Title)
	c.about.SetText(priceFirst(p))
	s.pictures.show(c.thumb, p, pictureRow)
	c.parts = c.parts[:0]
	for _, part := range result.Contributions {
		c.parts = append(c.parts, widgets.Part{Value: part.Contribution, Colour: theme.Feature(c.sp.list.colours[part.Feature])})
	}
	c.bar.Set(c.parts, c.sp.full[c.column])
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

// lines is how high both lines of text are together.
func (r *splitCellRenderer) lines() float32 {
	return r.c.title.MinSize().Height + r.c.about.MinSize().Height + 1
}

func (r *splitCellRenderer) MinSize() fyne.Size { return fyne.NewSize(120, r.lines()+2*theme.Gap) }

func (r *splitCellRenderer) Layout(size fyne.Size) {
	c := r.c
	place := func(o fyne.CanvasObject, x, y, width, height float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(max(width, 0), height))
	}
	body, caption := c.title.MinSize().Height, c.about.MinSize().Height
	top := (size.Height - r.lines()) / 2
	second := top + body + 1
	place(c.back, 0, -1, size.Width, size.Height+2)
	place(c.focus, 0, 6, 3, size.Height-12)
	x := float32(theme.Gap)
	if c.moved.Text() == "" {
		place(c.rank, x, (size.Height-body)/2, cellRank, body)
	} else {
		place(c.rank, x, top, cellRank, body)
	}
	place(c.moved, x, second, cellRank, caption)
	x += cellRank + theme.Gap2
	right := size.Width - theme.Gap2 - cellGrade
	place(c.mark, right, (size.Height-body-2*theme.Gap)/2, cellGrade, body+2*theme.Gap)
	place(c.grade, right, (size.Height-body)/2, cellGrade, body)
	right -= theme.Gap2
	c.thumb.Hidden = right-x-cellTile-theme.Gap2 < cellTitle
	if !c.thumb.Hidden {
		place(c.thumb, x, (size.Height-cellTile)/2, cellTile, cellTile)
		x += cellTile + theme.Gap2
	}
	c.bar.Hidden = right-x-cellBar-theme.Gap2 < cellComfort
	if !c.bar.Hidden {
		right -= cellBar
		bar := c.bar.MinSize().Height
		place(c.bar, right, second+(caption-bar)/2, cellBar, bar)
		right -= theme.Gap3
	}
	place(c.title, x, top, right-x, body)
	place(c.about, x, second, right-x, caption)
}

func (r *splitCellRenderer) Refresh() {
	c := r.c
	name := fynetheme.ColorNameHover
	if c.id == c.sp.s.selected {
		name = theme.ColorRow
	}
	c.back.FillColor = fynetheme.ColorForWidget(name, c)
	c.focus.FillColor = fynetheme.ColorForWidget(fynetheme.ColorNamePrimary, c)
	r.Layout(c.Size())
	canvas.Refresh(c)
}
