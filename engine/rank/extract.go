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
	// Vector appends the unit vector of a row to dst, which is empty; nil where
	// there is none.
	Vector func(dst []float32, row uint32) []float32
	// Shopper is the unit vector of the one who searches.
	Shopper []float32
}

// search is what the features know of a query and all its candidates together.
type search struct {
	items []engine.Candidate
	docs  []*Document

	words          words
	head           uint32 // the word that says what is asked for
	hasHead        bool
	bestBM25       float64
	bestCoverage   float64 // the most of the query's words that a candidate has
	bestLexical    [engine.TextFields]float64
	farthest       float64   // the lowest cosine
	onlyBrand      bool      // the query is a brand's name and nothing else
	kind           []float64 // how near each candidate is to what leads, by meaning
	outline        outline   // what leads, by category and attributes
	affinity       []float64 // how near each candidate is to the shopper
	usualPrice     float64   // median of the leading results; 0 unknown
	oldest, newest time.Time
	mostPopular    float64
	topRating      float64 // the most that can be given: 1, 5, 10 or 100
}

// leaders is how many of the best candidates stand for what the query means.
const leaders = 5

// Extract measures every feature of every candidate; docs[i] is of items[i]. What
// a feature's values mean is in its Help; most lie between 0 and 1.
func (x *Extractor) Extract(analysis *engine.Analysis, items []engine.Candidate, docs []*Document) Matrix {
	return x.ExtractWith(analysis, items, docs, len(items))
}

// ExtractWith is Extract against the first n candidates: what is added behind
// them changes nothing of their features.
func (x *Extractor) ExtractWith(analysis *engine.Analysis, items []engine.Candidate, docs []*Document, n int) Matrix {
	s := x.survey(analysis, items, docs, n)
	defer s.outline.release()
	m := Matrix{Rows: len(items), Columns: len(features), Values: make([]float64, len(items)*len(features))}
	for i := range items {
		row := m.Row(i)
		for k := range features {
			row[k] = features[k].value(s, i)
		}
	}
	return m
}

// survey reads the first n candidates once, and then the leaders among them.
func (x *Extractor) survey(analysis *engine.Analysis, items []engine.Candidate, docs []*Document, n int) *search {
	s := &search{items: items, docs: docs, words: newWords(analysis.Terms, x.IDF), farthest: 1}
	s.head, s.hasHead = headOf(analysis)
	for i := range n {
		c, d := &items[i], docs[i]
		s.bestBM25 = max(s.bestBM25, float64(c.BM25))
		s.bestCoverage = max(s.bestCoverage, s.words.covered(matchedAnywhere(c)))
		for f, score := range c.Lexical {
			s.bestLexical[f] = max(s.bestLexical[f], float64(score))
		}
		if c.Cosine != 0 {
			s.farthest = min(s.farthest, float64(c.Cosine))
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

	lead := s.lead(n)
	s.onlyBrand = s.asksOnlyForBrand(lead)
	s.kind = kindByMeaning(x.Vector, items, n, lead)
	s.affinity = nearness(x.Vector, items, n, x.Shopper)
	s.outline = newOutline(docs, lead)
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

// lead lists those of the first n candidates that words, meaning and category
// put first.
func (s *search) lead(n int) []int {
	lead := make([]int, 0, leaders+1)
	score := make([]float64, n)
	for i := range n {
		for k := range features {
			if f := &features[k]; f.leads {
				score[i] += f.weight * f.value(s, i)
			}
		}
		at := len(lead)
		for at > 0 && descending(score[i], score[lead[at-1]], s.items[i].Product, s.items[lead[at-1]].Product) < 0 {
			at--
		}
		if at < leaders {
			lead = slices.Insert(lead, at, i)
			lead = lead[:min(leaders, len(lead))]
		}
	}
	return lead
}

// asksOnlyForBrand reports whether the query is the brand of most leaders, and
// nothing more. Such a query asks for no kind of product: among the brand's
// products, nearness to its bare name is chance.
func (s *search) asksOnlyForBrand(lead []int) bool {
	named := 0
	for _, i := range lead {
		if brandMatch(s, i) == 1 && len(s.docs[i].brand) == len(s.words.typed) {
			named++
		}
	}
	return named > len(lead)/2
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
