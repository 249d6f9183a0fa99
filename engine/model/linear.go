package model

import "touchstone/engine"

// Linear is a weighted sum: each feature adds Weight × (value − Offset) / Scale.
type Linear []engine.Weight

// NewLinear takes one weight a column, in the columns' order. A scale of 0
// counts as 1.
func NewLinear(weights []engine.Weight) Linear {
	l := make(Linear, len(weights))
	for i, w := range weights {
		if w.Scale == 0 {
			w.Scale = 1
		}
		l[i] = w
	}
	return l
}

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
	return w.Weight * (value - w.Offset) / w.Scale
}
