package kernel

import "unsafe"

// tile is what one call of a matrix kernel works on: a few rows of activations
// against one panel of weights. The assembly reads it by offset.
type tile struct {
	a      unsafe.Pointer // first row of activations
	lda    uintptr        // bytes from row to row
	b      unsafe.Pointer // panel of weights
	steps  uintptr        // of the inner loop, at least 1
	dst    *float32       // first row of results
	ldd    uintptr        // bytes from row to row
	bias   *float32       // one a column of the panel
	scale  *float32       // int8: one a row of activations
	zero   *int32         // int8: minus the zero point of each row
	wscale *float32       // int8: one a column
	wsum   *int32         // int8: sum of each column's weights
	stepA  uintptr        // float32: bytes from step to step of a row of activations
	stepB  uintptr        // float32: bytes from step to step of the panel
}

// tiles are the matrix kernels of one instruction set.
type tiles struct {
	height, width int           // of the largest tile: rows, columns of a panel
	run           []func(*tile) // by height − 1
}

// edgeRoom is at least height × width of every instruction set.
const edgeRoom = 12 * 32

// product runs the kernels over n rows of the panel, t being where to start.
func (k *tiles) product(t tile, n int) {
	for {
		height := k.tall(n)
		k.run[height-1](noescape(&t))
		n -= height
		if n == 0 {
			return
		}
		t.down(height)
		t.dst = at(t.dst, uintptr(height)*t.ldd)
	}
}

// edge is product for a panel that goes over the last output: of each row's
// results it keeps what dst, stride values a row, has room for up to columns.
func (k *tiles) edge(t tile, n int, dst []float32, stride, columns int) {
	var results [edgeRoom]float32
	t.dst, t.ldd = noescape(&results[0]), uintptr(k.width)*4
	for {
		height := k.tall(n)
		k.run[height-1](noescape(&t))
		for r := range height {
			copy(dst[r*stride:][:columns], results[r*k.width:])
		}
		n -= height
		if n == 0 {
			return
		}
		t.down(height)
		dst = dst[height*stride:]
	}
}

// tall is the height of the next tile where n rows remain: two even tiles
// rather than a full one and a sliver.
func (k *tiles) tall(n int) int {
	if n > k.height && n < 2*k.height {
		return (n + 1) / 2
	}
	return min(k.height, n)
}

// down moves the activations on by some rows, which must be there.
func (t *tile) down(rows int) {
	t.a = unsafe.Add(t.a, uintptr(rows)*t.lda)
	if t.scale != nil {
		t.scale, t.zero = at(t.scale, uintptr(rows)*4), at(t.zero, uintptr(rows)*4)
	}
}

// at is the value some bytes behind p.
func at[T any](p *T, bytes uintptr) *T { return (*T)(unsafe.Add(unsafe.Pointer(p), bytes)) }

// noescape is p, for assembly that is called through a variable: the compiler
// cannot see that it keeps no pointers, and would move to the heap what they
// point to. While p is hidden nobody would correct it if the stack moved, so that
// nothing may be called meanwhile: no check of the stack's size, and none of the
// pointer, which the race detector's build would put in.
//
//go:nosplit
//go:nocheckptr
func noescape[T any](p *T) *T {
	hidden := uintptr(unsafe.Pointer(p))
	return *(**T)(unsafe.Pointer(&hidden))
}
