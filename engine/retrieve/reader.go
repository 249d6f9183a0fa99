package retrieve

import (
	"math"
	"strings"

	"touchstone/engine"
	"touchstone/engine/text"
)

// reader counts the terms of one product; it keeps its buffers.
type reader struct {
	at      map[string]int // term → place in terms
	terms   []counted
	lengths [engine.TextFields]int
}

type counted struct {
	text string
	tf   occurrences
}

func (r *reader) read(a *text.Analyzer, p *engine.Product) {
	clear(r.at)
	r.terms, r.lengths = r.terms[:0], [engine.TextFields]int{}
	r.field(a, engine.InTitle, p.Title)
	r.field(a, engine.InBrand, p.Brand)
	r.field(a, engine.InCategory, p.Category)
	r.field(a, engine.InDescription, p.Description)
	for _, attribute := range p.Attributes {
		r.field(a, engine.InAttributes, attributeText(attribute))
	}
}

// attributeText is what is matched of an attribute: its value, but the name of
// what a product has (touchscreen: yes) and nothing of what it has not.
func attributeText(a engine.Attribute) string {
	switch strings.ToLower(a.Value) {
	case "true", "yes", "y", "ja", "oui", "sí", "是", "有":
		return a.Name
	case "false", "no", "n", "nein", "non", "否", "无", "none", "n/a":
		return ""
	}
	return a.Value
}

func (r *reader) field(a *text.Analyzer, f engine.TextField, s string) {
	for token := range a.Tokens(s) {
		halves := uint8(2)
		if token.Part {
			if !token.Head {
				halves = 1
			}
		} else {
			r.lengths[f]++
		}
		i, known := r.at[token.Text]
		if !known {
			i = len(r.terms)
			r.at[token.Text] = i
			r.terms = append(r.terms, counted{text: token.Text})
		}
		tf := &r.terms[i].tf[f]
		*tf = min(*tf, math.MaxUint8-2) + halves
	}
}
