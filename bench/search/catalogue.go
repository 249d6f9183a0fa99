package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"touchstone/assets"
	"touchstone/engine"
	"touchstone/engine/bert"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

// encoder opens an embedded model in int8, as the program does.
func encoder(name string) (engine.Encoder, error) {
	folder, err := assets.Model(name)
	if err != nil {
		return nil, err
	}
	return bert.Open(folder, bert.Options{Name: name, Precision: bert.Int8})
}

// openBench opens a workspace as the program does.
func openBench(ctx context.Context, path string) (*workbench.Bench, error) {
	store, err := storage.Open(path, storage.Options{})
	if err != nil {
		return nil, err
	}
	bench, err := workbench.Open(ctx, store, encoder)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return bench, nil
}

// real is the workspace of the electronics catalogue, made when it is missing.
func (b *bench) real(ctx context.Context) (string, error) {
	path := filepath.Join(b.cache, "electronics.touchstone")
	return path, b.make(path, func(path string) error {
		store, err := storage.Create(path)
		if err != nil {
			return err
		}
		bench, err := workbench.Open(ctx, store, encoder)
		if err != nil {
			return errors.Join(err, store.Close())
		}
		_, err = bench.Import(ctx, []string{b.electronics()}, nil, nil)
		return errors.Join(err, bench.Close())
	})
}

func (b *bench) electronics() string {
	return filepath.Join(b.shared, "electronics", "products.jsonl.gz")
}

// make makes a file, whole or not at all, where it is missing.
func (b *bench) make(path string, write func(path string) error) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	fmt.Fprintln(os.Stderr, "making", path)
	part := path + ".part"
	if err := os.RemoveAll(part); err != nil {
		return err
	}
	if err := write(part); err != nil {
		return errors.Join(err, os.RemoveAll(part))
	}
	return os.Rename(part, path)
}

// recombined is a workspace of n products: the real ones and, behind them, ones
// whose title is the first half of one real title and the second half of
// another. Their other fields are those of the first, their vector is its vector
// moved a little and made a unit vector again, so that no million texts must be
// encoded.
func (b *bench) recombined(ctx context.Context, n int) (string, error) {
	from, err := b.real(ctx)
	if err != nil {
		return "", err
	}
	path := filepath.Join(b.cache, fmt.Sprintf("recombined-%d.touchstone", n))
	return path, b.make(path, func(path string) error { return recombine(ctx, from, path, n) })
}

// moved is the length of the random vector that is added to a unit vector: the
// two come to a cosine of about 0.89.
const moved = 0.5

// source is a catalogue in memory.
type source struct {
	settings workbench.Settings
	products []engine.Product
	vectors  [][]float32
}

func readSource(ctx context.Context, path string) (*source, error) {
	store, err := storage.Open(path, storage.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer store.Close()
	s := &source{settings: store.Settings()}
	model, err := encoder(s.settings.Model)
	if err != nil {
		return nil, err
	}
	err = store.EachProduct(ctx, func(_ uint32, p engine.Product) error {
		s.products = append(s.products, p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.vectors = make([][]float32, len(s.products))
	return s, store.EachVectorBlock(ctx, model.Name(), func(block workbench.VectorBlock) error {
		for i := range block.Hashes {
			v := make([]float32, block.Dim)
			for k := range v {
				v[k] = half(block.Half[i*block.Dim+k])
			}
			s.vectors[int(block.First)+i] = v
		}
		return nil
	})
}

// half reads an IEEE 754 half-precision number that is finite.
func half(h uint16) float32 {
	f := math.Float32frombits(uint32(h&0x7fff)<<13) * 0x1p112
	return math.Float32frombits(math.Float32bits(f) | uint32(h&0x8000)<<16)
}

func recombine(ctx context.Context, from, to string, n int) error {
	s, err := readSource(ctx, from)
	if err != nil {
		return err
	}
	store, err := storage.Create(to)
	if err != nil {
		return err
	}
	if err := store.PutSettings(s.settings); err != nil {
		return errors.Join(err, store.Close())
	}
	model, err := encoder(s.settings.Model)
	if err != nil {
		return errors.Join(err, store.Close())
	}
	random := rand.New(rand.NewPCG(1, 2))
	const batch = 20 * 1024 // whole blocks of vectors
	for done := 0; done < n; done += batch {
		size := min(batch, n-done)
		products := make([]engine.Product, size)
		vectors := make([]workbench.Vector, size)
		for i := range products {
			products[i], vectors[i].Values = s.at(done+i, random)
			vectors[i].Hash = products[i].TextHash()
		}
		rows, err := store.PutProducts(ctx, products)
		if err == nil {
			for i, row := range rows {
				vectors[i].Row = row
			}
			err = store.PutVectors(ctx, model.Name(), vectors)
		}
		if err != nil {
			return errors.Join(err, store.Close())
		}
		fmt.Fprintf(os.Stderr, "\r%d of %d products", done+size, n)
	}
	fmt.Fprintln(os.Stderr)
	bench, err := workbench.Open(ctx, store, encoder) // makes the index
	if err != nil {
		return errors.Join(err, store.Close())
	}
	return bench.Close()
}

// at makes product i and its vector.
func (s *source) at(i int, random *rand.Rand) (engine.Product, []float32) {
	if i < len(s.products) {
		return s.products[i], s.vectors[i]
	}
	k := random.IntN(len(s.products))
	p := s.products[k]
	first, second := strings.Fields(p.Title), strings.Fields(s.products[random.IntN(len(s.products))].Title)
	p.ID = fmt.Sprintf("r%d", i)
	p.Title = strings.Join(append(first[:(len(first)+1)/2:(len(first)+1)/2], second[len(second)/2:]...), " ")
	if p.Price.Known {
		p.Price.Value = math.Round(p.Price.Value * (0.5 + random.Float64()))
	}
	v := make([]float32, len(s.vectors[k]))
	scale, length := moved/math.Sqrt(float64(len(v))), 0.0
	for d, x := range s.vectors[k] {
		v[d] = x + float32(scale*random.NormFloat64())
		length += float64(v[d]) * float64(v[d])
	}
	for d := range v {
		v[d] /= float32(math.Sqrt(length))
	}
	return p, v
}

func (b *bench) prepare(ctx context.Context) error {
	_, err := b.recombined(ctx, b.products)
	return err
}
