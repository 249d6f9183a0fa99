package storage

import (
	"context"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// schemaVersion is the version that this program reads and writes.
const schemaVersion = 1

// migration brings a file from one version to the next, inside of one
// transaction with all others that are due.
type migration func(tx *bbolt.Tx) error

// migrations by the version that they start from. A test keeps a file of every
// version in testdata and opens it.
var migrations = map[int]migration{}

// The keys of bucketWorkspace.
const (
	keySchema     = "schema"     // int
	keySettings   = "settings"   // workbench.Settings
	keyGeneration = "generation" // uint64
	keyVectors    = "vectors"    // vectorSpace
	keyBuckets    = "buckets"    // []string, those of later that there are
)

// initialise makes the buckets and settings of a new workspace.
func initialise(tx *bbolt.Tx) error {
	for _, name := range buckets {
		if _, err := tx.CreateBucket([]byte(name)); err != nil {
			return err
		}
	}
	b := in(tx, bucketWorkspace)
	settings := workbench.Settings{Model: workbench.AutoModel, Scale: engine.DefaultScale()}
	if err := b.put([]byte(keySettings), settings); err != nil {
		return err
	}
	if err := b.put([]byte(keyGeneration), uint64(0)); err != nil {
		return err
	}
	return b.put([]byte(keySchema), schemaVersion)
}

// version is the schema version of the file.
func (w *Workspace) version() (int, error) {
	var version int
	err := w.view(func(tx *bbolt.Tx) error {
		b := in(tx, bucketWorkspace)
		if b.Bucket == nil {
			return fmt.Errorf("%w, though a bbolt file: name a *.touchstone file", ErrNotWorkspace)
		}
		if found, err := b.get([]byte(keySchema), &version); err != nil {
			return err
		} else if !found || version < 1 {
			return damaged(b.name, []byte(keySchema), "it is missing or impossible")
		}
		return nil
	})
	return version, err
}

// migrate brings the file to version target, after a backup beside it. It
// happens as a whole or not at all.
func (w *Workspace) migrate(steps map[int]migration, target int) error {
	version, err := w.version()
	switch {
	case err != nil:
		return err
	case version > target:
		return fmt.Errorf("%w (schema %d, this one reads up to %d): update Touchstone to open it", workbench.ErrNewer, version, target)
	case version < target && w.readOnly:
		return fmt.Errorf("an older Touchstone wrote it (schema %d): open it once for writing, which brings it to schema %d after a backup", version, target)
	case version < target:
		if err := w.upgrade(version, target, steps); err != nil {
			return err
		}
	}
	return w.view(func(tx *bbolt.Tx) error {
		list, err := listed(tx)
		if err != nil {
			return err
		}
		for _, name := range slices.Concat(buckets, list) {
			if tx.Bucket([]byte(name)) == nil {
				return damaged(name, nil, "the bucket is missing")
			}
		}
		return nil
	})
}

func (w *Workspace) upgrade(version, target int, steps map[int]migration) error {
	backup, err := w.backupBeside(context.Background(), fmt.Sprintf("schema-%d", version))
	if err != nil {
		return fmt.Errorf("backing it up before bringing it to schema %d: %w", target, err)
	}
	err = w.guard(func() error {
		tx, err := w.db.Begin(true)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		for v := version; v < target; v++ {
			if err := steps[v](tx); err != nil {
				return fmt.Errorf("from schema %d to %d: %w", v, v+1, err)
			}
		}
		if err := in(tx, bucketWorkspace).put([]byte(keySchema), target); err != nil {
			return err
		}
		return tx.Commit()
	})
	if err != nil {
		return fmt.Errorf("bringing it to this program's schema failed, and it stays as it was (backup: %s): %w", backup, err)
	}
	return nil
}
