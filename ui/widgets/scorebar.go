package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
)

const (
	scoreBarHeight  = 8
	scoreBarRadius  = 2
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
	r := &scoreBarRenderer{b: b, track: canvas.NewRectangle(nil), lost: canvas.NewRectangle(nil)}
	r.track.CornerRadius = scoreBarRadius
	r.Refresh()
	return r
}

type scoreBarRenderer struct {
	b       *ScoreBar
	track   *canvas.Rectangle
	parts   []*canvas.Rectangle // as many as were ever needed; the rest is hidden
	lost    *canvas.Rectangle
	objects []fyne.CanvasObject
}

func (r *scoreBarRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *scoreBarRenderer) Destroy()                     {}
func (r *scoreBarRenderer) MinSize() fyne.Size           { return fyne.NewSize(40, scoreBarHeight) }

func (r *scoreBarRenderer) Layout(size fyne.Size) {
	r.track.Resize(size)
	x, lost, drawn := float32(0), float32(0), 0
	for _, p := range r.b.parts {
		if r.b.full <= 0 {
			break
		}
		w := float32(p.Value/r.b.full) * size.Width
		if w < 0 {
			lost -= w
			continue
		}
		if w = min(w, size.Width-x); w < scoreBarPartMin {
			continue
		}
		rect := r.parts[drawn]
		drawn++
		if rect.FillColor != p.Colour {
			rect.FillColor = p.Colour
			rect.Refresh()
		}
		rect.Move(fyne.NewPos(x, 0))
		rect.Resize(fyne.NewSize(w, size.Height))
		rect.Show()
		x += w
	}
	for _, rect := range r.parts[drawn:] {
		rect.Hide()
	}
	lost = min(lost, x)
	if lost < scoreBarPartMin {
		r.lost.Hide()
		return
	}
	r.lost.Move(fyne.NewPos(x-lost, 0))
	r.lost.Resize(fyne.NewSize(lost, size.Height))
	r.lost.Show()
}

func (r *scoreBarRenderer) Refresh() {
	r.track.FillColor = fynetheme.ColorForWidget(theme.ColorTrack, r.b)
	pale := color.NRGBAModel.Convert(fynetheme.ColorForWidget(theme.ColorTrack, r.b)).(color.NRGBA)
	pale.A = 0xc4
	r.lost.FillColor = pale
	if len(r.parts) < len(r.b.parts) {
		for len(r.parts) < len(r.b.parts) {
			r.parts = append(r.parts, canvas.NewRectangle(nil))
		}
		r.objects = []fyne.CanvasObject{r.track}
		for _, p := range r.parts {
			r.objects = append(r.objects, p)
		}
		r.objects = append(r.objects, r.lost)
	}
	if r.objects == nil {
		r.objects = []fyne.CanvasObject{r.track, r.lost}
	}
	r.Layout(r.b.Size())
	r.track.Refresh()
	r.lost.Refresh()
}
