package kernel

import "math"

// elementwiseKernels are the assembly of one instruction set for the steps
// between products. Lengths are whole vectors of lanes values, at least one.
type elementwiseKernels struct {
	lanes      lanes
	gelu       func(x *float32, n int) (low, high float32) // the range of the results and 0
	addNorm    func(x, add, weight, bias *float32, n int, epsilon float32)
	addScaled  func(dst, x *float32, n int, factor float32)
	quantRange func(x *float32, n int) (low, high float32)
	// scaleColumns writes x·columns and returns its range.
	scaleColumns func(dst, x, columns *float32, n int) (low, high float32)
	quantBytes   func(dst *byte, x *float32, n int, inverse, zero float32)
	quantWide    func(dst *uint16, x *float32, n int, inverse, zero float32)
}

// lanes is how many values assembly takes at a time, a power of two; 0 where
// there is none.
type lanes int

// whole is how many of n values the assembly takes; plain Go takes the rest.
func (l lanes) whole(n int) int {
	if l == 0 {
		return 0
	}
	return n &^ int(l-1)
}

// GELU replaces each value x by x·Φ(x), Φ the normal distribution function: the
// exact form, with erf (Hendrycks and Gimpel, 2016), to within 4e-7·(1 + |x|).
func (i ISA) GELU(x []float32) { i.gelu(x) }

// gelu is GELU, and the smallest and the largest of the results and 0.
func (i ISA) gelu(x []float32) (low, high float32) {
	k := &elementwise[i]
	n := k.lanes.whole(len(x))
	if n > 0 {
		low, high = k.gelu(&x[0], n)
	}
	geluPortable(x[n:])
	for _, v := range x[n:] {
		low, high = min(low, v), max(high, v)
	}
	return low, high
}

func geluPortable(x []float32) {
	for i, v := range x {
		x[i] = float32(0.5 * float64(v) * (1 + math.Erf(float64(v)*(math.Sqrt2/2))))
	}
}

// softmaxPortable replaces the values by exp(scale·x), normalised to sum to 1.
// scale is not negative.
func softmaxPortable(x []float32, scale float32) {
	top := x[0]
	for _, v := range x {
		top = max(top, v)
	}
	var sum float32
	for i, v := range x {
		x[i] = float32(math.Exp(float64(scale * (v - top))))
		sum += x[i]
	}
	for i := range x {
		x[i] /= sum
	}
}

// AddNorm adds add to x, shifts and scales the sum to mean 0 and variance 1,
// then by weight and bias (Ba, Kiros and Hinton, 2016). All have one length.
func (i ISA) AddNorm(x, add, weight, bias []float32, epsilon float32) {
	_, _, _ = add[len(x)-1], weight[len(x)-1], bias[len(x)-1]
	k := &elementwise[i]
	if n := k.lanes.whole(len(x)); n > 0 && n == len(x) {
		k.addNorm(&x[0], &add[0], &weight[0], &bias[0], n, epsilon)
		return
	}
	addNormPortable(x, add, weight, bias, epsilon)
}

func addNormPortable(x, add, weight, bias []float32, epsilon float32) {
	var sum float64
	for i := range x {
		x[i] += add[i]
		sum += float64(x[i])
	}
	mean := sum / float64(len(x))
	var squares float64
	for _, v := range x {
		d := float64(v) - mean
		squares += d * d
	}
	inverse := 1 / math.Sqrt(squares/float64(len(x))+float64(epsilon))
	for i, v := range x {
		x[i] = float32((float64(v)-mean)*inverse)*weight[i] + bias[i]
	}
}

// AddScaled adds factor × x to dst.
func (i ISA) AddScaled(dst, x []float32, factor float32) {
	x = x[:len(dst)]
	k := &elementwise[i]
	n := k.lanes.whole(len(dst))
	if n > 0 {
		k.addScaled(&dst[0], &x[0], n, factor)
	}
	for j := n; j < len(dst); j++ {
		dst[j] += factor * x[j]
	}
}
