package rank

import (
	"slices"
	"time"

	"touchstone/engine"
)

// Extractor measures the features of candidates. Its fields may be nil: what
// they would tell is then left out. It is safe for concurrent use.
type Extractor struct {
	// IDF is how much a term tells: the rarer in the catalogue, the more.
	IDF func(term string) float64
	// Vector is the unit vector of a row, valid until the extraction ends; nil
	// where there is none.
	Vector func(row uint32) []float32
}

// search is what the features know of a query and all its candidates together.
type search struct {
	words          words
	bestBM25       float64
	bestLexical    [engine.TextFields]float64
	kind           kind
	usualPrice     float64 // median of the leading results; 0 unknown
	oldest, newest time.Time
	mostPopular    float64
	topRating      float64 // the most that can be given: 1, 5, 10 or 100
}

// leaders is how many of the best candidates stand for what the query means.
const leaders = 5

// Extract measures every feature of every candidate; docs[i] is of items[i].
func (x *Extractor) Extract(analysis *engine.Analysis, items []engine.Candidate, docs []*Document) Matrix {
	s := x.survey(analysis, items, docs)
	m := Matrix{Rows: len(items), Columns: len(features), Values: make([]float64, len(items)*len(features))}
	for i := range items {
		row := m.Row(i)
		for k := range features {
			row[k] = features[k].value(s, &items[i], docs[i])
		}
	}
	return m
}

// survey reads all candidates once.
func (x *Extractor) survey(analysis *engine.Analysis, items []engine.Candidate, docs []*Document) *search {
	s := &search{words: newWords(analysis.Terms, x.IDF)}
	for i := range items {
		c, d := &items[i], docs[i]
		s.bestBM25 = max(s.bestBM25, float64(c.BM25))
		for f, score := range c.Lexical {
			s.bestLexical[f] = max(s.bestLexical[f], float64(score))
		}
		if !d.date.IsZero() {
			if s.oldest.IsZero() || d.date.Before(s.oldest) {
				s.oldest = d.date
			}
			if d.date.After(s.newest) {
				s.newest = d.date
			}
		}
		if d.popularity.Known {
			s.mostPopular = max(s.mostPopular, d.popularity.Value)
		}
		if d.rating.Known {
			s.topRating = max(s.topRating, d.rating.Value)
		}
	}
	s.topRating = ratingScale(s.topRating)

	lead := s.leading(items)
	s.kind = newKind(x.Vector, items, lead)
	var prices []float64
	for _, i := range lead {
		if p := docs[i].price; p.Known && p.Value > 0 {
			prices = append(prices, p.Value)
		}
	}
	if len(prices) > 0 {
		slices.Sort(prices)
		s.usualPrice = prices[len(prices)/2]
	}
	return s
}

// leading lists the candidates that words and meaning together put first.
func (s *search) leading(items []engine.Candidate) []int {
	order := make([]int, len(items))
	score := make([]float64, len(items))
	for i := range items {
		order[i] = i
		score[i] = share(float64(items[i].BM25), s.bestBM25)/3 + float64(items[i].Cosine)
	}
	slices.SortFunc(order, func(a, b int) int { return descending(score[a], score[b], items[a].Product, items[b].Product) })
	return order[:min(leaders, len(order))]
}

// ratingScale is the usual scale that a highest rating belongs to.
func ratingScale(highest float64) float64 {
	for _, scale := range []float64{1, 5, 10, 100} {
		if highest <= scale {
			return scale
		}
	}
	return highest
}
