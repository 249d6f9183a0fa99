package model

import (
	"fmt"
	"slices"

	"touchstone/engine"
)

// Model scores rows of features. It is read-only and safe for concurrent use.
type Model interface {
	// Score is the score of one row; higher ranks first.
	Score(x []float64) float64
	// Explain sets parts[i] to what feature i adds to the score of x. The parts
	// sum to Score but for rounding. len(parts) is len(x).
	Explain(x, parts []float64)
}

// New makes a ranker ready to score rows whose columns are these features. It
// refuses a feature that the rows lack and a kind that it does not know.
func New(r *engine.Ranker, columns []string) (Model, error) {
	weights := make([]engine.Weight, len(columns))
	for _, w := range r.Weights {
		i := slices.Index(columns, w.Feature)
		if i < 0 {
			return nil, fmt.Errorf("ranker %s v%d: there is no feature %q; take its weight out", r.Name, r.Version, w.Feature)
		}
		weights[i] = w
	}
	switch r.Kind {
	case engine.Linear:
		return NewLinear(weights), nil
	}
	return nil, fmt.Errorf("ranker %s v%d: unknown kind %q", r.Name, r.Version, r.Kind)
}
