package main

import (
	"context"
	"fmt"
	"time"

	"touchstone/ui"
)

// Of the keys case.
const (
	keysPerSecond = 15
	keysDuring    = time.Minute
)

// keys types into a real window over the large catalogue. Without a processor for
// graphics the window is drawn by the same processors that search, which counts
// against it.
func (b *bench) keys(ctx context.Context) error {
	path, err := b.recombined(ctx, b.products)
	if err != nil {
		return err
	}
	queries, err := b.typedQueries(100)
	if err != nil {
		return err
	}
	m, err := ui.MeasureTyping(func() (ui.Bench, error) { return openBench(ctx, path) }, queries, keysPerSecond, keysDuring)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\ntyping in the window over %d products: %d keys at %d a second, %d pages shown, %d of them after a newer one; of %d frames %d late, at most %d in a row\n",
		b.products, m.Keys, keysPerSecond, m.Pages, m.Older, m.Frames, m.Late, m.Worst)
	return nil
}
