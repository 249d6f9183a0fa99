package engine

import (
	"context"
	"runtime"
)

type oneProcessor struct{}

// OneProcessor says that what is done in the context should take one processor,
// since others have work for the rest. To share a search between several makes it
// sooner and costs more: each of them reads the encoder's weights.
func OneProcessor(ctx context.Context) context.Context {
	return context.WithValue(ctx, oneProcessor{}, true)
}

// Processors is how many processors what is done in the context may take.
func Processors(ctx context.Context) int {
	if ctx.Value(oneProcessor{}) != nil {
		return 1
	}
	return runtime.GOMAXPROCS(0)
}

type givingWay struct{}

// GivingWay says that what is done in the context lets others go first: wait
// returns when it may go on, or soon after the context ends, and is called every
// few milliseconds, by several goroutines at once.
func GivingWay(ctx context.Context, wait func(context.Context)) context.Context {
	return context.WithValue(ctx, givingWay{}, wait)
}

// GiveWay lets whoever the context names go first, and whoever waits for a
// processor: the scheduler would take it away only 10 ms later.
func GiveWay(ctx context.Context) {
	if wait, ok := ctx.Value(givingWay{}).(func(context.Context)); ok {
		wait(ctx)
	}
	runtime.Gosched()
}
