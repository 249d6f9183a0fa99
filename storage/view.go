package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"go.etcd.io/bbolt"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// viewTries is how often View copies a file that changes under its hands before
// it gives up. A person grades every other second, and a copy takes less.
const viewTries = 10

// View opens the workspace at path for reading only, even while another program
// has it open for writing: it reads a copy in the folder for temporary files, as
// the workspace stood a moment ago, and removes it on Close. The file itself is
// neither locked nor changed. What waits in a journal is not in it.
//
// bbolt's lock keeps readers out while someone writes. The copy needs no lock: a
// transaction writes only to pages that the newest meta page does not lead to,
// and puts a new meta page in place as its last step. When the newest meta page
// is the same before and after copying, everything that it leads to stood still
// meanwhile, and the copy has no newer one.
func View(ctx context.Context, path string) (*Workspace, error) {
	w, err := view(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("opening %s for reading only: %w", path, err)
	}
	return w, nil
}

func view(ctx context.Context, path string) (w *Workspace, err error) {
	tmp, err := os.CreateTemp("", "touchstone-view-*.touchstone")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			os.Remove(tmp.Name())
		}
	}()
	err = copyStanding(ctx, tmp, path)
	if err = errors.Join(err, tmp.Close()); err != nil {
		return nil, err
	}
	if w, err = open(tmp.Name(), Options{ReadOnly: true}); err != nil {
		return nil, err
	}
	w.path, w.copy = path, tmp.Name()
	return w, nil
}

// copyStanding copies a workspace file that another program may be writing.
func copyStanding(ctx context.Context, to *os.File, path string) error {
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close()
	for range viewTries {
		before, err := standing(from)
		if err != nil {
			return err
		}
		if err := errors.Join(rewind(from), rewind(to), to.Truncate(0)); err != nil {
			return err
		}
		if _, err := io.Copy(&stoppable{ctx: ctx, w: to}, from); err != nil {
			return err
		}
		if after, err := standing(from); err == nil && after == before {
			return nil
		}
	}
	return errors.New("another program changes it all the time: try again in a moment")
}

func rewind(f *os.File) error {
	_, err := f.Seek(0, io.SeekStart)
	return err
}

// standing is the newest meta page of a file that may be written meanwhile.
func standing(f *os.File) (meta, error) {
	info, err := f.Stat()
	if err != nil {
		return meta{}, err
	}
	return (&walk{r: f, pageSize: guessPageSize(f, info.Size())}).meta()
}

// Look says what the workspace file at path holds, once all of its pages are
// known to be whole. It opens the file for reading only, and leaves it.
func Look(path string) (held workbench.Held, err error) {
	w, err := open(path, Options{ReadOnly: true})
	if err != nil {
		return held, fmt.Errorf("looking into %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	err = w.view(func(tx *bbolt.Tx) error {
		for name, n := range map[string]*int{
			bucketProducts: &held.Products, bucketJudgments: &held.Judgments, bucketQueries: &held.Queries, bucketRankers: &held.Rankers,
		} {
			*n = in(tx, name).Stats().KeyN
		}
		return nil
	})
	if err != nil {
		return held, w.named("counting", err)
	}
	return held, w.History(func(c engine.Change) bool {
		held.Graded = c.Time
		return false
	})
}
