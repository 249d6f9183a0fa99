package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
)

const (
	sliderThumb  = 14
	sliderTrack  = 4
	sliderHeight = 20
	sliderSteps  = 50 // key presses from one end to the other
)

// Slider sets a number by dragging, clicking or the arrow keys. Unlike Fyne's it
// fills from zero, so that a negative value is seen as one.
type Slider struct {
	widget.BaseWidget
	// OnChanged is called with every new value while it moves.
	OnChanged func(float64)

	low, high, value float64
	hovered, focused bool
}

// NewSlider makes a slider of values between low and high.
func NewSlider(low, high float64) *Slider {
	s := &Slider{low: low, high: high}
	s.ExtendBaseWidget(s)
	return s
}

// Set changes range and value without telling anyone.
func (s *Slider) Set(low, high, value float64) {
	if s.low != low || s.high != high || s.value != value {
		s.low, s.high, s.value = low, high, value
		s.Refresh()
	}
}

func (s *Slider) change(value float64) {
	value = min(max(value, s.low), s.high)
	if value == s.value {
		return
	}
	s.value = value
	s.Refresh()
	if s.OnChanged != nil {
		s.OnChanged(value)
	}
}

func (s *Slider) moveTo(x float32) {
	room := s.Size().Width - sliderThumb
	if room <= 0 {
		return
	}
	s.change(s.low + float64((x-sliderThumb/2)/room)*(s.high-s.low))
}

// Tapped implements fyne.Tappable.
func (s *Slider) Tapped(e *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil {
		c.Focus(s)
	}
	s.moveTo(e.Position.X)
}

// Dragged implements fyne.Draggable.
func (s *Slider) Dragged(e *fyne.DragEvent) { s.moveTo(e.Position.X) }

// DragEnd implements fyne.Draggable.
func (s *Slider) DragEnd() {}

// MouseIn implements desktop.Hoverable.
func (s *Slider) MouseIn(*desktop.MouseEvent) { s.hovered = true; s.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (s *Slider) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (s *Slider) MouseOut() { s.hovered = false; s.Refresh() }

// FocusGained implements fyne.Focusable.
func (s *Slider) FocusGained() { s.focused = true; s.Refresh() }

// FocusLost implements fyne.Focusable.
func (s *Slider) FocusLost() { s.focused = false; s.Refresh() }

// TypedRune implements fyne.Focusable.
func (s *Slider) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (s *Slider) TypedKey(e *fyne.KeyEvent) {
	step := (s.high - s.low) / sliderSteps
	switch e.Name {
	case fyne.KeyLeft:
		s.change(s.value - step)
	case fyne.KeyRight:
		s.change(s.value + step)
	case fyne.KeyHome:
		s.change(s.low)
	case fyne.KeyEnd:
		s.change(s.high)
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Slider) CreateRenderer() fyne.WidgetRenderer {
	r := &sliderRenderer{
		s: s, track: canvas.NewRectangle(nil), fill: canvas.NewRectangle(nil),
		halo: canvas.NewCircle(nil), thumb: canvas.NewCircle(nil),
	}
	r.track.CornerRadius, r.fill.CornerRadius = sliderTrack/2, sliderTrack/2
	r.thumb.StrokeWidth = 2
	r.Refresh()
	return r
}

type sliderRenderer struct {
	s           *Slider
	track, fill *canvas.Rectangle
	halo, thumb *canvas.Circle
}

func (r *sliderRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.track, r.fill, r.halo, r.thumb}
}
func (r *sliderRenderer) Destroy()           {}
func (r *sliderRenderer) MinSize() fyne.Size { return fyne.NewSize(4*sliderThumb, sliderHeight) }

func (r *sliderRenderer) Layout(size fyne.Size) {
	room, middle := size.Width-sliderThumb, size.Height/2
	at := func(v float64) float32 {
		if r.s.high <= r.s.low {
			return sliderThumb / 2
		}
		return sliderThumb/2 + room*float32((min(max(v, r.s.low), r.s.high)-r.s.low)/(r.s.high-r.s.low))
	}
	r.track.Move(fyne.NewPos(sliderThumb/2, middle-sliderTrack/2))
	r.track.Resize(fyne.NewSize(room, sliderTrack))
	zero, x := at(0), at(r.s.value)
	r.fill.Move(fyne.NewPos(min(zero, x), middle-sliderTrack/2))
	r.fill.Resize(fyne.NewSize(max(zero, x)-min(zero, x), sliderTrack))
	r.thumb.Move(fyne.NewPos(x-sliderThumb/2, middle-sliderThumb/2))
	r.thumb.Resize(fyne.NewSquareSize(sliderThumb))
	r.halo.Move(fyne.NewPos(x-sliderHeight/2, middle-sliderHeight/2))
	r.halo.Resize(fyne.NewSquareSize(sliderHeight))
}

func (r *sliderRenderer) Refresh() {
	r.track.FillColor = fynetheme.ColorForWidget(theme.ColorTrack, r.s)
	r.fill.FillColor = fynetheme.ColorForWidget(fynetheme.ColorNamePrimary, r.s)
	r.thumb.FillColor = fynetheme.ColorForWidget(theme.ColorSurface, r.s)
	r.thumb.StrokeColor = fynetheme.ColorForWidget(fynetheme.ColorNamePrimary, r.s)
	r.halo.Hidden = !r.s.focused && !r.s.hovered
	r.halo.FillColor = fynetheme.ColorForWidget(fynetheme.ColorNameFocus, r.s)
	r.Layout(r.s.Size())
	r.track.Refresh()
	r.fill.Refresh()
	r.halo.Refresh()
	r.thumb.Refresh()
}
