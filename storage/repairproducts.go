package storage

import (
	"encoding/binary"
	"maps"
	"slices"

	"touchstone/engine"
)

// products keeps the rows, which vectors refer to, and makes the rows by ID and
// the free rows from them.
func (r *rebuilding) products() error {
	rows := map[string]uint32{}
	next := uint32(0)
	taken := map[uint32]bool{}
	keys := r.sorted(bucketProducts)
	// Of two rows with one ID the trusted one counts.
	slices.SortStableFunc(keys, func(a, b string) int {
		return rankOf(r.records[bucketProducts][a]) - rankOf(r.records[bucketProducts][b])
	})
	for _, key := range keys {
		var p engine.Product
		if len(key) != 4 || !r.read(bucketProducts, key, &p) || p.ID == "" {
			continue
		}
		if _, twice := rows[p.ID]; twice {
			continue
		}
		row := binary.BigEndian.Uint32([]byte(key))
		rows[p.ID], taken[row], next = row, true, max(next, row+1)
	}
	for _, key := range r.sorted(bucketProducts) {
		if len(key) != 4 || !taken[binary.BigEndian.Uint32([]byte(key))] {
			continue
		}
		if err := r.copy(bucketProducts, key, r.records[bucketProducts][key]); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		if err := r.putJSON(bucketRows, []byte(id), rows[id]); err != nil {
			return err
		}
	}
	for _, id := range r.sorted(bucketRows) {
		var row uint32
		if _, ok := rows[id]; !ok && r.read(bucketRows, id, &row) {
			r.lose(bucketProducts, rowKey(row), "product %q is lost", shorten(id))
		}
	}
	for row := range next {
		if taken[row] {
			continue
		}
		key := rowKey(row)
		if err := r.put(bucketFree, key, seal(key, make([]byte, sealSize))); err != nil {
			return err
		}
	}
	return nil
}

func rankOf(f found) int {
	if f.trusted {
		return 0
	}
	return 1
}

// vectors keeps the blocks, without the vectors of rows that hold no product.
// A vector carries the hash of its text: one that is too old is made again.
func (r *rebuilding) vectors() error {
	space, known, err := storedSpace(r.tx)
	if err != nil {
		return err
	}
	if !known {
		if n := len(r.records[bucketVectors]); n > 0 {
			r.lose(bucketVectors, nil, "of which model %d blocks are is lost; the vectors are made again", n)
		}
		return nil
	}
	blocks := bucket{name: bucketVectors}
	for _, key := range r.sorted(bucketVectors) {
		f := r.records[bucketVectors][key]
		value := make([]byte, f.size)
		if _, err := r.r.ReadAt(value, f.at); err != nil {
			return err
		}
		stored, err := space.parse(blocks, []byte(key), value)
		if err != nil {
			r.lose(bucketVectors, []byte(key), "it is of another model")
			continue
		}
		b := stored.withRows(0)
		first := uint32(binary.BigEndian.Uint64([]byte(key)) * blockRows)
		for i := range b.rows {
			if in(r.tx, bucketProducts).Get(rowKey(first+uint32(i))) == nil {
				b.setHash(i, 0)
				clear(b.values(i))
			}
		}
		if b.empty() {
			continue
		}
		if err := r.put(bucketVectors, []byte(key), seal([]byte(key), b.data)); err != nil {
			return err
		}
	}
	return nil
}
