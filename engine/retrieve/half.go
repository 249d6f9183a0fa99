package retrieve

import "math"

// fromHalf is the value of an IEEE 754 half-precision number that is finite.
// Moving exponent and fraction to their places in a float32 leaves the exponent
// too small by 112, which one multiplication mends, for subnormals too.
func fromHalf(h uint16) float32 {
	f := math.Float32frombits(uint32(h&0x7fff)<<13) * 0x1p112
	return math.Float32frombits(math.Float32bits(f) | uint32(h&0x8000)<<16)
}
