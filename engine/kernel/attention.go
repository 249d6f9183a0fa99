package kernel

import "unsafe"

// attentionKernels are the assembly of one instruction set for the steps around
// the two products of attention.
type attentionKernels struct {
	lanes int // of a vector
	// transpose writes lanes rows of src as columns of dst; columns of src a
	// multiple of 4, distances in bytes.
	transpose func(dst *float32, ldd int, src *float32, lds, columns int)
	// softmaxColumns normalises each column; columns a multiple of lanes, ld in
	// bytes.
	softmaxColumns func(x *float32, rows, columns, ld int, scale float32)
	// narrow are tiles for the last few queries, where a whole panel would mostly
	// be empty; nil where panels are narrow enough.
	narrow *tiles
}

// Attention is scaled dot-product attention for one instruction set, with
// memory that is reused from call to call. It serves one goroutine at a time.
type Attention struct {
	isa     ISA
	queries []float32 // size × columns: the queries transposed
	scores  []float32 // n × columns: one row a key, one column a query
	rows    []float32 // the last few queries, as many rows as a vector has lanes
	values  []float32 // n × whole panels: values whose size is not whole panels
	out     []float32 // as values: results
}

// NewAttention makes an Attention for isa.
func NewAttention(isa ISA) *Attention { return &Attention{isa: isa} }

// Gather computes dst = softmax(scale · q·kᵀ)·v for one head of one sequence
// (Vaswani et al., 2017, section 3.2.1). q, k and v have n rows of size values,
// stride apart; dst has as many, ldd apart.
func (a *Attention) Gather(dst []float32, ldd int, q, k, v []float32, stride, n, size int, scale float32) {
	if n == 0 || size == 0 {
		return
	}
	last := (n-1)*stride + size
	q, k, v, dst = q[:last], k[:last], v[:last], dst[:(n-1)*ldd+size]
	kernel := &float32Kernels[a.isa]
	if kernel.run == nil {
		a.gatherPortable(dst, ldd, q, k, v, stride, n, size, scale)
		return
	}
	around := &attention[a.isa]
	narrow := kernel
	if around.narrow != nil {
		narrow = around.narrow
	}
	columns := (n + narrow.width - 1) / narrow.width * narrow.width
	a.transpose(q, stride, n, size, columns)
	a.scores = resize(a.scores, n*columns)
	row := uintptr(columns) * 4
	for c := 0; c < n; c += kernel.width {
		panel := kernel
		if n-c <= narrow.width {
			panel = narrow
		}
		panel.product(tile{
			a: unsafe.Pointer(&k[0]), lda: uintptr(stride) * 4, stepA: 4,
			b: unsafe.Pointer(&a.queries[c]), stepB: row, steps: uintptr(size), bias: &noBias[0],
			dst: &a.scores[c], ldd: row,
		}, n)
	}
	// Scores of one query lie in one column, so that all steps of the softmax
	// go from row to row and none across a vector.
	around.softmaxColumns(&a.scores[0], n, (n+around.lanes-1)/around.lanes*around.lanes, columns*4, scale)

	whole := (size + kernel.width - 1) / kernel.width * kernel.width
	out, ldo := dst, ldd
	if whole != size {
		a.values = resize(a.values, n*whole)
		a.out = resize(a.out, n*whole)
		for i := range n {
			clear(a.values[i*whole+copy(a.values[i*whole:], v[i*stride:][:size]) : (i+1)*whole])
		}
		v, stride, out, ldo = a.values, whole, a.out, whole
	}
	for c := 0; c < size; c += kernel.width {
		kernel.product(tile{
			a: unsafe.Pointer(&a.scores[0]), lda: 4, stepA: row,
			b: unsafe.Pointer(&v[c]), stepB: uintptr(stride) * 4, steps: uintptr(n), bias: &noBias[0],
			dst: &out[c], ldd: uintptr(ldo) * 4,
		}, n)
	}
	if whole != size {
		for i := range n {
			copy(dst[i*ldd:][:size], out[i*ldo:])
		}
	}
}

// noBias stands in for the bias of a product that has none.
var noBias [64]float32

// transpose writes the queries as columns. Columns beyond n, up to a whole
// vector, hold what came before: they are computed with and left out.
func (a *Attention) transpose(q []float32, stride, n, size, columns int) {
	k := &attention[a.isa]
	a.queries = resize(a.queries, size*columns)
	quads := size &^ 3
	for i := 0; i < n; i += k.lanes {
		src, lds := q[i*stride:], stride
		if i+k.lanes > n {
			a.rows = resize(a.rows, k.lanes*size)
			for r := range n - i {
				copy(a.rows[r*size:(r+1)*size], src[r*stride:])
			}
			src, lds = a.rows, size
		}
		if quads > 0 {
			k.transpose(&a.queries[i], columns*4, &src[0], lds*4, quads)
		}
		for c := quads; c < size; c++ {
			for r := range k.lanes {
				a.queries[c*columns+i+r] = src[r*lds+c]
			}
		}
	}
}

// gatherPortable is Gather in plain Go, one query after the other.
func (a *Attention) gatherPortable(dst []float32, ldd int, q, k, v []float32, stride, n, size int, scale float32) {
	a.scores = resize(a.scores, n)
	for i := range n {
		query, out := q[i*stride:][:size], dst[i*ldd:][:size]
		for j := range n {
			a.scores[j] = dotPortable(query, k[j*stride:][:size])
		}
		softmaxPortable(a.scores, scale)
		clear(out)
		for j, s := range a.scores {
			for c, x := range v[j*stride:][:size] {
				out[c] += s * x
			}
		}
	}
}

func dotPortable(x, y []float32) float32 {
	var s0, s1, s2, s3 float32
	y = y[:len(x)]
	for len(x) >= 4 && len(y) >= 4 {
		s0 += x[0] * y[0]
		s1 += x[1] * y[1]
		s2 += x[2] * y[2]
		s3 += x[3] * y[3]
		x, y = x[4:], y[4:]
	}
	for i, v := range x {
		s0 += v * y[i]
	}
	return s0 + s1 + (s2 + s3)
}

// resize returns a slice of n values, s itself where it has the room.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
