package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// DividerWidth is how wide the strip is that can be dragged; its line is thinner.
const DividerWidth float32 = 7

// Divider is the line between two panes side by side. It can be dragged.
type Divider struct {
	widget.BaseWidget
	OnDragged func(across float32) // to the right is more
	OnDropped func()
	hovered   bool
}

// NewDivider makes a divider.
func NewDivider() *Divider {
	d := &Divider{}
	d.ExtendBaseWidget(d)
	return d
}

// Dragged implements fyne.Draggable.
func (d *Divider) Dragged(e *fyne.DragEvent) {
	if d.OnDragged != nil {
		d.OnDragged(e.Dragged.DX)
	}
}

// DragEnd implements fyne.Draggable.
func (d *Divider) DragEnd() {
	if d.OnDropped != nil {
		d.OnDropped()
	}
}

// Cursor implements desktop.Cursorable.
func (d *Divider) Cursor() desktop.Cursor { return desktop.HResizeCursor }

// MouseIn implements desktop.Hoverable.
func (d *Divider) MouseIn(*desktop.MouseEvent) { d.hovered = true; d.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (d *Divider) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (d *Divider) MouseOut() { d.hovered = false; d.Refresh() }

// CreateRenderer implements fyne.Widget.
func (d *Divider) CreateRenderer() fyne.WidgetRenderer {
	r := &dividerRenderer{d: d, line: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type dividerRenderer struct {
	d    *Divider
	line *canvas.Rectangle
}

func (r *dividerRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line} }
func (r *dividerRenderer) Destroy()                     {}
func (r *dividerRenderer) MinSize() fyne.Size           { return fyne.NewSize(DividerWidth, 0) }

func (r *dividerRenderer) Layout(size fyne.Size) {
	width := float32(1)
	if r.d.hovered {
		width = 3
	}
	r.line.Move(fyne.NewPos((size.Width-width)/2, 0))
	r.line.Resize(fyne.NewSize(width, size.Height))
}

func (r *dividerRenderer) Refresh() {
	name := fynetheme.ColorNameSeparator
	if r.d.hovered {
		name = fynetheme.ColorNamePrimary
	}
	r.line.FillColor = fynetheme.ColorForWidget(name, r.d)
	r.Layout(r.d.Size())
	canvas.Refresh(r.d)
}
