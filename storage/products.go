package storage

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.etcd.io/bbolt"

	"touchstone/engine"
)

// PutProducts adds or replaces products by ID, all or none, and returns the row
// of each. The last of several with one ID counts. Products that are already
// stored as they are change nothing, not even the generation.
//
// A new ID gets the lowest row that a deleted product left, or else the one
// after the last: rows stay dense over any number of imports, and with them the
// vector blocks that a search reads from end to end.
func (w *Workspace) PutProducts(ctx context.Context, products []engine.Product) ([]uint32, error) {
	rows := make([]uint32, len(products))
	err := w.update(func(tx *bbolt.Tx, s *state) error {
		byRow, byID, free := in(tx, bucketProducts), in(tx, bucketRows), in(tx, bucketFree)
		byRow.FillPercent = appendFill
		next := nextRow(byRow, free)
		fresh := map[string]uint32{} // IDs that had no row before
		changed := false
		for i := range products {
			if i%ctxEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			p := &products[i]
			if err := validProduct(p); err != nil {
				return fmt.Errorf("product %q: %w", shorten(p.ID), err)
			}
			row, known := fresh[p.ID]
			if !known {
				var err error
				if known, err = byID.get([]byte(p.ID), &row); err != nil {
					return err
				}
			}
			if !known {
				if key, _ := free.Cursor().First(); key != nil {
					row = binary.BigEndian.Uint32(key)
					if err := free.Delete(key); err != nil {
						return err
					}
				} else {
					row = next
					next++
				}
				fresh[p.ID] = row
			}
			rows[i] = row
			key := rowKey(row)
			value, err := encode(key, p)
			if err != nil {
				return fmt.Errorf("product %q: %w", shorten(p.ID), err)
			}
			if known && bytes.Equal(value, byRow.Get(key)) {
				continue
			}
			changed = true
			if err := byRow.putSealed(key, value); err != nil {
				return fmt.Errorf("product %q: %w", shorten(p.ID), err)
			}
		}
		// In order, because bbolt collects a transaction's keys in one sorted
		// slice: inserting in its middle would cost the square of their number.
		for _, id := range slices.Sorted(maps.Keys(fresh)) {
			if err := byID.put([]byte(id), fresh[id]); err != nil {
				return fmt.Errorf("product %q: %w", shorten(id), err)
			}
		}
		if !changed {
			return errUnchanged
		}
		return countGeneration(tx, s)
	})
	if err != nil {
		return nil, w.named("storing products", err)
	}
	return rows, nil
}

// nextRow is the row after the last that was ever given out and is not free
// to give out again.
func nextRow(byRow, free bucket) uint32 {
	next := uint32(0)
	for _, b := range []bucket{byRow, free} {
		if key, _ := b.Cursor().Last(); len(key) == 4 {
			next = max(next, binary.BigEndian.Uint32(key)+1)
		}
	}
	return next
}

// DeleteProducts removes products by ID with their vectors; unknown IDs are
// passed over. Judgments stay.
func (w *Workspace) DeleteProducts(ctx context.Context, ids []string) error {
	err := w.update(func(tx *bbolt.Tx, s *state) error {
		byRow, byID, free := in(tx, bucketProducts), in(tx, bucketRows), in(tx, bucketFree)
		var rows []uint32
		for i, id := range ids {
			if i%ctxEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			var row uint32
			if found, err := byID.get([]byte(id), &row); err != nil {
				return err
			} else if !found {
				continue
			}
			key := rowKey(row)
			if err := errors.Join(byRow.Delete(key), byID.Delete([]byte(id)), free.putSealed(key, seal(key, make([]byte, sealSize)))); err != nil {
				return err
			}
			rows = append(rows, row)
		}
		if len(rows) == 0 {
			return errUnchanged
		}
		if err := clearVectors(ctx, tx, rows); err != nil {
			return err
		}
		return countGeneration(tx, s)
	})
	return w.named("deleting products", err)
}

// Product reads one product by ID; false when there is none.
func (w *Workspace) Product(id string) (p engine.Product, found bool, err error) {
	err = w.view(func(tx *bbolt.Tx) error {
		defer w.looked()
		var row uint32
		if found, err = in(tx, bucketRows).get([]byte(id), &row); err != nil || !found {
			return err
		}
		if found, err = in(tx, bucketProducts).get(rowKey(row), &p); err == nil && (!found || p.ID != id) {
			return damaged(bucketRows, []byte(id), "row %d holds another product", row)
		}
		return err
	})
	return p, found && err == nil, w.named("reading a product", err)
}

// ProductAt reads the product of a row; false when the row is free.
func (w *Workspace) ProductAt(row uint32) (p engine.Product, found bool, err error) {
	err = w.view(func(tx *bbolt.Tx) error {
		defer w.looked()
		found, err = in(tx, bucketProducts).get(rowKey(row), &p)
		return err
	})
	return p, found && err == nil, w.named("reading a product", err)
}

// Row is the row of a product ID; false when there is none.
func (w *Workspace) Row(id string) (row uint32, found bool, err error) {
	err = w.view(func(tx *bbolt.Tx) error {
		found, err = in(tx, bucketRows).get([]byte(id), &row)
		return err
	})
	return row, found && err == nil, w.named("reading a product's row", err)
}

// EachProduct calls fn in the order of rows. The product is fn's to keep.
func (w *Workspace) EachProduct(ctx context.Context, fn func(row uint32, p engine.Product) error) error {
	err := w.view(func(tx *bbolt.Tx) error {
		defer w.looked()
		b := in(tx, bucketProducts)
		return each(ctx, b, func(key []byte, p engine.Product) error {
			if len(key) != 4 {
				return damaged(b.name, key, "its key is not a row")
			}
			return outside(func() error { return fn(binary.BigEndian.Uint32(key), p) })
		})
	})
	return w.named("reading products", err)
}

func validProduct(p *engine.Product) error {
	if p.ID == "" {
		return errors.New("it has no ID: give it one, its number in the file for example")
	}
	if err := validText(p.ID, p.Title, p.Brand, p.Category, p.Description, p.Currency, p.Image); err != nil {
		return err
	}
	for _, a := range p.Attributes {
		if err := validText(a.Name, a.Value); err != nil {
			return err
		}
	}
	return nil
}
