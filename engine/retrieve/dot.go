package retrieve

// dots writes the dot product of query with each row of codes: out[i] is of
// codes[i*dim : (i+1)*dim]. Codes are −127 to 127.
//
// This is the inner loop of the vector search; a kernel for the machine's
// vector unit takes its place.
func dots(codes, query []int8, out []int32) {
	dim := len(query)
	for i := range out {
		row := codes[i*dim : (i+1)*dim : (i+1)*dim]
		var a, b, c, d int32
		k := 0
		for ; k+4 <= len(row) && k+4 <= len(query); k += 4 {
			x, y := row[k:k+4:k+4], query[k:k+4:k+4]
			a += int32(x[0]) * int32(y[0])
			b += int32(x[1]) * int32(y[1])
			c += int32(x[2]) * int32(y[2])
			d += int32(x[3]) * int32(y[3])
		}
		for ; k < dim; k++ {
			a += int32(row[k]) * int32(query[k])
		}
		out[i] = a + b + c + d
	}
}
