package engine

import (
	"slices"
	"time"
)

// RuleKind is what a rule does.
type RuleKind string

// The kinds of rules, in the order in which they act: what is searched for,
// where it is searched, in which order it is shown.
const (
	RedirectRule RuleKind = "redirect" // sends the shopper to a page of its own
	ReplaceRule  RuleKind = "replace"  // searches for other words than were typed
	SynonymRule  RuleKind = "synonym"  // searches for other words too
	FilterRule   RuleKind = "filter"   // keeps only some products
	HideRule     RuleKind = "hide"     // leaves products out
	BoostRule    RuleKind = "boost"    // adds to the score
	BuryRule     RuleKind = "bury"     // takes from the score
	PinRule      RuleKind = "pin"      // gives products a fixed place
)

// RuleKinds lists them.
var RuleKinds = []RuleKind{RedirectRule, ReplaceRule, SynonymRule, FilterRule, HideRule, BoostRule, BuryRule, PinRule}

// Rule is what a merchandiser decides about a search, whatever the ranker
// thinks. Its kind says which of the fields below When it reads.
type Rule struct {
	ID   uint64   `json:"id,omitempty"`  // given by the workspace, never twice; 0 before
	Set  string   `json:"set,omitempty"` // the named set that it belongs to; "" is the first one
	Kind RuleKind `json:"kind"`
	When When     `json:"when,omitzero"`

	// Which products: those of the IDs, or all that meet every condition of
	// Filter and have every word of Words. A pin names IDs.
	Products []string `json:"products,omitempty"`
	Filter   Filter   `json:"filter,omitempty"`
	Words    string   `json:"words,omitempty"`

	Position int `json:"position,omitempty"` // pin: place of the first product, from 1; the others follow
	// By is how far boost lifts and bury lowers, as a share of the distance
	// between the scores of the first and the last candidate: at 1 the last
	// reaches the first.
	By float64 `json:"by,omitempty"`

	// Terms of a synonym mean the same; one way, whoever types the first finds
	// the others too. A replacement reads the first as the second, or leaves it
	// out where there is no second.
	Terms  []string `json:"terms,omitempty"`
	OneWay bool     `json:"one_way,omitempty"`

	URL string `json:"url,omitempty"` // redirect

	From   time.Time `json:"from,omitzero"`  // acts from then on
	Until  time.Time `json:"until,omitzero"` // and no longer then
	Author string    `json:"author,omitempty"`
	Note   string    `json:"note,omitempty"`
	Off    bool      `json:"off,omitempty"`
}

// When says for which queries a rule acts: for those that any part of it fits.
// The zero When fits every query. Case and the number of spaces never matter.
type When struct {
	Queries []string `json:"queries,omitempty"` // whole queries
	Has     []string `json:"has,omitempty"`     // words that stand in the query, in this order, side by side
	Pattern string   `json:"pattern,omitempty"` // a regular expression that matches somewhere in the query
}

// Always reports whether every query is meant.
func (w When) Always() bool { return len(w.Queries) == 0 && len(w.Has) == 0 && w.Pattern == "" }

// Acts reports whether the rule is on at a time.
func (r *Rule) Acts(at time.Time) bool {
	return !r.Off && !at.Before(r.From) && (r.Until.IsZero() || at.Before(r.Until))
}

// Clone is a rule that shares nothing with this one.
func (r *Rule) Clone() Rule {
	c := *r
	c.When.Queries, c.When.Has = slices.Clone(r.When.Queries), slices.Clone(r.When.Has)
	c.Products, c.Filter, c.Terms = slices.Clone(r.Products), slices.Clone(r.Filter), slices.Clone(r.Terms)
	return c
}

// RuleChange is one entry of the history of rules: of the rules that it touched,
// what stood before and what stands after. A rule that is in one of them only
// was removed, or added.
type RuleChange struct {
	Seq    uint64    `json:"seq"`
	Time   time.Time `json:"time"`
	Author string    `json:"author,omitempty"`
	Before []Rule    `json:"before,omitempty"`
	After  []Rule    `json:"after,omitempty"`
	Undoes uint64    `json:"undoes,omitempty"` // the Seq that this entry takes back, 0 for none
	LastID uint64    `json:"last_id"`          // the largest ID that was ever given
}
