package retrieve

import (
	"encoding/binary"
	"math"
	"slices"

	"touchstone/engine"
)

// The postings of a term, from its offset in the postings section:
//
//	uvarint  df, the number of products that have the term
//	         then, df/blockSize times, an entry of the skip table:
//	uint32   the last document of the block
//	uint32   where the next block starts, counted from the end of the table
//	uint16   the block's highest impact, rounded up to 1/65535
//	         and after the table the blocks, the last one, of the remaining
//	         df mod blockSize documents, in bytes:
//	uint16   its highest impact, and for each document
//	uvarint  distance from the document before, less one
//	byte     the fields that have the term, as bits; then for each of them
//	byte     occurrences
//
// A full block is a head of 4 bytes (the width of the distances, then those of
// the five fields' occurrences, 4 bits each) and six runs of packed numbers.
const (
	blockSize = 128
	skipSize  = 10
	headSize  = 4
)

// posting is one product that has a term.
type posting struct {
	doc uint32
	tf  occurrences
}

// appendPostings writes the postings of one term, in the order of documents.
func appendPostings(dst []byte, list []posting, n *norms, lengths []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(list)))
	full := len(list) / blockSize
	table := len(dst)
	dst = append(dst, make([]byte, full*skipSize)...)
	start := len(dst)
	last := int64(-1)
	for block := range full {
		part := list[block*blockSize : (block+1)*blockSize]
		dst = appendBlock(dst, part, last)
		last = int64(part[blockSize-1].doc)
		entry := dst[table+block*skipSize:]
		binary.LittleEndian.PutUint32(entry, uint32(last))
		binary.LittleEndian.PutUint32(entry[4:], uint32(len(dst)-start))
		binary.LittleEndian.PutUint16(entry[8:], highest(part, n, lengths))
	}
	rest := list[full*blockSize:]
	if len(rest) == 0 {
		return dst
	}
	dst = binary.LittleEndian.AppendUint16(dst, highest(rest, n, lengths))
	for _, p := range rest {
		dst = binary.AppendUvarint(dst, uint64(int64(p.doc)-last-1))
		last = int64(p.doc)
		mask := len(dst)
		dst = append(dst, 0)
		for f, halves := range p.tf {
			if halves > 0 {
				dst[mask] |= 1 << f
				dst = append(dst, halves)
			}
		}
	}
	return dst
}

func appendBlock(dst []byte, list []posting, last int64) []byte {
	var columns [1 + engine.TextFields][blockSize]uint32
	var widest [1 + engine.TextFields]uint32
	for i, p := range list {
		columns[0][i] = uint32(int64(p.doc) - last - 1)
		last = int64(p.doc)
		for f, halves := range p.tf {
			columns[1+f][i] = uint32(halves)
		}
		for c := range columns {
			widest[c] |= columns[c][i]
		}
	}
	head := uint32(widthOf(widest[0]))
	for f := range engine.TextFields {
		head |= uint32(widthOf(widest[1+f])) << (8 + 4*f)
	}
	dst = binary.LittleEndian.AppendUint32(dst, head)
	for c := range columns {
		dst = pack(dst, columns[c][:], widthOf(widest[c]))
	}
	return dst
}

// highest is the highest impact among postings, rounded up.
func highest(list []posting, n *norms, lengths []byte) uint16 {
	var most float32
	for i := range list {
		p := &list[i]
		most = max(most, n.impact(&p.tf, codesAt(lengths, p.doc)))
	}
	return uint16(min(math.MaxUint16, math.Ceil(float64(most)*math.MaxUint16)+1))
}

// impactOf undoes the rounding of highest.
func impactOf(code uint16) float64 { return float64(code) / math.MaxUint16 }

// noDoc is behind the last document.
const noDoc = math.MaxUint32

// cursor walks through the postings of a term, one document at a time, and
// decodes only the blocks that it enters.
type cursor struct {
	df     int
	full   int // full blocks
	table  []byte
	blocks []byte

	block int    // the block that docs holds
	doc   uint32 // the current document; noDoc at the end
	i, n  int    // its place in docs, and how many docs there are
	docs  [blockSize]uint32

	// A full block's occurrences stay packed; those of the rest are decoded.
	packed [engine.TextFields][]byte
	width  [engine.TextFields]uint
	rest   []occurrences
	most   float64 // highest impact anywhere
}

