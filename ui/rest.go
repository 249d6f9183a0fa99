package ui

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.3/glfw"
)

// How long nothing must have happened before the window rests, and how long it
// rests at once: what the toolkit posts to itself without an event waits as long.
const (
	beforeRest = time.Second
	oneRest    = time.Second / 4
)

// rest has the toolkit's loop sleep while nothing happens. By itself the loop
// wakes 60 times a second to look for events, whatever the window shows. It runs
// what is posted to it between two looks: what is posted from here waits in the
// display's library until an event comes or the window has work of its own.
type rest struct {
	do   func(func())    // runs a function on Fyne's goroutine, soon: fyne.Do
	wait func(s float64) // until an event comes, so many seconds at most
	wake func()          // is an event

	stirred time.Time // when something happened last; on Fyne's goroutine

	mu     sync.Mutex
	posted int  // functions that have not run yet
	asleep bool // Fyne's goroutine is in once, and the display's library in use
}

func newRest() *rest {
	return &rest{do: fyne.Do, wait: func(s float64) { whileOpen(func() { glfw.WaitEventsTimeout(s) }) }, wake: func() { whileOpen(glfw.PostEmptyEvent) }}
}

// notOpen is GLFW_NOT_INITIALIZED, which its package keeps to itself.
const notOpen = glfw.ErrorCode(0x00010001)

// whileOpen calls a function of the display's library, and nothing when that is
// closed, where it would panic: once Fyne's loop has ended, what is posted runs at
// once on the goroutine that posts it.
func whileOpen(f func()) {
	defer func() {
		r := recover()
		if e, is := r.(*glfw.Error); r != nil && !(is && e.Code == notOpen) {
			panic(r)
		}
	}()
	f()
}

// post runs f on Fyne's goroutine, soon and in order: a rest ends.
func (r *rest) post(f func()) {
	r.mu.Lock()
	r.posted++
	if r.asleep {
		r.wake()
	}
	r.mu.Unlock()
	r.do(func() {
		r.mu.Lock()
		r.posted--
		r.mu.Unlock()
		r.stir()
		f()
	})
}

// stir keeps the window from resting for a while. On Fyne's goroutine.
func (r *rest) stir() { r.stirred = time.Now() }

// keep has the window rest again and again until ctx ends, where calm says on
// Fyne's goroutine that nothing is at work.
func (r *rest) keep(ctx context.Context, calm func() bool) {
	rested := make(chan bool, 1)
	for {
		r.do(func() { rested <- calm() && r.once() })
		pause := beforeRest
		select {
		case undisturbed := <-rested:
			if undisturbed {
				pause = 2 * frameTime // the loop looks round once, and paints what it finds
			}
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// once rests, and reports whether nothing happened meanwhile. On Fyne's goroutine.
func (r *rest) once() bool {
	if time.Since(r.stirred) < beforeRest || !r.lieDown() {
		return false
	}
	began := time.Now()
	r.wait(oneRest.Seconds())
	r.mu.Lock()
	r.asleep = false
	r.mu.Unlock()
	if time.Since(began) < oneRest {
		r.stir()
		return false
	}
	return true
}

// lieDown reports whether nothing is left to run, and has post wake the loop from
// now on.
func (r *rest) lieDown() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asleep = r.posted == 0
	return r.asleep
}
