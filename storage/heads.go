package storage

import (
	"context"
	"fmt"

	"go.etcd.io/bbolt"

	"touchstone/engine"
)

// bucketHeads, sequence → engine.Head, is made with the first fine-tuned
// encoder; other workspaces lack it.
const bucketHeads = "heads"

// PutHead stores a fine-tuned encoder's head under its name with the next
// version, from 1, which it returns in the result. Older versions stay.
func (w *Workspace) PutHead(head engine.Head) (engine.Head, error) {
	err := w.update(func(tx *bbolt.Tx, _ *state) error {
		if err := validText(head.Name, head.Base); err != nil {
			return err
		}
		b, err := made(tx, bucketHeads)
		if err != nil {
			return err
		}
		head.Version = 1
		err = each(context.Background(), b, func(_ []byte, older engine.Head) error {
			if older.Name == head.Name {
				head.Version = older.Version + 1
			}
			return nil
		})
		if err != nil {
			return err
		}
		return b.append(head)
	})
	if err != nil {
		return engine.Head{}, w.named(fmt.Sprintf("saving the fine-tuned encoder %q", shorten(head.Name)), err)
	}
	return head, nil
}

// Heads lists all versions of all heads, oldest first.
func (w *Workspace) Heads() ([]engine.Head, error) {
	return list[engine.Head](w, bucketHeads, "reading fine-tuned encoders")
}

// heads checks that every head is whole.
func (c *checker) heads(tx *bbolt.Tx) error {
	b := in(tx, bucketHeads)
	return scan(c, b, func(key []byte, h engine.Head) {
		if len(h.Down) != h.Dim*h.Rank || len(h.Up) != h.Dim*h.Rank {
			c.problem(b.name, key, "%d and %d values do not make a map of rank %d over %d dimensions", len(h.Down), len(h.Up), h.Rank, h.Dim)
		}
	})
}
