package kernel

import "math"

// quantRange is the smallest and the largest of x and 0: zero is always exact.
func quantRange(isa ISA, x []float32) (low, high float32) {
	if f := quantRanges[isa]; f != nil && len(x) >= 16 {
		n := len(x) &^ 15
		low, high = f(&x[0], n)
		x = x[n:]
	}
	for _, v := range x {
		low, high = min(low, v), max(high, v)
	}
	return low, high
}

// quantBytes writes round(x·inverse + zero), between 0 and 255.
func quantBytes(isa ISA, dst []byte, x []float32, inverse, zero float32) {
	done := 0
	if f := quantBytesOf[isa]; f != nil && len(x) >= 16 {
		done = len(x) &^ 15
		f(&dst[0], &x[0], done, inverse, zero)
	}
	for i, v := range x[done:] {
		dst[done+i] = byte(quantValue(v, inverse, zero))
	}
}

// quantWide is quantBytes into 16 bits.
func quantWide(_ ISA, dst []uint16, x []float32, inverse, zero float32) {
	for i, v := range x {
		dst[i] = uint16(quantValue(v, inverse, zero))
	}
}

func quantValue(v, inverse, zero float32) float32 {
	return min(max(roundEven(fma(v, inverse, zero)), 0), 255)
}

// roundEven rounds to the nearest whole number, halves to the even one, as the
// vector units do. |v| is below 2²².
func roundEven(v float32) float32 { return float32(math.RoundToEven(float64(v))) }
