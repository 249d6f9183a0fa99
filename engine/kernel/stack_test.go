package kernel

import (
	"slices"
	"testing"
)

// TestProductsWhereStacksGrow multiplies at every depth of a fresh goroutine's
// stack: wherever the runtime moves it, what a kernel reads and writes on it must
// move too. The race detector's build calls the runtime at more places.
func TestProductsWhereStacksGrow(t *testing.T) {
	const rows, outputs, inputs = 5, 12, 12 // all of it goes over the last output
	x, weights := make([]float32, rows*inputs), make([]float32, outputs*inputs)
	integers, scale := make([]int8, len(weights)), make([]float32, outputs)
	for i := range x {
		x[i] = float32(i%7) - 3
	}
	for i := range weights {
		weights[i], integers[i] = float32(i%5)-2, int8(i%5)-2
	}
	for i := range scale {
		scale[i] = 1
	}
	long := make([]int8, outputs*100) // rows of a scan that end in part of a vector
	for i := range long {
		long[i] = int8(i % 9)
	}
	for _, isa := range Available() {
		t.Run(isa.String(), func(t *testing.T) {
			float, integer := NewFloat32(isa, weights, nil, outputs, inputs), NewInt8(isa, integers, scale, nil, outputs, inputs)
			a := NewActivations(isa, rows, inputs)
			for i := range rows {
				a.Set(i, x[i*inputs:(i+1)*inputs])
			}
			products := map[string]func(dst []float32){
				"float32": func(dst []float32) { float.Mul(dst, outputs, x, rows, 0, float.Panels()) },
				"int8":    func(dst []float32) { integer.Mul(dst, outputs, a, 0, rows, 0, integer.Panels()) },
				"attention": func(dst []float32) {
					NewAttention(isa).Gather(dst, inputs, x, x, x, inputs, rows, inputs, 1)
				},
				"scan": func(dst []float32) {
					sums := make([]int32, outputs)
					isa.DotInt8(sums, long[:100], long)
					for i, sum := range sums {
						dst[i] = float32(sum)
					}
				},
			}
			for name, product := range products {
				want := make([]float32, rows*outputs)
				product(want)
				got := make([]float32, len(want))
				for depth := range 1000 {
					clear(got)
					done := make(chan bool)
					go func() {
						defer close(done)
						deeper(depth, func() { product(got) })
					}()
					if <-done; !slices.Equal(got, want) {
						t.Fatalf("%s: another product %d calls deep", name, depth)
					}
				}
			}
		})
	}
}

// deeper calls f that many calls down the stack.
//
//go:noinline
func deeper(calls int, f func()) {
	if calls == 0 {
		f()
		return
	}
	deeper(calls-1, f)
}
