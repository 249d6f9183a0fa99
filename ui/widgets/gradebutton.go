package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
)

// The tile of a grade is smaller where the button is narrow, to leave room for words.
const (
	gradeTile     = 40
	gradeTileLess = 30
	gradeNarrow   = 160
)

// GradeButton gives one grade: the figure that is also its key, the grade's name
// and what it means. The given grade has a frame.
type GradeButton struct {
	widget.BaseWidget
	grade      int
	key        string
	fill       color.Color // nil is the theme's for the grade
	name, help string
	onTapped   func()
	lit        bool
	hovered    bool
}

// NewGradeButton makes a button for a grade. key is what gives it; fill nil is
// the theme's colour.
func NewGradeButton(grade int, key string, fill color.Color, name, help string, tapped func()) *GradeButton {
	b := &GradeButton{grade: grade, key: key, fill: fill, name: name, help: help, onTapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// SetLit marks the grade that was given.
func (b *GradeButton) SetLit(on bool) {
	if on != b.lit {
		b.lit = on
		b.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (b *GradeButton) Tapped(*fyne.PointEvent) { b.onTapped() }

// Cursor implements desktop.Cursorable.
func (b *GradeButton) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn implements desktop.Hoverable.
func (b *GradeButton) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (b *GradeButton) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *GradeButton) MouseOut() { b.hovered = false; b.Refresh() }

// CreateRenderer implements fyne.Widget.
func (b *GradeButton) CreateRenderer() fyne.WidgetRenderer {
	r := &gradeButtonRenderer{
		b: b, box: canvas.NewRectangle(nil), tile: canvas.NewRectangle(nil), figure: canvas.NewText(b.key, nil),
		name: NewText(b.name, Style{Bold: true, Cut: true}),
		help: NewParagraph(b.help, gradeTile, Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}),
	}
	r.box.CornerRadius, r.tile.CornerRadius = 2*theme.Rounded, theme.Rounded
	r.figure.Alignment = fyne.TextAlignCenter
	r.Refresh()
	return r
}

type gradeButtonRenderer struct {
	b         *GradeButton
	box, tile *canvas.Rectangle
	figure    *canvas.Text
	name      *Text
	help      *Paragraph
}

func (r *gradeButtonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.box, r.tile, r.figure, r.name, r.help}
}
func (r *gradeButtonRenderer) Destroy() {}

func (r *gradeButtonRenderer) MinSize() fyne.Size {
	// Room for three lines of help, so that the height stays as the width changes.
	line := fyne.MeasureText("M", fynetheme.SizeForWidget(fynetheme.SizeNameCaptionText, r.b), fyne.TextStyle{}).Height + theme.Gap/2
	return fyne.NewSize(gradeTile+2*theme.Gap3+theme.Gap6, max(gradeTile, r.name.MinSize().Height+1+3*line)+2*theme.Gap2)
}

func (r *gradeButtonRenderer) Layout(size fyne.Size) {
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	tile, gap := float32(gradeTile), theme.Gap3
	if size.Width < gradeNarrow {
		tile, gap = gradeTileLess, theme.Gap2
	}
	place(r.box, 0, 0, size.Width, size.Height)
	place(r.tile, gap, (size.Height-tile)/2, tile, tile)
	height := r.figure.MinSize().Height
	place(r.figure, gap, (size.Height-height)/2, tile, height)
	x := gap*2 + tile
	r.help.SetWidth(max(size.Width-x-theme.Gap2, gradeTile))
	upper, lower := r.name.MinSize().Height, r.help.MinSize().Height
	if r.help.Hidden = r.b.help == "" || upper+1+lower+2*theme.Gap > size.Height; r.help.Hidden { // the name says most
		lower = -1
	}
	y := (size.Height - upper - lower - 1) / 2
	place(r.name, x, y, size.Width-x-theme.Gap2, upper)
	place(r.help, x, y+upper+1, size.Width-x-theme.Gap2, lower)
}

func (r *gradeButtonRenderer) Refresh() {
	stroke := fynetheme.ColorNameSeparator
	if r.b.hovered || r.b.lit {
		stroke = fynetheme.ColorNamePrimary
	}
	fill := theme.ColorSurface
	if r.b.lit {
		fill = theme.ColorRow
	}
	paint(r.box, r.b, fill, stroke)
	paint(r.tile, r.b, theme.ColorGrade(r.b.grade), "")
	r.figure.TextSize = fynetheme.SizeForWidget(theme.SizeLead, r.b)
	r.figure.Color = fynetheme.ColorForWidget(theme.ColorOnGrade(r.b.grade), r.b)
	if r.b.fill != nil {
		r.tile.FillColor, r.figure.Color = r.b.fill, theme.On(r.b.fill)
	}
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}
