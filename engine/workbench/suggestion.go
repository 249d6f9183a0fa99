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

// spellings is how many candidates are asked how they spell a word.
const spellings = 10

// spelling is how most candidates spell the word of term i in their titles; its
// own text is a stem. Of equally many the first one's.
func (b *Bench) spelling(p *pool, i int) (string, error) {
	term := p.analysis.Terms[i].Text
	analyzer := b.view.Load().analyzer
	var seen []string
	counts := map[string]int{}
	asked := 0
	for _, c := range p.items {
		if i >= 64 || c.Matched[engine.InTitle]>>i&1 == 0 {
			continue
		}
		if asked++; asked > spellings {
			break
		}
		product, ok, err := b.store.ProductAt(c.Row)
		if err != nil {
			return "", err
		}
		if !ok {
			continue
		}
		title := analyzer.Analyze(product.Title)
		for _, t := range title.Terms {
			if t.Text == term && !t.Part {
				word := strings.ToLower(title.Clean[t.Start:t.End])
				seen = append(seen, word)
				counts[word]++
			}
		}
	}
	if len(seen) == 0 {
		return term, nil
	}
	return slices.MaxFunc(seen, func(a, b string) int { return cmp.Compare(counts[a], counts[b]) }), nil
}
