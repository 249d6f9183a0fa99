package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"touchstone/engine"
	"touchstone/engine/remote/weaviate"
	"touchstone/engine/retrieve"
	"touchstone/engine/text"
)

// ingest stores made products through the port, in growing steps, and the same
// objects with the plain client's batches into a class of the same schema.
func ingest(ctx context.Context, r engine.Remote, n int) error {
	analyzer, err := text.New("en")
	if err != nil {
		return err
	}
	const batch = 512
	load := func(class string, words bool) (time.Duration, error) {
		r.Index = class
		c, err := weaviate.Open(r, "")
		if err != nil {
			return 0, err
		}
		if err := c.Prepare(ctx, engine.RemoteAbout{Language: "en", Encoder: "made", Dim: 384}); err != nil {
			return 0, err
		}
		rng := rand.New(rand.NewPCG(1, 1))
		var busy time.Duration
		for from := 0; from < n; from += 10 * batch {
			var batches [][]engine.Brought
			for at := from; at < min(n, from+10*batch); at += batch {
				var list []engine.Brought
				for i := at; i < min(n, at+batch); i++ {
					b := made(i, rng)
					if !words { // what a plain importer has ready
						b.Words = retrieve.Words(analyzer, &b.Product)
					}
					list = append(list, b)
				}
				batches = append(batches, list)
			}
			start := time.Now()
			group, gctx := errgroup.WithContext(ctx)
			group.SetLimit(3)
			for _, list := range batches {
				group.Go(func() error {
					for i := range list {
						if words {
							list[i].Words = retrieve.Words(analyzer, &list[i].Product)
						}
					}
					return c.Put(gctx, list)
				})
			}
			if err := group.Wait(); err != nil {
				return busy, err
			}
			busy += time.Since(start)
			if done := from + 10*batch; done%(n/4) < 10*batch {
				fmt.Printf("  %s: %d products, %.0f a second\n", class, min(done, n), float64(min(done, n))/busy.Seconds())
			}
		}
		count, err := c.Count(ctx)
		if err == nil && count != n {
			err = fmt.Errorf("%d products are there, %d were stored", count, n)
		}
		return busy, err
	}
	ready, err := load("Ready", false)
	if err != nil {
		return err
	}
	ours, err := load("Ours", true)
	if err != nil {
		return err
	}
	fmt.Printf("%d products of 384 values on %d cores: batches of ready objects %.1f s, with our words cut %.1f s: %.2f times\n", n, runtime.GOMAXPROCS(0), ready.Seconds(), ours.Seconds(), ours.Seconds()/ready.Seconds())
	for _, line := range memory() {
		fmt.Println(line)
	}
	return nil
}

// memory is what the machine says of the memory in use.
func memory() []string {
	data, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return nil
	}
	return strings.Split(string(data), "\n")[:3]
}

// made is a product with words of a usual spread and a random vector.
func made(i int, rng *rand.Rand) engine.Brought {
	word := func() string { return fmt.Sprintf("w%d", int(rng.ExpFloat64()*2000)) }
	p := engine.Product{ID: fmt.Sprintf("m%09d", i), Title: word() + " " + word() + " " + word(), Brand: fmt.Sprintf("Brand%d", rng.IntN(500)),
		Category: fmt.Sprintf("Category %d", rng.IntN(200)), Price: engine.Known(float64(rng.IntN(100000)) / 100)}
	for range 4 {
		p.Description += word() + " "
	}
	v := make([]float32, 384)
	for k := range v {
		v[k] = float32(rng.NormFloat64() * 0.051) // about unit length
	}
	b := engine.Brought{Product: p, Vector: v}
	return b
}
