package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"

	"go.etcd.io/bbolt"
)

// Compacted says what compacting a file changed.
type Compacted struct {
	Before, After int64 // bytes
}

// compactPart is how many bytes are copied in one transaction: bbolt keeps
// those in memory.
const compactPart = 64 << 20

// Compact writes the workspace at path, which no one may have open, into a
// fresh file without free pages and puts that in its place. Deleted products
// and replaced vectors leave pages free that the file uses again but never
// gives back. A crash at any moment leaves the old file or the new one; a
// damaged file is refused, and the new one is verified before it counts.
func Compact(ctx context.Context, path string) (Compacted, error) {
	sizes, err := compact(ctx, path)
	if err != nil {
		return sizes, fmt.Errorf("compacting %s: %w", path, err)
	}
	return sizes, nil
}

func compact(ctx context.Context, path string) (sizes Compacted, err error) {
	w, err := open(path, Options{})
	if err != nil {
		return sizes, err
	}
	closed := false
	release := func() error {
		if closed {
			return nil
		}
		closed = true
		return w.Close()
	}
	defer func() { err = errors.Join(err, release()) }()
	held, err := w.Check(ctx)
	if err != nil {
		return sizes, err
	}
	if sizes.Before, err = fileSize(path); err != nil {
		return sizes, err
	}
	var kept Counts
	err = replace(path, func(tmp *os.File) error {
		if err := w.compactInto(ctx, tmp.Name()); err != nil {
			return err
		}
		fresh, err := open(tmp.Name(), Options{ReadOnly: true})
		if err != nil {
			return err
		}
		kept, err = fresh.Check(ctx)
		return errors.Join(err, fresh.Close())
	}, func() error {
		if held.Bytes = kept.Bytes; held != kept {
			return fmt.Errorf("the new file would hold %+v instead of %+v, and the old one stays: report this", kept, held)
		}
		if runtime.GOOS == "windows" {
			return release() // which does not replace a file that is open; elsewhere the lock is held to the end
		}
		return nil
	})
	if err != nil {
		return sizes, err
	}
	sizes.After, err = fileSize(path)
	return sizes, err
}

func fileSize(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (w *Workspace) compactInto(ctx context.Context, path string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	fresh, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true, PageSize: w.pageSize})
	if err != nil {
		return err
	}
	err = w.guard(func() error { return bbolt.Compact(fresh, w.db, compactPart) })
	return errors.Join(err, fresh.Close())
}
