package rules

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"touchstone/engine"
)

// Trouble is what is wrong with rules that are valid each by itself.
type Trouble string

// The troubles. Those of the catalogue and the query set are found by whoever
// has these.
const (
	SamePlace     Trouble = "same place"      // two pins to one position
	PinnedHidden  Trouble = "pinned hidden"   // one rule pins what another hides
	LiftedBuried  Trouble = "lifted buried"   // one rule boosts what another buries
	TwoRedirects  Trouble = "two redirects"   // only the first counts
	TwoReplaces   Trouble = "two replaces"    // one term, two replacements
	Twice         Trouble = "twice"           // the same rule twice
	NoSuchProduct Trouble = "no product"      // the catalogue lacks the product
	MatchesNone   Trouble = "matches none"    // no product meets its filter or has its words
	NoQuery       Trouble = "no query"        // it fits no query of the query set
	Over          Trouble = "over"            // its end has passed
	BadField      Trouble = "bad field"       // its filter cannot be applied
	PinnedAway    Trouble = "pinned filtered" // a filter keeps what another rule pins away
	NotValid      Trouble = "not valid"       // Valid refuses it
)

// Problem is one trouble and the rules that are in it.
type Problem struct {
	Trouble Trouble  `json:"trouble"`
	Rules   []uint64 `json:"rules"`             // by ID
	Query   string   `json:"query,omitempty"`   // an example of where they meet
	Subject string   `json:"subject,omitempty"` // the product, the term, the place or the error
	Dead    bool     `json:"dead"`              // the rule does nothing
}

// String says it in one sentence.
func (p Problem) String() string {
	ids := make([]string, len(p.Rules))
	for i, id := range p.Rules {
		ids[i] = fmt.Sprint(id)
	}
	who := "rule " + strings.Join(ids, " and ")
	if len(ids) > 1 {
		who = "rules " + strings.Join(ids, " and ")
	}
	on := ""
	if p.Query != "" {
		on = fmt.Sprintf(" on %q", p.Query)
	}
	switch p.Trouble {
	case SamePlace:
		return fmt.Sprintf("%s pin to the same place, %s%s: the older one gets it", who, p.Subject, on)
	case PinnedHidden:
		return fmt.Sprintf("%s: one pins product %s and the other hides it%s", who, p.Subject, on)
	case LiftedBuried:
		return fmt.Sprintf("%s: one boosts product %s and the other buries it%s", who, p.Subject, on)
	case TwoRedirects:
		return fmt.Sprintf("%s both redirect%s: only the older one counts", who, on)
	case TwoReplaces:
		return fmt.Sprintf("%s both replace %q%s: only the older one counts", who, p.Subject, on)
	case Twice:
		return who + " are the same"
	case NoSuchProduct:
		return fmt.Sprintf("%s names product %s, which the catalogue lacks", who, p.Subject)
	case MatchesNone:
		return who + " is about no product of the catalogue"
	case NoQuery:
		return who + " fits no query of the query set"
	case Over:
		return fmt.Sprintf("%s ended on %s", who, p.Subject)
	case BadField:
		return fmt.Sprintf("%s cannot be applied: %s", who, p.Subject)
	case PinnedAway:
		return fmt.Sprintf("%s: one pins product %s and the other filters it away%s", who, p.Subject, on)
	}
	return fmt.Sprintf("%s: %s", who, p.Subject)
}

// Conflicts finds rules that act against each other on any of the queries, or
// on a query that one of them names.
func Conflicts(all []engine.Rule, queries []string, at time.Time) []Problem {
	set, _ := New(all)
	var found []Problem
	seen := map[string]bool{}
	report := func(p Problem) {
		slices.Sort(p.Rules)
		key := fmt.Sprint(p.Trouble, p.Rules, p.Subject)
		if !seen[key] {
			seen[key] = true
			found = append(found, p)
		}
	}
	set.duplicates(report)
	known := map[string]bool{}
	for _, r := range set.rules {
		queries = append(slices.Clip(queries), slices.Concat(r.When.Queries, r.When.Has)...)
		if len(r.Terms) > 0 {
			queries = append(queries, r.Terms[0])
		}
	}
	for _, q := range queries {
		if folded := fold(q); !known[folded] {
			known[folded] = true
			set.conflictsOn(folded, at, report)
		}
	}
	slices.SortStableFunc(found, func(a, b Problem) int {
		return cmp.Or(slices.Compare(a.Rules, b.Rules), strings.Compare(string(a.Trouble), string(b.Trouble)), strings.Compare(a.Subject, b.Subject))
	})
	return found
}

// duplicates reports rules that say the same.
func (s *Set) duplicates(report func(Problem)) {
	first := map[string]uint64{}
	for i := range s.rules {
		bare := s.rules[i].Clone()
		id := bare.ID
		bare.ID, bare.Author, bare.Note = 0, "", ""
		text, err := json.Marshal(bare)
		if err != nil {
			continue // New has let through nothing that JSON lacks
		}
		key := string(text)
		if older, ok := first[key]; ok {
			report(Problem{Trouble: Twice, Rules: []uint64{older, id}})
			continue
		}
		first[key] = id
	}
}

func (s *Set) conflictsOn(query string, at time.Time, report func(Problem)) {
	pinned, hidden := map[string]uint64{}, map[string]uint64{}
	boosted, buried := map[string]uint64{}, map[string]uint64{}
	places := map[int]uint64{}
	replaced := map[string]uint64{}
	redirect := uint64(0)
	for i := range s.rules {
		r := &s.rules[i]
		if !r.Acts(at) || !r.when.fits(query) {
			continue
		}
		switch r.Kind {
		case engine.PinRule:
			for k, id := range r.Products {
				place := r.Position + k
				if other, ok := places[place]; ok && other != r.ID {
					report(Problem{Trouble: SamePlace, Rules: []uint64{other, r.ID}, Query: query, Subject: fmt.Sprint(place)})
				} else {
					places[place] = r.ID
				}
				pinned[id] = r.ID
			}
		case engine.HideRule:
			note(hidden, r)
		case engine.BoostRule:
			note(boosted, r)
		case engine.BuryRule:
			note(buried, r)
		case engine.RedirectRule:
			if redirect != 0 {
				report(Problem{Trouble: TwoRedirects, Rules: []uint64{redirect, r.ID}, Query: query})
			} else {
				redirect = r.ID
			}
		case engine.ReplaceRule:
			if wordsAt(query, r.terms[0], 0) < 0 {
				continue
			}
			if other, ok := replaced[r.terms[0]]; ok {
				report(Problem{Trouble: TwoReplaces, Rules: []uint64{other, r.ID}, Query: query, Subject: r.terms[0]})
			} else {
				replaced[r.terms[0]] = r.ID
			}
		}
	}
	meet := func(trouble Trouble, a, b map[string]uint64) {
		for id, one := range a {
			if other, ok := b[id]; ok {
				report(Problem{Trouble: trouble, Rules: []uint64{one, other}, Query: query, Subject: id})
			}
		}
	}
	meet(PinnedHidden, pinned, hidden)
	meet(LiftedBuried, boosted, buried)
}

func note(of map[string]uint64, r *compiled) {
	for _, id := range r.Products {
		of[id] = r.ID
	}
}
