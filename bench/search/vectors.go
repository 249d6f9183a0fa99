package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"touchstone/bench/electronics"
	"touchstone/bench/peer"
	"touchstone/engine"
)

// nearestK is how many neighbours are asked for.
const nearestK = 100

func writeFloat(out *bufio.Writer, f float32) error {
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], math.Float32bits(f))
	_, err := out.Write(b[:])
	return err
}

// queryVectors encodes typed queries.
func (b *bench) queryVectors(ctx context.Context, x *index, n int) ([][]float32, error) {
	queries, err := b.typedQueries(n)
	if err != nil {
		return nil, err
	}
	vectors := make([][]float32, len(queries))
	for i, q := range queries {
		if vectors[i], err = x.encoder.EncodeQuery(ctx, q); err != nil {
			return nil, err
		}
	}
	return vectors, nil
}

// nearest measures the nearest 100 of all vectors for one query at a time, ours
// and faiss's in turn.
func (b *bench) nearest(ctx context.Context) error {
	path, err := b.recombined(ctx, b.products)
	if err != nil {
		return err
	}
	x, err := openIndex(ctx, path)
	if err != nil {
		return err
	}
	vectors, err := b.queryVectors(ctx, x, 100)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\nvectors: the nearest %d of %d × %d, %d queries, one at a time\n", nearestK, x.Len(), x.encoder.Dim(), len(vectors))
	var theirs *peer.Process
	if b.peers {
		if theirs, err = b.loadFaiss(ctx, path, x.encoder.Dim()); err != nil {
			return err
		}
		defer theirs.Stop()
	}
	took := map[string]times{}
	var ratios []float64
	for _, v := range vectors {
		began := time.Now()
		if _, err := x.Retrieve(ctx, engine.Request{Vector: v, Depth: nearestK}); err != nil {
			return err
		}
		ours := time.Since(began)
		took["ours"] = append(took["ours"], ours)
		if theirs == nil {
			continue
		}
		for _, name := range []string{"sq8", "flat"} {
			var answer found
			if err := theirs.Ask(map[string]any{"do": "search_vectors", "index": name, "k": nearestK, "queries": [][]float32{v}}, &answer); err != nil {
				return err
			}
			took[name] = append(took[name], time.Duration(answer.MS*1e6))
			if name == "sq8" {
				ratios = append(ratios, milliseconds(ours)/answer.MS)
			}
			time.Sleep(5 * time.Millisecond) // OpenMP's threads spin a while after their work
		}
	}
	fmt.Fprintf(b.out, "  ours: %s\n", took["ours"])
	if theirs == nil {
		return nil
	}
	fmt.Fprintf(b.out, "  faiss IndexScalarQuantizer 8 bit: %s\n  faiss IndexFlatIP float32: %s\n", took["sq8"], took["flat"])
	slices.Sort(ratios)
	fmt.Fprintf(b.out, "  ours by faiss 8 bit, median of the ratios: %.2f\n", ratios[len(ratios)/2])
	for _, name := range []string{"sq8", "flat"} {
		var answer found
		if err := theirs.Ask(map[string]any{"do": "search_vectors", "index": name, "k": nearestK, "queries": vectors}, &answer); err != nil {
			return err
		}
		fmt.Fprintf(b.out, "  faiss %s, all %d queries in one call on all threads: %.2f ms a query\n", name, len(vectors), answer.MS/float64(len(vectors)))
	}
	return nil
}

// loadFaiss starts faiss with the vectors of a workspace.
func (b *bench) loadFaiss(ctx context.Context, path string, dim int) (*peer.Process, error) {
	file, err := b.floatsFile(ctx, path)
	if err != nil {
		return nil, err
	}
	theirs, err := b.python(ctx)
	if err != nil {
		return nil, err
	}
	var rows struct{ Rows int }
	if err := theirs.Ask(map[string]any{"do": "load_vectors", "file": file, "dim": dim}, &rows); err != nil {
		return nil, errors.Join(err, theirs.Stop())
	}
	fmt.Fprintf(b.out, "  %s; %d rows\n", theirs.Versions, rows.Rows)
	return theirs, nil
}

// recall is how many of the exact nearest 100 are found: against float32 vectors
// just encoded, not against what is stored of them.
func (b *bench) recall(ctx context.Context) error {
	path, err := b.real(ctx)
	if err != nil {
		return err
	}
	x, err := openIndex(ctx, path)
	if err != nil {
		return err
	}
	source, err := electronics.Read(ctx, path, encoder)
	if err != nil {
		return err
	}
	texts := make([]string, len(source.Products))
	for i := range texts {
		texts[i] = source.Products[i].Text()
	}
	exact, err := x.encoder.Encode(ctx, texts)
	if err != nil {
		return err
	}
	queries, err := b.queryVectors(ctx, x, b.queries)
	if err != nil {
		return err
	}
	hits := 0
	for _, q := range queries {
		truth := map[string]bool{}
		for _, i := range nearestRows(exact, q, nearestK) {
			truth[source.Products[i].ID] = true
		}
		found, err := x.Retrieve(ctx, engine.Request{Vector: q, Depth: nearestK})
		if err != nil {
			return err
		}
		for _, c := range found.Items {
			if truth[c.Product] {
				hits++
			}
		}
	}
	fmt.Fprintf(b.out, "\nrecall@%d of %d real vectors against float32, %d queries: %.5f\n", nearestK, len(exact), len(queries), float64(hits)/float64(nearestK*len(queries)))
	return nil
}

// nearestRows lists the k rows of the highest product with q, summed in float64.
func nearestRows(rows [][]float32, q []float32, k int) []int {
	score := make([]float64, len(rows))
	order := make([]int, len(rows))
	for i, row := range rows {
		order[i] = i
		for d, x := range row {
			score[i] += float64(x) * float64(q[d])
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case score[a] > score[b]:
			return -1
		case score[a] < score[b]:
			return 1
		}
		return a - b
	})
	return order[:k]
}
