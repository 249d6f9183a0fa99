package retrieve

import (
	"encoding/binary"
	"math/bits"
)

// Packed numbers: each takes the same width in bits, 0 to 32, one after
// another from the lowest bit of the first byte. Any of them can be read alone.

// packPad is how many bytes must follow packed numbers, so that the last one
// can be read with its neighbours in one load.
const packPad = 8

// widthOf is how many bits v takes.
func widthOf(v uint32) uint { return uint(bits.Len32(v)) }

// packedSize is how many bytes n numbers of width w take.
func packedSize(n int, w uint) int { return (n*int(w) + 7) / 8 }

// pack appends numbers of width w.
func pack(dst []byte, values []uint32, w uint) []byte {
	var pending uint64
	var have uint
	for _, v := range values {
		pending |= uint64(v) << have
		for have += w; have >= 8; have -= 8 {
			dst = append(dst, byte(pending))
			pending >>= 8
		}
	}
	if have > 0 {
		dst = append(dst, byte(pending))
	}
	return dst
}

// packed reads number i of width w. It needs packPad bytes behind the numbers.
func packed(src []byte, i int, w uint) uint32 {
	bit := uint(i) * w
	return uint32(binary.LittleEndian.Uint64(src[bit>>3:])>>(bit&7)) & (1<<w - 1)
}

// bitmap is a set of small numbers.
type bitmap []uint64

func newBitmap(n int) bitmap { return make(bitmap, (n+63)/64) }

func (b bitmap) set(i uint32) { b[i>>6] |= 1 << (i & 63) }

func (b bitmap) has(i uint32) bool {
	return int(i>>6) < len(b) && b[i>>6]>>(i&63)&1 != 0
}

func (b bitmap) count() int {
	n := 0
	for _, word := range b {
		n += bits.OnesCount64(word)
	}
	return n
}

// and keeps what is in both; the two are of one length.
func (b bitmap) and(o bitmap) {
	for i := range b {
		b[i] &= o[i]
	}
}

// or adds what is in o; the two are of one length.
func (b bitmap) or(o bitmap) {
	for i := range b {
		b[i] |= o[i]
	}
}

// not keeps what is not in o; the two are of one length.
func (b bitmap) not(o bitmap) {
	for i := range b {
		b[i] &^= o[i]
	}
}

// each calls fn for every number of the set, in order.
func (b bitmap) each(fn func(i uint32)) {
	for i, word := range b {
		for ; word != 0; word &= word - 1 {
			fn(uint32(64*i + bits.TrailingZeros64(word)))
		}
	}
}
