package workbench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"touchstone/engine"
)

// retryEvery is how often what could not be written is tried again.
const retryEvery = 5 * time.Second

// unsaved are the judgments that the store could not write: the disk is full,
// or the share is gone. They stand in memory like all others, and in the
// store's journal where that can be written, and are tried again before every
// other change, every few seconds, and when the workspace is closed.
type unsaved struct {
	mu      sync.Mutex // held through every change of a judgment, so that they keep their order
	changes []engine.Change
	only    int // how many are in memory only
	timer   *time.Timer
	closed  bool
}

// Unsaved is how many grades the workspace file does not have yet.
func (b *Bench) Unsaved() int {
	b.unsaved.mu.Lock()
	defer b.unsaved.mu.Unlock()
	return len(b.unsaved.changes)
}

// record stores changes of judgments, all or none and as one step: of each,
// After stands from now on or, where that is nil, Before is cleared. They are
// all of the one kind or of the other, and all brought or none. They stand in memory even when the error
// wraps ErrNotWritten; after any other error nothing has changed.
func (b *Bench) record(changes ...engine.Change) error {
	u := &b.unsaved
	u.mu.Lock()
	defer u.mu.Unlock()
	err := b.saveUnsaved()
	if err == nil {
		err = b.storeChanges(changes)
	}
	if err != nil && !errors.Is(err, ErrNotWritten) {
		return err
	}
	for _, change := range changes {
		b.grades.apply(change)
	}
	if err == nil {
		return nil
	}
	u.changes = append(u.changes, changes...)
	slog.Warn("grades wait for the disk", "waiting", len(u.changes), "error", err)
	b.retryLater()
	var journal string
	for i, change := range changes {
		var journalErr error
		if journal, journalErr = b.store.Journal(change); journalErr != nil {
			u.only += len(changes) - i
			return fmt.Errorf("the grade is kept in memory only, until the program ends, and tried again every few seconds: %w", errors.Join(err, journalErr))
		}
	}
	return fmt.Errorf("the grade is kept in the journal %s and tried again every few seconds: %w", journal, err)
}

func (b *Bench) storeChanges(changes []engine.Change) error {
	var put, cleared []engine.Judgment
	for _, c := range changes {
		if c.After != nil {
			put = append(put, *c.After)
		} else {
			cleared = append(cleared, *c.Before)
		}
	}
	if len(cleared) > 0 {
		return b.store.ClearJudgments(cleared)
	}
	if changes[0].Brought { // an import that was undone and is put back
		return b.store.BringJudgments(context.Background(), put)
	}
	// Not cancelled by a context: a key that was pressed is a grade that is kept.
	return b.store.PutJudgments(context.Background(), put)
}

// saveUnsaved tries again. The caller holds the lock.
func (b *Bench) saveUnsaved() error {
	u := &b.unsaved
	for i, change := range u.changes {
		if err := b.storeChanges([]engine.Change{change}); err != nil {
			u.changes = u.changes[i:]
			return fmt.Errorf("%d earlier grades are not saved either: %w", len(u.changes), err)
		}
	}
	if len(u.changes) == 0 {
		return nil
	}
	// A journal that stays would be played over the grades that follow.
	if err := b.store.DropJournal(); err != nil {
		return fmt.Errorf("%w: %w", ErrNotWritten, err)
	}
	u.changes, u.only = nil, 0
	return nil
}

func (b *Bench) retryLater() {
	if u := &b.unsaved; u.timer == nil && !u.closed {
		u.timer = time.AfterFunc(retryEvery, b.retry)
	}
}

func (b *Bench) retry() {
	u := &b.unsaved
	u.mu.Lock()
	defer u.mu.Unlock()
	u.timer = nil
	if u.closed {
		return
	}
	if err := b.saveUnsaved(); err != nil {
		b.retryLater() // it was said when the grade was given
	}
}

// closeUnsaved tries a last time.
func (b *Bench) closeUnsaved() error {
	u := &b.unsaved
	u.mu.Lock()
	defer u.mu.Unlock()
	u.closed = true
	if u.timer != nil {
		u.timer.Stop()
	}
	if err := b.saveUnsaved(); err != nil {
		if u.only > 0 {
			return fmt.Errorf("up to %d of the last %d grades are lost: %w", u.only, len(u.changes), err)
		}
		return fmt.Errorf("%d grades wait in a journal and are saved when the workspace is opened next: %w", len(u.changes), err)
	}
	return nil
}
