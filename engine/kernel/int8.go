package kernel

import "unsafe"

// Int8 is a matrix of int8 weights, Rows outputs by Cols inputs, one scale an
// output, with a float32 bias, packed for one instruction set.
type Int8 struct {
	Rows, Cols int

	isa    ISA
	kernel int8Kernel
	steps  int    // of the inner loop
	packed []int8 // panels × steps × width × group
	scale  []float32
	sum    []int32 // of each output's weights
	bias   []float32
}

// int8Kernel are the int8 products of one instruction set.
type int8Kernel struct {
	tiles
	group  int  // inputs multiplied in one step
	wide   bool // activations are 16 bits in memory
	signed bool // activations are bytes less 128
}

// NewInt8 packs weights given row after row (rows × cols), with the scale of
// each row. bias may be nil.
func NewInt8(isa ISA, weights []int8, scale, bias []float32, rows, cols int) *Int8 {
	k := int8Kernels[isa]
	if k.run == nil {
		k = int8Kernel{tiles: tiles{width: 1}, group: 1}
	}
	m := &Int8{Rows: rows, Cols: cols, isa: isa, kernel: k, steps: (cols + k.group - 1) / k.group}
	panels := (rows + k.width - 1) / k.width
	m.scale = make([]float32, panels*k.width)
	m.bias = make([]float32, panels*k.width)
	m.sum = make([]int32, panels*k.width)
	copy(m.scale, scale)
	copy(m.bias, bias)
	panel := m.steps * k.width * k.group
	m.packed = make([]int8, panels*panel)
	for r := range rows {
		at := r/k.width*panel + r%k.width*k.group
		packRow(m.packed[at:min(at+panel, len(m.packed))], weights[r*cols:(r+1)*cols], k.group, k.width*k.group)
	}
	ones := make([]int8, cols)
	for c := range ones {
		ones[c] = 1
	}
	isa.DotInt8(m.sum[:rows], ones, weights)
	return m
}

// packRow copies a row to dst, group values together and from one group to the
// next stride bytes. A model has millions: the groups that kernels have go as
// words.
func packRow(dst, row []int8, group, stride int) {
	c, at := 0, 0
	switch group {
	case 4:
		for ; c+4 <= len(row); c, at = c+4, at+stride {
			*(*[4]int8)(dst[at:]) = [4]int8(row[c:])
		}
	case 2:
		for ; c+2 <= len(row); c, at = c+2, at+stride {
			*(*[2]int8)(dst[at:]) = [2]int8(row[c:])
		}
	}
	for ; c < len(row); c, at = c+group, at+stride {
		copy(dst[at:at+group], row[c:])
	}
}

// Panels is the number of column blocks that Mul can be split by.
func (m *Int8) Panels() int { return len(m.bias) / m.kernel.width }

// Activations are rows of float32 values quantised for an Int8 product: each
// row unsigned, with a scale and a zero point of its own, so that a row's
// smallest value is 0 and its largest 255. The memory is reused.
type Activations struct {
	isa    ISA
	rows   int
	cols   int
	stride int // bytes from row to row
	bytes  []byte
	scale  []float32
	zero   []int32   // minus the zero point
	scaled []float32 // a row whose columns were scaled
}

// NewActivations makes room for up to rows × cols values for products on isa.
func NewActivations(isa ISA, rows, cols int) *Activations {
	a := &Activations{isa: isa}
	a.Resize(rows, cols)
	return a
}

// Resize makes room for rows × cols values; what was there is lost.
func (a *Activations) Resize(rows, cols int) {
	k := &int8Kernels[a.isa]
	a.rows, a.cols = rows, cols
	a.stride = (cols + 3) / 4 * 4
	if k.wide {
		a.stride = (cols + 1) / 2 * 4
	}
	if n := rows * a.stride; cap(a.bytes) < n {
		a.bytes = make([]byte, n)
	}
	a.bytes = a.bytes[:rows*a.stride]
	if cap(a.scale) < rows {
		a.scale, a.zero = make([]float32, rows), make([]int32, rows)
	}
	a.scale, a.zero = a.scale[:rows], a.zero[:rows]
}

