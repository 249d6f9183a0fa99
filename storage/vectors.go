package storage

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"unsafe"

	"go.etcd.io/bbolt"

	"touchstone/engine/workbench"
)

// Vectors are stored in blocks of blockRows consecutive rows, in a bucket named
// after their model, under the number of the block. The first row of block n is
// n × blockRows; the last rows of a block may be missing. A block is, in little
// endian:
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

// parseBlock reads a stored block without copying it.
func parseBlock(models bucket, key, value []byte) (block, error) {
	if len(key) != 8 {
		return block{}, damaged(models.name, key, "its key is not the number of a block")
	}
	if _, err := models.unseal(key, value); err != nil {
		return block{}, err
	}
	if len(value) < blockHeader || binary.LittleEndian.Uint32(value[4:]) != blockMagic {
		return block{}, damaged(models.name, key, "it is not a block of vectors")
	}
	dim, rows := int(binary.LittleEndian.Uint32(value[8:])), int(binary.LittleEndian.Uint32(value[12:]))
	if dim < 1 || dim > maxDim || rows < 1 || rows > blockRows || len(value) != blockSize(dim, rows) {
		return block{}, damaged(models.name, key, "%d rows of %d values do not fit into its %d bytes", rows, dim, len(value))
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
		if model == "" {
			return errors.New("vectors need the name of their model")
		}
		if err := validText(model); err != nil {
			return err
		}
		if err := dropOtherModels(tx, model); err != nil {
			return err
		}
		models := in(tx, bucketVectors)
		inner, err := models.CreateBucketIfNotExists([]byte(model))
		if err != nil {
			return err
		}
		blocks := bucket{inner, bucketVectors}
		blocks.FillPercent = appendFill
		dim := len(vectors[0].Values)
		if key, value := blocks.Cursor().First(); key != nil {
			b, err := parseBlock(blocks, key, value)
			if err != nil {
				return err
			}
			if b.dim != dim {
				return fmt.Errorf("vectors of %q have %d values, not %d: give another model another name", model, b.dim, dim)
			}
		}
		byRow := in(tx, bucketProducts)
		for number, of := range byBlock(vectors) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := putBlock(blocks, byRow, number, dim, of); err != nil {
				return err
			}
		}
		return nil
	})
	return w.named("storing vectors", err)
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

// putBlock writes vectors of one block over those that it holds.
func putBlock(blocks, byRow bucket, number uint32, dim int, vectors []workbench.Vector) error {
	rows := 0
	for _, v := range vectors {
		rows = max(rows, int(v.Row%blockRows)+1)
	}
	key := numberKey(uint64(number))
	b := newBlock(dim, rows)
	if value := blocks.Get(key); value != nil {
		stored, err := parseBlock(blocks, key, value)
		if err != nil {
			return err
		}
		b = stored.withRows(rows)
	}
	for _, v := range vectors {
		switch {
		case v.Hash == 0:
			return fmt.Errorf("the vector of row %d has no hash", v.Row)
		case len(v.Values) != dim || dim < 1 || dim > maxDim:
			return fmt.Errorf("the vector of row %d has %d values, where others have %d (at most %d)", v.Row, len(v.Values), dim, maxDim)
		case byRow.Get(rowKey(v.Row)) == nil:
			return fmt.Errorf("row %d has no product that could have a vector", v.Row)
		}
		i := int(v.Row % blockRows)
		b.setHash(i, v.Hash)
		to := b.values(i)
		for j, f := range v.Values {
			half := halfBits(f)
			if !isFinite(half) {
				return fmt.Errorf("value %d of the vector of row %d is %v, which half precision cannot hold", j, v.Row, f)
			}
			binary.LittleEndian.PutUint16(to[j*2:], half)
		}
	}
	return blocks.putSealed(key, seal(key, b.data))
}

func dropOtherModels(tx *bbolt.Tx, model string) error {
	models := in(tx, bucketVectors)
	var others [][]byte
	err := models.ForEachBucket(func(name []byte) error {
		if string(name) != model {
			others = append(others, slices.Clone(name))
		}
		return nil
	})
	for _, name := range others {
		err = errors.Join(err, models.DeleteBucket(name))
	}
	return err
}

// clearVectors removes the vectors of rows, of whichever model. A block that
// holds none any more goes.
func clearVectors(ctx context.Context, tx *bbolt.Tx, rows []uint32) error {
	gone := map[uint64][]int{}
	for _, row := range rows {
		gone[uint64(row/blockRows)] = append(gone[uint64(row/blockRows)], int(row%blockRows))
	}
	models := in(tx, bucketVectors)
	return models.ForEachBucket(func(name []byte) error {
		blocks := bucket{models.Bucket.Bucket(name), bucketVectors}
		for number, of := range gone {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			key := numberKey(number)
			value := blocks.Get(key)
			if value == nil {
				continue
			}
			stored, err := parseBlock(blocks, key, value)
			if err != nil {
				return err
			}
			b := stored.withRows(0)
			for _, i := range of {
				if i < b.rows {
					b.setHash(i, 0)
					clear(b.values(i))
				}
			}
			if err := blocks.replace(key, b); err != nil {
				return err
			}
		}
		return nil
	})
}

// replace stores a block, or deletes it when no row of it has a vector.
func (b bucket) replace(key []byte, block block) error {
	for i := range block.rows {
		if block.hash(i) != 0 {
			return b.putSealed(key, seal(key, block.data))
		}
	}
	return b.Delete(key)
}

// EachVectorBlock calls fn with the stored blocks of a model in the order of
// rows. The block lies in the file's memory and is valid during the call only.
func (w *Workspace) EachVectorBlock(ctx context.Context, model string, fn func(workbench.VectorBlock) error) error {
	err := w.view(func(tx *bbolt.Tx) error {
		if model == "" || len(model) > bbolt.MaxKeySize {
			return nil
		}
		inner := in(tx, bucketVectors).Bucket.Bucket([]byte(model))
		if inner == nil {
			return nil
		}
		blocks := bucket{inner, bucketVectors}
		ahead := newReadAhead(blocks)
		return blocks.ForEach(func(key, value []byte) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			ahead.next()
			b, err := parseBlock(blocks, key, value)
			if err != nil {
				return err
			}
			first := uint32(binary.BigEndian.Uint64(key) * blockRows)
			return outside(func() error { return fn(b.view(first)) })
		})
	})
	return w.named("reading vectors", err)
}
