package kernel

import "math"

// scanKernels are the assembly of one instruction set for dot products of one
// query with many rows.
type scanKernels struct {
	// dotInt8 needs n ≥ 1 and rows of at least width values: steps whole vectors
	// of width, then the last width values of the row, which tail is for.
	dotInt8 func(dst *int32, rows, query, tail *int8, n, dim, steps int)
	width   int
	// dotHalf needs a multiple of lanes values, at least one.
	dotHalf func(query *float32, row *uint16, n int) float32
	lanes   int
}

// maxWidth is the width of the widest vectors, in bytes.
const maxWidth = 64

// DotInt8 writes the dot product of query with each of the len(dst) rows that
// lie one behind the other in rows, each as long as query: dst[r] = Σ
// query[c]·rows[r·len(query)+c], exact. All values are −127 to 127; a query has
// at most 65,536.
func (i ISA) DotInt8(dst []int32, query, rows []int8) {
	dim := len(query)
	if len(dst) == 0 {
		return
	}
	if dim == 0 {
		clear(dst)
		return
	}
	rows = rows[:len(dst)*dim]
	k := &scans[i]
	if k.dotInt8 == nil || dim < k.width {
		dotInt8Portable(dst, query, rows)
		return
	}
	steps := (dim - 1) / k.width
	var tail [maxWidth]int8
	copy(tail[k.width-(dim-steps*k.width):], query[steps*k.width:])
	k.dotInt8(&dst[0], &rows[0], &query[0], noescape(&tail[0]), len(dst), dim, steps)
}

func dotInt8Portable(dst []int32, query, rows []int8) {
	dim := len(query)
	for i := range dst {
		row := rows[i*dim:][:dim]
		var sum int32
		for c, q := range query {
			sum += int32(q) * int32(row[c])
		}
		dst[i] = sum
	}
}

// DotHalf is the dot product of query with a row of half-precision values (IEEE
// 754 binary16, finite), summed in float32.
func (i ISA) DotHalf(query []float32, row []uint16) float32 {
	row = row[:len(query)]
	k := &scans[i]
	var sum float32
	n := 0
	if k.dotHalf != nil {
		if n = len(query) &^ (k.lanes - 1); n > 0 {
			sum = k.dotHalf(&query[0], &row[0], n)
		}
	}
	return sum + dotHalfPortable(query[n:], row[n:])
}

func dotHalfPortable(query []float32, row []uint16) float32 {
	var sum float32
	for c, q := range query {
		sum += q * fromHalf(row[c])
	}
	return sum
}

// fromHalf is the value of a finite half-precision number. Moved to their
// places in a float32, its exponent and fraction leave the exponent too small
// by 112, which one multiplication mends, for subnormal numbers too.
func fromHalf(h uint16) float32 {
	v := math.Float32frombits(uint32(h&0x7fff)<<13) * 0x1p112
	return math.Float32frombits(math.Float32bits(v) | uint32(h&0x8000)<<16)
}
