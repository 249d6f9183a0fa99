package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
)

const meterHeight = 4

// Meter is a thin bar that fills as work gets done.
type Meter struct {
	widget.BaseWidget
	share float64
}

// NewMeter makes an empty meter.
func NewMeter() *Meter {
	m := &Meter{}
	m.ExtendBaseWidget(m)
	return m
}

// Set fills a share of the bar, 0 to 1.
func (m *Meter) Set(share float64) {
	if share = min(max(share, 0), 1); share != m.share {
		m.share = share
		m.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (m *Meter) CreateRenderer() fyne.WidgetRenderer {
	r := &meterRenderer{m: m, track: canvas.NewRectangle(nil), fill: canvas.NewRectangle(nil)}
	r.track.CornerRadius, r.fill.CornerRadius = meterHeight/2, meterHeight/2
	r.Refresh()
	return r
}

type meterRenderer struct {
	m           *Meter
	track, fill *canvas.Rectangle
}

func (r *meterRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.track, r.fill} }
func (r *meterRenderer) Destroy()                     {}
func (r *meterRenderer) MinSize() fyne.Size           { return fyne.NewSize(40, meterHeight) }

func (r *meterRenderer) Layout(size fyne.Size) {
	y := (size.Height - meterHeight) / 2
	r.track.Move(fyne.NewPos(0, y))
	r.track.Resize(fyne.NewSize(size.Width, meterHeight))
	r.fill.Move(fyne.NewPos(0, y))
	r.fill.Resize(fyne.NewSize(size.Width*float32(r.m.share), meterHeight))
}

func (r *meterRenderer) Refresh() {
	r.track.FillColor = fynetheme.ColorForWidget(theme.ColorTrack, r.m)
	r.fill.FillColor = fynetheme.ColorForWidget(fynetheme.ColorNamePrimary, r.m)
	r.Layout(r.m.Size())
	r.track.Refresh()
	r.fill.Refresh()
}
