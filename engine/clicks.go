package engine

import (
	"cmp"
	"slices"
	"strings"
)

// Clicks is what shoppers did on the result pages of one query, added up.
type Clicks struct {
	Query   string  `json:"query"`
	Tallies []Tally `json:"tallies"` // by product, then position
}

// Tally counts how often a product stood at a position of the query's page and
// how often it was clicked there.
type Tally struct {
	Product  string `json:"product"`
	Position int    `json:"position"` // 1 is first
	Shown    int    `json:"shown"`
	Clicked  int    `json:"clicked"`
}

// Add puts other tallies of the same query in, which stay ordered.
func (c *Clicks) Add(other []Tally) {
	type place struct {
		product  string
		position int
	}
	at := make(map[place]int, len(c.Tallies))
	for i, t := range c.Tallies {
		at[place{t.Product, t.Position}] = i
	}
	for _, t := range other {
		p := place{t.Product, t.Position}
		i, ok := at[p]
		if !ok {
			i = len(c.Tallies)
			at[p] = i
			c.Tallies = append(c.Tallies, Tally{Product: t.Product, Position: t.Position})
		}
		c.Tallies[i].Shown += t.Shown
		c.Tallies[i].Clicked += t.Clicked
	}
	slices.SortFunc(c.Tallies, func(a, b Tally) int {
		return cmp.Or(strings.Compare(a.Product, b.Product), cmp.Compare(a.Position, b.Position))
	})
}

// ResultPage is one page that was shown to a shopper, and what was clicked there.
type ResultPage struct {
	ID      string // of the search, as the shop names it: UBI's query_id
	Query   string
	Tallies []Tally // each of one product, shown or clicked once at most
}

// ClicksOf adds pages up by query, in the order of the first of each.
func ClicksOf(pages []ResultPage) []Clicks {
	at := map[string]int{}
	var all []Clicks
	tallies := map[string][]Tally{}
	for _, p := range pages {
		tallies[p.Query] = append(tallies[p.Query], p.Tallies...)
		if _, ok := at[p.Query]; !ok && len(p.Tallies) > 0 {
			at[p.Query] = len(all)
			all = append(all, Clicks{Query: p.Query})
		}
	}
	for i := range all {
		all[i].Add(tallies[all[i].Query])
		all[i].Tallies = slices.Clip(all[i].Tallies)
	}
	return all
}
