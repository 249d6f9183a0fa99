package ui

import (
	"fmt"
	"image"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// drawn is a text on the screen and the space that it has.
type drawn struct {
	text        string
	at          fyne.Position
	need, space fyne.Size
}

// clipped are the texts below an object that are larger than their space: what
// stands outside would be cut off or lie over its neighbour. Texts that may end
// in an ellipsis have been cut to their space already.
func clipped(o fyne.CanvasObject) []drawn {
	var found []drawn
	var walk func(o fyne.CanvasObject, at fyne.Position, scrolled bool)
	walk = func(o fyne.CanvasObject, at fyne.Position, scrolled bool) {
		if !o.Visible() {
			return
		}
		at = at.Add(o.Position())
		switch o := o.(type) {
		case *canvas.Text:
			need := fyne.MeasureText(o.Text, o.TextSize, o.TextStyle)
			const slack = 1 // rounding
			if o.Text != "" && o.Size().Width > 0 && (need.Width > o.Size().Width+slack || need.Height > o.Size().Height+slack) {
				found = append(found, drawn{o.Text, at, need, o.Size()})
			}
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child, at, scrolled)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child, at, scrolled)
			}
		}
	}
	walk(o, fyne.Position{}, false)
	return found
}

// outside are the texts of a pane whose right edge lies beyond it.
func outside(o fyne.CanvasObject, width float32) []string {
	var found []string
	var walk func(o fyne.CanvasObject, x float32)
	walk = func(o fyne.CanvasObject, x float32) {
		if !o.Visible() {
			return
		}
		x += o.Position().X
		switch o := o.(type) {
		case *canvas.Text:
			if need := fyne.MeasureText(o.Text, o.TextSize, o.TextStyle).Width; o.Text != "" && o.Alignment == fyne.TextAlignLeading && x+need > width+1 {
				found = append(found, fmt.Sprintf("%q ends at %.0f of %.0f", o.Text, x+need, width))
			}
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child, x)
			}
		case interface{ SelectedText() string }: // a field scrolls what it holds
		case *widgets.Text: // cut to its space
			walk(test.WidgetRenderer(o).Objects()[0], x)
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child, x)
			}
		}
	}
	walk(o, -o.Position().X)
	return found
}

// openView shows a view of the Compare place with something in it.
func openView(c *compare, view int) {
	c.view(view)
	switch view {
	case viewInterleave:
		c.interleaving.begin()
	case viewSweep:
		c.sweep.choose.SetSelectedIndex(0)
	}
}

// TestNoTextIsClipped draws every place in both languages, small and large, with
// normal and larger text, and looks for text that is larger than its space or
// leaves its pane.
func TestNoTextIsClipped(t *testing.T) {
	t.Cleanup(func() { _ = locale.Set(locale.English) })
	sizes := []image.Point{{1000, 640}, {1440, 900}, {3840, 2160}}
	if testing.Short() {
		sizes = sizes[:1]
	}
	for _, l := range locale.Languages {
		for _, size := range sizes {
			for _, text := range []float32{1, 1.3} {
				if err := locale.Set(l.Language); err != nil {
					t.Fatal(err)
				}
				o := newOffscreen(newFakeBench(), size, theme.Light)
				fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Light, text))
				sc := &screen{offscreen: o, t: t, s: o.shell.search}
				o.shell.person.keep("ann")
				sc.settle()
				o.shell.search.open("headphones")
				sc.settle()
				for _, p := range o.shell.places {
					o.shell.goTo(p.kind.id)
					sc.settle()
					views := 1
					if p.kind.id == placeCompare {
						views = len(viewNames)
					}
					for view := range views {
						name := fmt.Sprintf("%s-%s-%dx%d-%v", p.kind.id, l.Language, size.X, size.Y, text)
						if view > 0 {
							name = fmt.Sprintf("%s.%d", name, view)
							openView(o.shell.compare, view)
							sc.settle()
						}
						o.shell.content.Refresh()
						for _, d := range clipped(o.shell.content) {
							t.Errorf("%s: %q at %.0f,%.0f needs %.0f × %.0f and has %.0f × %.0f", name, d.text, d.at.X, d.at.Y, d.need.Width, d.need.Height, d.space.Width, d.space.Height)
						}
						if p.side != nil {
							for _, what := range outside(p.side, p.side.Size().Width) {
								t.Errorf("%s: beside the page, %s", name, what)
							}
						}
						if dir := os.Getenv("TOUCHSTONE_PICTURES"); dir != "" && !strings.Contains(name, "3840") {
							keepPicture(t, name, o.canvas.Capture())
						}
					}
				}
				o.close()
			}
		}
	}
}
