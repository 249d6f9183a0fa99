package storage

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.etcd.io/bbolt"

	"touchstone/engine/workbench"
)

// rebuilding writes what was salvaged into a new file.
type rebuilding struct {
	*salvage
	db      *bbolt.DB
	tx      *bbolt.Tx
	pending int
	saved   map[string]bool // bucket and key, as people know them, of what a problem may be about
}

// perTransaction is how many records are written in one transaction: bbolt
// keeps those in memory.
const perTransaction = 20_000

func (r *rebuilding) into(path string) (err error) {
	if r.db, err = bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.db.Close()) }()
	if err := r.db.Update(initialise); err != nil {
		return err
	}
	if r.tx, err = r.db.Begin(true); err != nil {
		return err
	}
	defer func() { _ = r.tx.Rollback() }() // does nothing after a commit
	for _, step := range []func() error{r.workspace, r.products, r.vectors, r.judgments,
		func() error { return numbered(r, bucketQueries, isQuery) },
		func() error { return numbered(r, bucketRankers, isRanker) },
		func() error { return numbered(r, bucketSnapshots, isSnapshot) },
		func() error { return numbered(r, bucketAssignments, isAssignment) },
		func() error { return numbered(r, bucketInterleavings, isInterleaving) },
		r.rules, r.others,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return r.tx.Commit()
}

// sorted are the keys of the records that were found of a bucket.
func (r *rebuilding) sorted(name string) []string {
	return slices.Sorted(maps.Keys(r.records[name]))
}

// read decodes a record that was found; false when it is not what the bucket
// holds, which is then reported.
func (r *rebuilding) read(name, key string, v any) bool {
	content, err := r.content(name, []byte(key), r.records[name][key])
	if err == nil {
		err = json.Unmarshal(content, v)
	}
	if err != nil {
		r.lose(name, []byte(key), "it cannot be read: %v", err)
	}
	return err == nil
}

// put writes a sealed record.
func (r *rebuilding) put(name string, key, sealed []byte) error {
	b := in(r.tx, name)
	b.FillPercent = appendFill
	if err := b.putSealed(key, sealed); err != nil {
		return err
	}
	if r.pending++; r.pending%perTransaction > 0 {
		return nil
	}
	if err := errors.Join(r.ctx.Err(), r.tx.Commit()); err != nil {
		return err
	}
	tx, err := r.db.Begin(true)
	if err == nil {
		r.tx = tx
	}
	return err
}

func (r *rebuilding) putJSON(name string, key []byte, v any) error {
	sealed, err := encode(key, v)
	if err != nil {
		return err
	}
	return r.put(name, key, sealed)
}

// copy writes a record as it was found.
func (r *rebuilding) copy(name, key string, f found) error {
	content, err := r.content(name, []byte(key), f)
	if err != nil {
		return err
	}
	return r.put(name, []byte(key), seal([]byte(key), append(make([]byte, sealSize), content...)))
}

// others copies the buckets whose records say nothing of each other.
func (r *rebuilding) others() error {
	for _, name := range slices.Sorted(maps.Keys(r.records)) {
		if r.tx.Bucket([]byte(name)) != nil {
			continue // written by a step before
		}
		if _, err := made(r.tx, name); err != nil {
			return err
		}
		for _, key := range r.sorted(name) {
			if err := r.copy(name, key, r.records[name][key]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *rebuilding) workspace() error {
	version := schemaVersion
	if _, ok := r.records[bucketWorkspace][keySchema]; ok && r.read(bucketWorkspace, keySchema, &version) && version > schemaVersion {
		return fmt.Errorf("%w (schema %d, this one reads up to %d): update Touchstone to repair it", workbench.ErrNewer, version, schemaVersion)
	}
	for _, key := range []string{keySchema, keySettings, keyGeneration, keyVectors} {
		f, ok := r.records[bucketWorkspace][key]
		if !ok {
			if key != keyVectors {
				r.lose(bucketWorkspace, []byte(key), "it starts anew")
			}
			continue
		}
		if err := r.copy(bucketWorkspace, key, f); err != nil {
			return err
		}
	}
	return nil
}

// numbered writes a bucket of numbered records without gaps; one that not every
// workspace has is made where records of it were found. A damaged number of a
// page may have led to another bucket's records: is tells them.
func numbered[T any](r *rebuilding, name string, is func(*T) bool) error {
	if len(r.records[name]) == 0 {
		return nil
	}
	if _, err := made(r.tx, name); err != nil {
		return err
	}
	n, expected := uint64(0), uint64(1)
	for _, key := range r.sorted(name) {
		var v T
		if len(key) != 8 || !r.read(name, key, &v) {
			continue
		}
		if !is(&v) {
			r.lose(name, []byte(key), "it is a record of another kind")
			continue
		}
		if number := binary.BigEndian.Uint64([]byte(key)); number > expected {
			r.lose(name, numberKey(expected), "it and what follows it up to number %d are lost: %d records", number-1, number-expected)
		}
		expected = binary.BigEndian.Uint64([]byte(key)) + 1
		n++
		if err := r.putJSON(name, numberKey(n), v); err != nil {
			return err
		}
	}
	return nil
}

// renumbering gives the changes of a history numbers without gaps.
type renumbering struct {
	*rebuilding
	bucket   string
	expected uint64            // old number of the next change, if none is lost
	changes  uint64            // so far
	to       map[uint64]uint64 // new numbers by the old ones
}

func (r *rebuilding) renumber(bucket string) *renumbering {
	return &renumbering{rebuilding: r, bucket: bucket, expected: 1, to: map[uint64]uint64{}}
}

// next is the new number of the next change that was found, and that of the
// change which it undoes, 0 where that is lost. Lost ones before it are reported.
func (n *renumbering) next(seq, undoes uint64) (newSeq, newUndoes uint64) {
	if seq > n.expected {
		n.lose(n.bucket, numberKey(n.expected), "it and what follows it up to number %d are lost: %d changes", seq-1, seq-n.expected)
	}
	n.expected = seq + 1
	n.changes++
	n.to[seq] = n.changes
	return n.to[seq], n.to[undoes]
}
