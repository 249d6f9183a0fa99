package workbench

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"touchstone/engine"
	"touchstone/engine/rules"
)

// What rules say, for those who may not look behind the use cases.
type (
	RuleProblem = rules.Problem
)

// The troubles of rules.
const (
	SamePlace     = rules.SamePlace
	PinnedHidden  = rules.PinnedHidden
	LiftedBuried  = rules.LiftedBuried
	TwoRedirects  = rules.TwoRedirects
	TwoReplaces   = rules.TwoReplaces
	SameTwice     = rules.Twice
	NoSuchProduct = rules.NoSuchProduct
	MatchesNone   = rules.MatchesNone
	NoQuery       = rules.NoQuery
	RuleOver      = rules.Over
	PinnedAway    = rules.PinnedAway
)

// The names of rule sets that always exist.
const (
	MainRules = "main" // the first one; engine.Rule calls it ""
	NoRules   = "off"  // no rules at all
)

// RuleSet is some rules made ready to search by. The nil *RuleSet stands for
// the set in use wherever one is asked for.
type RuleSet struct {
	Name  string // "main", "off", "spring"; "draft" for one that is not stored
	Rules []engine.Rule
	ready *rules.Set
}

var noRules = &RuleSet{Name: NoRules}

// ruleBook is all rules of the workspace, as they are stored.
type ruleBook struct {
	all  []engine.Rule // by ID
	sets map[string]*RuleSet
}

func newRuleBook(all []engine.Rule) *ruleBook {
	b := &ruleBook{all: all, sets: map[string]*RuleSet{NoRules: noRules, MainRules: newRuleSet(MainRules, nil)}}
	of := map[string][]engine.Rule{}
	for _, r := range all {
		of[setName(r.Set)] = append(of[setName(r.Set)], r)
	}
	for name, list := range of {
		b.sets[name] = newRuleSet(name, list)
	}
	return b
}

// newRuleSet leaves out rules that are not valid: those came from a newer
// Touchstone, since none is stored here without a look at it.
func newRuleSet(name string, list []engine.Rule) *RuleSet {
	ready, _ := rules.New(list)
	return &RuleSet{Name: name, Rules: list, ready: ready}
}

// setName is what people call a set.
func setName(stored string) string {
	if stored == "" {
		return MainRules
	}
	return stored
}

// storedSet is the inverse of setName.
func storedSet(name string) string {
	if name == MainRules {
		return ""
	}
	return name
}

// RuleSet finds a set of rules by name; "" is the one in use.
func (b *Bench) RuleSet(name string) (*RuleSet, error) {
	if name == "" {
		return b.rulesInUse(), nil
	}
	book := b.rules.Load()
	if s := book.sets[name]; s != nil {
		return s, nil
	}
	return nil, fmt.Errorf("no set of rules is called %q; %s", name, engine.Among(b.RuleSets(), ""))
}

