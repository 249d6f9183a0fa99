package storage

import (
	"bytes"
	"slices"
	"sync/atomic"

	"touchstone/engine"
)

// decodedProducts are products that were read last, as they came out of their
// records: a page shows ten of them, and to decode those takes longer than to
// find them. A product is taken from here where its record is, byte for byte, the
// one that it was decoded from, so that no change of the file has to be told.
//
// Each row has one place, which it shares with others; at some 6 KB a product all
// of them are 25 MB at most.
type decodedProducts [4096]atomic.Pointer[decodedProduct]

type decodedProduct struct {
	row     uint32
	record  []byte // sealed, as stored
	product engine.Product
}

// at reads the product of a row; false when the row is free.
func (d *decodedProducts) at(b bucket, row uint32) (p engine.Product, found bool, err error) {
	key := rowKey(row)
	record := b.Get(key)
	if record == nil {
		return p, false, nil
	}
	place := &d[row%uint32(len(d))]
	known := place.Load()
	if known == nil || known.row != row || !bytes.Equal(known.record, record) {
		if err := b.decode(key, record, &p); err != nil {
			return p, true, err
		}
		known = &decodedProduct{row, bytes.Clone(record), p}
		place.Store(known)
	}
	p = known.product
	p.Attributes = slices.Clone(p.Attributes) // the caller's to change
	return p, true, nil
}
