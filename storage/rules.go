package storage

import (
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"touchstone/engine"
)

// The buckets of rules are made with the first rule: a file without one needs
// no migration, and an older Touchstone leaves them alone.
const (
	bucketRules       = "rules"        // ID → engine.Rule
	bucketRuleHistory = "rule_history" // sequence → engine.RuleChange
)

// ChangeRules adds and replaces rules, and removes others by ID, all or none, as
// one entry of their history, which it returns. A rule whose ID is 0 gets one
// that no rule ever had. Putting a rule that stands as it is changes nothing;
// an entry without rules says that nothing changed.
func (w *Workspace) ChangeRules(put []engine.Rule, remove []uint64, author string) (entry engine.RuleChange, err error) {
	err = w.update(func(tx *bbolt.Tx, _ *state) error {
		c, err := newRuleChanges(tx)
		if err != nil {
			return err
		}
		entry = engine.RuleChange{Author: author, LastID: c.lastID}
		for _, r := range put {
			if err := validText(ruleTexts(&r)...); err != nil {
				return fmt.Errorf("rule %q: %w", shorten(r.Note), err)
			}
			r = r.Clone()
			if r.ID == 0 {
				entry.LastID++
				r.ID = entry.LastID
			} else if r.ID > entry.LastID {
				return fmt.Errorf("there is no rule %d to replace; touchstone rules list prints their numbers", r.ID)
			}
			entry.After = append(entry.After, r)
		}
		for _, id := range remove {
			if slices.ContainsFunc(entry.After, func(r engine.Rule) bool { return r.ID == id }) {
				return fmt.Errorf("rule %d cannot be put and removed at once", id)
			}
		}
		return c.record(&entry, remove)
	})
	if err != nil {
		return engine.RuleChange{}, w.named("saving rules", err)
	}
	return entry, nil
}

// UndoRules takes back the newest change of rules that is not yet undone, in
// this session or an earlier one, and returns the entry that undid it; false
// when there is none.
func (w *Workspace) UndoRules(author string) (entry engine.RuleChange, found bool, err error) {
	err = w.update(func(tx *bbolt.Tx, _ *state) error {
		c, err := newRuleChanges(tx)
		if err != nil {
			return err
		}
		last, err := c.newest()
		if err != nil {
			return err
		}
		if last == nil {
			return errUnchanged
		}
		entry = engine.RuleChange{Author: author, After: last.Before, Undoes: last.Seq, LastID: c.lastID}
		var remove []uint64
		for _, r := range last.After {
			if !slices.ContainsFunc(last.Before, func(o engine.Rule) bool { return o.ID == r.ID }) {
				remove = append(remove, r.ID)
			}
		}
		found = true
		return c.record(&entry, remove)
	})
	if err != nil {
		return engine.RuleChange{}, false, w.named("undoing a change of rules", err)
	}
	return entry, found, nil
}

// Rules lists the rules by ID.
func (w *Workspace) Rules() ([]engine.Rule, error) {
	return list[engine.Rule](w, bucketRules, "reading rules")
}

// RuleHistory calls fn with every change of rules, newest first, until it
// returns false.
func (w *Workspace) RuleHistory(fn func(engine.RuleChange) bool) error {
	err := w.view(func(tx *bbolt.Tx) error {
		c := ruleChanges{history: in(tx, bucketRuleHistory)}
		return c.newestFirst(func(change engine.RuleChange) (more bool) {
			_ = outside(func() error { more = fn(change); return nil })
			return more
		})
	})
	return w.named("reading the history of rules", err)
}

// ruleChanges is the rules and their history in one transaction.
type ruleChanges struct {
	rules, history bucket
	lastID         uint64
}

func newRuleChanges(tx *bbolt.Tx) (*ruleChanges, error) {
	rules, err := made(tx, bucketRules)
	if err != nil {
		return nil, err
	}
	history, err := made(tx, bucketRuleHistory)
	if err != nil {
		return nil, err
	}
	c := &ruleChanges{rules: rules, history: history}
	c.history.FillPercent = appendFill
	// The last entry knows every ID that was given; a file whose history was
	// lost still has the rules.
	c.lastID = c.rules.lastNumber()
	return c, c.newestFirst(func(change engine.RuleChange) bool {
		c.lastID = max(c.lastID, change.LastID)
		return false
	})
}

