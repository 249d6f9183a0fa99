package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"touchstone/engine"
)

// judgmentKey orders judgments by query, product and judge, whatever bytes
// those hold: each part ends in 0x00 0x01, and a 0x00 inside of it becomes
// 0x00 0xFF, which sorts after every end.
func judgmentKey(query, product, judge string) []byte {
	key := make([]byte, 0, len(query)+len(product)+len(judge)+6)
	for _, part := range []string{query, product, judge} {
		for i := range len(part) {
			key = append(key, part[i])
			if part[i] == 0 {
				key = append(key, 0xFF)
			}
		}
		key = append(key, 0, 1)
	}
	return key
}

// splitJudgmentKey gives query, product and judge back.
func splitJudgmentKey(key []byte) (parts [3]string, err error) {
	for i := range parts {
		var part []byte
		for {
			at := bytes.IndexByte(key, 0)
			if at < 0 || at+1 == len(key) || key[at+1] != 1 && key[at+1] != 0xFF {
				return parts, errors.New("it does not end")
			}
			part = append(part, key[:at]...)
			end := key[at+1] == 1
			key = key[at+2:]
			if end {
				break
			}
			part = append(part, 0)
		}
		parts[i] = string(part)
	}
	if len(key) > 0 {
		return parts, errors.New("it has more than three parts")
	}
	return parts, nil
}

func keyOf(j engine.Judgment) []byte { return judgmentKey(j.Query, j.Product, j.Judge) }

// PutJudgments adds or replaces judgments, all or none, and appends each change
// to the history. The same grade with the same note again changes nothing, not
// even the time: the judge has said nothing new.
func (w *Workspace) PutJudgments(ctx context.Context, judgments []engine.Judgment) error {
	err := w.update(func(tx *bbolt.Tx, _ *state) error {
		c := newChanges(tx)
		for i, j := range judgments {
			if i%ctxEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if err := validText(j.Query, j.Product, j.Judge, j.Note); err != nil {
				return fmt.Errorf("a judgment of %q: %w", shorten(j.Query), err)
			}
			before, err := c.stands(keyOf(j))
			if err != nil {
				return err
			}
			if before != nil && before.Grade == j.Grade && before.Note == j.Note {
				continue
			}
			if _, err := c.add(engine.Change{Before: before, After: &j}); err != nil {
				return fmt.Errorf("the judgment of %q, %q: %w", shorten(j.Query), shorten(j.Product), err)
			}
		}
		return c.write()
	})
	return w.named("saving judgments", err)
}

// ClearJudgment removes one judgment; no error when there is none.
func (w *Workspace) ClearJudgment(query, product, judge string) error {
	err := w.update(func(tx *bbolt.Tx, _ *state) error {
		c := newChanges(tx)
		before, err := c.stands(judgmentKey(query, product, judge))
		if err != nil {
			return err
		}
		if before != nil {
			if _, err := c.add(engine.Change{Before: before}); err != nil {
				return err
			}
		}
		return c.write()
	})
	return w.named("clearing a judgment", err)
}

// UndoJudgment takes back the newest change that judge made and that is not yet
// undone, in this session or an earlier one, and returns the entry that undid
// it; false when there is none. What is undone cannot be undone again: grading
// again is a new change.
func (w *Workspace) UndoJudgment(judge string) (undo engine.Change, found bool, err error) {
	err = w.update(func(tx *bbolt.Tx, _ *state) error {
		last, err := newestChange(tx, judge)
		if err != nil {
			return err
		}
		if last == nil {
			return errUnchanged
		}
		c := newChanges(tx)
		if undo, err = c.add(engine.Change{Before: last.After, After: last.Before, Undoes: last.Seq}); err != nil {
			return err
		}
		found = true
		return c.write()
	})
	if err != nil {
		return engine.Change{}, false, w.named("undoing a judgment", err)
	}
	return undo, found, nil
}

