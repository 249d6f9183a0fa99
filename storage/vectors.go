package storage

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"unsafe"

	"github.com/x448/float16"
	"go.etcd.io/bbolt"

	"touchstone/engine/workbench"
)

// Vectors are stored in blocks of blockRows consecutive rows, under the number
// of the block; the model that they are of stands in the workspace's bucket.
// The first row of block n is n × blockRows; the last rows of a block may be
// missing. A block is, in little endian:
//
//	 0  checksum       u32, as of every record
//	 4  blockMagic     u32
//	 8  dim            u32, values a row
//	12  rows           u32, at most blockRows
//	16  hashes         rows × u64, 0 where the row has no vector
//	    values         rows × dim × binary16
//	    padding to a multiple of 8 bytes
//
// Keys of 8 bytes and values of a multiple of 8 keep all blocks of a page
// aligned, so that a reader gets the file's own memory.
const (
	blockRows   = 1024
	blockMagic  = 0x31564354 // "TCV1"
	blockHeader = 16
	maxDim      = 1 << 16
)

// vectorSpace says which vectors the blocks hold: of one model, dim values each.
type vectorSpace struct {
	Model string `json:"model"`
	Dim   int    `json:"dim"`
}

// block is a stored block, or one in the making.
type block struct {
	dim, rows int
	data      []byte
}

func blockSize(dim, rows int) int {
	return (blockHeader + rows*8 + rows*dim*2 + 7) &^ 7
}

func newBlock(dim, rows int) block {
	b := block{dim, rows, make([]byte, blockSize(dim, rows))}
	binary.LittleEndian.PutUint32(b.data[4:], blockMagic)
	binary.LittleEndian.PutUint32(b.data[8:], uint32(dim))
	binary.LittleEndian.PutUint32(b.data[12:], uint32(rows))
	return b
}

// parse reads a stored block of vectors of the space without copying it.
func (s vectorSpace) parse(blocks bucket, key, value []byte) (block, error) {
	if len(key) != 8 {
		return block{}, damaged(blocks.name, key, "its key is not the number of a block")
	}
	if _, err := blocks.unseal(key, value); err != nil {
		return block{}, err
	}
	if len(value) < blockHeader || binary.LittleEndian.Uint32(value[4:]) != blockMagic {
		return block{}, damaged(blocks.name, key, "it is not a block of vectors")
	}
	dim, rows := int(binary.LittleEndian.Uint32(value[8:])), int(binary.LittleEndian.Uint32(value[12:]))
	if dim != s.Dim || rows < 1 || rows > blockRows || len(value) != blockSize(dim, rows) {
		return block{}, damaged(blocks.name, key, "%d rows of %d values (of %d) cannot be its %d bytes", rows, dim, s.Dim, len(value))
	}
	return block{dim, rows, value}, nil
}

func (b block) hash(i int) uint64 { return binary.LittleEndian.Uint64(b.data[blockHeader+i*8:]) }

func (b block) setHash(i int, hash uint64) {
	binary.LittleEndian.PutUint64(b.data[blockHeader+i*8:], hash)
}

// values are the bytes of row i's values.
func (b block) values(i int) []byte {
	from := blockHeader + b.rows*8 + i*b.dim*2
	return b.data[from : from+b.dim*2]
}

// withRows is a copy of the block with at least so many rows.
func (b block) withRows(rows int) block {
	c := newBlock(b.dim, max(rows, b.rows))
	copy(c.data[blockHeader:], b.data[blockHeader:blockHeader+b.rows*8])
	copy(c.data[blockHeader+c.rows*8:], b.data[blockHeader+b.rows*8:][:b.rows*b.dim*2])
	return c
}

// view shows the block to a reader: the stored bytes themselves where the
// machine can read them in place, and else a copy.
func (b block) view(first uint32) workbench.VectorBlock {
	v := workbench.VectorBlock{First: first, Dim: b.dim}
	n := b.rows * b.dim
	if littleEndian && uintptr(unsafe.Pointer(&b.data[0]))%8 == 0 {
		v.Hashes = unsafe.Slice((*uint64)(unsafe.Pointer(&b.data[blockHeader])), b.rows)
		v.Half = unsafe.Slice((*uint16)(unsafe.Pointer(&b.data[blockHeader+b.rows*8])), n)
		return v
	}
	v.Hashes, v.Half = make([]uint64, b.rows), make([]uint16, n)
	for i := range v.Hashes {
		v.Hashes[i] = b.hash(i)
	}
	for i := range v.Half {
		v.Half[i] = binary.LittleEndian.Uint16(b.data[blockHeader+b.rows*8+i*2:])
	}
	return v
}

