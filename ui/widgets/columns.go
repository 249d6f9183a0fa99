package widgets

import (
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/ui/theme"
)

// Columns lays objects side by side, each as wide as its entry, centred from
// top to bottom. A width of 0 takes what the others leave. Where there is such a
// column, the others grow with the size of text, as far as it can spare the room.
type Columns []float32

const (
	DesignText = 13 // the size of text that widths are given for
	openLeast  = 48 // what growing columns leave to an open one at least
)

// Layout implements fyne.Layout.
func (c Columns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	room, fixed, open := size.Width-float32(len(c)-1)*theme.Gap2, float32(0), 0
	needed := float32(0) // by the open columns
	for i, o := range objects {
		fixed += c[i]
		if c[i] == 0 {
			open++
			needed += max(o.MinSize().Width, openLeast)
		}
	}
	scale := float32(1)
	if text := fynetheme.Size(fynetheme.SizeNameText) / DesignText; open > 0 && text > 1 && fixed > 0 {
		scale = max(min(text, (room-needed)/fixed), 1)
	}
	left := room - fixed*scale
	x := float32(0)
	for i, o := range objects {
		w := c[i] * scale
		if c[i] == 0 {
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
