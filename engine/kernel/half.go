package kernel

import "math"

// halfKernels are the assembly of one instruction set for values in half
// precision; n is a multiple of lanes, at least one of them.
type halfKernels struct {
	largest func(half *uint16, n int) uint16
	codes   func(codes, rests *int8, half *uint16, n int, factor, restsOf float32)
	values  func(dst *float32, codes, rests *int8, n int, scale, restsOf float32)
	lanes   lanes
}

// whole is what rounds a float32 of less than 2²² to a whole number when it is
// added: the lowest bits of the sum are the number.
const whole = 3 << 22

// LargestHalf is the largest magnitude among half-precision values: its bits
// without the sign, 0 for no values.
func (i ISA) LargestHalf(half []uint16) (largest uint16) {
	k := &halves[i]
	n := k.lanes.whole(len(half))
	if n > 0 {
		largest = k.largest(&half[0], n)
	}
	for _, h := range half[n:] {
		largest = max(largest, h&0x7fff)
	}
	return largest
}

// CodesOfHalf writes each half-precision value v times factor·2⁻¹¹² in two
// bytes: codes has the nearest whole number, and rests restsOf times what is
// left, rounded. Both lie within −127 and 127, by the choice of factor.
func (i ISA) CodesOfHalf(codes, rests []int8, half []uint16, factor, restsOf float32) {
	codes, rests = codes[:len(half)], rests[:len(half)]
	k := &halves[i]
	n := k.lanes.whole(len(half))
	if n > 0 {
		k.codes(&codes[0], &rests[0], &half[0], n, factor, restsOf)
	}
	for j, h := range half[n:] {
		v := math.Float32frombits(uint32(h&0x7fff)<<13|uint32(h&0x8000)<<16) * factor
		code := v + whole
		codes[n+j] = int8(math.Float32bits(code) - math.Float32bits(whole))
		rests[n+j] = int8(math.Float32bits(float32((v-(code-whole))*restsOf)+whole) - math.Float32bits(whole))
	}
}

// ValuesOfCodes writes what codes and rests stand for: dst = (code + rest ÷
// restsOf) · scale, each step rounded.
func (i ISA) ValuesOfCodes(dst []float32, codes, rests []int8, scale, restsOf float32) {
	codes, rests = codes[:len(dst)], rests[:len(dst)]
	k := &halves[i]
	n := k.lanes.whole(len(dst))
	if n > 0 {
		k.values(&dst[0], &codes[0], &rests[0], n, scale, restsOf)
	}
	for j := n; j < len(dst); j++ {
		dst[j] = (float32(codes[j]) + float32(rests[j])/restsOf) * scale
	}
}