// open sets the cursor to the first document of the postings at data.
func (c *cursor) open(data []byte) {
	df, n := binary.Uvarint(data)
	full := int(df) / blockSize
	*c = cursor{df: int(df), full: full, table: data[n : n+full*skipSize], blocks: data[n+full*skipSize:], rest: c.rest[:0]}
	for block := range c.count() {
		c.most = max(c.most, c.bound(block))
	}
	c.enter(0)
}

// count is how many blocks there are, the rest among them.
func (c *cursor) count() int { return (c.df + blockSize - 1) / blockSize }

// lastOf is the last document of a block; noDoc for the rest, whose end is not
// known before it is entered.
func (c *cursor) lastOf(block int) uint32 {
	if block >= c.full {
		return noDoc
	}
	return binary.LittleEndian.Uint32(c.table[block*skipSize:])
}

// offset is where a block starts.
func (c *cursor) offset(block int) int {
	if block == 0 {
		return 0
	}
	return int(binary.LittleEndian.Uint32(c.table[(block-1)*skipSize+4:]))
}

// bound is the highest impact in a block.
func (c *cursor) bound(block int) float64 {
	switch {
	case block < c.full:
		return impactOf(binary.LittleEndian.Uint16(c.table[block*skipSize+8:]))
	case block < c.count():
		return impactOf(binary.LittleEndian.Uint16(c.blocks[c.offset(block):]))
	}
	return 0
}

// enter decodes a block and stands at its first document.
func (c *cursor) enter(block int) {
	c.block, c.i, c.n = block, 0, 0
	if block >= c.count() {
		c.doc = noDoc
		return
	}
	last := int64(-1)
	if block > 0 {
		last = int64(c.lastOf(block - 1))
	}
	data := c.blocks[c.offset(block):]
	if block == c.full {
		c.enterRest(data[2:], last)
	} else {
		head := binary.LittleEndian.Uint32(data)
		data = data[headSize:]
		w := uint(head & 0xff)
		for i := range c.docs {
			last += int64(packed(data, i, w)) + 1
			c.docs[i] = uint32(last)
		}
		data = data[packedSize(blockSize, w):]
		for f := range c.packed {
			c.width[f] = uint(head >> (8 + 4*f) & 0xf)
			c.packed[f] = data
			data = data[packedSize(blockSize, c.width[f]):]
		}
		c.n = blockSize
	}
	c.doc = c.docs[0]
}

func (c *cursor) enterRest(data []byte, last int64) {
	c.n = c.df - c.full*blockSize
	c.rest = slices.Grow(c.rest[:0], c.n)[:c.n]
	for i := range c.n {
		distance, size := binary.Uvarint(data)
		last += int64(distance) + 1
		c.docs[i] = uint32(last)
		mask := data[size]
		data = data[size+1:]
		c.rest[i] = occurrences{}
		for f := range c.rest[i] {
			if mask>>f&1 != 0 {
				c.rest[i][f] = data[0]
				data = data[1:]
			}
		}
	}
}

// next moves on by one document.
func (c *cursor) next() {
	if c.i++; c.i < c.n {
		c.doc = c.docs[c.i]
	} else {
		c.enter(c.block + 1)
	}
}

// seek moves on to the first document that is not before target.
func (c *cursor) seek(target uint32) {
	if c.doc >= target {
		return
	}
	if block := c.blockOf(target); block != c.block {
		if c.enter(block); c.doc >= target {
			return
		}
	}
	// Ends at n only in the rest, whose last document the table does not tell.
	i, _ := slices.BinarySearch(c.docs[c.i:c.n], target)
	if c.i += i; c.i < c.n {
		c.doc = c.docs[c.i]
	} else {
		c.enter(c.block + 1)
	}
}

// blockOf is the first block, from the current one on, that may hold target.
func (c *cursor) blockOf(target uint32) int {
	if c.lastOf(c.block) >= target {
		return c.block
	}
	// Gallop: what is sought is mostly near.
	low, step := c.block, 1
	for low+step < c.full && c.lastOf(low+step) < target {
		low += step
		step *= 2
	}
	high := min(low+step, c.full)
	for low+1 < high {
		if middle := (low + high) / 2; c.lastOf(middle) < target {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// occurrences are those of the current document.
func (c *cursor) occurrences() (tf occurrences) {
	if c.block == c.full {
		return c.rest[c.i]
	}
	for f, w := range c.width {
		if w > 0 {
			tf[f] = uint8(packed(c.packed[f], c.i, w))
		}
	}
	return tf
}
