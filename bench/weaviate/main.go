// Command weaviate measures a catalogue in Weaviate: a local workspace is moved
// to a real server on loopback (make weaviate-test builds it), and both answer
// the judged queries.
//
//	go run ./bench/weaviate                       the electronics catalogue (bench/electronics): top 10 after reranking, NDCG@10, time of a search
//	go run ./bench/weaviate -products 50000       ingest through the port, against the official client's own batches
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"

	"touchstone/bench/electronics"
	"touchstone/engine/remote/weaviate/weaviatetest"
)

func main() {
	profile := flag.String("profile", "", "write a CPU profile of the searches at Weaviate to this file")
	products := flag.Int("products", 0, "made products to store, in place of a workspace")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *profile, *products); err != nil {
		fmt.Fprintln(os.Stderr, "weaviate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, profile string, products int) (err error) {
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
	if products > 0 {
		if err := ingest(ctx, r, products); err != nil {
			return err
		}
		return disk(dir)
	}
	workspace, err := electronics.Workspace(ctx)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "copy.touchstone")
	if err := copyFile(path, workspace); err != nil {
		return err
	}
	return beside(ctx, path, r, profile)
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

// disk says how much the server has written.
func disk(dir string) error {
	total := int64(0)
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a segment that was merged away meanwhile
		}
		if err == nil {
			total += info.Size()
		}
		return err
	})
	fmt.Printf("on disk %d MB\n", total>>20)
	return err
}
