package model

import (
	"math"

	"touchstone/engine"
)

// Linear is a weighted sum, one weight a column: each feature adds
// Weight × (value − Offset) / Scale. Scales are above 0. A missing value, NaN,
// is 0.
type Linear []engine.Weight

// Score implements Model.
func (l Linear) Score(x []float64) float64 {
	sum := 0.0
	for i := range l {
		sum += l.part(i, x[i])
	}
	return sum
}

// Explain implements Model; the parts are exact.
func (l Linear) Explain(x, parts []float64) {
	for i := range l {
		parts[i] = l.part(i, x[i])
	}
}

func (l Linear) part(i int, value float64) float64 {
	w := &l[i]
	if math.IsNaN(value) {
		value = 0
	}
	return w.Weight*(value-w.Offset)/w.Scale + 0 // nothing times a negative weight is −0, which people would read
}
