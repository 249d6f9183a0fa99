package ui

import (
	"context"
	"sync"
	"testing"
	"time"
)

// restOnLoop is a rest on a loop of its own, like that of the toolkit: the display's
// library is a channel that holds events.
func restOnLoop(t *testing.T) (r *rest, events chan struct{}, rests func() int) {
	t.Helper()
	queue, over := make(chan func(), 64), make(chan struct{})
	events = make(chan struct{}, 64)
	var mu sync.Mutex
	begun := 0
	r = &rest{
		do: func(f func()) { queue <- f },
		wait: func(s float64) {
			mu.Lock()
			begun++
			mu.Unlock()
			select {
			case <-events:
			case <-time.After(time.Duration(s * float64(time.Second))):
			}
		},
		wake: func() { events <- struct{}{} },
	}
	go func() {
		for {
			select {
			case f := <-queue:
				f()
			case <-over:
				return
			}
		}
	}()
	t.Cleanup(func() { close(over) })
	return r, events, func() int {
		mu.Lock()
		defer mu.Unlock()
		return begun
	}
}

func onLoop[T any](r *rest, f func() T) T {
	got := make(chan T, 1)
	r.do(func() { got <- f() })
	return <-got
}

// After the window is closed a last rest may still be asked for, when the
// display's library is closed too. In tests it never was open.
func TestNoRestAfterTheWindow(t *testing.T) {
	r := newRest()
	r.do = func(f func()) { f() } // as Fyne does then
	if r.once() || r.asleep {
		t.Error("it rests, or believes to, without a window")
	}
	r.wake()
}

func TestRestsOnlyWhenNothingIsLeftToDo(t *testing.T) {
	r, events, rests := restOnLoop(t)
	if !onLoop(r, r.once) || rests() != 1 {
		t.Error("nothing happens: it must rest to the end")
	}
	events <- struct{}{}
	if onLoop(r, r.once) || rests() != 2 {
		t.Error("an event comes: the rest must end, and tell so")
	}
	if onLoop(r, r.once) || rests() != 2 {
		t.Error("something has just happened: no rest")
	}
	if onLoop(r, func() bool {
		r.stirred = time.Time{}
		r.post(func() {}) // waits behind what runs now
		return r.once()
	}) || rests() != 2 {
		t.Error("something is left to run: no rest")
	}
}

// What is posted from any goroutine, at any time, ends the rest that it finds.
func TestPostEndsARest(t *testing.T) {
	r, _, rests := restOnLoop(t)
	var never func(float64)
	r.wait, never = func(float64) { never(1e6) }, r.wait
	ctx, cancel := context.WithCancel(t.Context())
	kept := make(chan struct{})
	go func() { r.keep(ctx, func() bool { r.stirred = time.Time{}; return true }); close(kept) }()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 3 {
				for before := rests(); rests() == before; {
					time.Sleep(time.Millisecond)
				}
				done := make(chan struct{})
				r.post(func() { close(done) })
				<-done
			}
		})
	}
	all.Wait()
	cancel()
	r.post(func() {}) // in case it rests
	<-kept
}
