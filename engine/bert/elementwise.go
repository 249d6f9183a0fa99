package bert

import "math"

// The loops around the matrix products, in portable Go.

// dot is the inner product of two vectors of one length.
func dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	b = b[:len(a)]
	for len(a) >= 4 {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	for i, v := range a {
		s0 += v * b[i]
	}
	return s0 + s1 + (s2 + s3)
}

// addScaled adds factor × x to dst.
func addScaled(dst, x []float32, factor float32) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] += factor * x[i]
	}
}

// gelu replaces each value x by x·Φ(x), Φ the normal distribution function:
// the exact form, with erf (Hendrycks and Gimpel, 2016).
func gelu(x []float32) {
	for i, v := range x {
		x[i] = float32(0.5 * float64(v) * (1 + math.Erf(float64(v)*(math.Sqrt2/2))))
	}
}

// softmax replaces the values by exp(scale·x), normalised to sum to 1.
func softmax(x []float32, scale float32) {
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

// layerNorm shifts and scales x to mean 0 and variance 1, then by weight and
// bias (Ba, Kiros and Hinton, 2016).
func layerNorm(x, weight, bias []float32, epsilon float64) {
	var sum float64
	for _, v := range x {
		sum += float64(v)
	}
	mean := sum / float64(len(x))
	var squares float64
	for _, v := range x {
		d := float64(v) - mean
		squares += d * d
	}
	inverse := 1 / math.Sqrt(squares/float64(len(x))+epsilon)
	for i, v := range x {
		x[i] = float32((float64(v)-mean)*inverse)*weight[i] + bias[i]
	}
}

func tanh(x []float32) {
	for i, v := range x {
		x[i] = float32(math.Tanh(float64(v)))
	}
}
