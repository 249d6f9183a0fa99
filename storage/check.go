package storage

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"slices"

	"go.etcd.io/bbolt"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// Counts says how many records of each kind a workspace holds.
type Counts struct {
	Products  int
	Vectors   int // rows that have one
	Judgments int
	Changes   int // entries of the history of judgments
	Queries   int
	Rankers   int // versions
	Rules     int
	Profiles  int
	Snapshots int
	Derived   int   // named pieces of derived data
	Bytes     int64 // size of the file
}

// maxProblems is how many problems Check lists: enough to see what kind they
// are of.
const maxProblems = 1000

// Check reads everything: the pages of the file, bbolt's own check of them,
// every record with its checksum, and what the buckets say of each other. It
// counts what can be read; the error is a DamageError that lists what cannot.
// Nothing is written meanwhile.
func (w *Workspace) Check(ctx context.Context) (Counts, error) {
	c := checker{ctx: ctx}
	err := w.guard(func() error {
		tx, err := w.db.Begin(!w.readOnly)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if err := w.checkPages(ctx, nil); err != nil {
			return err // bbolt's check would not survive it
		}
		c.counts.Bytes = tx.Size()
		for err := range tx.Check() {
			c.problem("", nil, "%v", err)
		}
		return c.all(tx)
	})
	if err == nil && len(c.problems) > 0 {
		err = &DamageError{c.problems}
	}
	return c.counts, w.named("checking", err)
}

type checker struct {
	ctx      context.Context
	counts   Counts
	problems []Problem
}

func (c *checker) problem(bucket string, key []byte, format string, args ...any) {
	if len(c.problems) == maxProblems {
		return
	}
	var damage *DamageError
	errors.As(damaged(bucket, key, format, args...), &damage)
	c.problems = append(c.problems, damage.Problems...)
}

// found records an error of reading a record; any other error is returned.
func (c *checker) found(err error) error {
	var damage *DamageError
	if !errors.As(err, &damage) {
		return err
	}
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, damage.Problems...)
	}
	return nil
}

func (c *checker) all(tx *bbolt.Tx) error {
	for _, check := range []func(*bbolt.Tx) error{
		c.products, c.vectors, c.judgments, c.queries, c.rankers, c.profiles,
		c.snapshots, c.assignments, c.interleavings, c.rules, c.clicks, c.heads, c.derived, c.others,
	} {
		if err := check(tx); err != nil {
			return err
		}
	}
	return nil
}

// scan decodes every record of a bucket, if it was made, and calls fn with those
// that are whole.
func scan[T any](c *checker, b bucket, fn func(key []byte, v T)) error {
	if b.Bucket == nil {
		return nil
	}
	n := 0
	return b.ForEach(func(key, value []byte) error {
		if n++; n%ctxEvery == 0 && c.ctx.Err() != nil {
			return c.ctx.Err()
		}
		var v T
		if err := b.decode(key, value, &v); err != nil {
			return c.found(err)
		}
		fn(key, v)
		return nil
	})
}

// products holds products, rows by ID and free rows against each other.
func (c *checker) products(tx *bbolt.Tx) error {
	byRow, byID, free := in(tx, bucketProducts), in(tx, bucketRows), in(tx, bucketFree)
	err := scan(c, byRow, func(key []byte, p engine.Product) {
		c.counts.Products++
		if len(key) != 4 {
			c.problem(byRow.name, key, "its key is not a row")
			return
		}
		var row uint32
		if found, err := byID.get([]byte(p.ID), &row); err == nil && (!found || !bytes.Equal(rowKey(row), key)) {
			c.problem(byRow.name, key, "product %q is not listed under this row", shorten(p.ID))
		}
		if free.Get(key) != nil {
			c.problem(byRow.name, key, "the row is listed as free")
		}
	})
	if err != nil {
		return err
	}
	err = scan(c, byID, func(key []byte, row uint32) {
		if byRow.Get(rowKey(row)) == nil {
			c.problem(byID.name, key, "its product in row %d is missing", row)
		}
	})
	if err != nil {
		return err
	}
	frees := 0
	err = free.ForEach(func(key, value []byte) error {
		frees++
		_, err := free.unseal(key, value)
		return c.found(err)
	})
	if rows := int(nextRow(byRow, free)); err == nil && rows != c.counts.Products+frees && len(c.problems) == 0 {
		c.problem(byRow.name, nil, "%d rows are neither in use nor free", rows-c.counts.Products-frees)
	}
	return err
}

