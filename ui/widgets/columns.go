package widgets

import (
	"fyne.io/fyne/v2"

	"touchstone/ui/theme"
)

// Columns lays objects side by side, each as wide as its entry, centred from
// top to bottom. A width of 0 takes what the others leave.
type Columns []float32

// Layout implements fyne.Layout.
func (c Columns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left, open := size.Width-float32(len(c)-1)*theme.Gap2, 0
	for _, w := range c {
		left -= w
		if w == 0 {
			open++
		}
	}
	x := float32(0)
	for i, o := range objects {
		w := c[i]
		if w == 0 {
			w = max(left, 0) / float32(open)
		}
		h := min(o.MinSize().Height, size.Height)
		o.Move(fyne.NewPos(x, (size.Height-h)/2))
		o.Resize(fyne.NewSize(w, h))
		x += w + theme.Gap2
	}
}

// MinSize implements fyne.Layout.
func (c Columns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(float32(len(c)-1)*theme.Gap2, 0)
	for i, o := range objects {
		m := o.MinSize()
		size.Height = max(size.Height, m.Height)
		size.Width += max(c[i], 0)
		if c[i] == 0 {
			size.Width += m.Width
		}
	}
	return size
}
