package storage

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

var benchRows = flag.Int("rows", 20_000, "products of the workspaces that the benchmarks use")

var cold = flag.Bool("cold", false, "BenchmarkOpen: have the system forget the file before each open")

// catalogue makes n products of about 600 bytes.
func catalogue(n int) []engine.Product {
	words := []string{"wireless", "headphones", "case", "for", "laptop", "15.6in", "black", "charger", "USB-C", "stand", "noise", "cancelling"}
	rng := rand.New(rand.NewPCG(1, 2))
	text := func(n int) string {
		s := ""
		for range n {
			s += words[rng.IntN(len(words))] + " "
		}
		return s
	}
	products := make([]engine.Product, n)
	for i := range products {
		products[i] = engine.Product{ID: fmt.Sprintf("B%09d", i*999_983%1_000_000_007), // unique and in no order
			Title: text(8), Brand: text(1), Category: text(3),
			Description: text(50), Price: engine.Known(float64(rng.IntN(1e5)) / 100), Rating: engine.Known(4.5),
			Attributes: []engine.Attribute{{Name: "colour", Value: text(1)}}}
	}
	return products
}

// BenchmarkGrade stores one grade durably in a workspace of -rows products
// with vectors, and reports the median and the 99th percentile of one grade.
func BenchmarkGrade(b *testing.B) {
	w := newWorkspace(b)
	fill(b, w, *benchRows, 384)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		j := engine.Judgment{Query: fmt.Sprint("query ", i%90), Product: fmt.Sprintf("B%09d", i), Grade: engine.Grade(i % 4), Judge: "ann", Time: start}
		if err := w.PutJudgments(context.Background(), []engine.Judgment{j}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkPutProducts stores -rows new products in one transaction.
func BenchmarkPutProducts(b *testing.B) {
	products := catalogue(*benchRows)
	for b.Loop() {
		b.StopTimer()
		w := newWorkspace(b)
		b.StartTimer()
		if _, err := w.PutProducts(context.Background(), products); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		w.Close()
		b.StartTimer()
	}
}

// BenchmarkProduct reads a page of 100 products from all over a file of -rows.
func BenchmarkProduct(b *testing.B) {
	w := newWorkspace(b)
	fill(b, w, *benchRows, 0)
	rng := rand.New(rand.NewPCG(5, 6))
	for b.Loop() {
		for range 100 {
			if _, found, err := w.ProductAt(rng.Uint32N(uint32(*benchRows))); err != nil || !found {
				b.Fatal(found, err)
			}
		}
	}
}

// BenchmarkEachProduct reads -rows products.
func BenchmarkEachProduct(b *testing.B) {
	w := newWorkspace(b)
	fill(b, w, *benchRows, 0)
	for b.Loop() {
		if err := w.EachProduct(context.Background(), func(uint32, engine.Product) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPutVectors stores -rows vectors in transactions of 256, as an
// import does.
func BenchmarkPutVectors(b *testing.B) {
	w := newWorkspace(b)
	fill(b, w, *benchRows, 0)
	vectors := vectorsFor(0, *benchRows, 384)
	for n := 0; b.Loop(); n++ {
		for part := range slices.Chunk(vectors, 256) {
			if err := w.PutVectors(context.Background(), fmt.Sprint("model ", n), part); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkOpen opens a workspace of -rows products and reads all vectors.
func BenchmarkOpen(b *testing.B) {
	w := newWorkspace(b)
	fill(b, w, *benchRows, 384)
	w.Close()
	for b.Loop() {
		b.StopTimer()
		if *cold {
			forget(b, w.Path())
		}
		b.StartTimer()
		bytes := int64(0)
		w, err := Open(w.Path(), Options{})
		if err != nil {
			b.Fatal(err)
		}
		err = w.EachVectorBlock(context.Background(), "minilm", func(block workbench.VectorBlock) error {
			bytes += int64(len(block.Half)) * 2
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(bytes)
		w.Close()
	}
}

// fill stores n products and, unless dim is 0, their vectors.
func fill(tb testing.TB, w *Workspace, n, dim int) {
	tb.Helper()
	ctx := context.Background()
	if _, err := w.PutProducts(ctx, catalogue(n)); err != nil {
		tb.Fatal(err)
	}
	if dim == 0 {
		return
	}
	const part = 64 * blockRows
	for from := 0; from < n; from += part {
		if err := w.PutVectors(ctx, "minilm", vectorsFor(from, min(n, from+part), dim)); err != nil {
			tb.Fatal(err)
		}
	}
}

func vectorsFor(from, to, dim int) []workbench.Vector {
	rng := rand.New(rand.NewPCG(3, uint64(from)))
	vectors := make([]workbench.Vector, 0, to-from)
	for row := from; row < to; row++ {
		v := workbench.Vector{Row: uint32(row), Hash: rng.Uint64() | 1, Values: make([]float32, dim)}
		for i := range v.Values {
			v.Values[i] = rng.Float32()*2 - 1
		}
		vectors = append(vectors, v)
	}
	return vectors
}
