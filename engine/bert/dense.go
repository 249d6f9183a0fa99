package bert

import (
	"slices"

	"touchstone/engine/kernel"
)

// dense is a layer y = x·Wᵀ + b, in float32 or in int8.
type dense struct {
	float *kernel.Float32
	int8  *kernel.Int8 // instead of float
	// columns, of int8, is what each input is multiplied by before it is
	// quantised; nil is 1. See columnScales.
	columns []float32
}

// inputs is how many values of a row go into the layer.
func (d *dense) inputs() int {
	if d.int8 != nil {
		return d.int8.Cols
	}
	return d.float.Cols
}

// multiplier runs dense layers over a few rows at a time, with memory that is
// reused. It serves one goroutine.
type multiplier struct {
	activations *kernel.Activations
	// observe, unless nil, sees what goes into each float32 layer.
	observe func(d *dense, x []float32)
}

// multiply writes the layer's outputs for the rows of x to dst.
func (m *multiplier) multiply(dst, x []float32, d *dense) {
	if d.int8 == nil {
		if m.observe != nil {
			m.observe(d, x)
		}
		d.float.Mul(dst, d.float.Rows, x, len(x)/d.float.Cols, 0, d.float.Panels())
		return
	}
	cols := d.int8.Cols
	n := len(x) / cols
	m.activations.Resize(n, cols)
	for i := range n {
		if row := x[i*cols : (i+1)*cols]; d.columns != nil {
			m.activations.SetScaled(i, row, d.columns)
		} else {
			m.activations.Set(i, row)
		}
	}
	d.int8.Mul(dst, d.int8.Rows, m.activations, 0, n, 0, d.int8.Panels())
}

// gelu replaces the values of rows by GELU of them. It goes row by row, so that no
// row's values depend on how many others there are.
func gelu(isa kernel.ISA, x []float32, width int) {
	for row := range slices.Chunk(x, width) {
		isa.GELU(row)
	}
}

// multiplyGELU is multiply for GELU(x), which it leaves in x.
func (m *multiplier) multiplyGELU(dst, x []float32, d *dense, isa kernel.ISA) {
	if d.int8 == nil || d.columns != nil {
		gelu(isa, x, d.inputs())
		m.multiply(dst, x, d)
		return
	}
	cols := d.int8.Cols
	n := len(x) / cols
	m.activations.Resize(n, cols)
	for i := range n {
		m.activations.SetGELU(i, x[i*cols:(i+1)*cols])
	}
	d.int8.Mul(dst, d.int8.Rows, m.activations, 0, n, 0, d.int8.Panels())
}

// resize returns a slice of n elements, s itself where it has the room.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
