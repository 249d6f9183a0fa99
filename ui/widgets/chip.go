package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
)

// Chip is a small button that names a choice and what is chosen: Category any.
// Where it has less room than it asks for, the value ends in an ellipsis.
type Chip struct {
	widget.BaseWidget
	pressing

	name, value string
	chosen      bool // something else than the usual is chosen
}

// NewChip makes a chip without a value.
func NewChip(name string, tapped func()) *Chip {
	c := &Chip{name: name}
	c.pressing = pressing{self: c, OnTapped: tapped}
	c.ExtendBaseWidget(c)
	return c
}

// Set changes what the chip says; chosen marks what is not the usual.
func (c *Chip) Set(name, value string, chosen bool) {
	if c.name != name || c.value != value || c.chosen != chosen {
		c.name, c.value, c.chosen = name, value, chosen
		c.Refresh()
	}
}

// Label is the text on the chip.
func (c *Chip) Label() string {
	if c.value == "" {
		return c.name
	}
	return c.name + " " + c.value
}

// CreateRenderer implements fyne.Widget.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	r := &chipRenderer{c: c, box: canvas.NewRectangle(nil), name: canvas.NewText("", nil), value: canvas.NewText("", nil)}
	r.box.CornerRadius = chipRadius
	r.objects = []fyne.CanvasObject{r.box, r.name, r.value}
	r.Refresh()
	return r
}

// Of a chip, in pixels.
const (
	chipRadius = 10
	chipAcross = 10
	chipDown   = 2
	chipSpace  = 4 // between name and value
)

type chipRenderer struct {
	c           *Chip
	box         *canvas.Rectangle
	name, value *canvas.Text
	objects     []fyne.CanvasObject
}

func (r *chipRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *chipRenderer) Destroy()                     {}

func (r *chipRenderer) MinSize() fyne.Size {
	size := r.name.MinSize()
	if r.c.value != "" {
		size.Width += chipSpace + fyne.MeasureText(r.c.value, r.value.TextSize, r.value.TextStyle).Width
	}
	return size.AddWidthHeight(2*chipAcross, 2*chipDown)
}

func (r *chipRenderer) Layout(size fyne.Size) {
	r.box.Resize(size)
	name := r.name.MinSize()
	y := (size.Height - name.Height) / 2
	r.name.Move(fyne.NewPos(chipAcross, y))
	r.name.Resize(name)
	x := chipAcross + name.Width + chipSpace
	if room := size.Width - chipAcross - x; room > 0 {
		r.value.Text = cut(r.c.value, room+0.5, r.value.TextSize, r.value.TextStyle)
	}
	r.value.Move(fyne.NewPos(x, y))
	r.value.Resize(r.value.MinSize())
}

func (r *chipRenderer) Refresh() {
	c := r.c
	fill, stroke, ink := theme.ColorSurface, fynetheme.ColorNameInputBorder, fynetheme.ColorNameForeground
	if c.chosen {
		fill, ink = theme.ColorRow, theme.ColorAccentText
	}
	if c.hovered {
		fill = theme.ColorRow
	}
	if c.focused {
		stroke = fynetheme.ColorNamePrimary
	}
	paint(r.box, c, fill, stroke)
	if c.focused {
		r.box.StrokeWidth = 2
	}
	r.name.Text, r.value.Text = c.name, c.value
	for _, t := range []*canvas.Text{r.name, r.value} {
		t.TextSize = fynetheme.SizeForWidget(fynetheme.SizeNameCaptionText, c)
	}
	r.value.TextStyle.Bold = true
	r.name.Color = fynetheme.ColorForWidget(theme.ColorMuted, c)
	r.value.Color = fynetheme.ColorForWidget(ink, c)
	r.Layout(c.Size())
	canvas.Refresh(c)
}
