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
