package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"touchstone/bench/peer"
)

//go:embed peer.py
var pythonPeer []byte

// The Python peers' releases, so that a figure can be had again. The Go peer's
// stand in bleve/go.mod.
var pythonPackages = []string{"faiss-cpu==1.12.0", "bm25s==0.3.16", "numpy==2.4.6"}

// python starts faiss and bm25s, in a virtual environment that is made where it
// is missing.
func (b *bench) python(ctx context.Context) (*peer.Process, error) {
	python, err := peer.Python(ctx, b.cache, pythonPackages)
	if err != nil {
		return nil, err
	}
	script := filepath.Join(b.cache, "peer.py")
	if err := os.WriteFile(script, pythonPeer, 0o644); err != nil {
		return nil, err
	}
	return peer.Start(ctx, python, script, b.cache, fmt.Sprint(runtime.GOMAXPROCS(0)))
}

// bleve builds and starts bleve, in a module of its own: the product needs only
// its analysis, not its index.
func (b *bench) bleve(ctx context.Context) (*peer.Process, error) {
	program := filepath.Join(b.cache, "blevepeer")
	if err := peer.Command(ctx, filepath.Join("bench", "search", "bleve"), "go", "build", "-o", program, "."); err != nil {
		return nil, fmt.Errorf("%w: is this the repository's folder?", err)
	}
	return peer.Start(ctx, program, b.cache)
}

// found is a peer's answer to one search.
type found struct {
	MS    float64  `json:"ms"`
	Found [][]int  `json:"found"`
	Docs  []string `json:"docs"`
}
