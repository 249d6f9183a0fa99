package widgets

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
)

const (
	scoreBarHeight  = 8
	scoreBarPartMin = 0.5 // narrower parts are not drawn
)

// Part is one contribution to a score in the colour of its feature.
type Part struct {
	Value  float64
	Colour color.Color
}

// ScoreBar stacks contributions from left to right. What negative ones take away
// is paled at the end of the stack, so that the strong part is as long as the score.
type ScoreBar struct {
	widget.BaseWidget
	parts []Part
	full  float64 // the sum of positive contributions that fills the bar
}

// NewScoreBar makes an empty bar.
func NewScoreBar() *ScoreBar {
	b := &ScoreBar{}
	b.ExtendBaseWidget(b)
	return b
}

// Set shows parts on a scale on which full fills the bar.
func (b *ScoreBar) Set(parts []Part, full float64) {
	b.parts, b.full = parts, full
	b.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (b *ScoreBar) CreateRenderer() fyne.WidgetRenderer {
	r := &scoreBarRenderer{b: b}
	r.bar = canvas.NewRaster(r.draw)
	r.objects = []fyne.CanvasObject{r.bar}
	r.Refresh()
	return r
}

// scoreBarRenderer draws the whole bar as one picture: a page has a dozen bars
// of a dozen parts each, and what is painted by the processor is paid by the
// object.
type scoreBarRenderer struct {
	b       *ScoreBar
	bar     *canvas.Raster
	objects []fyne.CanvasObject
	track   color.NRGBA
}

func (r *scoreBarRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *scoreBarRenderer) Destroy()                     {}
func (r *scoreBarRenderer) MinSize() fyne.Size           { return fyne.NewSize(40, scoreBarHeight) }

func (r *scoreBarRenderer) Layout(size fyne.Size) {
	if size != r.bar.Size() {
		r.bar.Resize(size)
	}
}

func (r *scoreBarRenderer) Refresh() {
	r.track = color.NRGBAModel.Convert(fynetheme.ColorForWidget(theme.ColorTrack, r.b)).(color.NRGBA)
	r.Layout(r.b.Size())
	r.bar.Refresh()
}

// stack is where the parts end that are drawn, from left to right, as shares of
// the width, and how much of their end is lost.
func (r *scoreBarRenderer) stack(width float64) (ends []float64, colours []color.Color, lost float64) {
	x := 0.0
	for _, p := range r.b.parts {
		if r.b.full <= 0 {
			break
		}
		w := p.Value / r.b.full * width
		if w < 0 {
			lost -= w
			continue
		}
		if w = min(w, width-x); w < scoreBarPartMin {
			continue
		}
		x += w
		ends, colours = append(ends, x), append(colours, p.Colour)
	}
	return ends, colours, min(lost, x)
}

// draw paints the bar, pixels wide and high.
func (r *scoreBarRenderer) draw(width, height int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	fill := func(from, to float64, c color.Color) {
		in := image.Rect(int(math.Round(from)), 0, int(math.Round(to)), height)
		draw.Draw(img, in, image.NewUniform(c), image.Point{}, draw.Over)
	}
	fill(0, float64(width), r.track)
	ends, colours, lost := r.stack(float64(width))
	x := 0.0
	for i, end := range ends {
		fill(x, end, colours[i])
		x = end
	}
	if lost >= scoreBarPartMin {
		pale := r.track
		pale.A = 0xc4
		fill(x-lost, x, pale)
	}
	return img
}
