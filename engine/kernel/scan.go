package kernel

// scanKernels are the assembly of one instruction set for dot products of one
// query with many rows.
type scanKernels struct {
	// dotInt8 needs n ≥ 1 and rows of at least width values: steps whole vectors
	// of width, then the last width values of the row, which tail is for.
	dotInt8 func(dst *int32, rows, query, tail *int8, n, dim, steps int)
	width   int
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
