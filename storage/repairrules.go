package storage

import (
	"maps"
	"slices"

	"touchstone/engine"
)

// rules decides which rules stand, and makes a history of them without gaps that
// leads to these. Rules keep their IDs, which people know them by.
func (r *rebuilding) rules() error {
	if len(r.records[bucketRules])+len(r.records[bucketRuleHistory]) == 0 {
		return nil
	}
	for _, name := range []string{bucketRules, bucketRuleHistory} {
		if _, err := made(r.tx, name); err != nil {
			return err
		}
	}
	history, led, known := r.ruleHistory()
	standing := maps.Clone(led)
	for _, key := range r.sorted(bucketRules) {
		var rule engine.Rule
		if !r.read(bucketRules, key, &rule) || string(numberKey(rule.ID)) != key {
			continue
		}
		if r.records[bucketRules][key].trusted || !known[rule.ID] {
			standing[rule.ID] = rule
		}
	}
	if r.whole(bucketRules) {
		for id := range standing {
			if _, ok := r.records[bucketRules][string(numberKey(id))]; !ok {
				delete(standing, id) // removed, by a change that is lost
			}
		}
	}
	var closing engine.RuleChange // from what the history leads to to what stands
	if n := len(history); n > 0 {
		closing.LastID = history[n-1].LastID
	}
	for _, id := range slices.Sorted(maps.Keys(standing)) {
		closing.LastID = max(closing.LastID, id)
		before, ok := led[id]
		if same, err := sameRecord(before, standing[id]); err != nil {
			return err
		} else if ok && same {
			continue
		} else if ok {
			closing.Before = append(closing.Before, before)
		}
		closing.After = append(closing.After, standing[id])
	}
	for _, id := range slices.Sorted(maps.Keys(led)) {
		if _, ok := standing[id]; !ok {
			closing.Before = append(closing.Before, led[id])
		}
	}
	if len(closing.Before)+len(closing.After) > 0 {
		closing.Seq, closing.Time = uint64(len(history))+1, now()
		history = append(history, closing)
	}
	for _, id := range slices.Sorted(maps.Keys(standing)) {
		r.saved[bucketRules+showKey(bucketRules, numberKey(id))] = true
		if err := r.putJSON(bucketRules, numberKey(id), standing[id]); err != nil {
			return err
		}
	}
	for _, c := range history {
		if err := r.putJSON(bucketRuleHistory, numberKey(c.Seq), c); err != nil {
			return err
		}
	}
	return nil
}

// ruleHistory is what was found of the history of rules, numbered anew, the
// rules that it leads to, and the IDs that it knows.
func (r *rebuilding) ruleHistory() (history []engine.RuleChange, led map[uint64]engine.Rule, known map[uint64]bool) {
	led, known = map[uint64]engine.Rule{}, map[uint64]bool{}
	numbers := r.renumber(bucketRuleHistory)
	for _, key := range r.sorted(bucketRuleHistory) {
		var c engine.RuleChange
		if !r.read(bucketRuleHistory, key, &c) {
			continue
		}
		c.Seq, c.Undoes = numbers.next(c.Seq, c.Undoes)
		for _, rule := range c.Before {
			delete(led, rule.ID)
			known[rule.ID] = true
		}
		for _, rule := range c.After {
			led[rule.ID] = rule
			known[rule.ID] = true
		}
		history = append(history, c)
	}
	return history, led, known
}
