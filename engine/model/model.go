package model

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"touchstone/engine"
)

// Model scores rows of features. It is read-only and safe for concurrent use.
type Model interface {
	// Score is the score of one row; higher ranks first. NaN is a missing value: 0,
	// or in trees the side that was learned.
	Score(x []float64) float64
	// Explain sets parts[i] to what feature i adds to the score of x. The parts
	// sum to Score but for rounding. len(parts) is len(x).
	Explain(x, parts []float64)
}

// New makes a ranker ready to score rows whose columns are these features. It
// refuses a feature that the rows lack, a kind that it does not know and
// parameters that do not fit together.
func New(r *engine.Ranker, columns []string) (Model, error) {
	linear, err := Linears(r, columns)
	if err != nil {
		return nil, err
	}
	at := make([]int, len(r.Weights)) // column of each feature that the ranker reads
	for i, w := range r.Weights {
		at[i] = slices.Index(columns, w.Feature)
	}
	switch r.Kind {
	case engine.Linear:
		return linear, nil
	case engine.DNN:
		var n Network
		if err := json.Unmarshal(r.Model, &n); err != nil {
			return nil, fail(r, "its network can't be read: %w", err)
		}
		m, err := newDNN(linear, &n, r.Weights, at)
		if err != nil {
			return nil, fail(r, "its network does not fit together: %w", err)
		}
		return m, nil
	case engine.Trees:
		var f Forest
		if err := json.Unmarshal(r.Model, &f); err != nil {
			return nil, fail(r, "its trees can't be read: %w", err)
		}
		m, err := newTrees(linear, &f, at)
		if err != nil {
			return nil, fail(r, "its trees do not fit together: %w", err)
		}
		return m, nil
	}
	return nil, fail(r, "unknown kind %q: use %s, %s or %s", r.Kind, engine.Linear, engine.DNN, engine.Trees)
}

// Linears is the weighted sum in a ranker, with one weight a column: all of a
// linear ranker, and the part of the others that their network or trees
// correct. A column that the ranker does not read has weight 0.
func Linears(r *engine.Ranker, columns []string) (Linear, error) {
	list := r.Weights
	if r.Kind == engine.DNN || r.Kind == engine.Trees {
		var part struct {
			Linear []engine.Weight `json:"linear"`
		}
		if err := json.Unmarshal(r.Model, &part); err != nil {
			return nil, fail(r, "its model can't be read: %w", err)
		}
		list = part.Linear
	}
	linear := make(Linear, len(columns))
	for i, name := range columns {
		linear[i] = engine.Weight{Feature: name, Scale: 1}
	}
	for _, w := range slices.Concat(list, r.Weights) {
		i := slices.Index(columns, w.Feature)
		if i < 0 {
			return nil, fail(r, "there is no feature %q: take its weight out", w.Feature)
		}
		if !finite(w.Weight) || !finite(w.Offset) || !finite(w.Scale) || w.Scale < 0 {
			return nil, fail(r, "weight, offset and scale of %q must be finite and the scale not negative", w.Feature)
		}
	}
	for _, w := range list {
		if w.Scale == 0 {
			w.Scale = 1
		}
		linear[slices.Index(columns, w.Feature)] = w
	}
	return linear, nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func fail(r *engine.Ranker, format string, args ...any) error {
	return fmt.Errorf("ranker %s v%d: %w", r.Name, r.Version, fmt.Errorf(format, args...))
}
