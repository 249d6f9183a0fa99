package ui

import (
	"context"
	"testing"
)

func TestSearchDoesNotWaitForEver(t *testing.T) {
	d := &drawing{}
	drawn := make(chan struct{}) // of a window that is out of sight
	d.drawn.Store(&drawn)
	d.wait(t.Context())
	if d.drawn.Load() != nil {
		t.Error("the next step of the search would wait again")
	}
	d.drawn.Store(&drawn)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d.wait(ctx) // returns, though nothing is drawn
}

func TestWhatChangedIsDrawn(t *testing.T) {
	newScreen(t)
	d := &drawing{}
	d.changed()
	d.wait(t.Context())
	if d.drawn.Load() != nil {
		t.Error("still to be drawn")
	}
	(*drawing)(nil).changed() // off screen
}
