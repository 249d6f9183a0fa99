package storage

import (
	"context"
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"

	"touchstone/engine/workbench"
)

// bucketInterleavings, ID → workbench.Interleaving, is made with the first
// trial; other workspaces lack it.
const bucketInterleavings = "interleavings"

// PutInterleaving stores a trial with its picks in place of the one of its ID;
// one whose ID is 0 gets the next, which is returned.
func (w *Workspace) PutInterleaving(t workbench.Interleaving) (uint64, error) {
	err := w.update(func(tx *bbolt.Tx, _ *state) error {
		texts := []string{t.A, t.B, t.Judge}
		for _, page := range t.Pages {
			texts = append(append(texts, page.Query), page.IDs...)
			if n := len(page.IDs); len(page.FromB) != n || len(page.Picked) != n {
				return fmt.Errorf("page %q has %d products, %d teams and %d picks", shorten(page.Query), n, len(page.FromB), len(page.Picked))
			}
		}
		if err := validText(texts...); err != nil {
			return err
		}
		b, err := made(tx, bucketInterleavings)
		if err != nil {
			return err
		}
		last := b.lastNumber()
		switch {
		case t.ID == 0:
			t.ID = last + 1
		case t.ID > last:
			return fmt.Errorf("there is no interleaving %d to replace", t.ID)
		}
		return b.put(numberKey(t.ID), t)
	})
	if err != nil {
		return 0, w.named("saving an interleaving", err)
	}
	return t.ID, nil
}

// Interleavings lists all trials, oldest first.
func (w *Workspace) Interleavings() (all []workbench.Interleaving, err error) {
	err = w.view(func(tx *bbolt.Tx) error {
		return each(context.Background(), in(tx, bucketInterleavings), func(key []byte, t workbench.Interleaving) error {
			t.ID = binary.BigEndian.Uint64(key)
			all = append(all, t)
			return nil
		})
	})
	return all, w.named("reading interleavings", err)
}

// interleavings checks that every trial is whole and none is missing.
func (c *checker) interleavings(tx *bbolt.Tx) error {
	b := in(tx, bucketInterleavings)
	count := 0
	err := scan(c, b, func(key []byte, t workbench.Interleaving) {
		count++
		for _, page := range t.Pages {
			if n := len(page.IDs); len(page.FromB) != n || len(page.Picked) != n {
				c.problem(b.name, key, "page %q has %d products, %d teams and %d picks", shorten(page.Query), n, len(page.FromB), len(page.Picked))
			}
		}
	})
	c.numbered(b, count)
	return err
}