// Set quantises x as row i.
func (a *Activations) Set(i int, x []float32) {
	low, high := quantRange(a.isa, x)
	a.set(i, x, low, high)
}

// SetScaled quantises x, each value times that of its column, as row i.
func (a *Activations) SetScaled(i int, x, columns []float32) {
	a.scaled = resize(a.scaled, len(x))
	low, high := scaleColumns(a.isa, a.scaled, x, columns)
	a.set(i, a.scaled, low, high)
}

// SetGELU replaces x by GELU(x), as ISA.GELU does, and quantises it as row i.
func (a *Activations) SetGELU(i int, x []float32) {
	low, high := a.isa.gelu(x)
	a.set(i, x, low, high)
}

func (a *Activations) set(i int, x []float32, low, high float32) {
	scale := (high - low) / 255
	if scale == 0 {
		scale = 1
	}
	zero := roundEven(-low / scale)
	a.scale[i], a.zero[i] = scale, -int32(zero)
	row := a.bytes[i*a.stride : (i+1)*a.stride]
	switch k := &int8Kernels[a.isa]; {
	case k.wide:
		quantWide(a.isa, unsafe.Slice((*uint16)(unsafe.Pointer(&row[0])), len(row)/2), x, 1/scale, zero)
	case k.signed:
		a.zero[i] += 128
		quantBytes(a.isa, row, x, 1/scale, zero, 128)
	default:
		quantBytes(a.isa, row, x, 1/scale, zero, 0)
	}
}

// Mul computes dst = x·Wᵀ + bias for rows [row, row+n) of the activations and
// the outputs of panels [from, to); dst has n rows of stride values. Calls for
// different panels or rows may run at the same time.
func (m *Int8) Mul(dst []float32, stride int, x *Activations, row, n, from, to int) {
	if n == 0 || from >= to {
		return
	}
	if m.kernel.run == nil {
		m.mulPortable(dst, stride, x, row, n, from, to)
		return
	}
	k := &m.kernel
	_, _, _ = x.scale[row+n-1], dst[(n-1)*stride+min(to*k.width, m.Rows)-1], x.bytes[(row+n)*x.stride-1]
	panel := m.steps * k.width * k.group
	for p := from; p < to; p++ {
		first := p * k.width
		t := tile{
			a: unsafe.Pointer(&x.bytes[row*x.stride]), lda: uintptr(x.stride), scale: &x.scale[row], zero: &x.zero[row],
			b: unsafe.Pointer(&m.packed[p*panel]), steps: uintptr(m.steps),
			dst: &dst[first], ldd: uintptr(stride) * 4,
			bias: &m.bias[first], wscale: &m.scale[first], wsum: &m.sum[first],
		}
		if first+k.width <= m.Rows {
			k.product(t, n)
		} else {
			k.edge(t, n, dst[first:], stride, m.Rows-first)
		}
	}
}

// mulPortable is Mul in plain Go, and the meaning of the kernels.
func (m *Int8) mulPortable(dst []float32, stride int, x *Activations, row, n, from, to int) {
	for i := range n {
		a := x.bytes[(row+i)*x.stride:][:m.Cols]
		scale, zero := x.scale[row+i], x.zero[row+i]
		for j := from; j < to; j++ {
			w := m.packed[j*m.Cols : (j+1)*m.Cols]
			sum := zero * m.sum[j]
			for c, v := range a {
				sum += int32(v) * int32(w[c])
			}
			dst[i*stride+j] = fma(float32(sum)*scale, m.scale[j], m.bias[j])
		}
	}
}

// fma is x·y + z, rounded once but for the rarest halfway cases.
func fma(x, y, z float32) float32 { return float32(float64(x)*float64(y) + float64(z)) }
