package rank

import (
	"cmp"
	"slices"
	"strings"

	"touchstone/engine"
	"touchstone/engine/model"
)

// Scorer is a ranker made ready to score rows of a Matrix. It is read-only and
// safe for concurrent use.
type Scorer struct {
	model   model.Model
	weights model.Linear // one a column; for networks and trees, of their linear part
}

// NewScorer makes a ranker ready. It refuses a kind of ranker and a feature
// that it does not know, by name.
func NewScorer(r *engine.Ranker) (*Scorer, error) {
	m, err := model.New(r, columns)
	if err != nil {
		return nil, err
	}
	weights, err := model.Linears(r, columns)
	if err != nil {
		return nil, err
	}
	return &Scorer{m, weights}, nil
}

// Score is the score of a row.
func (s *Scorer) Score(row []float64) float64 { return s.model.Score(row) }

// Explain lists what each feature adds to a row's score, in the order of
// Features. The contributions sum to Score: of a linear ranker exactly when
// added in order, of others but for rounding.
func (s *Scorer) Explain(row []float64) []engine.Contribution {
	parts := make([]float64, len(row))
	s.model.Explain(row, parts)
	contributions := make([]engine.Contribution, len(row))
	for i, part := range parts {
		contributions[i] = engine.Contribution{Feature: columns[i], Value: row[i], Weight: s.weights[i].Weight, Contribution: part}
	}
	return contributions
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
