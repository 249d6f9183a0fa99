package ui

import (
	"fyne.io/fyne/v2"

	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// plotsLayout puts the three plots of a comparison side by side where there is
// room for that, or else the two square ones below the first, and below each plot
// its caption: plots come first, captions after them.
type plotsLayout struct{ narrow bool }

// plotsBeside is from which width on three plots stand side by side.
const plotsBeside = 700

// Layout implements fyne.Layout.
func (l *plotsLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	l.narrow = size.Width < plotsBeside
	plots, captions := o[:len(o)/2], o[len(o)/2:]
	high, square, line := o[0].MinSize().Height, o[1].MinSize().Width, captions[0].MinSize().Height
	first := fyne.NewSize(size.Width, high)
	top, x := high+line+theme.Gap2+theme.Gap4, float32(0)
	if !l.narrow {
		first.Width = size.Width - 2*(square+theme.Gap5)
		top, x = 0, first.Width+theme.Gap5
	}
	putAt(plots[0], 0, 0, first.Width, high)
	putAt(captions[0], 0, high+theme.Gap2, first.Width, line)
	for i, plot := range plots[1:] {
		putAt(plot, x, top, square, high)
		putAt(captions[i+1], x, top+high+theme.Gap2, square, line)
		x += square + theme.Gap5
	}
}

// MinSize implements fyne.Layout.
func (l *plotsLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	size := o[0].MinSize()
	size.Height += theme.Gap2 + o[len(o)/2].MinSize().Height
	if l.narrow {
		size.Height = 2*size.Height + theme.Gap4
	}
	return size
}

// wrapping stacks objects and tells the paragraphs among them, and those in
// containers among them, how wide they are.
type wrapping struct{}

// Layout implements fyne.Layout.
func (wrapping) Layout(o []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, part := range o {
		wrapAt(part, size.Width)
		part.Resize(fyne.NewSize(size.Width, part.MinSize().Height)) // some are as high as their width makes them
		h := part.MinSize().Height
		part.Move(fyne.NewPos(0, y))
		part.Resize(fyne.NewSize(size.Width, h))
		if h > 0 {
			y += h + theme.Gap2
		}
	}
}

func wrapAt(o fyne.CanvasObject, width float32) {
	switch o := o.(type) {
	case *widgets.Paragraph:
		o.SetWidth(width)
	case *fyne.Container:
		if _, plots := o.Layout.(*plotsLayout); !plots {
			for _, inner := range o.Objects {
				wrapAt(inner, width)
			}
		}
	}
}

// MinSize implements fyne.Layout.
func (wrapping) MinSize(o []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(300, 0)
	for _, part := range o {
		if h := part.MinSize().Height; h > 0 {
			size.Height += h + theme.Gap2
		}
	}
	return size
}