// newestChange is the newest change of a judge that is not undone, nil if none.
func newestChange(tx *bbolt.Tx, judge string) (*engine.Change, error) {
	var newest *engine.Change
	undone := map[uint64]bool{}
	err := newestFirst(tx, func(c engine.Change) bool {
		switch {
		case c.Undoes != 0:
			undone[c.Undoes] = true
		case judged(c).Judge == judge && !undone[c.Seq]:
			newest = &c
		}
		return newest == nil
	})
	return newest, err
}

// judged is a judgment of the query, product and judge that a change is about.
func judged(c engine.Change) engine.Judgment {
	switch {
	case c.After != nil:
		return *c.After
	case c.Before != nil:
		return *c.Before
	}
	return engine.Judgment{}
}

// newestFirst calls fn with the history from its end, until it returns false.
func newestFirst(tx *bbolt.Tx, fn func(engine.Change) bool) error {
	b := in(tx, bucketHistory)
	cursor := b.Cursor()
	for key, value := cursor.Last(); key != nil; key, value = cursor.Prev() {
		var c engine.Change
		if err := b.decode(key, value, &c); err != nil {
			return err
		}
		if !fn(c) {
			return nil
		}
	}
	return nil
}

// EachJudgment calls fn ordered by query, product, judge.
func (w *Workspace) EachJudgment(ctx context.Context, fn func(engine.Judgment) error) error {
	err := w.view(func(tx *bbolt.Tx) error {
		return each(ctx, in(tx, bucketJudgments), func(_ []byte, j engine.Judgment) error {
			return outside(func() error { return fn(j) })
		})
	})
	return w.named("reading judgments", err)
}

// History calls fn with every change of a judgment, newest first, until it
// returns false.
func (w *Workspace) History(fn func(engine.Change) bool) error {
	err := w.view(func(tx *bbolt.Tx) error {
		return newestFirst(tx, func(c engine.Change) (more bool) {
			_ = outside(func() error { more = fn(c); return nil })
			return more
		})
	})
	return w.named("reading the history of judgments", err)
}

// changes collects changes of judgments in one transaction. The history gets
// them in the order in which they were made, the judgments at the end in the
// order of their keys: bbolt keeps a transaction's keys in one sorted slice,
// and inserting in its middle would cost the square of their number.
type changes struct {
	judgments, history bucket
	seq                uint64
	pending            map[string]*engine.Judgment // by key; nil is cleared
}

func newChanges(tx *bbolt.Tx) *changes {
	c := &changes{judgments: in(tx, bucketJudgments), history: in(tx, bucketHistory), pending: map[string]*engine.Judgment{}}
	c.history.FillPercent = appendFill
	c.seq = c.history.lastNumber()
	return c
}

// stands is the judgment of a key as the transaction left it, nil if none.
func (c *changes) stands(key []byte) (*engine.Judgment, error) {
	if j, ok := c.pending[string(key)]; ok {
		return j, nil
	}
	var j engine.Judgment
	found, err := c.judgments.get(key, &j)
	if err != nil || !found {
		return nil, err
	}
	return &j, nil
}

// add records a change, numbered and timed.
func (c *changes) add(change engine.Change) (engine.Change, error) {
	c.seq++
	change.Seq, change.Time = c.seq, now()
	c.pending[string(keyOf(judged(change)))] = change.After
	return change, c.history.put(numberKey(c.seq), change)
}

func (c *changes) write() error {
	if len(c.pending) == 0 {
		return errUnchanged
	}
	for _, key := range slices.Sorted(maps.Keys(c.pending)) {
		var err error
		if j := c.pending[key]; j != nil {
			err = c.judgments.put([]byte(key), j)
		} else {
			err = c.judgments.Delete([]byte(key))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// now is the time that a record made now carries: of the wall clock alone, so
// that it is equal to itself after it was stored.
func now() time.Time { return time.Now().UTC().Round(0) }
