// Command weaviate measures a catalogue in Weaviate: a local workspace is moved
// to a real server on loopback (make weaviate-test builds it), and both answer
// the judged queries.
//
//	go run ./bench/weaviate                                the electronics catalogue (bench/electronics): top 10 after reranking, NDCG@10, time of a search
//	go run ./bench/weaviate -products 1000000              import of made products, beside the official client's own batches of them into a second server at the same time
//	go run ./bench/weaviate -products 200000 -kills 9      import while the importer is killed seven times and the server twice: all there, once?
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"touchstone/bench/electronics"
	"touchstone/engine/remote/weaviate/weaviatetest"
)

func main() {
	profile := flag.String("profile", "", "write a CPU profile of the searches at Weaviate to this file")
	var g ingestion
	flag.IntVar(&g.products, "products", 0, "made products to store, in place of a workspace")
	flag.IntVar(&g.kills, "kills", 0, "store them while the importer is killed this often, two of these times the server")
	flag.DurationVar(&g.queue, "queue", 10*time.Minute, "how long to look on while the server sorts what was stored")
	disk := flag.Int64("disk", 13, "stop when the servers' files have so many GB")
	task := flag.String("importer", "", "be the importer that this JSON says; -products starts them")
	flag.Parse()
	g.disk = *disk * 1e9
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if *task != "" {
		var i importer
		if err = json.Unmarshal([]byte(*task), &i); err == nil {
			err = i.run(ctx)
		}
	} else {
		err = run(ctx, *profile, &g)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "weaviate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, profile string, g *ingestion) (err error) {
	dir, err := os.MkdirTemp("", "touchstone-weaviate-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if g.products > 0 {
		return g.run(ctx, dir)
	}
	nodes, err := weaviatetest.Start(dir, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, weaviatetest.Stop(nodes)) }()
	r := weaviatetest.Remote(nodes)
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
