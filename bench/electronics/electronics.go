// Package electronics is the catalogue that the benches measure on: 19,406 real
// products and 90 judged queries, which lie beside the repository on some
// machines. It imports and encodes them once and keeps the workspace. It must not
// know what is measured.
package electronics

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"touchstone/assets"
	"touchstone/engine"
	"touchstone/engine/bert"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

// shared is the folder of test data that lies beside the repository on some
// machines.
const shared = "../shared/data/electronics"

// Path is where the workspace is kept.
func Path() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "touchstone", "bench", "electronics.touchstone"), nil
}

// Workspace is the path of the workspace. It is made when it is missing, and
// encoded on where an earlier run stopped.
func Workspace(ctx context.Context) (string, error) {
	path, err := Path()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	var store *storage.Workspace
	if _, err = os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		store, err = storage.Create(path, storage.Options{})
	} else {
		store, err = storage.Open(path, storage.Options{})
	}
	if err != nil {
		return "", err
	}
	bench, err := workbench.Open(ctx, store, Encoder)
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

// Open opens the workspace.
func Open(ctx context.Context, path string) (*workbench.Bench, error) {
	store, err := storage.Open(path, storage.Options{})
	if err != nil {
		return nil, err
	}
	bench, err := workbench.Open(ctx, store, Encoder)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return bench, nil
}

// Encoder opens an embedded model.
func Encoder(name string) (engine.Encoder, error) {
	folder, err := assets.Model(name)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", name, err)
	}
	return bert.Open(folder, bert.Options{Precision: bert.Int8})
}
