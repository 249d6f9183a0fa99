package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/ui/theme"
)

// Curves is what a measure does while one number goes through its range: over the
// queries on which a point is chosen, strong, and over those that were left out,
// pale, each in its own range so that both shapes can be seen. The best point and
// the present one are marked.
type Curves struct {
	plot
	at           []float64 // of the points, rising
	chosen, left []float64
	best, now    int
}

const (
	curvesWidth  = 240
	curvesHeight = 180
	curvesInset  = 8
)

// NewCurves makes an empty plot.
func NewCurves() *Curves {
	c := &Curves{}
	c.ExtendBaseWidget(c)
	c.part, c.hover = c.nearest, -1
	return c
}

// Set shows points: where they stand and both values of each.
func (c *Curves) Set(at, chosen, left []float64, best, now int) {
	c.at, c.chosen, c.left, c.best, c.now, c.hover = at, chosen, left, best, now, -1
	c.Refresh()
}

// place is where a point of a curve stands; values of one curve fill the height.
func (c *Curves) place(values []float64, i int, size fyne.Size) fyne.Position {
	share := func(of []float64, v float64) float32 {
		low, high := of[0], of[0]
		for _, x := range of {
			low, high = min(low, x), max(high, x)
		}
		if high == low {
			return 0.5
		}
		return float32((v - low) / (high - low))
	}
	return fyne.NewPos(curvesInset+(size.Width-2*curvesInset)*share(c.at, c.at[i]), size.Height-curvesInset-(size.Height-2*curvesInset)*share(values, values[i]))
}

// nearest is the point nearest to a position, −1 while there is none.
func (c *Curves) nearest(pos fyne.Position) int {
	nearest, apart := -1, c.Size().Width
	for i := range c.at {
		x := c.place(c.chosen, i, c.Size()).X - pos.X
		if d := max(x, -x); d < apart {
			nearest, apart = i, d
		}
	}
	return nearest
}

// CreateRenderer implements fyne.Widget.
func (c *Curves) CreateRenderer() fyne.WidgetRenderer {
	r := &curvesRenderer{c: c, frame: canvas.NewRectangle(nil), rule: canvas.NewRectangle(nil), best: canvas.NewCircle(nil), now: canvas.NewCircle(nil)}
	r.frame.CornerRadius = theme.Rounded
	r.Refresh()
	return r
}

type curvesRenderer struct {
	c            *Curves
	frame, rule  *canvas.Rectangle // rule stands at the point under the pointer
	chosen, left []*canvas.Line
	best, now    *canvas.Circle
}

func (r *curvesRenderer) Objects() []fyne.CanvasObject {
	o := []fyne.CanvasObject{r.frame, r.rule}
	for _, lines := range [][]*canvas.Line{r.left, r.chosen} {
		for _, l := range lines {
			o = append(o, l)
		}
	}
	return append(o, r.now, r.best)
}

func (r *curvesRenderer) Destroy()           {}
func (r *curvesRenderer) MinSize() fyne.Size { return fyne.NewSize(curvesWidth, curvesHeight) }

func (r *curvesRenderer) Layout(size fyne.Size) {
	c := r.c
	r.frame.Resize(size)
	line := func(lines []*canvas.Line, values []float64) []*canvas.Line {
		n := max(len(values)-1, 0)
		for len(lines) < n {
			lines = append(lines, canvas.NewLine(nil))
		}
		lines = lines[:n]
		for i, l := range lines {
			l.Position1, l.Position2 = c.place(values, i, size), c.place(values, i+1, size)
		}
		return lines
	}
	r.chosen, r.left = line(r.chosen, c.chosen), line(r.left, c.left)
	mark := func(dot *canvas.Circle, i int, radius float32) {
		dot.Hidden = i < 0 || i >= len(c.chosen)
		if !dot.Hidden {
			dot.Move(c.place(c.chosen, i, size).SubtractXY(radius, radius))
			dot.Resize(fyne.NewSquareSize(2 * radius))
		}
	}
	mark(r.now, c.now, 4)
	mark(r.best, c.best, 5)
	r.rule.Hidden = c.hover < 0 || c.hover >= len(c.chosen)
	if !r.rule.Hidden {
		r.rule.Move(fyne.NewPos(c.place(c.chosen, c.hover, size).X-0.5, 0))
		r.rule.Resize(fyne.NewSize(1, size.Height))
	}
}

func (r *curvesRenderer) Refresh() {
	r.Layout(r.c.Size())
	paint(r.frame, r.c, "", fynetheme.ColorNameSeparator)
	r.rule.FillColor = fynetheme.ColorForWidget(theme.ColorMuted, r.c)
	for _, l := range r.chosen {
		l.StrokeColor, l.StrokeWidth = fynetheme.ColorForWidget(fynetheme.ColorNamePrimary, r.c), 2
	}
	for _, l := range r.left {
		l.StrokeColor, l.StrokeWidth = fynetheme.ColorForWidget(theme.ColorMuted, r.c), 1.25
	}
	surface := fynetheme.ColorForWidget(theme.ColorSurface, r.c)
	r.now.FillColor, r.now.StrokeColor, r.now.StrokeWidth = surface, fynetheme.ColorForWidget(fynetheme.ColorNamePrimary, r.c), 2
	r.best.FillColor, r.best.StrokeColor, r.best.StrokeWidth = fynetheme.ColorForWidget(theme.ColorRise, r.c), surface, 1.5
	canvas.Refresh(r.c)
}
