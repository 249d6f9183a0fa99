package ui

import (
	"context"
	"fmt"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"touchstone/ui/theme"
)

// PictureSize is the size of the window in pictures, in pixels.
var PictureSize = image.Pt(1440, 900)

// Picture draws the search screen as it looks after a query was typed, with
// Fyne's software renderer and without any display. It needs the process for
// itself: no window may be open. The bench stays open.
func Picture(ctx context.Context, b Bench, query string, size image.Point, mode theme.Mode) (image.Image, error) {
	pic := newOffscreen(b, size, mode)
	defer pic.close()
	if query != "" {
		pic.shell.search.open(query)
	}
	if err := pic.loop.settle(ctx, pic.shell.tasks); err != nil {
		return nil, fmt.Errorf("draw the search screen: %w", err)
	}
	return pic.canvas.Capture(), nil
}

// offscreen is a shell on a canvas in memory.
type offscreen struct {
	loop   *loop
	shell  *shell
	canvas test.WindowlessCanvas
}

func newOffscreen(b Bench, size image.Point, mode theme.Mode) *offscreen {
	app := test.NewApp()
	app.Settings().SetTheme(theme.New(mode, 1))
	o := &offscreen{loop: newLoop(), canvas: software.NewCanvas()}
	o.canvas.SetPadded(false)
	o.shell = newShell(o.canvas, o.loop.post)
	o.shell.hurry, o.shell.content.hurry = true, true
	o.canvas.Resize(fyne.NewSize(float32(size.X), float32(size.Y)))
	o.shell.open(b)
	return o
}

// close stops what still runs; the bench stays open.
func (o *offscreen) close() { o.shell.tasks.stop()() }
