package bert

import "math"

// All inner products and element-wise loops of the forward pass stand in this
// file, in portable Go. A faster kernel replaces what is here and nothing else.

// panelRows is how many rows of a weight matrix are interleaved into one panel.
const panelRows = 4

// matrix is a weight matrix of out rows and in columns, packed for products
// with rows of activations: panels of panelRows rows interleaved by column, the
// last one filled up with zeros. Its weights are either float32 or int8 with a
// scale a row; activations are float32 in both cases.
type matrix struct {
	in, out int
	float   []float32 // panels, or nil
	int8    []int8    // panels, or nil
	scale   []float32 // of int8, one a row
}

// newMatrix makes room for a packed matrix; setRow fills it.
func newMatrix(out, in int, precision Precision) *matrix {
	m := &matrix{in: in, out: out}
	size := (out + panelRows - 1) / panelRows * panelRows * in
	if precision == Int8 {
		m.int8, m.scale = make([]int8, size), make([]float32, out)
	} else {
		m.float = make([]float32, size)
	}
	return m
}

// setRow packs row i of a float32 matrix.
func (m *matrix) setRow(i int, row []float32) {
	panel := m.float[i/panelRows*panelRows*m.in:]
	for k, v := range row {
		panel[k*panelRows+i%panelRows] = v
	}
}

// setInt8Row packs row i of an int8 matrix.
func (m *matrix) setInt8Row(i int, row []int8, scale float32) {
	m.scale[i] = scale
	panel := m.int8[i/panelRows*panelRows*m.in:]
	for k, v := range row {
		panel[k*panelRows+i%panelRows] = v
	}
}

// panels is the number of panels: what a product can be split by.
func (m *matrix) panels() int { return (m.out + panelRows - 1) / panelRows }

// bufferLen is how many values multiply needs in buffer.
func (m *matrix) bufferLen() int { return panelRows * m.in }

// multiply writes the columns of x·mᵀ that belong to panels from to to (not
// included): x is rows × in, dst is rows × out, both row after row. buffer is
// the caller's scratch of bufferLen values.
func (m *matrix) multiply(dst, x []float32, rows, from, to int, buffer []float32) {
	for p := from; p < to; p++ {
		var scale [panelRows]float32
		panel := m.panel(p, buffer, &scale)
		columns := min(panelRows, m.out-p*panelRows)
		for r := 0; r < rows; r += 2 {
			var tile [2][panelRows]float32
			x0 := x[r*m.in:][:m.in]
			if r+1 < rows {
				tile2(&tile, x0, x[(r+1)*m.in:][:m.in], panel)
			} else {
				tile1(&tile[0], x0, panel)
			}
			for i := range min(2, rows-r) {
				to := dst[(r+i)*m.out+p*panelRows:][:columns]
				for j := range to {
					to[j] = tile[i][j] * scale[j]
				}
			}
		}
	}
}

// panel is panel p as float32, unpacked into buffer where it is int8, and what
// each of its rows' products must be multiplied by.
func (m *matrix) panel(p int, buffer []float32, scale *[panelRows]float32) []float32 {
	size := panelRows * m.in
	if m.float != nil {
		*scale = [panelRows]float32{1, 1, 1, 1}
		return m.float[p*size:][:size]
	}
	copy(scale[:], m.scale[p*panelRows:])
	buffer = buffer[:size]
	for i, q := range m.int8[p*size:][:size] {
		buffer[i] = float32(q)
	}
	return buffer
}

// tile2 multiplies two rows of activations with one panel.
func tile2(dst *[2][panelRows]float32, x0, x1, panel []float32) {
	var a0, a1, a2, a3, b0, b1, b2, b3 float32
	x1 = x1[:len(x0)]
	for k, a := range x0 {
		w, b := panel[:panelRows:panelRows], x1[k]
		panel = panel[panelRows:]
		a0 += a * w[0]
		a1 += a * w[1]
		a2 += a * w[2]
		a3 += a * w[3]
		b0 += b * w[0]
		b1 += b * w[1]
		b2 += b * w[2]
		b3 += b * w[3]
	}
	dst[0] = [panelRows]float32{a0, a1, a2, a3}
	dst[1] = [panelRows]float32{b0, b1, b2, b3}
}

// tile1 is tile2 for one row.
func tile1(dst *[panelRows]float32, x, panel []float32) {
	var a0, a1, a2, a3 float32
	for _, a := range x {
		w := panel[:panelRows:panelRows]
		panel = panel[panelRows:]
		a0 += a * w[0]
		a1 += a * w[1]
		a2 += a * w[2]
		a3 += a * w[3]
	}
	*dst = [panelRows]float32{a0, a1, a2, a3}
}

// dot is the inner product of two vectors of one length.
func dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	b = b[:len(a)]
	for len(a) >= 4 {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	for i, v := range a {
		s0 += v * b[i]
	}
	return s0 + s1 + (s2 + s3)
}

// addScaled adds factor × x to dst.
func addScaled(dst, x []float32, factor float32) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] += factor * x[i]
	}
}

// gelu replaces each value x by x·Φ(x), Φ the normal distribution function:
// the exact form, with erf (Hendrycks and Gimpel, 2016).
func gelu(x []float32) {
	for i, v := range x {
		x[i] = float32(0.5 * float64(v) * (1 + math.Erf(float64(v)*(math.Sqrt2/2))))
	}
}

// softmax replaces the values by exp(scale·x), normalised to sum to 1.
func softmax(x []float32, scale float32) {
	top := x[0]
	for _, v := range x {
		top = max(top, v)
	}
	var sum float32
	for i, v := range x {
		x[i] = float32(math.Exp(float64(scale * (v - top))))
		sum += x[i]
	}
	for i := range x {
		x[i] /= sum
	}
}

// layerNorm shifts and scales x to mean 0 and variance 1, then by weight and
// bias (Ba, Kiros and Hinton, 2016).
func layerNorm(x, weight, bias []float32, epsilon float64) {
	var sum float64
	for _, v := range x {
		sum += float64(v)
	}
	mean := sum / float64(len(x))
	var squares float64
	for _, v := range x {
		d := float64(v) - mean
		squares += d * d
	}
	inverse := 1 / math.Sqrt(squares/float64(len(x))+epsilon)
	for i, v := range x {
		x[i] = float32((float64(v)-mean)*inverse)*weight[i] + bias[i]
	}
}
