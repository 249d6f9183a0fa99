package widgets

import "fyne.io/fyne/v2"

// Flow lays objects side by side at their own size. What does not fit into
// Width goes to the next line; where Width is 0 there is one line, and what does
// not fit is left out.
type Flow struct{ Gap, Width float32 }

// Layout implements fyne.Layout.
func (f Flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if f.Width > 0 {
		f.each(objects, func(o fyne.CanvasObject, at fyne.Position) {
			o.Move(at)
			o.Resize(o.MinSize())
		})
		return
	}
	x := float32(0)
	for _, o := range objects {
		m := o.MinSize()
		if m.Width == 0 {
			continue
		}
		o.Resize(m)
		o.Move(fyne.NewPos(x, (size.Height-m.Height)/2))
		x += m.Width + f.Gap
		if x-f.Gap <= size.Width {
			o.Show()
		} else {
			o.Hide()
		}
	}
}

// MinSize implements fyne.Layout.
func (f Flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(f.Width, 0)
	if f.Width > 0 {
		f.each(objects, func(o fyne.CanvasObject, at fyne.Position) {
			size.Height = max(size.Height, at.Y+o.MinSize().Height)
		})
		return size
	}
	for _, o := range objects {
		size.Height = max(size.Height, o.MinSize().Height)
	}
	return size
}

// each places the visible objects on lines.
func (f Flow) each(objects []fyne.CanvasObject, place func(fyne.CanvasObject, fyne.Position)) {
	var at fyne.Position
	line := float32(0) // height of the line
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if at.X > 0 && at.X+m.Width > f.Width {
			at = fyne.NewPos(0, at.Y+line+f.Gap)
			line = 0
		}
		place(o, at)
		at.X += m.Width + f.Gap
		line = max(line, m.Height)
	}
}
