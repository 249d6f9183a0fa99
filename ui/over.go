package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// over is a panel over the window, as sheets and the palette are, with the shade
// around it: as large as the window.
type over struct {
	widget.BaseWidget
	shade  *canvas.Rectangle
	panel  *widgets.Panel
	wanted fyne.Size // of the panel
	beside func()
}

// newOver makes a panel with content, inset from its edge. It is as large as wanted
// where the window has the room; 0, 0 is as large as its content needs. beside is
// called for a press beside the panel, nil for nothing.
func newOver(wanted fyne.Size, inset float32, content fyne.CanvasObject, beside func()) *over {
	o := &over{shade: canvas.NewRectangle(nil), wanted: wanted, beside: beside}
	o.panel = widgets.NewPanel(widgets.Surface{Fill: fynetheme.ColorNameOverlayBackground, Stroke: fynetheme.ColorNameInputBorder,
		Radius: 2 * theme.Rounded, Across: inset, Down: inset}, content)
	o.ExtendBaseWidget(o)
	return o
}

// Tapped implements fyne.Tappable.
func (o *over) Tapped(e *fyne.PointEvent) {
	at, size := e.Position.Subtract(o.panel.Position()), o.panel.Size()
	if o.beside != nil && (at.X < 0 || at.Y < 0 || at.X > size.Width || at.Y > size.Height) {
		o.beside()
	}
}

// CreateRenderer implements fyne.Widget.
func (o *over) CreateRenderer() fyne.WidgetRenderer {
	r := &overRenderer{o}
	r.Refresh()
	return r
}

type overRenderer struct{ o *over }

func (r *overRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.o.shade, r.o.panel}
}
func (r *overRenderer) Destroy()           {}
func (r *overRenderer) MinSize() fyne.Size { return fyne.Size{} }

func (r *overRenderer) Layout(size fyne.Size) {
	r.o.shade.Resize(size)
	wanted := r.o.wanted
	if wanted.IsZero() {
		wanted = r.o.panel.MinSize()
	}
	inner := wanted.Min(size.SubtractWidthHeight(2*theme.Gap5, 2*theme.Gap5))
	r.o.panel.Resize(inner)
	// A little above the middle, where the eye looks first.
	r.o.panel.Move(fyne.NewPos((size.Width-inner.Width)/2, (size.Height-inner.Height)*0.42))
}

func (r *overRenderer) Refresh() {
	r.o.shade.FillColor = fynetheme.ColorForWidget(fynetheme.ColorNameShadow, r.o)
	r.Layout(r.o.Size())
	canvas.Refresh(r.o)
}
