package workbench

import (
	"strings"

	"touchstone/engine"
)

// Step is a word of the query and what became of it on its way to matching.
type Step struct {
	Word    string  `json:"word"`              // as it was typed, cleaned; "" for what was added to the whole query
	Dropped bool    `json:"dropped,omitempty"` // it says too little: matched only where the query has nothing else
	Terms   []Match `json:"terms,omitempty"`   // what is matched for it
}

// Match is a term that is matched, and where it was found.
type Match struct {
	engine.Term
	Products int `json:"products"` // of the catalogue that have it
	// Matched counts, by text field, the candidates of this page that have the
	// term there.
	Matched map[string]int `json:"matched,omitempty"`
}

// Steps shows word by word what the query was read as: segmented, dropped,
// brought to its normal form, taken apart, corrected or widened, and found where.
func (p *Page) Steps() []Step {
	a := &p.Analysis
	steps := make([]Step, 0, len(a.Words))
	dropped := a.Dropped
	end := 0 // of the word before, in the cleaned text
	for _, word := range a.Words {
		step := Step{Word: word}
		start := end + max(0, strings.Index(a.Clean[end:], word))
		end = start + len(word)
		for i, t := range a.Terms {
			if t.End > t.Start && t.Start >= start && t.Start < end { // a synonym of several words stands by the first
				step.Terms = append(step.Terms, p.match(i, t))
			}
		}
		if len(step.Terms) == 0 && len(dropped) > 0 && dropped[0] == word {
			step.Dropped, dropped = true, dropped[1:]
		}
		steps = append(steps, step)
	}
	var whole Step // what was added for no one word
	for i, t := range a.Terms {
		if t.End <= t.Start {
			whole.Terms = append(whole.Terms, p.match(i, t))
		}
	}
	if len(whole.Terms) > 0 {
		steps = append(steps, whole)
	}
	return steps
}

func (p *Page) match(i int, t engine.Term) Match {
	m := Match{Term: t, Matched: map[string]int{}}
	if p.pool == nil {
		return m
	}
	if i < len(p.pool.products) {
		m.Products = p.pool.products[i]
	}
	for k := range p.pool.items {
		for f, matched := range p.pool.items[k].Matched {
			if i < 64 && matched>>i&1 != 0 {
				m.Matched[engine.TextField(f).String()]++
			}
		}
	}
	return m
}

// MatchedIn lists by text field the terms of the query that a result has there.
func (p *Page) MatchedIn(r *engine.Result) map[string][]string {
	in := map[string][]string{}
	for f, matched := range r.Matched {
		for i, t := range p.Analysis.Terms {
			if i < 64 && matched>>i&1 != 0 {
				name := engine.TextField(f).String()
				in[name] = append(in[name], t.Text)
			}
		}
	}
	return in
}
