package widgets

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/ui/theme"
)

// Scatter is a dot for each query: to the right the value under A, upwards that
// under B, both from 0. Dots above the diagonal are better under B. A dot is
// chosen by pressing it.
type Scatter struct {
	choicePlot
	points [][2]float64
}

const (
	scatterSize = 160
	dotRadius   = 2.6
	dotReach    = 12 // a dot is under the pointer up to this far away
)

// NewScatter makes an empty plot.
func NewScatter() *Scatter {
	s := &Scatter{}
	s.ExtendBaseWidget(s)
	s.part = s.at
	s.renew(0)
	return s
}

// Set shows points; which dot is chosen is forgotten.
func (s *Scatter) Set(points [][2]float64) {
	s.points = points
	s.renew(len(points))
}

// place is the square that the dots are in, and the value at its far ends: 1, or
// more where a metric goes beyond.
func (s *Scatter) place(size fyne.Size) (side float32, most float64) {
	most = 1
	for _, p := range s.points {
		most = max(most, p[0], p[1])
	}
	return min(size.Width, size.Height) - 2*dotRadius, most
}

// of is where a point stands.
func (s *Scatter) of(p [2]float64, size fyne.Size) fyne.Position {
	side, most := s.place(size)
	return fyne.NewPos(dotRadius+side*float32(p[0]/most), dotRadius+side*(1-float32(p[1]/most)))
}

// at is the dot nearest to a position, −1 where none is near.
func (s *Scatter) at(pos fyne.Position) int {
	best, nearest := -1, float64(dotReach)
	for i, p := range s.points {
		o := s.of(p, s.Size())
		if d := math.Hypot(float64(o.X-pos.X), float64(o.Y-pos.Y)); d < nearest {
			best, nearest = i, d
		}
	}
	return best
}

// CreateRenderer implements fyne.Widget.
func (s *Scatter) CreateRenderer() fyne.WidgetRenderer {
	r := &scatterRenderer{s: s, frame: canvas.NewRectangle(nil), diagonal: canvas.NewLine(nil), ring: canvas.NewCircle(nil)}
	r.dots = canvas.NewRaster(r.draw)
	r.Refresh()
	return r
}

// scatterRenderer draws all dots as one picture: thousands of objects would make
// every frame of the window slow.
type scatterRenderer struct {
	s        *Scatter
	frame    *canvas.Rectangle
	diagonal *canvas.Line
	dots     *canvas.Raster
	ring     *canvas.Circle // around the dot that is chosen or pointed at
}

func (r *scatterRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.frame, r.diagonal, r.dots, r.ring}
}

func (r *scatterRenderer) Destroy()           {}
func (r *scatterRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(scatterSize) }

func (r *scatterRenderer) Layout(size fyne.Size) {
	side, _ := r.s.place(size)
	whole := fyne.NewSquareSize(side + 2*dotRadius)
	r.frame.Resize(whole)
	r.diagonal.Position1, r.diagonal.Position2 = fyne.NewPos(0, whole.Height), fyne.NewPos(whole.Width, 0)
	r.dots.Resize(whole)
	marked := r.s.marked()
	r.ring.Hidden = marked < 0
	if marked >= 0 {
		const ring = 5.5
		r.ring.Move(r.s.of(r.s.points[marked], size).SubtractXY(ring, ring))
		r.ring.Resize(fyne.NewSquareSize(2 * ring))
	}
}

// draw paints the dots on w × h pixels.
func (r *scatterRenderer) draw(w, h int) image.Image {
	picture := image.NewNRGBA(image.Rect(0, 0, w, h))
	size := r.dots.Size()
	if size.Width <= 0 {
		return picture
	}
	scale := float64(w) / float64(size.Width)
	rise, fall, equal := fynetheme.ColorForWidget(theme.ColorRise, r.s), fynetheme.ColorForWidget(theme.ColorFall, r.s), fynetheme.ColorForWidget(theme.ColorMuted, r.s)
	for _, p := range r.s.points {
		colour := equal
		switch {
		case p[1] > p[0]:
			colour = rise
		case p[1] < p[0]:
			colour = fall
		}
		at := r.s.of(p, size)
		dot(picture, float64(at.X)*scale, float64(at.Y)*scale, dotRadius*scale, colour)
	}
	return picture
}

// dot paints a disc with a soft edge.
func dot(onto draw.Image, x, y, radius float64, colour color.Color) {
	for py := int(y - radius - 1); py <= int(y+radius+1); py++ {
		for px := int(x - radius - 1); px <= int(x+radius+1); px++ {
			cover := min(max(radius+0.5-math.Hypot(float64(px)+0.5-x, float64(py)+0.5-y), 0), 1)
			if cover == 0 {
				continue
			}
			at := image.Rect(px, py, px+1, py+1)
			draw.DrawMask(onto, at, image.NewUniform(colour), image.Point{}, image.NewUniform(color.Alpha{uint8(cover * 200)}), image.Point{}, draw.Over)
		}
	}
}

func (r *scatterRenderer) Refresh() {
	paint(r.frame, r.s, "", fynetheme.ColorNameSeparator)
	r.diagonal.StrokeColor, r.diagonal.StrokeWidth = fynetheme.ColorForWidget(fynetheme.ColorNameSeparator, r.s), 1
	r.ring.StrokeColor, r.ring.StrokeWidth = fynetheme.ColorForWidget(fynetheme.ColorNameForeground, r.s), 1.5
	r.Layout(r.s.Size())
	r.dots.Refresh()
	canvas.Refresh(r.s)
}