func (c *checker) vectors(tx *bbolt.Tx) error {
	blocks, byRow := in(tx, bucketVectors), in(tx, bucketProducts)
	space, _, err := storedSpace(tx)
	if err != nil {
		return c.found(err)
	}
	return blocks.ForEach(func(key, value []byte) error {
		if c.ctx.Err() != nil {
			return c.ctx.Err()
		}
		b, err := space.parse(blocks, key, value)
		if err != nil {
			return c.found(err)
		}
		first := uint32(binary.BigEndian.Uint64(key) * blockRows)
		for i := range b.rows {
			if b.hash(i) == 0 {
				continue
			}
			c.counts.Vectors++
			if row := first + uint32(i); byRow.Get(rowKey(row)) == nil {
				c.problem(blocks.name, key, "row %d has a vector and no product", row)
			}
		}
		return nil
	})
}

// judgments plays the history through from its beginning: what it leads to must
// be what stands.
func (c *checker) judgments(tx *bbolt.Tx) error {
	b, history := in(tx, bucketJudgments), in(tx, bucketHistory)
	standing := map[string]engine.Judgment{}
	last := uint64(0)
	whole := true
	before := len(c.problems)
	err := scan(c, history, func(key []byte, change engine.Change) {
		c.counts.Changes++
		last++
		if whole && (!bytes.Equal(key, numberKey(last)) || change.Seq != last) {
			c.problem(history.name, key, "number %d is missing before it", last)
			whole = false
		}
		if at := string(keyOf(change.About())); change.After != nil {
			standing[at] = *change.After
		} else {
			delete(standing, at)
		}
	})
	if err != nil {
		return err
	}
	whole = whole && len(c.problems) == before
	err = scan(c, b, func(key []byte, j engine.Judgment) {
		c.counts.Judgments++
		if !bytes.Equal(key, keyOf(j)) {
			c.problem(b.name, key, "it says that it is of query %q, product %q, judge %q", shorten(j.Query), shorten(j.Product), shorten(j.Judge))
			return
		}
		want, ok := standing[string(key)]
		delete(standing, string(key))
		if whole && (!ok || !want.Same(&j) || !want.Time.Equal(j.Time)) {
			c.problem(b.name, key, "the history does not lead to it")
		}
	})
	if err == nil && whole {
		for key := range standing {
			if b.Get([]byte(key)) == nil {
				c.problem(b.name, []byte(key), "it is missing, though it is in the history")
			}
		}
	}
	return err
}

func (c *checker) queries(tx *bbolt.Tx) error {
	b := in(tx, bucketQueries)
	seen := map[string]bool{}
	err := scan(c, b, func(key []byte, q engine.Query) {
		c.counts.Queries++
		if seen[q.Text] {
			c.problem(b.name, key, "query %q is there twice", shorten(q.Text))
		}
		seen[q.Text] = true
	})
	c.numbered(b, c.counts.Queries)
	return err
}

func (c *checker) rankers(tx *bbolt.Tx) error {
	b := in(tx, bucketRankers)
	newest := map[string]int{}
	err := scan(c, b, func(key []byte, r engine.Ranker) {
		c.counts.Rankers++
		if r.Version <= newest[r.Name] {
			c.problem(b.name, key, "version %d of %q does not follow version %d", r.Version, shorten(r.Name), newest[r.Name])
		}
		newest[r.Name] = r.Version
	})
	c.numbered(b, c.counts.Rankers)
	return err
}

// numbered reports records that are missing from a bucket of sequence numbers.
func (c *checker) numbered(b bucket, count int) {
	if last := b.lastNumber(); last != uint64(count) && len(c.problems) == 0 {
		c.problem(b.name, nil, "%d of %d records are missing", last-uint64(count), last)
	}
}

func (c *checker) snapshots(tx *bbolt.Tx) error {
	b := in(tx, bucketSnapshots)
	seen := map[string]bool{}
	err := scan(c, b, func(key []byte, s workbench.Snapshot) {
		c.counts.Snapshots++
		if seen[s.Name] {
			c.problem(b.name, key, "snapshot %q is there twice", shorten(s.Name))
		}
		seen[s.Name] = true
	})
	c.numbered(b, c.counts.Snapshots)
	return err
}

// others holds the buckets that no check above knows to their checksums.
func (c *checker) others(tx *bbolt.Tx) error {
	known := append([]string{bucketProfiles, bucketSnapshots}, buckets...)
	return tx.ForEach(func(name []byte, of *bbolt.Bucket) error {
		b := bucket{of, string(name)}
		if slices.Contains(known, b.name) {
			return nil
		}
		return b.ForEach(func(key, value []byte) error {
			_, err := b.unseal(key, value)
			return c.found(err)
		})
	})
}

func (c *checker) derived(tx *bbolt.Tx) error {
	b := in(tx, bucketDerived)
	return b.ForEach(func(key, value []byte) error {
		c.counts.Derived++
		_, err := b.unseal(key, value)
		return c.found(err)
	})
}
