package rank

import (
	"time"

	"touchstone/engine"
)

// Analyzer makes terms of a text: the same ones that retrieval matched.
type Analyzer interface {
	Analyze(text string) engine.Analysis
}

// Document is what the features read of one product. It is made once a product
// and kept by its caller; it is read-only and safe to share.
type Document struct {
	brand      int // distinct terms of the brand; 0 where there is none
	price      engine.Number
	rating     engine.Number
	popularity engine.Number
	date       time.Time
}

// NewDocument reads a product.
func NewDocument(p *engine.Product, a Analyzer) *Document {
	return &Document{
		brand:      distinct(a.Analyze(p.Brand).Terms),
		price:      p.Price,
		rating:     p.Rating,
		popularity: p.Popularity,
		date:       p.Date,
	}
}

// distinct counts the different words among terms; parts of a longer term are
// not counted beside it.
func distinct(terms []engine.Term) int {
	seen := make(map[string]bool, len(terms))
	for _, t := range terms {
		if !t.Part {
			seen[t.Text] = true
		}
	}
	return len(seen)
}
