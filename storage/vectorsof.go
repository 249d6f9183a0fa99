package storage

import (
	"context"
	"maps"
	"slices"

	"go.etcd.io/bbolt"

	"touchstone/engine/workbench"
)

// EachVectorBlockOf is EachVectorBlock for the blocks that hold some rows, each
// once. Rows that no block holds are passed over.
func (w *Workspace) EachVectorBlockOf(ctx context.Context, model string, rows []uint32, fn func(workbench.VectorBlock) error) error {
	err := w.view(func(tx *bbolt.Tx) error {
		space, found, err := storedSpace(tx)
		if err != nil || !found || space.Model != model {
			return err
		}
		return space.eachOf(ctx, in(tx, bucketVectors), rows, func(number uint32, b block, _ []int) error {
			return outside(func() error { return fn(b.view(number * blockRows)) })
		})
	})
	return w.named("reading vectors", err)
}

// clearVectors removes the vectors of rows. A block that holds none any more
// goes.
func clearVectors(ctx context.Context, tx *bbolt.Tx, rows []uint32) error {
	space, found, err := storedSpace(tx)
	if err != nil || !found {
		return err
	}
	blocks := in(tx, bucketVectors)
	return space.eachOf(ctx, blocks, rows, func(number uint32, stored block, at []int) error {
		key, b := numberKey(uint64(number)), stored.withRows(0)
		for _, i := range at {
			if i < b.rows {
				b.setHash(i, 0)
				clear(b.values(i))
			}
		}
		if b.empty() {
			return blocks.Delete(key)
		}
		return blocks.putSealed(key, seal(key, b.data))
	})
}

func (b block) empty() bool {
	for i := range b.rows {
		if b.hash(i) != 0 {
			return false
		}
	}
	return true
}

// eachOf calls fn with the stored blocks that hold some rows, in their order, and
// with the places of these rows in each; the last rows of a block may be missing.
func (s vectorSpace) eachOf(ctx context.Context, blocks bucket, rows []uint32, fn func(number uint32, b block, at []int) error) error {
	at := map[uint32][]int{} // by block
	for _, row := range rows {
		at[row/blockRows] = append(at[row/blockRows], int(row%blockRows))
	}
	for _, number := range slices.Sorted(maps.Keys(at)) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		key := numberKey(uint64(number))
		value := blocks.Get(key)
		if value == nil {
			continue
		}
		b, err := s.parse(blocks, key, value)
		if err != nil {
			return err
		}
		if err := fn(number, b, at[number]); err != nil {
			return err
		}
	}
	return nil
}