// record carries an entry out and appends it to the history. It fills in what
// stood before, and leaves out what stands already.
func (c *ruleChanges) record(entry *engine.RuleChange, remove []uint64) error {
	var after []engine.Rule
	for _, r := range entry.After {
		var before engine.Rule
		known, err := c.rules.get(numberKey(r.ID), &before)
		if err != nil {
			return err
		}
		if known {
			if same, err := sameRecord(before, r); err != nil {
				return err
			} else if same {
				continue
			}
			entry.Before = append(entry.Before, before)
		}
		after = append(after, r)
		if err := c.rules.put(numberKey(r.ID), r); err != nil {
			return err
		}
	}
	entry.After = after
	for _, id := range remove {
		var before engine.Rule
		known, err := c.rules.get(numberKey(id), &before)
		if err != nil {
			return err
		}
		if !known {
			return fmt.Errorf("there is no rule %d; touchstone rules list prints their numbers", id)
		}
		entry.Before = append(entry.Before, before)
		if err := c.rules.Delete(numberKey(id)); err != nil {
			return err
		}
	}
	if len(entry.Before)+len(entry.After) == 0 {
		return errUnchanged
	}
	entry.Seq, entry.Time = c.history.lastNumber()+1, now()
	return c.history.put(numberKey(entry.Seq), *entry)
}

// newest is the newest change that is neither undone nor an undoing, nil if
// there is none.
func (c *ruleChanges) newest() (*engine.RuleChange, error) {
	var newest *engine.RuleChange
	undone := map[uint64]bool{}
	err := c.newestFirst(func(change engine.RuleChange) bool {
		if change.Undoes != 0 {
			undone[change.Undoes] = true
		} else if !undone[change.Seq] {
			newest = &change
		}
		return newest == nil
	})
	return newest, err
}

func (c *ruleChanges) newestFirst(fn func(engine.RuleChange) bool) error {
	if c.history.Bucket == nil {
		return nil
	}
	cursor := c.history.Cursor()
	for key, value := cursor.Last(); key != nil; key, value = cursor.Prev() {
		var change engine.RuleChange
		if err := c.history.decode(key, value, &change); err != nil {
			return err
		}
		if !fn(change) {
			return nil
		}
	}
	return nil
}

// sameRecord reports whether two values are stored alike.
func sameRecord(a, b any) (bool, error) {
	one, errA := encode(nil, a)
	other, errB := encode(nil, b)
	return slices.Equal(one, other), errors.Join(errA, errB)
}

// ruleTexts is all text of a rule.
func ruleTexts(r *engine.Rule) []string {
	texts := slices.Concat([]string{r.Set, string(r.Kind), r.When.Pattern, r.Words, r.URL, r.Author, r.Note},
		r.When.Queries, r.When.Has, r.Products, r.Terms)
	for _, c := range r.Filter {
		texts = append(texts, c.Field, c.Op, c.Value)
	}
	return texts
}

// rules checks that every rule is whole, known by its own ID, and what the
// history leads to.
func (c *checker) rules(tx *bbolt.Tx) error {
	b, history := in(tx, bucketRules), in(tx, bucketRuleHistory)
	if b.Bucket == nil || history.Bucket == nil {
		return nil
	}
	standing := map[uint64]engine.Rule{}
	last := uint64(0)
	before := len(c.problems)
	err := scan(c, history, func(key []byte, change engine.RuleChange) {
		last++
		if change.Seq != last || string(key) != string(numberKey(last)) {
			c.problem(history.name, key, "it is out of order: number %d was expected", last)
			last = change.Seq
		}
		for _, r := range change.Before {
			delete(standing, r.ID)
		}
		for _, r := range change.After {
			standing[r.ID] = r
		}
	})
	if err != nil {
		return err
	}
	whole := len(c.problems) == before
	err = scan(c, b, func(key []byte, r engine.Rule) {
		c.counts.Rules++
		if string(key) != string(numberKey(r.ID)) {
			c.problem(b.name, key, "it says that it is rule %d", r.ID)
			return
		}
		want, known := standing[r.ID]
		delete(standing, r.ID)
		if same, err := sameRecord(want, r); whole && (!known || err != nil || !same) {
			c.problem(b.name, key, "the history does not lead to it")
		}
	})
	if err == nil && whole {
		for id := range standing {
			c.problem(b.name, numberKey(id), "it is missing, though it is in the history")
		}
	}
	return err
}
