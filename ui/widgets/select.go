package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
)

// Select is the toolkit's list of choices in the frame that fields have, so that
// it stands out from the surface it lies on.
type Select struct {
	widget.Select
	focused bool
	whole   fyne.Widget // what is built upon it, or itself
}

// NewSelect makes a list of choices; changed is told what was chosen.
func NewSelect(options []string, changed func(string)) *Select {
	s := &Select{}
	s.Options, s.OnChanged = options, changed
	s.ExtendBaseWidget(s)
	return s
}

// ExtendBaseWidget implements fyne.Widget for what is built upon a Select.
func (s *Select) ExtendBaseWidget(w fyne.Widget) {
	if s.PlaceHolder == "" {
		s.PlaceHolder = "–" // the toolkit would say something in English
	}
	s.whole = w
	s.Select.ExtendBaseWidget(w)
}

// FocusGained implements fyne.Focusable.
func (s *Select) FocusGained() { s.focused = true; s.Select.FocusGained() }

// FocusLost implements fyne.Focusable.
func (s *Select) FocusLost() { s.focused = false; s.Select.FocusLost() }

// Tapped implements fyne.Tappable.
func (s *Select) Tapped(e *fyne.PointEvent) {
	if s.drawn() {
		s.Select.Tapped(e)
	}
}

// TypedKey implements fyne.Focusable. Escape is not for the list.
func (s *Select) TypedKey(e *fyne.KeyEvent) {
	PassEscape(s, e, func(e *fyne.KeyEvent) {
		if s.drawn() {
			s.Select.TypedKey(e)
		}
	})
}

// drawn reports whether the list has been on screen. The toolkit knows the
// window of what it has drawn; who presses before, such as while a sheet comes
// up, would end the program.
func (s *Select) drawn() bool { return fyne.CurrentApp().Driver().CanvasForObject(s.whole) != nil }

// CreateRenderer implements fyne.Widget.
func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	r := &selectRenderer{s: s, WidgetRenderer: s.Select.CreateRenderer(), frame: canvas.NewRectangle(nil)}
	r.frame.CornerRadius = theme.Rounded
	r.paint()
	return r
}

type selectRenderer struct {
	fyne.WidgetRenderer
	s     *Select
	frame *canvas.Rectangle
}

func (r *selectRenderer) Objects() []fyne.CanvasObject {
	inner := r.WidgetRenderer.Objects()
	return append(inner[:len(inner):len(inner)], r.frame)
}

func (r *selectRenderer) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.frame.Resize(size)
}

func (r *selectRenderer) Refresh() {
	r.WidgetRenderer.Refresh()
	r.paint()
}

func (r *selectRenderer) paint() {
	stroke := fynetheme.ColorNameInputBorder
	if r.s.focused {
		stroke = fynetheme.ColorNamePrimary
	}
	paint(r.frame, r.s, "", stroke)
	r.frame.Refresh()
}
