package kernel

import "unsafe"

// Float32 is a matrix of weights, Rows outputs by Cols inputs, with a bias,
// packed for one instruction set.
type Float32 struct {
	Rows, Cols int

	isa    ISA
	width  int       // outputs of a panel
	packed []float32 // panels × Cols × width; portable: Rows × Cols
	bias   []float32 // padded to whole panels
}

// NewFloat32 packs weights given row after row (rows × cols). bias may be nil.
func NewFloat32(isa ISA, weights, bias []float32, rows, cols int) *Float32 {
	m := &Float32{Rows: rows, Cols: cols, isa: isa, width: 1}
	if k := &float32Kernels[isa]; k.run != nil {
		m.width = k.width
	}
	panels := (rows + m.width - 1) / m.width
	m.bias = make([]float32, panels*m.width)
	copy(m.bias, bias)
	m.packed = make([]float32, panels*cols*m.width)
	for r := range rows {
		panel := m.packed[r/m.width*cols*m.width:]
		for c, w := range weights[r*cols : (r+1)*cols] {
			panel[c*m.width+r%m.width] = w
		}
	}
	return m
}

// Panels is the number of column blocks that Mul can be split by.
func (m *Float32) Panels() int { return len(m.bias) / m.width }

// Mul computes dst = x·Wᵀ + bias for n rows of x and the outputs of panels
// [from, to). x has n rows of Cols values; dst has n rows of stride values, of
// which those outputs are written. Calls for different panels or rows may run
// at the same time.
func (m *Float32) Mul(dst []float32, stride int, x []float32, n, from, to int) {
	if n == 0 || from >= to {
		return
	}
	_, _ = x[n*m.Cols-1], dst[(n-1)*stride+min(to*m.width, m.Rows)-1]
	k := &float32Kernels[m.isa]
	if k.run == nil {
		m.mulPortable(dst, stride, x, n, from, to)
		return
	}
	for p := from; p < to; p++ {
		first := p * m.width
		t := tile{
			a: unsafe.Pointer(&x[0]), lda: uintptr(m.Cols) * 4, stepA: 4,
			b: unsafe.Pointer(&m.packed[p*m.Cols*m.width]), stepB: uintptr(m.width) * 4, steps: uintptr(m.Cols),
			dst: &dst[first], ldd: uintptr(stride) * 4, bias: &m.bias[first],
		}
		if first+m.width <= m.Rows {
			k.product(t, n)
		} else {
			k.edge(t, n, dst[first:], stride, m.Rows-first)
		}
	}
}

// mulPortable is Mul in plain Go: four outputs at a time, so that each
// activation is loaded once for four sums.
func (m *Float32) mulPortable(dst []float32, stride int, x []float32, n, from, to int) {
	for i := range n {
		row := x[i*m.Cols : (i+1)*m.Cols]
		out := dst[i*stride:]
		j := from
		for ; j+4 <= to; j += 4 {
			w := m.packed[j*m.Cols : (j+4)*m.Cols]
			w0, w1, w2, w3 := w[:m.Cols], w[m.Cols:2*m.Cols], w[2*m.Cols:3*m.Cols], w[3*m.Cols:]
			var s0, s1, s2, s3 float32
			for c, v := range row {
				s0 += v * w0[c]
				s1 += v * w1[c]
				s2 += v * w2[c]
				s3 += v * w3[c]
			}
			out[j], out[j+1], out[j+2], out[j+3] = s0+m.bias[j], s1+m.bias[j+1], s2+m.bias[j+2], s3+m.bias[j+3]
		}
		for ; j < to; j++ {
			w := m.packed[j*m.Cols : (j+1)*m.Cols]
			var s float32
			for c, v := range row {
				s += v * w[c]
			}
			out[j] = s + m.bias[j]
		}
	}
}
