// Command weaviate measures a catalogue in Weaviate: a local workspace is moved
// to a real server on loopback (make weaviate-test builds it), and both answer
// the judged queries.
//
//	go run ./bench/weaviate -workspace FILE       the same top 10 after reranking, NDCG@10, time of a search
//	go run ./bench/weaviate -products 50000       ingest through the port, against the plain client and the same objects
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"time"

	"touchstone/assets"
	"touchstone/engine"
	"touchstone/engine/bert"
	"touchstone/engine/remote/weaviate/weaviatetest"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

func main() {
	workspace := flag.String("workspace", "", "a workspace with judgments; it is copied")
	products := flag.Int("products", 0, "made products to store, in place of a workspace")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *workspace, *products); err != nil {
		fmt.Fprintln(os.Stderr, "weaviate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, workspace string, products int) (err error) {
	dir, err := os.MkdirTemp("", "touchstone-weaviate-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	nodes, err := weaviatetest.Start(dir, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, weaviatetest.Stop(nodes)) }()
	r := weaviatetest.Remote(nodes)
	r.GRPC = nodes[0].GRPC
	if products > 0 {
		return ingest(ctx, r, products)
	}
	path := filepath.Join(dir, "copy.touchstone")
	if err := copyFile(path, workspace); err != nil {
		return err
	}
	return beside(ctx, path, r)
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// answers are the pages of all queries.
type answers struct {
	pages map[string][]string // the first ten
	pools map[string][]string // all that was ranked, sorted
	took  []time.Duration
	ndcg  float64
}

// beside answers the judged queries locally and from Weaviate.
func beside(ctx context.Context, path string, r engine.Remote) error {
	store, err := storage.Open(path, storage.Options{})
	if err != nil {
		return err
	}
	files, err := assets.Model("minilm")
	if err != nil {
		return err
	}
	model, err := bert.Open(files, bert.Options{Precision: bert.Int8})
	if err != nil {
		return err
	}
	b, err := workbench.Open(ctx, store, func(string) (engine.Encoder, error) { return model, nil })
	if err != nil {
		return errors.Join(err, store.Close())
	}
	defer b.Close()
	local, err := ask(ctx, b)
	if err != nil {
		return err
	}
	n := b.Status().Products
	if err := b.PutRemote(r); err != nil {
		return err
	}
	start := time.Now()
	if err := b.Move(ctx, r.Name, nil); err != nil {
		return err
	}
	fmt.Printf("%d products moved in %.1f s\n", n, time.Since(start).Seconds())
	far, err := ask(ctx, b)
	if err != nil {
		return err
	}
	same, equal, top := 0, 0, 0
	for q := range local.pages {
		if slices.Equal(local.pages[q], far.pages[q]) {
			top++
		}
		if slices.Equal(local.pools[q], far.pools[q]) {
			same++
			if slices.Equal(local.pages[q], far.pages[q]) {
				equal++
			}
		}
	}
	fmt.Printf("%d queries; the same candidates for %d, of which the same top 10 for %d; the same top 10 for %d of all\n", len(local.pages), same, equal, top)
	fmt.Printf("NDCG@10 local %.4f, Weaviate %.4f\n", local.ndcg, far.ndcg)
	fmt.Printf("a search, median and 99th percentile: local %v %v, Weaviate %v %v\n", local.quantile(0.5), local.quantile(0.99), far.quantile(0.5), far.quantile(0.99))
	return nil
}

func (a *answers) quantile(q float64) time.Duration {
	return a.took[min(len(a.took)-1, int(q*float64(len(a.took))))].Round(100 * time.Microsecond)
}

func ask(ctx context.Context, b *workbench.Bench) (*answers, error) {
	a := &answers{pages: map[string][]string{}, pools: map[string][]string{}}
	queries, err := b.Queries()
	if err != nil {
		return nil, err
	}
	for _, q := range queries {
		page, err := b.Search(ctx, workbench.SearchRequest{Query: q.Text, K: 10})
		if err != nil {
			return nil, err
		}
		a.took = append(a.took, page.Took)
		for _, r := range page.Results {
			a.pages[q.Text] = append(a.pages[q.Text], r.Product.ID)
		}
		// Neither side pages past 400 ranked candidates here: all of them.
		all, err := b.Search(ctx, workbench.SearchRequest{Query: q.Text, K: 400})
		if err != nil {
			return nil, err
		}
		for _, r := range all.Results {
			a.pools[q.Text] = append(a.pools[q.Text], r.Product.ID)
		}
		slices.Sort(a.pools[q.Text])
	}
	slices.Sort(a.took)
	e, err := b.Evaluate(ctx, workbench.EvalRequest{}, nil)
	if err != nil {
		return nil, err
	}
	a.ndcg = e.Mean
	return a, nil
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
