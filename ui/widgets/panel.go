package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Surface is how a Panel looks; "" and 0 are none.
type Surface struct {
	Fill, Stroke fyne.ThemeColorName
	Radius       float32
	Across, Down float32 // padding left and right, above and below
}

// Panel is a rectangle in colours of the theme with something on it: a card, a
// chip, the inspector.
type Panel struct {
	widget.BaseWidget
	surface Surface
	content fyne.CanvasObject
}

// NewPanel puts content on a surface.
func NewPanel(s Surface, content fyne.CanvasObject) *Panel {
	p := &Panel{surface: s, content: content}
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer implements fyne.Widget.
func (p *Panel) CreateRenderer() fyne.WidgetRenderer {
	r := &panelRenderer{p: p, box: canvas.NewRectangle(nil)}
	r.box.CornerRadius = p.surface.Radius
	r.Refresh()
	return r
}

type panelRenderer struct {
	p   *Panel
	box *canvas.Rectangle
}

func (r *panelRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.box, r.p.content}
}
func (r *panelRenderer) Destroy() {}

func (r *panelRenderer) MinSize() fyne.Size {
	return r.p.content.MinSize().AddWidthHeight(2*r.p.surface.Across, 2*r.p.surface.Down)
}

func (r *panelRenderer) Layout(size fyne.Size) {
	s := r.p.surface
	r.box.Resize(size)
	r.p.content.Move(fyne.NewPos(s.Across, s.Down))
	r.p.content.Resize(size.SubtractWidthHeight(2*s.Across, 2*s.Down))
}

func (r *panelRenderer) Refresh() {
	paint(r.box, r.p, r.p.surface.Fill, r.p.surface.Stroke)
	r.box.Refresh()
	r.Layout(r.p.Size())
	r.p.content.Refresh()
}
