package widgets

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/ui/theme"
)

// Histogram counts differences: how many queries lost or won how much. Equal
// ones stand in a bin of their own in the middle.
type Histogram struct {
	plot
	bins []Bin
}

// Bin is a range of differences and how many there are in it. In the middle one
// Low and High are 0.
type Bin struct {
	Low, High float64
	Count     int
}

// binsEachWay is how many bins there are of losses, and of gains.
const binsEachWay = 8

// NewHistogram makes an empty plot.
func NewHistogram() *Histogram {
	h := &Histogram{}
	h.ExtendBaseWidget(h)
	h.part, h.hover = h.at, -1
	return h
}

// Set counts values, as many bins to both sides of 0.
func (h *Histogram) Set(values []float64) {
	h.bins, h.hover = bins(values), -1
	h.Refresh()
}

// Bins are what is shown, losses first.
func (h *Histogram) Bins() []Bin { return h.bins }

func bins(values []float64) []Bin {
	most := 0.0
	for _, v := range values {
		most = max(most, math.Abs(v))
	}
	if len(values) == 0 {
		return nil
	}
	width := most / binsEachWay
	all := make([]Bin, 2*binsEachWay+1)
	for i := range binsEachWay {
		near, far := float64(i)*width, float64(i+1)*width
		all[binsEachWay-1-i] = Bin{Low: -far, High: -near}
		all[binsEachWay+1+i] = Bin{Low: near, High: far}
	}
	for _, v := range values {
		step := 0
		if v != 0 {
			step = min(max(int(math.Abs(v)/width), 0), binsEachWay-1) + 1
		}
		if v < 0 {
			step = -step
		}
		all[binsEachWay+step].Count++
	}
	return all
}

// at is the bin at a position, −1 while there is none.
func (h *Histogram) at(pos fyne.Position) int {
	n := len(h.bins)
	if n == 0 || h.Size().Width <= 0 {
		return -1
	}
	return min(max(int(pos.X/h.Size().Width*float32(n)), 0), n-1)
}

// CreateRenderer implements fyne.Widget.
func (h *Histogram) CreateRenderer() fyne.WidgetRenderer {
	r := &histogramRenderer{h: h, axis: canvas.NewRectangle(nil), back: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type histogramRenderer struct {
	h          *Histogram
	axis, back *canvas.Rectangle // back stands behind the bin that is pointed at
	bars       []*canvas.Rectangle
}

func (r *histogramRenderer) Objects() []fyne.CanvasObject {
	o := []fyne.CanvasObject{r.back, r.axis}
	for _, b := range r.bars {
		o = append(o, b)
	}
	return o
}

func (r *histogramRenderer) Destroy()           {}
func (r *histogramRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(scatterSize) }

func (r *histogramRenderer) Layout(size fyne.Size) {
	all := r.h.bins
	for len(r.bars) < len(all) {
		r.bars = append(r.bars, canvas.NewRectangle(nil))
	}
	r.bars = r.bars[:len(all)]
	r.axis.Move(fyne.NewPos(0, size.Height-1))
	r.axis.Resize(fyne.NewSize(size.Width, 1))
	most := 1
	for _, b := range all {
		most = max(most, b.Count)
	}
	room := size.Width / float32(max(len(all), 1))
	gap := room * barGap / 2
	for i, b := range all {
		height := (size.Height - 1 - theme.Gap2) * float32(b.Count) / float32(most)
		if b.Count > 0 {
			height = max(height, 2)
		}
		r.bars[i].Move(fyne.NewPos(float32(i)*room+gap, size.Height-1-height))
		r.bars[i].Resize(fyne.NewSize(room-2*gap, height))
	}
	r.back.Hidden = r.h.hover < 0
	r.back.Move(fyne.NewPos(float32(r.h.hover)*room, 0))
	r.back.Resize(fyne.NewSize(room, size.Height))
}

func (r *histogramRenderer) Refresh() {
	r.Layout(r.h.Size())
	r.axis.FillColor = fynetheme.ColorForWidget(fynetheme.ColorNameSeparator, r.h)
	r.back.FillColor = fynetheme.ColorForWidget(fynetheme.ColorNameHover, r.h)
	for i, bar := range r.bars {
		colour := theme.ColorMuted
		switch {
		case i < binsEachWay:
			colour = theme.ColorFall
		case i > binsEachWay:
			colour = theme.ColorRise
		}
		bar.FillColor = fynetheme.ColorForWidget(colour, r.h)
		bar.CornerRadius = 1.5
	}
	canvas.Refresh(r.h)
}
