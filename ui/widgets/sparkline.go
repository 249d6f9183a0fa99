package widgets

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
)

// Sparkline is how a figure went, oldest first, without axes. NaN is a gap.
type Sparkline struct {
	widget.BaseWidget
	values []float64
}

const (
	sparkWidth  = 120
	sparkHeight = 36
	sparkDot    = 6
)

// NewSparkline makes an empty line.
func NewSparkline() *Sparkline {
	s := &Sparkline{}
	s.ExtendBaseWidget(s)
	return s
}

// Set shows values.
func (s *Sparkline) Set(values []float64) {
	s.values = values
	s.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (s *Sparkline) CreateRenderer() fyne.WidgetRenderer {
	r := &sparklineRenderer{s: s, base: canvas.NewRectangle(nil), dot: canvas.NewCircle(nil)}
	r.Refresh()
	return r
}

type sparklineRenderer struct {
	s     *Sparkline
	base  *canvas.Rectangle
	dot   *canvas.Circle // the newest value
	lines []*canvas.Line
}

func (r *sparklineRenderer) Objects() []fyne.CanvasObject {
	o := []fyne.CanvasObject{r.base}
	for _, l := range r.lines {
		o = append(o, l)
	}
	return append(o, r.dot)
}

func (r *sparklineRenderer) Destroy()           {}
func (r *sparklineRenderer) MinSize() fyne.Size { return fyne.NewSize(sparkWidth, sparkHeight) }

func (r *sparklineRenderer) Layout(size fyne.Size) {
	values := r.s.values
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	if high <= low { // one value, or all the same: in the middle
		low, high = low-1, low+1
	}
	at := func(i int) fyne.Position {
		x := size.Width - sparkDot
		if len(values) > 1 {
			x *= float32(i) / float32(len(values)-1)
		}
		y := (size.Height - 1 - sparkDot) * float32((high-values[i])/(high-low))
		return fyne.NewPos(x+sparkDot/2, y+sparkDot/2)
	}
	r.base.Move(fyne.NewPos(0, size.Height-1))
	r.base.Resize(fyne.NewSize(size.Width, 1))
	r.dot.Hidden = true
	used := 0
	for i := range values {
		if math.IsNaN(values[i]) {
			continue
		}
		p := at(i)
		if i > 0 && !math.IsNaN(values[i-1]) {
			if used == len(r.lines) {
				r.lines = append(r.lines, canvas.NewLine(nil))
			}
			l := r.lines[used]
			used++
			l.Position1, l.Position2 = at(i-1), p
		}
		r.dot.Hidden = false
		r.dot.Move(p.SubtractXY(sparkDot/2, sparkDot/2))
		r.dot.Resize(fyne.NewSquareSize(sparkDot))
	}
	r.lines = r.lines[:used]
}

func (r *sparklineRenderer) Refresh() {
	r.Layout(r.s.Size())
	r.base.FillColor = fynetheme.ColorForWidget(fynetheme.ColorNameSeparator, r.s)
	r.dot.FillColor = fynetheme.ColorForWidget(fynetheme.ColorNamePrimary, r.s)
	for _, l := range r.lines {
		l.StrokeColor, l.StrokeWidth = fynetheme.ColorForWidget(theme.ColorAccentText, r.s), 1.75
	}
	canvas.Refresh(r.s)
}
