package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"touchstone/assets"
	"touchstone/bench/electronics"
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
		store, err := storage.Create(path, storage.Options{})
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

func recombine(ctx context.Context, from, to string, n int) error {
	s, err := electronics.Read(ctx, from, encoder)
	if err != nil {
		return err
	}
	store, err := storage.Create(to, storage.Options{})
	if err != nil {
		return err
	}
	if err := store.PutSettings(s.Settings); err != nil {
		return errors.Join(err, store.Close())
	}
	model, err := encoder(s.Settings.Model)
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
			products[i], vectors[i].Values = s.At(done+i, random)
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

func (b *bench) prepare(ctx context.Context) error {
	_, err := b.recombined(ctx, b.products)
	return err
}