var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// PutVectors stores vectors of one model by row, all or none, and drops those
// of other models. Each needs a product at its row, a hash other than 0, finite
// values, and as many of them as the model's other vectors have.
func (w *Workspace) PutVectors(ctx context.Context, model string, vectors []workbench.Vector) error {
	err := w.update(func(tx *bbolt.Tx, _ *state) error {
		if len(vectors) == 0 {
			return errUnchanged
		}
		space := vectorSpace{model, len(vectors[0].Values)}
		if err := space.enter(tx); err != nil {
			return err
		}
		blocks, byRow := in(tx, bucketVectors), in(tx, bucketProducts)
		blocks.FillPercent = appendFill
		for number, of := range byBlock(vectors) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := space.put(blocks, byRow, number, of); err != nil {
				return err
			}
		}
		return nil
	})
	return w.named("storing vectors", err)
}

// enter makes the blocks of the transaction those of the space.
func (s vectorSpace) enter(tx *bbolt.Tx) error {
	if err := validText(s.Model); err != nil {
		return err
	}
	if s.Dim < 1 || s.Dim > maxDim {
		return fmt.Errorf("vectors have from 1 to %d values, not %d", maxDim, s.Dim)
	}
	stored, found, err := storedSpace(tx)
	switch {
	case err != nil || stored == s:
		return err
	case found && stored.Model == s.Model:
		return fmt.Errorf("vectors of %q have %d values, not %d: give another model another name", s.Model, stored.Dim, s.Dim)
	}
	if err := tx.DeleteBucket([]byte(bucketVectors)); err != nil {
		return err
	}
	if _, err := tx.CreateBucket([]byte(bucketVectors)); err != nil {
		return err
	}
	return in(tx, bucketWorkspace).put([]byte(keyVectors), s)
}

// storedSpace is the space of the stored blocks; false before there were any.
func storedSpace(tx *bbolt.Tx) (s vectorSpace, found bool, err error) {
	found, err = in(tx, bucketWorkspace).get([]byte(keyVectors), &s)
	return s, found, err
}

// byBlock iterates over runs of vectors of the same block, in the order of
// blocks and, within one, as given.
func byBlock(vectors []workbench.Vector) func(yield func(uint32, []workbench.Vector) bool) {
	compare := func(a, b workbench.Vector) int { return int(a.Row/blockRows) - int(b.Row/blockRows) }
	if !slices.IsSortedFunc(vectors, compare) {
		vectors = slices.Clone(vectors)
		slices.SortStableFunc(vectors, compare)
	}
	return func(yield func(uint32, []workbench.Vector) bool) {
		for from := 0; from < len(vectors); {
			number := vectors[from].Row / blockRows
			to := from
			for to < len(vectors) && vectors[to].Row/blockRows == number {
				to++
			}
			if !yield(number, vectors[from:to]) {
				return
			}
			from = to
		}
	}
}

// put writes vectors of one block over those that it holds.
func (s vectorSpace) put(blocks, byRow bucket, number uint32, vectors []workbench.Vector) error {
	rows := 0
	for _, v := range vectors {
		rows = max(rows, int(v.Row%blockRows)+1)
	}
	key := numberKey(uint64(number))
	b := newBlock(s.Dim, rows)
	if value := blocks.Get(key); value != nil {
		stored, err := s.parse(blocks, key, value)
		if err != nil {
			return err
		}
		b = stored.withRows(rows)
	}
	for _, v := range vectors {
		switch {
		case v.Hash == 0:
			return fmt.Errorf("the vector of row %d has no hash", v.Row)
		case len(v.Values) != s.Dim:
			return fmt.Errorf("the vector of row %d has %d values, others have %d", v.Row, len(v.Values), s.Dim)
		case byRow.Get(rowKey(v.Row)) == nil:
			return fmt.Errorf("row %d has no product that could have a vector", v.Row)
		}
		i := int(v.Row % blockRows)
		b.setHash(i, v.Hash)
		to := b.values(i)
		for j, f := range v.Values {
			half := float16.Fromfloat32(f)
			if !half.IsFinite() {
				return fmt.Errorf("value %d of the vector of row %d is %v, which half precision cannot hold", j, v.Row, f)
			}
			binary.LittleEndian.PutUint16(to[j*2:], half.Bits())
		}
	}
	return blocks.putSealed(key, seal(key, b.data))
}

// EachVectorBlock calls fn with the stored blocks of a model in the order of
// rows. The block lies in the file's memory and is valid during the call only.
func (w *Workspace) EachVectorBlock(ctx context.Context, model string, fn func(workbench.VectorBlock) error) error {
	err := w.view(func(tx *bbolt.Tx) error {
		space, found, err := storedSpace(tx)
		if err != nil || !found || space.Model != model {
			return err
		}
		blocks := in(tx, bucketVectors)
		ahead := newReadAhead(blocks)
		return blocks.ForEach(func(key, value []byte) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			ahead.next()
			b, err := space.parse(blocks, key, value)
			if err != nil {
				return err
			}
			first := uint32(binary.BigEndian.Uint64(key) * blockRows)
			defer notNeeded(value)
			return outside(func() error { return fn(b.view(first)) })
		})
	})
	return w.named("reading vectors", err)
}
