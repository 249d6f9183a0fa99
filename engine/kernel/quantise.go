package kernel

import "math"

// quantRange is the smallest and the largest of x and 0: zero is always exact.
func quantRange(isa ISA, x []float32) (low, high float32) {
	k := &elementwise[isa]
	n := k.lanes.whole(len(x))
	if n > 0 {
		low, high = k.quantRange(&x[0], n)
	}
	for _, v := range x[n:] {
		low, high = min(low, v), max(high, v)
	}
	return low, high
}

// scaleColumns writes x·columns, value by value, and returns the smallest and the
// largest of that and 0.
func scaleColumns(isa ISA, dst, x, columns []float32) (low, high float32) {
	columns, dst = columns[:len(x)], dst[:len(x)]
	k := &elementwise[isa]
	n := k.lanes.whole(len(x))
	if n > 0 {
		low, high = k.scaleColumns(&dst[0], &x[0], &columns[0], n)
	}
	for i := n; i < len(x); i++ {
		dst[i] = x[i] * columns[i]
		low, high = min(low, dst[i]), max(high, dst[i])
	}
	return low, high
}

// quantBytes writes round(x·inverse + zero), between 0 and 255, less what the
// instruction set wants less.
func quantBytes(isa ISA, dst []byte, x []float32, inverse, zero float32, less byte) {
	k := &elementwise[isa]
	n := 0
	if k.quantBytes != nil {
		if n = k.lanes.whole(len(x)); n > 0 {
			k.quantBytes(&dst[0], &x[0], n, inverse, zero)
		}
	}
	for i, v := range x[n:] {
		dst[n+i] = byte(quantValue(v, inverse, zero)) - less
	}
}

// quantWide is quantBytes into 16 bits.
func quantWide(isa ISA, dst []uint16, x []float32, inverse, zero float32) {
	k := &elementwise[isa]
	n := 0
	if k.quantWide != nil {
		if n = k.lanes.whole(len(x)); n > 0 {
			k.quantWide(&dst[0], &x[0], n, inverse, zero)
		}
	}
	for i, v := range x[n:] {
		dst[n+i] = uint16(quantValue(v, inverse, zero))
	}
}

func quantValue(v, inverse, zero float32) float32 {
	return min(max(roundEven(fma(v, inverse, zero)), 0), 255)
}

// roundEven rounds to the nearest whole number, halves to the even one, as the
// vector units do. |v| is below 2²².
func roundEven(v float32) float32 { return float32(math.RoundToEven(float64(v))) }
