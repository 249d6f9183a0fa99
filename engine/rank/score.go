package rank

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"touchstone/engine"
)

// Scorer is a ranker made ready to score rows of a Matrix. It is read-only and
// safe for concurrent use.
type Scorer struct {
	terms []term
}

// term is one weight with the column that it reads.
type term struct {
	engine.Weight
	column int
}

// NewScorer makes a ranker ready. It refuses a kind that it cannot score and a
// feature that it does not know.
func NewScorer(r *engine.Ranker) (*Scorer, error) {
	switch r.Kind {
	case engine.Linear:
	default:
		return nil, fmt.Errorf("ranker %s v%d: kind %q cannot be scored here; use one of kind %q", r.Name, r.Version, r.Kind, engine.Linear)
	}
	s := &Scorer{terms: make([]term, len(r.Weights))}
	for i, w := range r.Weights {
		c := column(w.Feature)
		if c < 0 {
			return nil, fmt.Errorf("ranker %s v%d: there is no feature %q; take its weight out", r.Name, r.Version, w.Feature)
		}
		if w.Scale == 0 {
			w.Scale = 1
		}
		s.terms[i] = term{w, c}
	}
	return s, nil
}

// contribution is what a value adds to the score.
func (t *term) contribution(value float64) float64 {
	return t.Weight.Weight * (value - t.Offset) / t.Scale
}

// Score is the sum of the contributions of a row, in the ranker's order.
func (s *Scorer) Score(row []float64) float64 {
	var sum float64
	for i := range s.terms {
		t := &s.terms[i]
		sum += t.contribution(row[t.column])
	}
	return sum
}

// Explain lists what each feature adds to a row's score. Summed in order, the
// contributions are exactly Score.
func (s *Scorer) Explain(row []float64) []engine.Contribution {
	parts := make([]engine.Contribution, len(s.terms))
	for i := range s.terms {
		t := &s.terms[i]
		value := row[t.column]
		parts[i] = engine.Contribution{Feature: t.Feature, Value: value, Weight: t.Weight.Weight, Contribution: t.contribution(value)}
	}
	return parts
}

// Scored is a candidate's place in the order.
type Scored struct {
	Index int // of the candidate and its row
	Score float64
}

// Order scores every row and sorts them best first. Equal scores are ordered by
// product ID, so that the same search always shows the same page.
func (s *Scorer) Order(items []engine.Candidate, m *Matrix) []Scored {
	order := make([]Scored, m.Rows)
	for i := range order {
		order[i] = Scored{i, s.Score(m.Row(i))}
	}
	slices.SortFunc(order, func(a, b Scored) int {
		return descending(a.Score, b.Score, items[a.Index].Product, items[b.Index].Product)
	})
	return order
}

// descending compares scores, the higher first, then product IDs.
func descending(a, b float64, productA, productB string) int {
	return cmp.Or(cmp.Compare(b, a), strings.Compare(productA, productB))
}
