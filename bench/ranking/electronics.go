package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

// shared is the folder of test data that lies beside the repository on some
// machines.
const shared = "../shared/data/electronics"

// prepared is where the workspace of the electronics catalogue is kept.
func prepared() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "touchstone", "bench", "electronics.touchstone"), nil
}

// electronics is the workspace of the electronics catalogue. It is made when it
// is missing, and encoded on where an earlier run stopped.
func electronics(ctx context.Context) (string, error) {
	path, err := prepared()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	var store *storage.Workspace
	if _, err = os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		store, err = storage.Create(path)
	} else {
		store, err = storage.Open(path, storage.Options{})
	}
	if err != nil {
		return "", err
	}
	bench, err := workbench.Open(ctx, store, encoder)
	if err != nil {
		return "", errors.Join(err, store.Close())
	}
	return path, errors.Join(complete(ctx, bench), bench.Close())
}

// complete imports and encodes what a workspace lacks.
func complete(ctx context.Context, bench *workbench.Bench) error {
	if s := bench.Status(); s.Products == 0 || s.Encoded < s.Products {
		report, err := bench.Import(ctx, []string{filepath.Join(shared, "products.jsonl.gz")}, nil, func(p engine.Progress) {
			fmt.Fprintf(os.Stderr, "\r%s %d of %d  ", p.Stage, p.Done, p.Total)
		})
		fmt.Fprintln(os.Stderr)
		if err != nil {
			return fmt.Errorf("the electronics catalogue: %w", err)
		}
		fmt.Fprintf(os.Stderr, "imported in %.0f s\n", report.Seconds)
	}
	if bench.Status().Judgments > 0 {
		return nil
	}
	_, err := bench.ImportJudgments(ctx, filepath.Join(shared, "judgments.csv"), "shared")
	return err
}
