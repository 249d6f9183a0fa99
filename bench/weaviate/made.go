package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"

	"touchstone/bench/electronics"
	"touchstone/engine"
	"touchstone/engine/exchange"
)

// made stands in for the encoder, so that no million texts must be encoded: a
// text's vector is that of a real product, moved a little, and always the same.
type made struct{ source *electronics.Source }

// readMade reads what electronics.Workspace has made.
func readMade(ctx context.Context) (made, error) {
	path, err := electronics.Path()
	if err != nil {
		return made{}, err
	}
	source, err := electronics.Read(ctx, path, electronics.Encoder)
	return made{source}, err
}

func (m made) Encode(ctx context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	for i, t := range texts {
		h := fnv.New64a()
		h.Write([]byte(t))
		random := rand.New(rand.NewPCG(1, h.Sum64()))
		vectors[i] = m.source.Near(random.IntN(len(m.source.Products)), random)
	}
	return vectors, ctx.Err()
}

func (m made) EncodeQuery(ctx context.Context, query string) ([]float32, error) {
	v, err := m.Encode(ctx, []string{query})
	return v[0], err
}

func (m made) Dim() int     { return 384 }
func (m made) Name() string { return "made" }

// writeFile writes a catalogue of n products: recombined ones without attributes
// and descriptions, of which electronics have more than other goods: what is
// measured is vectors, and the disk is small.
func (m made) writeFile(path string, n int) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	packed, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(packed, 1<<16)
	lines := json.NewEncoder(out)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		p, _ := m.source.At(i, random)
		err := lines.Encode(map[string]any{"id": p.ID, "title": p.Title, "brand": p.Brand, "category": p.Category, "price": p.Price})
		if err != nil {
			return err
		}
	}
	return errors.Join(out.Flush(), packed.Close())
}

// readFile calls fn with the products of such a file, some at a time.
func readFile(path string, some int, fn func([]engine.Product) error) error {
	c, err := exchange.OpenCatalogue(path, exchange.CatalogueOptions{})
	if err != nil {
		return err
	}
	defer c.Close()
	var list []engine.Product
	for {
		p, err := c.Next()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err == nil {
			list = append(list, p)
		}
		if len(list) == some || err != nil && len(list) > 0 {
			if err := fn(list); err != nil {
				return err
			}
			list = nil
		}
		if err != nil {
			if c.Skipped() > 0 {
				return fmt.Errorf("%s: %d lines were skipped", path, c.Skipped())
			}
			return nil
		}
	}
}

// onDisk is how many bytes the files below a folder have.
func onDisk(dir string) (int64, error) {
	total := int64(0)
	err := fs.WalkDir(os.DirFS(dir), ".", func(_ string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a segment that was merged away meanwhile
		}
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			total += info.Size()
		}
		return err
	})
	return total, err
}
