package storage

import (
	"context"
	"encoding/binary"
	"slices"

	"go.etcd.io/bbolt"

	"touchstone/engine/workbench"
)

// EachVectorBlockOf is EachVectorBlock for the blocks that hold some rows, each
// once. Rows that no block holds are passed over.
func (w *Workspace) EachVectorBlockOf(ctx context.Context, model string, rows []uint32, fn func(workbench.VectorBlock) error) error {
	var numbers []uint32
	for _, row := range rows {
		numbers = append(numbers, row/blockRows)
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	err := w.view(func(tx *bbolt.Tx) error {
		space, found, err := storedSpace(tx)
		if err != nil || !found || space.Model != model {
			return err
		}
		blocks := in(tx, bucketVectors)
		for _, number := range numbers {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			key := numberKey(uint64(number))
			value := blocks.Get(key)
			if value == nil {
				continue
			}
			b, err := space.parse(blocks, key, value)
			if err != nil {
				return err
			}
			first := uint32(binary.BigEndian.Uint64(key) * blockRows)
			if err := outside(func() error { return fn(b.view(first)) }); err != nil {
				return err
			}
		}
		return nil
	})
	return w.named("reading vectors", err)
}
