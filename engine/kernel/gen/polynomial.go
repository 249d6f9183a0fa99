package main

import "math"

// chebyshev returns the n nodes between low and high, lowest first, that make
// interpolation come near the best polynomial.
func chebyshev(low, high float64, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = (low+high)/2 - (high-low)/2*math.Cos(float64(2*i+1)*math.Pi/float64(2*n))
	}
	return x
}

// interpolate returns the coefficients, lowest power first, of the polynomial
// through the given points (Newton's divided differences).
func interpolate(x, y []float64) []float64 {
	n := len(x)
	difference := append([]float64(nil), y...)
	for i := 1; i < n; i++ {
		for j := n - 1; j >= i; j-- {
			difference[j] = (difference[j] - difference[j-1]) / (x[j] - x[j-i])
		}
	}
	c := make([]float64, n)
	for i := n - 1; i >= 0; i-- { // c = c·(u − x[i]) + difference[i]
		for j := n - 1; j > 0; j-- {
			c[j] = c[j-1] - x[i]*c[j]
		}
		c[0] = difference[i] - x[i]*c[0]
	}
	return c
}