// RuleSets lists the names of the sets: "main" first, then the named ones, "off"
// last.
func (b *Bench) RuleSets() []string {
	var names []string
	for name := range b.rules.Load().sets {
		if name != NoRules && name != MainRules {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return append(append([]string{MainRules}, names...), NoRules)
}

// rulesInUse is the set that searches follow.
func (b *Bench) rulesInUse() *RuleSet {
	settings := b.store.Settings()
	if s := b.rules.Load().sets[setName(settings.Rules)]; s != nil {
		return s
	}
	return newRuleSet(setName(settings.Rules), nil) // its last rule is gone
}

// UseRules makes searches follow another set.
func (b *Bench) UseRules(name string) error {
	if _, err := b.RuleSet(name); err != nil {
		return err
	}
	b.ruling.Lock()
	defer b.ruling.Unlock()
	settings := b.store.Settings()
	settings.Rules = storedSet(name)
	return b.store.PutSettings(settings)
}

// Rules lists all rules by ID, of every set.
func (b *Bench) Rules() []engine.Rule { return slices.Clone(b.rules.Load().all) }

// Rule is the rule of an ID; false when there is none.
func (b *Bench) Rule(id uint64) (engine.Rule, bool) {
	for _, r := range b.rules.Load().all {
		if r.ID == id {
			return r.Clone(), true
		}
	}
	return engine.Rule{}, false
}

// PutRules adds rules (those whose ID is 0) and replaces others, all or none;
// the result has their IDs. A rule without an author gets the judge's name.
func (b *Bench) PutRules(list ...engine.Rule) ([]engine.Rule, error) {
	settings := b.store.Settings()
	put := make([]engine.Rule, len(list))
	for i := range list {
		put[i] = list[i].Clone()
		put[i].Set = storedSet(strings.TrimSpace(put[i].Set))
		if put[i].Set == NoRules {
			return nil, fmt.Errorf("a set of rules cannot be called %q, which means none", NoRules)
		}
		if put[i].Author == "" {
			put[i].Author = settings.judge()
		}
		if err := rules.Valid(&put[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", ruleTitle(&put[i], i), err)
		}
	}
	b.ruling.Lock()
	defer b.ruling.Unlock()
	entry, err := b.store.ChangeRules(put, nil, settings.judge())
	if err != nil {
		return nil, err
	}
	// New rules come in the order in which they were given; what stood already is
	// not in the entry.
	added := slices.DeleteFunc(slices.Clone(entry.After), func(r engine.Rule) bool {
		return slices.ContainsFunc(put, func(p engine.Rule) bool { return p.ID == r.ID })
	})
	for i := range put {
		if put[i].ID == 0 {
			put[i], added = added[0], added[1:]
		}
	}
	return put, b.readRules()
}

// RemoveRules takes rules out by ID, all or none.
func (b *Bench) RemoveRules(ids ...uint64) error {
	settings := b.store.Settings()
	b.ruling.Lock()
	defer b.ruling.Unlock()
	if _, err := b.store.ChangeRules(nil, ids, settings.judge()); err != nil {
		return err
	}
	return b.readRules()
}

// UndoRules takes back the newest change of rules, over sessions; false when
// there is nothing left to undo.
func (b *Bench) UndoRules() (engine.RuleChange, bool, error) {
	settings := b.store.Settings()
	b.ruling.Lock()
	defer b.ruling.Unlock()
	entry, ok, err := b.store.UndoRules(settings.judge())
	if err != nil || !ok {
		return entry, ok, err
	}
	return entry, true, b.readRules()
}

// RuleHistory lists the newest n changes of rules, newest first.
func (b *Bench) RuleHistory(n int) ([]engine.RuleChange, error) {
	var list []engine.RuleChange
	err := b.store.RuleHistory(func(c engine.RuleChange) bool {
		list = append(list, c)
		return len(list) < n
	})
	return list, err
}

// readRules makes the stored rules ready; ruling is held, or the workspace is
// being opened.
func (b *Bench) readRules() error {
	all, err := b.store.Rules()
	if err != nil {
		return err
	}
	b.rules.Store(newRuleBook(all))
	return nil
}

// DraftRules is a set as it would be with a rule added, or changed where the
// rule has an ID: to see its effect before it is kept.
func (b *Bench) DraftRules(set *RuleSet, draft engine.Rule) (*RuleSet, error) {
	if err := rules.Valid(&draft); err != nil {
		return nil, err
	}
	if set == nil {
		set = b.rulesInUse()
	}
	list := slices.Clone(set.Rules)
	if i := slices.IndexFunc(list, func(r engine.Rule) bool { return draft.ID != 0 && r.ID == draft.ID }); i >= 0 {
		list[i] = draft
	} else {
		list = append(list, draft)
	}
	if draft.ID == 0 {
		list[len(list)-1].ID = draftID
	}
	return newRuleSet("draft", list), nil
}

// draftID is the ID of a rule that has none yet: the last of all.
const draftID = ^uint64(0)

// ValidRule says what is wrong with a rule by itself, nil for nothing.
func ValidRule(r *engine.Rule) error { return rules.Valid(r) }

// ruleTitle is how a rule is called in an error.
func ruleTitle(r *engine.Rule, i int) string {
	if r.ID != 0 {
		return fmt.Sprintf("rule %d", r.ID)
	}
	return fmt.Sprintf("new rule %d (%s)", i+1, r.Kind)
}

// plan is what a set makes of a query now; nil is no rules.
func (s *RuleSet) plan(query string) rules.Plan {
	if s == nil {
		return rules.Plan{Query: query}
	}
	return s.ready.Plan(query, time.Now())
}
