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
	return appendJudgmentKey(make([]byte, 0, len(query)+len(product)+len(judge)+6), query, product, judge)
}

func appendJudgmentKey(key []byte, query, product, judge string) []byte {
	for _, part := range [...]string{query, product, judge} {
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
// to the history, as one step that is undone at once. The same grade with the
// same note again changes nothing, not even the time: the judge has said
// nothing new.
func (w *Workspace) PutJudgments(ctx context.Context, judgments []engine.Judgment) error {
	return w.putJudgments(ctx, judgments, false)
}

// BringJudgments is PutJudgments of grades that nobody gives here and now, which
// the history notes.
func (w *Workspace) BringJudgments(ctx context.Context, judgments []engine.Judgment) error {
	return w.putJudgments(ctx, judgments, true)
}

func (w *Workspace) putJudgments(ctx context.Context, judgments []engine.Judgment, brought bool) error {
	err := w.update(func(tx *bbolt.Tx, _ *state) error {
		c := newChanges(tx)
		for i, j := range judgments {
			if i%ctxEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if err := validText(j.Query, j.Product, j.Judge, j.Note, j.By); err != nil {
				return fmt.Errorf("a judgment of %q: %w", shorten(j.Query), err)
			}
			before, err := c.stands(keyOf(j))
			if err != nil {
				return err
			}
			if before != nil && before.Same(&j) {
				continue
			}
			c.add(engine.Change{Before: before, After: &j, Brought: brought})
		}
		return c.write()
	})
	return w.named("saving judgments", err)
}

// ClearJudgments removes the judgments of the same query, product and judge as
// those given, all or none, as one step; no error where there is none.
func (w *Workspace) ClearJudgments(of []engine.Judgment) error {
	err := w.update(func(tx *bbolt.Tx, _ *state) error {
		c := newChanges(tx)
		for _, j := range of {
			before, err := c.stands(keyOf(j))
			if err != nil {
				return err
			}
			if before != nil {
				c.add(engine.Change{Before: before})
			}
		}
		return c.write()
	})
	return w.named("clearing judgments", err)
}

// UndoJudgment takes back the newest step that a person made and that is not yet
// undone, in this session or an earlier one, and returns the entries that undid
// it, none when there is nothing to undo. What is undone cannot be undone again:
// grading again is a new change.
func (w *Workspace) UndoJudgment(author string) (undone []engine.Change, err error) {
	err = w.update(func(tx *bbolt.Tx, _ *state) error {
		last, err := newestStep(tx, author)
		if err != nil {
			return err
		}
		c := newChanges(tx)
		for _, change := range last {
			undo := engine.Change{After: change.Before, Undoes: change.Seq, Brought: change.Brought}
			if undo.Before, err = c.stands(keyOf(change.About())); err != nil {
				return err
			}
			if (undo.Before == nil) != (change.After == nil) || undo.Before != nil && !undo.Before.Same(change.After) {
				undo.After = undo.Before // someone else has settled it otherwise since, which stays
			}
			if undo.Before == nil && undo.After == nil {
				undo.Before = change.After // gone already
			}
			c.add(undo)
		}
		if err := c.write(); err != nil {
			return err
		}
		undone = c.made
		return nil
	})
	if err != nil {
		return nil, w.named("undoing a judgment", err)
	}
	return undone, nil
}

// newestStep is the changes of the newest step of a person that are not undone,
// newest first.
func newestStep(tx *bbolt.Tx, author string) ([]engine.Change, error) {
	var step []engine.Change
	undone := map[uint64]bool{}
	err := newestFirst(tx, func(c engine.Change) bool {
		if len(step) > 0 && (c.Step == 0 || c.Step != step[0].Step) {
			return false
		}
		about := c.About()
		switch {
		case c.Undoes != 0:
			undone[c.Undoes] = true
		case about.Author() == author && !undone[c.Seq]:
			step = append(step, c)
		}
		return true
	})
	return step, err
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
		if !bytes.Equal(key, numberKey(c.Seq)) {
			return damaged(b.name, key, "it says that it is number %d", c.Seq) // a page of another place
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
		return eachJudgment(ctx, in(tx, bucketJudgments), func(j engine.Judgment) error {
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
	made               []engine.Change
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

// add notes a change, numbered and timed.
func (c *changes) add(change engine.Change) {
	c.seq++
	change.Seq, change.Time = c.seq, now()
	c.pending[string(keyOf(change.About()))] = change.After
	c.made = append(c.made, change)
}

func (c *changes) write() error {
	if len(c.made) == 0 {
		return errUnchanged
	}
	for i := range c.made {
		change := &c.made[i]
		if len(c.made) > 1 {
			change.Step = c.made[0].Seq
		}
		if err := c.history.put(numberKey(change.Seq), change); err != nil {
			about := change.About()
			return fmt.Errorf("the judgment of %q, %q: %w", shorten(about.Query), shorten(about.Product), err)
		}
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
