package workbench

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"touchstone/engine"
	"touchstone/engine/rank"
	"touchstone/engine/rules"
	"touchstone/engine/text"
)

// synonymWeight is what a match of a synonym counts against one of the word
// that was typed: a little less, so that the word itself comes first.
const synonymWeight = 0.9

// mostVariants bounds how many readings of a query are encoded: its synonyms
// could be combined without end.
const mostVariants = 4

// addSynonyms adds to an analysed query what its words mean too, and returns
// the other readings of the query for the search by meaning.
func (v *view) addSynonyms(a *engine.Analysis, synonyms []rules.Synonym) (variants []string) {
	for _, s := range synonyms {
		from := spans(a, v.analyzer.Analyze(s.Term).Terms)
		for _, means := range s.Means {
			added := whole(v.analyzer.Analyze(means).Terms)
			for _, at := range from {
				for _, t := range added {
					// Of several words each is a part: a product that has one of them
					// has so much of the meaning.
					t = engine.Term{Text: t.Text, Kind: t.Kind, Start: at.start, End: at.end, Part: len(added) > 1, Added: engine.Synonym, Weight: synonymWeight}
					for _, t.Pos = range at.positions {
						if len(a.Terms) < text.MaxTerms {
							a.Terms = append(a.Terms, t)
						}
					}
				}
				if len(variants) < mostVariants && at.end <= len(a.Clean) {
					variants = append(variants, a.Clean[:at.start]+means+a.Clean[at.end:])
				}
			}
		}
	}
	return variants
}

// span is where some words stand in a query.
type span struct {
	positions  []int
	start, end int // bytes of the cleaned text
}

// spans finds words side by side among the typed terms.
func spans(a *engine.Analysis, words []engine.Term) (found []span) {
	words = whole(words)
	typed := whole(a.Terms)
	for i := 0; len(words) > 0 && i+len(words) <= len(typed); i++ {
		at := span{start: typed[i].Start}
		for k, w := range words {
			t := typed[i+k]
			if t.Text != w.Text || t.Pos != typed[i].Pos+k {
				at.positions = nil
				break
			}
			at.positions = append(at.positions, t.Pos)
			at.end = t.End
		}
		if at.positions != nil {
			found = append(found, at)
		}
	}
	return found
}

// whole leaves the terms that stand for a word of their own.
func whole(terms []engine.Term) []engine.Term {
	return slices.DeleteFunc(slices.Clone(terms), func(t engine.Term) bool { return t.Part || t.Added != "" })
}

// filterOf is what a rule is about as conditions; nil where it names products.
func (v *view) filterOf(a rules.About) engine.Filter {
	filter := slices.Clone(a.Filter)
	var words []string
	for _, t := range whole(v.analyzer.Analyze(a.Words).Terms) {
		words = append(words, t.Text)
	}
	if len(words) > 0 {
		filter = append(filter, engine.Condition{Field: engine.Words, Op: "~", Value: strings.Join(words, " ")})
	}
	return filter
}

// restrict puts what a plan keeps and hides into a request. A rule whose filter
// cannot be applied is left out and named: one bad rule must not stop every
// search.
func (v *view) restrict(ask *engine.Request, plan *rules.Plan) (notes []string) {
	ask.Filter = slices.Clip(ask.Filter)
	usable := func(filter engine.Filter) bool {
		_, err := v.keeps(filter)
		if err != nil {
			notes = append(notes, fmt.Sprintf("A rule was left out: %v", err))
		}
		return err == nil && len(filter) > 0
	}
	for _, about := range plan.Keep {
		if filter := v.filterOf(about); usable(filter) {
			ask.Filter = append(ask.Filter, filter...)
		}
	}
	for _, about := range plan.Hide {
		if len(about.Products) > 0 {
			ask.Exclude = append(ask.Exclude, about.Products...)
		}
		if filter := v.filterOf(about); usable(filter) {
			ask.Except = append(ask.Except, filter)
		}
	}
	for _, pin := range plan.Pins {
		if !slices.Contains(ask.Include, pin.Product) {
			ask.Include = append(slices.Clip(ask.Include), pin.Product)
		}
	}
	return notes
}

// lift is a boost or a bury on its way into the order of a pool.
type lift struct {
	feature string // its name in explanations
	by      float64
	on      []bool // by item
}

// ruleFeature is how a rule's contribution is called in an explanation.
func ruleFeature(id uint64) string {
	if id == draftID {
		return "rule:draft"
	}
	return fmt.Sprintf("rule:%d", id)
}

// follow prepares the order of a pool for what rules lift and pin.
func (v *view) follow(p *pool, plan *rules.Plan) (notes []string) {
	for _, l := range plan.Lifts {
		named := map[string]bool{}
		for _, id := range l.Products {
			named[id] = true
		}
		kept := func(uint32) bool { return false }
		if filter := v.filterOf(l.About); len(filter) > 0 {
			keeps, err := v.keeps(filter)
			if err != nil {
				notes = append(notes, fmt.Sprintf("Rule %d was left out: %v", l.Rule, err))
				continue
			}
			kept = keeps
		}
		on := make([]bool, len(p.items))
		for i := range p.items {
			on[i] = named[p.items[i].Product] || kept(p.items[i].Row)
		}
		p.lifts = append(p.lifts, lift{ruleFeature(l.Rule), l.By, on})
	}
	for _, pin := range plan.Pins {
		if i := slices.IndexFunc(p.items, func(c engine.Candidate) bool { return c.Product == pin.Product }); i >= 0 {
			if p.pins == nil {
				p.pins = map[int]int{}
			}
			p.pins[i] = pin.Position
		}
	}
	return notes
}

// lifted adds to scores what rules do, sorts them again and returns the distance
// between the first and the last score before: the unit of every lift.
func (p *pool) lifted(order []rank.Scored) (reach float64) {
	if len(p.lifts) == 0 || len(order) == 0 {
		return 0
	}
	reach = order[0].Score - order[len(order)-1].Score
	for i := range order {
		for _, l := range p.lifts {
			if l.on[order[i].Index] {
				order[i].Score += l.by * reach
			}
		}
	}
	slices.SortFunc(order, func(a, b rank.Scored) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(p.items[a.Index].Product, p.items[b.Index].Product))
	})
	return reach
}

// pinned gives the pinned items of an order their places.
func (p *pool) pinned(order []rank.Scored) []rank.Scored {
	if len(p.pins) == 0 {
		return order
	}
	return rules.Pinned(order, func(o rank.Scored) int { return p.pins[o.Index] })
}

// ruleContributions are what the lifts add to an item's score, in the order in
// which lifted adds it.
func (p *pool) ruleContributions(item int, reach float64) []engine.Contribution {
	var list []engine.Contribution
	for _, l := range p.lifts {
		if item < len(l.on) && l.on[item] && reach != 0 {
			list = append(list, engine.Contribution{Feature: l.feature, Value: l.by, Weight: reach, Contribution: l.by * reach})
		}
	}
	return list
}

// ruled is the set that was asked for, or else the one in use.
func (b *Bench) ruled(set *RuleSet) *RuleSet {
	if set == nil {
		return b.rulesInUse()
	}
	return set
}
