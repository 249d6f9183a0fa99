package rank

import (
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"touchstone/engine"
)

// Analyzer makes terms of a text: the same ones that retrieval matched.
type Analyzer interface {
	Analyze(text string) engine.Analysis
}

// Document is what the features read of one product. It is made once a product
// and kept by its caller, so words and names are kept as hashes. It is
// read-only and safe to share.
type Document struct {
	brand      []uint32 // distinct words of the brand
	category   []uint32 // distinct words of the category's last level
	attributes []uint16 // which attributes it has, as places in an outline; sorted
	modifiers  []uint32 // words of the title that only say what it is for; sorted
	price      engine.Number
	rating     engine.Number
	popularity engine.Number
	date       time.Time
}

// NewDocument reads a product.
func NewDocument(p *engine.Product, a Analyzer) *Document {
	title := a.Analyze(p.Title)
	d := &Document{
		brand:      distinct(a.Analyze(p.Brand).Terms),
		category:   distinct(a.Analyze(lastLevel(p.Category)).Terms),
		modifiers:  modifiers(&title),
		price:      p.Price,
		rating:     p.Rating,
		popularity: p.Popularity,
		date:       p.Date,
	}
	for _, attribute := range p.Attributes {
		d.attributes = append(d.attributes, uint16(hash(attribute.Name)%outlineSize))
	}
	slices.Sort(d.attributes)
	d.attributes = slices.Clip(slices.Compact(d.attributes))
	return d
}

// lastLevel is the narrowest level of a category path such as
// "Electronics > Phones".
func lastLevel(category string) string {
	parts := strings.FieldsFunc(category, func(r rune) bool { return strings.ContainsRune(">/|»›", r) })
	for _, part := range slices.Backward(parts) {
		if part = strings.TrimSpace(part); part != "" {
			return part
		}
	}
	return ""
}

// distinct lists the different words of a text; neither the parts of a longer
// word nor what was added beside one are words of their own.
func distinct(terms []engine.Term) []uint32 {
	var words []uint32
	for i := range terms {
		if isWord(terms, i) {
			words = append(words, hash(terms[i].Text))
		}
	}
	slices.Sort(words)
	return slices.Clip(slices.Compact(words))
}

func hash(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	return h.Sum32()
}
