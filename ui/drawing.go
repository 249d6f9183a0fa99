package ui

import (
	"context"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
)

// drawing has searches wait until what changed on screen is drawn. Without a
// processor for graphics the window is drawn by the processors that search: both
// at once takes each of them twice as long, and of the two it is the frame that
// a person waits for.
type drawing struct {
	drawn atomic.Pointer[chan struct{}] // closed when the frame is on screen; nil while nothing is to be drawn
}

// drawingMost is how long a frame is waited for: a window that is out of sight
// draws none.
const drawingMost = 100 * time.Millisecond

// changed says, on Fyne's goroutine, that there is something new to draw.
func (d *drawing) changed() {
	if d == nil || d.drawn.Load() != nil {
		return
	}
	drawn := make(chan struct{})
	d.drawn.Store(&drawn)
	// The toolkit moves what is animated and draws; what was posted meanwhile
	// comes when both are done.
	fyne.NewAnimation(0, func(float32) { fyne.Do(func() { d.done(&drawn) }) }).Start()
}

// done lets the searches go on.
func (d *drawing) done(drawn *chan struct{}) {
	if d.drawn.CompareAndSwap(drawn, nil) {
		close(*drawn)
	}
}

// wait returns when nothing is to be drawn, or the context ends.
func (d *drawing) wait(ctx context.Context) {
	if d == nil {
		return
	}
	drawn := d.drawn.Load()
	if drawn == nil {
		return
	}
	most := time.NewTimer(drawingMost)
	defer most.Stop()
	select {
	case <-*drawn:
	case <-ctx.Done():
	case <-most.C:
		d.done(drawn)
	}
}
