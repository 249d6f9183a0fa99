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
}
