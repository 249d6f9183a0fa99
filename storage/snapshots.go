package storage

import (
	"context"
	"fmt"

	"go.etcd.io/bbolt"

	"touchstone/engine/workbench"
)

// bucketSnapshots, sequence → workbench.Snapshot, is made with the first
// snapshot: a file without one needs no migration, and an older Touchstone
// leaves it alone.
const bucketSnapshots = "snapshots"

// PutSnapshot stores a snapshot, and refuses a name that another has.
func (w *Workspace) PutSnapshot(s workbench.Snapshot) error {
	err := w.update(func(tx *bbolt.Tx, _ *state) error {
		texts := []string{s.Name, s.Ranker.Name, s.Catalogue}
		for query, run := range s.Runs {
			texts = append(append(texts, query), run...)
		}
		if err := validText(texts...); err != nil {
			return err
		}
		b, err := made(tx, bucketSnapshots)
		if err != nil {
			return err
		}
		err = each(context.Background(), b, func(_ []byte, older workbench.Snapshot) error {
			if older.Name == s.Name {
				return fmt.Errorf("there is one of that name, of %s; choose another", older.Time.Local().Format("2 January 2006"))
			}
			return nil
		})
		if err != nil {
			return err
		}
		return b.append(s)
	})
	return w.named(fmt.Sprintf("saving snapshot %q", shorten(s.Name)), err)
}

// Snapshots lists all snapshots, oldest first.
func (w *Workspace) Snapshots() ([]workbench.Snapshot, error) {
	return list[workbench.Snapshot](w, bucketSnapshots, "reading snapshots")
}
