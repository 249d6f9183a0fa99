package rank

import "slices"

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

// FewerWords marks the candidates that have fewer of the query's words than
// another one has.
func FewerWords(m *Matrix) []bool {
	fewer := make([]bool, m.Rows)
	words := slices.Index(columns, "coverage")
	most := 0.0
	for i := range m.Rows {
		most = max(most, m.Row(i)[words])
	}
	for i := range fewer {
		fewer[i] = m.Row(i)[words] < most-1e-9
	}
	return fewer
}
