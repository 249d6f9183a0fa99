package storage

import (
	"context"
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"

	"touchstone/engine"
)

// PutQueries adds or replaces queries by text, all or none.
func (w *Workspace) PutQueries(queries []engine.Query) error {
	err := w.update(func(tx *bbolt.Tx, _ *state) error {
		b := in(tx, bucketQueries)
		b.FillPercent = appendFill
		// Queries are thousands at most: reading all of them is simpler than a
		// second bucket by text, and no text is too long for a key.
		type place struct {
			number uint64
			query  engine.Query
		}
		known := map[string]place{}
		last := uint64(0)
		err := each(context.Background(), b, func(key []byte, q engine.Query) error {
			if len(key) != 8 {
				return damaged(b.name, key, "its key is not a number")
			}
			last = binary.BigEndian.Uint64(key)
			known[q.Text] = place{last, q}
			return nil
		})
		if err != nil {
			return err
		}
		changed := false
		for _, q := range queries {
			if err := validText(append([]string{q.Text, q.Need, q.Note}, q.Tags...)...); err != nil {
				return fmt.Errorf("query %q: %w", shorten(q.Text), err)
			}
			at, ok := known[q.Text]
			if ok && at.query.Equal(q) {
				continue
			}
			if !ok {
				last++
				at.number = last
			}
			known[q.Text] = place{at.number, q}
			if err := b.put(numberKey(at.number), q); err != nil {
				return err
			}
			changed = true
		}
		if !changed {
			return errUnchanged
		}
		return nil
	})
	return w.named("saving queries", err)
}

// SetQueries makes the query set these queries in this order; no other stays.
func (w *Workspace) SetQueries(queries []engine.Query) error {
	err := w.update(func(tx *bbolt.Tx, _ *state) error {
		if err := tx.DeleteBucket([]byte(bucketQueries)); err != nil {
			return err
		}
		if _, err := tx.CreateBucket([]byte(bucketQueries)); err != nil {
			return err
		}
		b := in(tx, bucketQueries)
		b.FillPercent = appendFill
		known := map[string]bool{}
		for i, q := range queries {
			if err := validText(append([]string{q.Text, q.Need, q.Note}, q.Tags...)...); err != nil {
				return fmt.Errorf("query %q: %w", shorten(q.Text), err)
			}
			if known[q.Text] {
				return fmt.Errorf("query %q is there twice", shorten(q.Text))
			}
			known[q.Text] = true
			if err := b.put(numberKey(uint64(i)+1), q); err != nil {
				return err
			}
		}
		return nil
	})
	return w.named("saving queries", err)
}

// Queries lists the queries in the order in which they were first put.
func (w *Workspace) Queries() ([]engine.Query, error) {
	return list[engine.Query](w, bucketQueries, "reading queries")
}
