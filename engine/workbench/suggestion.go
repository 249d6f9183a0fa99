package workbench

import (
	"cmp"
	"slices"
	"strings"

	"touchstone/engine"
)

// suggestion is the query with the words that the catalogue lacks replaced by
// those that were probably meant; "" where none was.
func (b *Bench) suggestion(p *pool) (string, error) {
	a := &p.analysis
	type change struct {
		start, end int
		word       string
	}
	var changes []change
	for i, t := range a.Terms {
		first := !slices.ContainsFunc(a.Terms[:i], func(o engine.Term) bool { return o.Pos == t.Pos })
		if t.Added != engine.Typo || !first {
			continue
		}
		word, err := b.spelling(p, i)
		if err != nil {
			return "", err
		}
		changes = append(changes, change{t.Start, t.End, word})
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.start, b.start) })
	var s strings.Builder
	at := 0
	for _, c := range changes {
		s.WriteString(a.Clean[at:c.start])
		s.WriteString(c.word)
		at = c.end
	}
	if len(changes) > 0 {
		s.WriteString(a.Clean[at:])
	}
	return s.String(), nil
}

// spelling is how a candidate spells the word of term i, whose own text is a
// stem.
func (b *Bench) spelling(p *pool, i int) (string, error) {
	term := p.analysis.Terms[i].Text
	has := func(c engine.Candidate) bool { return i < 64 && c.Matched[engine.InTitle]>>i&1 != 0 }
	k := slices.IndexFunc(p.items, has)
	if k < 0 {
		return term, nil
	}
	product, ok, err := b.store.ProductAt(p.items[k].Row)
	if err != nil || !ok {
		return term, err
	}
	title := b.view.Load().analyzer.Analyze(product.Title)
	for _, t := range title.Terms {
		if t.Text == term && !t.Part {
			return strings.ToLower(title.Clean[t.Start:t.End]), nil
		}
	}
	return term, nil
}
