package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"touchstone/bench/electronics"
	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

var words = []string{"lamp", "oak", "steel", "desk", "cable", "white", "travel", "wireless", "mini", "garden", "cotton", "pro", "kids", "red", "camera", "phone", "case", "usb", "led", "table"}

// madeUp fills a new workspace with products, queries and judgments, without an
// encoder: what is timed does not encode.
func madeUp(ctx context.Context, path string, products, queries, judgments int) error {
	store, err := storage.Create(path, storage.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	rng := rand.New(rand.NewPCG(1, 2))
	text := func(n int) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(words[rng.IntN(len(words))])
		}
		return b.String()
	}
	list := make([]engine.Product, products)
	for i := range list {
		list[i] = engine.Product{ID: fmt.Sprintf("P%06d", i), Title: text(8), Description: text(20), Brand: words[i%7], Category: words[i%11]}
	}
	if _, err := store.PutProducts(ctx, list); err != nil {
		return err
	}
	set := make([]engine.Query, queries)
	for i := range set {
		set[i] = engine.Query{Text: fmt.Sprintf("%s %s %d", words[i%len(words)], words[i/len(words)%len(words)], i), Need: text(9), Weight: float64(rng.IntN(1000)), Tags: []string{words[i%3]}}
	}
	if err := store.PutQueries(set); err != nil {
		return err
	}
	const together = 50_000
	batch := make([]engine.Judgment, 0, together)
	for i := range judgments {
		batch = append(batch, engine.Judgment{Query: set[i%queries].Text, Product: list[(i*7919)%products].ID, Grade: engine.Grade(rng.IntN(4)), Judge: []string{"ann", "bea", "cem"}[i/queries%3], Time: time.Now().UTC()})
		if len(batch) == together || i == judgments-1 {
			if err := store.PutJudgments(ctx, batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return nil
}

func open(ctx context.Context, path string) (*workbench.Bench, error) {
	store, err := storage.Open(path, storage.Options{})
	if err != nil {
		return nil, err
	}
	return workbench.Open(ctx, store, electronics.Encoder)
}

// keys times one grade after the other: from the key to the grade on disk, with
// the next pair at hand; what the window then draws is not in it.
func keys(ctx context.Context, _ options, dir string, out io.Writer) (err error) {
	const products, judgments, graded = 100_000, 100_000, 1000
	path := filepath.Join(dir, "keys.touchstone")
	if err := madeUp(ctx, path, products, 1000, judgments); err != nil {
		return err
	}
	b, err := open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	if err := b.SetJudge("dan"); err != nil {
		return err
	}
	items, err := b.Queue(ctx, workbench.QueueRequest{Queue: workbench.PoolQueue, Limit: graded, Seed: 1}, nil)
	if err != nil {
		return err
	}
	times := make([]time.Duration, len(items))
	for i, item := range items {
		start := time.Now()
		if err := b.GradeNoted(ctx, item.Query.Text, item.Product.ID, engine.Grade(i%4), ""); err != nil {
			return err
		}
		times[i] = time.Since(start)
	}
	fmt.Fprintf(out, "a key → its grade on disk, %d products and %d judgments in the file: median %.1f ms, p99 %.1f ms of %d  (bar 16)\n",
		products, judgments, percentile(times, 0.5), percentile(times, 0.99), len(times))
	var page []string
	for _, item := range items[:10] {
		page = append(page, item.Product.ID)
	}
	start := time.Now()
	if err := b.GradeMany(items[0].Query.Text, page, 1); err != nil {
		return err
	}
	fmt.Fprintf(out, "  ten at once: %.1f ms\n", time.Since(start).Seconds()*1000)
	start = time.Now()
	if _, err := b.Judging(time.Now()); err != nil {
		return err
	}
	fmt.Fprintf(out, "  how the day goes, beside the window: %.0f ms\n", time.Since(start).Seconds()*1000)
	return nil
}

// set times a large query set.
func set(ctx context.Context, _ options, dir string, out io.Writer) (err error) {
	const queries, judgments = 5000, 500_000
	path := filepath.Join(dir, "set.touchstone")
	if err := madeUp(ctx, path, 20_000, queries, judgments); err != nil {
		return err
	}
	b, err := open(ctx, path)
	if err != nil {
		return err
	}
	start := time.Now()
	if _, err := b.QuerySet(ctx, true, nil); err != nil {
		return err
	}
	ranked := time.Since(start)
	if err := b.Close(); err != nil {
		return err
	}
	start = time.Now()
	store, err := storage.Open(path, storage.Options{})
	if err != nil {
		return err
	}
	checked := time.Since(start)
	if b, err = workbench.Open(ctx, store, electronics.Encoder); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	opened := time.Since(start)
	start = time.Now()
	rows, err := b.QuerySet(ctx, true, nil)
	if err != nil {
		return err
	}
	scored := time.Since(start)
	start = time.Now()
	view := workbench.QueryView{Words: "lamp", Sort: workbench.ByValue}
	shown := view.Of(rows)
	sorted := time.Since(start)
	if len(shown) == 0 || !slices.ContainsFunc(rows, func(r workbench.QueryRow) bool { return r.Pairs > 0 }) {
		return errors.New("the set holds nothing")
	}
	fmt.Fprintf(out, "%d queries and %d judgments: open %.2f s (of them the look at every page and record of the file %.2f s; bar 1), scores of the set %.2f s (bar 1; ranking all of it the first time: %.0f s), filter and sort %.1f ms (bar 100)\n",
		queries, judgments, opened.Seconds(), checked.Seconds(), scored.Seconds(), ranked.Seconds(), sorted.Seconds()*1000)
	return nil
}

// batch times making a batch of the most useful pairs: the first, which searches,
// and the next, which need not; on the electronics queries, and on a large set,
// of which a sample is looked at.
func batch(ctx context.Context, o options, dir string, out io.Writer) error {
	const queries, judgments, wanted = 5000, 500_000, 60
	small, err := copied(ctx, o, dir)
	if err != nil {
		return err
	}
	large := filepath.Join(dir, "batch.touchstone")
	if err := madeUp(ctx, large, 20_000, queries, judgments); err != nil {
		return err
	}
	for _, of := range []struct{ name, path string }{{"electronics", small}, {fmt.Sprintf("%d queries and %d judgments", queries, judgments), large}} {
		b, err := open(ctx, of.path)
		if err != nil {
			return err
		}
		if err := b.SetJudge("dan"); err != nil {
			return errors.Join(err, b.Close())
		}
		var times [3]time.Duration
		for i := range times {
			start := time.Now()
			items, err := b.Queue(ctx, workbench.QueueRequest{Queue: workbench.NextBest, Limit: wanted, Seed: 1}, nil)
			if err != nil {
				return errors.Join(err, b.Close())
			}
			times[i] = time.Since(start)
			for _, item := range items {
				if err := b.Grade(ctx, item.Query.Text, item.Product.ID, 1); err != nil {
					return errors.Join(err, b.Close())
				}
			}
		}
		if err := b.Close(); err != nil {
			return err
		}
		fmt.Fprintf(out, "the %d most useful pairs, %s: %.2f s the first time, then %.2f s and %.2f s\n", wanted, of.name, times[0].Seconds(), times[1].Seconds(), times[2].Seconds())
	}
	return nil
}
