package widgets

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/ui/theme"
)

// Differences is a bar for each query, up where the second ranker is better and
// down where it is worse, in the order that they are given in: best to worst.
// A bar is chosen by pressing it, or with the arrow keys.
type Differences struct {
	choicePlot
	values  []float64
	focused bool
}

const (
	differencesWidth  = 240
	differencesHeight = 160
	barMost           = 18  // bars are no wider, however few there are
	barGap            = 0.3 // of the room of a bar
)

// NewDifferences makes an empty plot.
func NewDifferences() *Differences {
	d := &Differences{}
	d.ExtendBaseWidget(d)
	d.part = func(pos fyne.Position) int { return d.at(pos.X) }
	d.renew(0)
	return d
}

// Set shows values; which bar is chosen is forgotten.
func (d *Differences) Set(values []float64) {
	d.values = values
	d.renew(len(values))
}

// room is the width that each bar has, and where the first begins: few bars
// stand together at the left.
func (d *Differences) room() float32 {
	if len(d.values) == 0 {
		return 0
	}
	return min(d.Size().Width/float32(len(d.values)), barMost)
}

// at is the bar at x, −1 for none.
func (d *Differences) at(x float32) int {
	room := d.room()
	if room == 0 || x < 0 {
		return -1
	}
	if i := int(x / room); i < len(d.values) {
		return i
	}
	return -1
}

// Tapped implements fyne.Tappable: the arrow keys go on from there.
func (d *Differences) Tapped(e *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(d); c != nil {
		c.Focus(d)
	}
	d.choicePlot.Tapped(e)
}

// FocusGained implements fyne.Focusable.
func (d *Differences) FocusGained() { d.focused = true; d.Refresh() }

// FocusLost implements fyne.Focusable.
func (d *Differences) FocusLost() { d.focused = false; d.Refresh() }

// TypedRune implements fyne.Focusable: letters mean what they mean without it.
func (d *Differences) TypedRune(r rune) { PassRune(d, r) }

// TypedKey implements fyne.Focusable: arrows go from bar to bar, home and end to
// the best and the worst.
func (d *Differences) TypedKey(e *fyne.KeyEvent) {
	last := len(d.values) - 1
	switch e.Name {
	case fyne.KeyLeft:
		d.choose(max(d.chosen-1, 0))
	case fyne.KeyRight:
		d.choose(min(d.chosen+1, last))
	case fyne.KeyHome:
		d.choose(0)
	case fyne.KeyEnd:
		d.choose(last)
	default:
		PassKey(d, e)
	}
}

// CreateRenderer implements fyne.Widget.
func (d *Differences) CreateRenderer() fyne.WidgetRenderer {
	r := &differencesRenderer{d: d, axis: canvas.NewRectangle(nil), back: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil)}
	r.back.CornerRadius, r.ring.CornerRadius = 2, theme.Rounded
	r.Refresh()
	return r
}

type differencesRenderer struct {
	d                *Differences
	axis, back, ring *canvas.Rectangle // back stands behind the bar that is chosen or pointed at
	bars             []*canvas.Rectangle
}

func (r *differencesRenderer) Objects() []fyne.CanvasObject {
	o := []fyne.CanvasObject{r.ring, r.back, r.axis}
	for _, b := range r.bars {
		o = append(o, b)
	}
	return o
}

func (r *differencesRenderer) Destroy() {}

func (r *differencesRenderer) MinSize() fyne.Size {
	return fyne.NewSize(differencesWidth, differencesHeight)
}

// Layout draws one bar a query, or, where there are more queries than points
// across, one a point: the farthest from 0 among its queries.
func (r *differencesRenderer) Layout(size fyne.Size) {
	d := r.d
	r.ring.Resize(size)
	top, bottom := 0.0, 0.0
	for _, v := range d.values {
		top, bottom = max(top, v), min(bottom, v)
	}
	reach := top - bottom
	if reach == 0 {
		reach, top = 1, 0.5
	}
	room := d.room()
	columns := len(d.values)
	each := 1
	if room > 0 && room < 1 {
		each = int(math.Ceil(float64(1 / room)))
		columns = (len(d.values) + each - 1) / each
	}
	for len(r.bars) < columns {
		r.bars = append(r.bars, canvas.NewRectangle(nil))
	}
	r.bars = r.bars[:columns]
	const margin = theme.Gap2
	scale := (size.Height - 2*margin) / float32(reach)
	axis := margin + float32(top)*scale
	r.axis.Move(fyne.NewPos(0, axis-0.5))
	r.axis.Resize(fyne.NewSize(size.Width, 1))
	width := room * float32(each)
	gap := float32(0)
	if width >= 4 {
		gap = width * barGap
	}
	rise, fall := fynetheme.ColorForWidget(theme.ColorRise, d), fynetheme.ColorForWidget(theme.ColorFall, d)
	for i, bar := range r.bars {
		v := 0.0
		for _, x := range d.values[i*each : min((i+1)*each, len(d.values))] {
			if math.Abs(x) > math.Abs(v) {
				v = x
			}
		}
		height := max(float32(math.Abs(v))*scale, 1)
		y := axis
		bar.FillColor = fall
		if v >= 0 {
			y, bar.FillColor = axis-height, rise
		}
		if v == 0 {
			bar.FillColor = fynetheme.ColorForWidget(theme.ColorMuted, d)
			y = axis - 0.5
		}
		bar.CornerRadius = min(1.5, (width-gap)/2)
		bar.Move(fyne.NewPos(float32(i)*width+gap/2, y))
		wide := max(width-gap, 1)
		if gap == 0 {
			wide += 0.5 // no light between bars that touch
		}
		bar.Resize(fyne.NewSize(wide, height))
	}
	marked := d.marked()
	r.back.Hidden = marked < 0
	if marked >= 0 {
		r.back.Move(fyne.NewPos(float32(marked)*room, 0))
		r.back.Resize(fyne.NewSize(max(room, 3), size.Height))
	}
}

func (r *differencesRenderer) Refresh() {
	d := r.d
	r.axis.FillColor = fynetheme.ColorForWidget(fynetheme.ColorNameSeparator, d)
	back := theme.ColorMark
	if d.hover >= 0 && d.hover != d.chosen {
		back = fynetheme.ColorNameHover
	}
	r.back.FillColor = fynetheme.ColorForWidget(back, d)
	ring := fyne.ThemeColorName("")
	if d.focused {
		ring = fynetheme.ColorNamePrimary
	}
	paint(r.ring, d, "", ring)
	r.Layout(d.Size())
	canvas.Refresh(d)
}
