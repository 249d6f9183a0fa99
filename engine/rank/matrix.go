package rank

// Matrix holds one row of features a candidate, in the candidates' order; its
// columns are those of Features. The zero Matrix has no rows.
type Matrix struct {
	Rows, Columns int
	Values        []float64 // row after row
}

// Row is the features of candidate i, not a copy.
func (m *Matrix) Row(i int) []float64 {
	return m.Values[i*m.Columns : (i+1)*m.Columns : (i+1)*m.Columns]
}
