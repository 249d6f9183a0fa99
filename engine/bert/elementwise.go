package bert

import "math"

// tanh replaces each value by its hyperbolic tangent.
func tanh(x []float32) {
	for i, v := range x {
		x[i] = float32(math.Tanh(float64(v)))
	}
}
