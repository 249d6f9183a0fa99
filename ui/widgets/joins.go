package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
)

// Joins are lines from rows at the left to rows at the right: where a product
// that is on both pages has gone. They rise, fall or stay level.
type Joins struct {
	widget.BaseWidget
	ends [][2]float32 // heights of both ends
}

// joinSlack is by how much the ends of a level line may differ.
const joinSlack = 1

// NewJoins makes no lines.
func NewJoins() *Joins {
	j := &Joins{}
	j.ExtendBaseWidget(j)
	return j
}

// Set draws a line between each two heights, left and right.
func (j *Joins) Set(ends [][2]float32) {
	j.ends = ends
	j.Refresh()
}

// Ends are what was set.
func (j *Joins) Ends() [][2]float32 { return j.ends }

// CreateRenderer implements fyne.Widget.
func (j *Joins) CreateRenderer() fyne.WidgetRenderer {
	r := &joinsRenderer{j: j}
	r.Refresh()
	return r
}

type joinsRenderer struct {
	j     *Joins
	lines []*canvas.Line
}

func (r *joinsRenderer) Objects() []fyne.CanvasObject {
	o := make([]fyne.CanvasObject, len(r.lines))
	for i, l := range r.lines {
		o[i] = l
	}
	return o
}

func (r *joinsRenderer) Destroy()           {}
func (r *joinsRenderer) MinSize() fyne.Size { return fyne.NewSize(theme.Gap4, 0) }

func (r *joinsRenderer) Layout(size fyne.Size) {
	for i, l := range r.lines {
		l.Position1, l.Position2 = fyne.NewPos(0, r.j.ends[i][0]), fyne.NewPos(size.Width, r.j.ends[i][1])
	}
}

func (r *joinsRenderer) Refresh() {
	for len(r.lines) < len(r.j.ends) {
		r.lines = append(r.lines, canvas.NewLine(nil))
	}
	r.lines = r.lines[:len(r.j.ends)]
	for i, l := range r.lines {
		colour := fynetheme.ColorNameSeparator
		switch d := r.j.ends[i][1] - r.j.ends[i][0]; {
		case d < -joinSlack:
			colour = theme.ColorRise
		case d > joinSlack:
			colour = theme.ColorFall
		}
		l.StrokeColor, l.StrokeWidth = fynetheme.ColorForWidget(colour, r.j), 1.5
	}
	r.Layout(r.j.Size())
	canvas.Refresh(r.j)
}
