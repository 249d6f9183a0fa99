package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"sync/atomic"
	"time"

	"touchstone/engine/workbench"
	"touchstone/ui"
)

// Of the keys case.
const (
	keysPerSecond = 15
	keysDuring    = time.Minute
)

// keys types into a real window over the large catalogue, and into one whose pages
// were all found before: without a processor for graphics the window is drawn by
// the same processors that search, and the second shows what drawing alone costs.
// Each window has a process of its own.
func (b *bench) keys(ctx context.Context) error {
	path, err := b.recombined(ctx, b.products)
	if err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\ntyping in the window over %d products, %d keys a second\n", b.products, keysPerSecond)
	for _, window := range []struct{ flag, say string }{{"-type", "searching"}, {"-still", "showing pages that were found before"}} {
		c := exec.CommandContext(ctx, program, window.flag, path, "-shared", b.shared)
		c.Stderr = os.Stderr
		printed, err := c.Output()
		if err != nil {
			return fmt.Errorf("%s %s: %w", program, window.flag, err)
		}
		var m ui.Typing
		if err := json.Unmarshal(printed, &m); err != nil {
			return err
		}
		fmt.Fprintf(b.out, "  %s: %d keys, %d pages shown, %d of them after a newer one; of %d frames %d missed, at most %d in a row, more than two %d times\n",
			window.say, m.Keys, m.Pages, m.Older, m.Frames, m.Missed, m.Worst, m.Long)
	}
	return nil
}

// typeOnce types into a window over a workspace and prints what came of it as
// JSON. A still one searches nothing.
func (b *bench) typeOnce(ctx context.Context, path string, isStill bool, out io.Writer) error {
	debug.SetGCPercent(25) // as main does
	queries, err := b.typedQueries(100)
	if err != nil {
		return err
	}
	m, err := ui.MeasureTyping(func() (ui.Bench, error) {
		w, err := openBench(ctx, path)
		if err != nil || !isStill {
			return w, err
		}
		return newStill(ctx, w, queries)
	}, queries, keysPerSecond, keysDuring)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(m)
}

// still is a workspace whose pages were found before. It gives one after another,
// whatever is asked for.
type still struct {
	*workbench.Bench
	pages []*workbench.Page
	next  atomic.Int64
}

func newStill(ctx context.Context, w *workbench.Bench, queries []string) (*still, error) {
	s := &still{Bench: w}
	for _, q := range queries {
		page, err := w.Search(ctx, workbench.SearchRequest{Query: q, K: 100, Facets: true, Typing: true}) // as the window asks
		if err != nil {
			return nil, errors.Join(err, w.Close())
		}
		s.pages = append(s.pages, page)
	}
	return s, nil
}

// Search is that of the window's Bench.
func (s *still) Search(_ context.Context, req workbench.SearchRequest) (*workbench.Page, error) {
	page := *s.pages[int(s.next.Add(1))%len(s.pages)]
	page.Query = req.Query
	return &page, nil
}
