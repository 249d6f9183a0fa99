package storage

import "math"

// halfBits is the IEEE 754 binary16 nearest to f, ties to even; what is too
// large for it becomes infinite, and NaN stays NaN.
func halfBits(f float32) uint16 {
	const (
		infinity = 0x7f800000 // of binary32, sign cleared
		tooLarge = 0x477ff000 // 65520, halfway between the largest binary16 and 2^16
		normal   = 0x38800000 // 2^-14, the smallest normal binary16
	)
	bits := math.Float32bits(f)
	sign := uint16(bits >> 16 & 0x8000)
	bits &= 0x7fffffff
	switch {
	case bits > infinity:
		return sign | 0x7e00
	case bits >= tooLarge:
		return sign | 0x7c00
	case bits >= normal:
		// Drop 13 bits of the significand and take the exponent from bias 127
		// to bias 15; adding just under half of the last kept bit, and one more
		// where that bit is odd, rounds to even and carries into the exponent.
		return sign | uint16((bits+0xfff+bits>>13&1-(127-15)<<23)>>13)
	}
	// A subnormal binary16 is a multiple of 2^-24, which is the last bit of
	// binary32 numbers around 0.5: the addition there does the rounding.
	return sign | uint16(math.Float32bits(math.Float32frombits(bits)+0.5)-math.Float32bits(0.5))
}

// isFinite reports whether a binary16 is neither infinite nor NaN.
func isFinite(half uint16) bool { return half&0x7c00 != 0x7c00 }
