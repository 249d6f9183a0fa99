package storage

import (
	"maps"
	"slices"

	"touchstone/engine"
)

// judgments decides which judgments stand, and makes a history without gaps
// that leads to them.
func (r *rebuilding) judgments() error {
	history := r.history()
	newest := map[string]engine.Change{} // by the key of the judgment
	for _, c := range history {
		newest[string(keyOf(c.About()))] = c
	}
	standing := r.standing(newest)
	for _, key := range slices.Sorted(maps.Keys(standing)) {
		before, after := newest[key].After, standing[key]
		if !sameJudgment(before, after) {
			history = append(history, engine.Change{Seq: uint64(len(history)) + 1, Time: now(), Before: before, After: after})
		}
		if after != nil {
			r.saved[bucketJudgments+showKey(bucketJudgments, []byte(key))] = true
			if err := r.putJSON(bucketJudgments, []byte(key), after); err != nil {
				return err
			}
		}
	}
	for _, c := range history {
		if err := r.putJSON(bucketHistory, numberKey(c.Seq), c); err != nil {
			return err
		}
	}
	return nil
}

// history is what was found of the history, numbered without gaps.
func (r *rebuilding) history() []engine.Change {
	var history []engine.Change
	numbers := r.renumber(bucketHistory)
	for _, key := range r.sorted(bucketHistory) {
		var c engine.Change
		if !r.read(bucketHistory, key, &c) {
			continue
		}
		c.Seq, c.Undoes = numbers.next(c.Seq, c.Undoes)
		history = append(history, c)
	}
	return history
}

// standing are the judgments that stand, by their keys; nil for one that was
// cleared. Newest is the latest change of each in the history.
func (r *rebuilding) standing(newest map[string]engine.Change) map[string]*engine.Judgment {
	standing := map[string]*engine.Judgment{}
	for key, c := range newest {
		standing[key] = c.After
	}
	for _, key := range r.sorted(bucketJudgments) {
		var j engine.Judgment
		if !r.read(bucketJudgments, key, &j) || string(keyOf(j)) != key {
			continue
		}
		c, known := newest[key]
		switch {
		case r.records[bucketJudgments][key].trusted, !known, j.Time.After(c.Time):
			standing[key] = &j
		}
	}
	if r.whole(bucketJudgments) {
		for key := range standing {
			if _, ok := r.records[bucketJudgments][key]; !ok {
				standing[key] = nil // cleared, by a change that is lost
			}
		}
	}
	return standing
}

func sameJudgment(a, b *engine.Judgment) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Grade == b.Grade && a.Note == b.Note && a.Time.Equal(b.Time)
}
