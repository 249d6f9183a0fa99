package ui

import (
	"context"
	"io/fs"
	"slices"
	"testing"
	"time"
)

func TestOrderedTasksRunInOrderEvenWhenStopped(t *testing.T) {
	l := newLoop()
	tasks := newTasks(l.post)
	gate := make(chan struct{})
	var ran []int
	for i := range 5 {
		tasks.inOrder(func() func() {
			if i == 0 {
				<-gate
			}
			ran = append(ran, i) // one at a time: the race detector holds it
			return nil
		})
	}
	wait := tasks.stop()
	close(gate)
	wait()
	if want := []int{0, 1, 2, 3, 4}; !slices.Equal(ran, want) {
		t.Errorf("ran %v, want %v", ran, want)
	}
}

func TestNewestTaskReplacesOlderOnes(t *testing.T) {
	l := newLoop()
	tasks := newTasks(l.post)
	var kind latest
	var shown []int
	for i := range 5 {
		tasks.newest(&kind, 0, func(ctx context.Context) func() {
			if i < 4 {
				<-ctx.Done() // an older one ends only because it is cancelled
			}
			return func() { shown = append(shown, i) }
		})
	}
	if err := l.settle(context.Background(), tasks); err != nil {
		t.Fatal(err)
	}
	if want := []int{4}; !slices.Equal(shown, want) {
		t.Errorf("shown %v, want %v", shown, want)
	}
}

func TestStoppedTasksShowNothing(t *testing.T) {
	l := newLoop()
	tasks := newTasks(l.post)
	shown := 0
	tasks.start(func(context.Context) func() { return func() { shown++ } }, true)
	tasks.stop()()
	if err := l.settle(context.Background(), tasks); err != nil {
		t.Fatal(err)
	}
	if shown != 0 {
		t.Error("a stopped screen was drawn on")
	}
}

func TestCancelledWaitNeverStartsItsWork(t *testing.T) {
	l := newLoop()
	tasks := newTasks(l.post)
	var kind latest
	started := make(chan int, 2)
	tasks.newest(&kind, time.Hour, func(context.Context) func() { started <- 1; return nil })
	tasks.newest(&kind, time.Millisecond, func(context.Context) func() { started <- 2; return nil })
	if err := l.settle(context.Background(), tasks); err != nil {
		t.Fatal(err)
	}
	if got := <-started; got != 2 || len(started) != 0 {
		t.Errorf("work %d started first, %d more", got, len(started))
	}
}

// TestFailureSaysTheNextStep: errors of the operating system do not say it.
func TestFailureSaysTheNextStep(t *testing.T) {
	said := failure("The file was not read", &fs.PathError{Op: "open", Path: "shop.csv", Err: fs.ErrNotExist})
	if want := "The file was not read: open shop.csv: file does not exist; check the path"; said.text != want || !said.bad {
		t.Errorf("got %q", said.text)
	}
}
