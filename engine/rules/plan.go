package rules

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"touchstone/engine"
)

// Set is some rules made ready. It is read-only and safe for concurrent use;
// the nil Set has no rules.
type Set struct {
	rules []compiled
}

// compiled is a rule made ready.
type compiled struct {
	engine.Rule
	when  condition
	terms []string // folded
}

// New makes rules ready. It leaves out those that are not Valid and says why.
func New(all []engine.Rule) (*Set, error) {
	s := &Set{}
	var first error
	for i := range all {
		r := all[i].Clone()
		if err := Valid(&r); err != nil {
			if first == nil {
				first = fmt.Errorf("rule %d: %w", r.ID, err)
			}
			continue
		}
		c := compiled{Rule: r}
		c.when, _ = newCondition(r.When) // Valid has seen it
		for _, term := range r.Terms {
			c.terms = append(c.terms, fold(term))
		}
		s.rules = append(s.rules, c)
	}
	slices.SortStableFunc(s.rules, func(a, b compiled) int { return cmp.Compare(a.ID, b.ID) })
	return s, first
}

// Len is how many rules the set has.
func (s *Set) Len() int {
	if s == nil {
		return 0
	}
	return len(s.rules)
}

// Plan is what rules make of one query.
type Plan struct {
	Query    string // what to search for: the query itself, unless it was replaced
	Redirect string // where to send the shopper; "" nowhere
	Synonyms []Synonym
	Keep     []About // only what each of them is about
	Hide     []About // nothing that any of them is about
	Lifts    []Lift
	Pins     []Pin         // by position
	Applied  []engine.Rule // the rules that had a part in it, in order
}

// Synonym says what a term, folded, means too.
type Synonym struct {
	Term  string
	Means []string
}

// About says which products a rule is about: those of the IDs, or all that meet
// the filter and have the words.
type About struct {
	Products []string
	Filter   engine.Filter
	Words    string
}

// Lift adds to the score of some products.
type Lift struct {
	Rule uint64
	About
	By float64 // share of the distance between first and last; below 0 for bury
}

// Pin gives a product a place.
type Pin struct {
	Rule     uint64
	Product  string
	Position int // from 1
}

// Plan says what the rules make of a query at a time. Of two pins to one place
// the older rule's comes first, and of two redirects only it counts.
func (s *Set) Plan(query string, at time.Time) Plan {
	p := Plan{Query: query}
	if s == nil || len(s.rules) == 0 {
		return p
	}
	folded := fold(query)
	searched := folded
	for i := range s.rules {
		r := &s.rules[i]
		if r.Kind == engine.ReplaceRule && r.Acts(at) && r.when.fits(folded) && wordsAt(searched, r.terms[0], 0) >= 0 {
			by := ""
			if len(r.terms) > 1 {
				by = r.terms[1]
			}
			if rest := replaceWords(searched, r.terms[0], by); rest != "" { // or else nothing would be searched for
				searched = rest
			}
			p.Query = searched
			p.Applied = append(p.Applied, r.Rule)
		}
	}
	for i := range s.rules {
		r := &s.rules[i]
		if r.Kind != engine.ReplaceRule && r.Acts(at) && r.when.fits(folded) && p.apply(r, searched) {
			p.Applied = append(p.Applied, r.Rule)
		}
	}
	slices.SortStableFunc(p.Pins, func(a, b Pin) int { return cmp.Compare(a.Position, b.Position) })
	return p
}

// apply adds what one rule does; false where it does nothing to this query.
func (p *Plan) apply(r *compiled, searched string) bool {
	about := About{r.Products, r.Filter, r.Words}
	switch r.Kind {
	case engine.RedirectRule:
		if p.Redirect != "" {
			return false
		}
		p.Redirect = r.URL
	case engine.SynonymRule:
		return p.synonyms(r, searched)
	case engine.FilterRule:
		p.Keep = append(p.Keep, about)
	case engine.HideRule:
		p.Hide = append(p.Hide, about)
	case engine.BoostRule:
		p.Lifts = append(p.Lifts, Lift{r.ID, about, r.By})
	case engine.BuryRule:
		p.Lifts = append(p.Lifts, Lift{r.ID, about, -r.By})
	case engine.PinRule:
		for i, id := range r.Products {
			if !slices.ContainsFunc(p.Pins, func(o Pin) bool { return o.Product == id }) {
				p.Pins = append(p.Pins, Pin{r.ID, id, r.Position + i})
			}
		}
	}
	return true
}

func (p *Plan) synonyms(r *compiled, searched string) bool {
	found := false
	for i, term := range r.terms {
		if r.OneWay && i > 0 {
			break
		}
		if wordsAt(searched, term, 0) < 0 {
			continue
		}
		others := slices.Delete(slices.Clone(r.terms), i, i+1)
		p.Synonyms = append(p.Synonyms, Synonym{term, others})
		found = true
	}
	return found
}

// Key tells plans apart: two sets of rules that make the same of a query have
// the same key there, whatever else they hold. No rules have "".
func (p *Plan) Key() string {
	if len(p.Applied) == 0 {
		return ""
	}
	bare := *p
	bare.Applied = nil // their authors and notes make no difference
	key, err := json.Marshal(bare)
	if err != nil { // numbers that JSON lacks; Valid refuses them
		return fmt.Sprint(bare)
	}
	return string(key)
}

// SearchKey tells apart plans that search differently. What is lifted, and where
// a pin stands, makes no difference to it.
func (p *Plan) SearchKey() string {
	bare := Plan{Query: p.Query, Synonyms: p.Synonyms, Keep: p.Keep, Hide: p.Hide}
	for _, pin := range p.Pins {
		bare.Pins = append(bare.Pins, Pin{Product: pin.Product})
	}
	key, err := json.Marshal(bare)
	if err != nil { // numbers that JSON lacks; Valid refuses them
		return fmt.Sprint(bare)
	}
	return string(key)
}

// Pinned is an order with the pinned items in their places: place[i] is the
// position, from 1, of order[i], 0 for none. Items move only as far as a pin
// pushes them; a place behind the end is the end.
func Pinned[T any](order []T, place func(T) int) []T {
	type pinned struct {
		item T
		at   int
	}
	var pins []pinned
	rest := make([]T, 0, len(order))
	for _, item := range order {
		if at := place(item); at > 0 {
			pins = append(pins, pinned{item, at})
		} else {
			rest = append(rest, item)
		}
	}
	if len(pins) == 0 {
		return order
	}
	slices.SortStableFunc(pins, func(a, b pinned) int { return cmp.Compare(a.at, b.at) })
	out := make([]T, 0, len(order))
	for _, p := range pins {
		for len(out) < p.at-1 && len(rest) > 0 {
			out = append(out, rest[0])
			rest = rest[1:]
		}
		out = append(out, p.item)
	}
	return append(out, rest...)
}
