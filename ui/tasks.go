package ui

import (
	"context"
	"sync"
	"time"
)

// tasks runs what takes time beside the window. Work runs on a goroutine of its
// own and returns what is to be done on Fyne's, where every method of tasks
// must be called too.
type tasks struct {
	// post runs a function on Fyne's goroutine, soon and in order: fyne.Do, or
	// the queue of an offscreen loop.
	post    func(func())
	hurry   bool // no one types or drags: what waits for a pause starts at once
	ctx     context.Context
	cancel  context.CancelFunc
	running int            // tasks whose outcome has not been shown
	asides  int            // and those that no one waits for
	idle    func()         // called once when it falls to 0; nil for none
	alive   sync.WaitGroup // tasks that still work
	saved   chan struct{}  // closed when the last of the ordered tasks has run
}

func newTasks(post func(func())) *tasks {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	close(done)
	return &tasks{post: post, ctx: ctx, cancel: cancel, saved: done}
}

// work does something slow and returns what then changes on screen, nil for
// nothing. It gives up soon after ctx ends.
type work func(ctx context.Context) (show func())

// start runs work and returns how to cancel it. What it shows is dropped when
// it was cancelled, unless it is to be heard anyway (an import that tells what
// it kept).
func (t *tasks) start(w work, heard bool) context.CancelFunc {
	ctx, cancel := context.WithCancel(t.ctx)
	t.running++
	t.alive.Add(1)
	go func() {
		show := w(ctx)
		t.alive.Done()
		t.post(func() {
			defer t.ended()
			dropped := ctx.Err() != nil && (!heard || t.ctx.Err() != nil)
			cancel()
			if show != nil && !dropped {
				show()
			}
		})
	}()
	return cancel
}

// beside runs work that no one waits for, such as fetching a picture: a change
// of the language does not.
func (t *tasks) beside(w work) {
	t.asides++
	t.alive.Add(1)
	go func() {
		show := w(t.ctx)
		t.alive.Done()
		t.post(func() {
			t.asides--
			if show != nil && t.ctx.Err() == nil {
				show()
			}
		})
	}()
}

// latest is a kind of work of which only the newest matters.
type latest struct{ cancel context.CancelFunc }

// stop cancels what is running or waiting.
func (l *latest) stop() {
	if l.cancel != nil {
		l.cancel()
		l.cancel = nil
	}
}

// newest runs work after a wait, in place of any older work of its kind: the
// older is cancelled, and what it would show is dropped.
func (t *tasks) newest(l *latest, wait time.Duration, w work) {
	l.stop()
	hurry := t.hurry
	l.cancel = t.start(func(ctx context.Context) func() {
		if wait > 0 && !hurry {
			timer := time.NewTimer(wait)
			defer timer.Stop()
			select {
			case <-timer.C:
			case <-ctx.Done():
				return nil
			}
		}
		return w(ctx)
	}, false)
}

// inOrder runs work after all ordered work before it, and runs it even when the
// window closes: grades are not lost.
func (t *tasks) inOrder(w func() (show func())) {
	before, done := t.saved, make(chan struct{})
	t.saved = done
	t.running++
	t.alive.Add(1)
	go func() {
		<-before
		show := w()
		close(done)
		t.alive.Done()
		t.post(func() {
			defer t.ended()
			if show != nil && t.ctx.Err() == nil {
				show()
			}
		})
	}()
}

// whenIdle calls f once nothing is at work: now, or when the last task has been
// shown. A newer f takes its place.
func (t *tasks) whenIdle(f func()) {
	if t.running == 0 {
		f()
		return
	}
	t.idle = f
}

func (t *tasks) ended() {
	if t.running--; t.running == 0 && t.idle != nil {
		f := t.idle
		t.idle = nil
		f()
	}
}

// stop cancels what can be cancelled and drops what it would show. The function
// it returns waits until nothing works any more; it may be called anywhere.
func (t *tasks) stop() (wait func()) {
	t.cancel()
	return t.alive.Wait
}

// loop stands in for Fyne's goroutine where there is no window: posted functions
// queue up until settle runs them on its caller.
type loop struct{ queue chan func() }

func newLoop() *loop { return &loop{queue: make(chan func(), 1024)} }

func (l *loop) post(f func()) { l.queue <- f }

// settle runs posted functions until nothing is at work any more, or ctx ends.
func (l *loop) settle(ctx context.Context, t *tasks) error {
	for t.running+t.asides > 0 || len(l.queue) > 0 {
		select {
		case f := <-l.queue:
			f()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
