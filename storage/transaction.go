package storage

import (
	"errors"
	"fmt"
	"runtime/debug"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// named puts the file and the operation before an error.
func (w *Workspace) named(operation string, err error) error {
	if err == nil {
		return nil
	}
	if next := engine.Advice(err); next != "" {
		err = fmt.Errorf("%w: %s", err, next)
	}
	return fmt.Errorf("%s: %s: %w", w.path, operation, err)
}

// view runs fn in a reading transaction.
func (w *Workspace) view(fn func(tx *bbolt.Tx) error) error {
	return w.guard(func() error {
		tx, err := w.db.Begin(false)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		return fn(tx)
	})
}

// errUnchanged ends a writing transaction that has nothing to write.
var errUnchanged = errors.New("nothing changed")

// update runs fn in a writing transaction; s is the state that will stand when
// it is durable. An error of fn leaves the file as it was, and errUnchanged is
// a success.
func (w *Workspace) update(fn func(tx *bbolt.Tx, s *state) error) error {
	if w.readOnly {
		return fmt.Errorf("%w: open it for writing to change it", workbench.ErrReadOnly)
	}
	w.writing.Lock()
	defer w.writing.Unlock()
	next := *w.state.Load()
	id := 0 // of the transaction, once it is being committed
	err := w.guard(func() error {
		tx, err := w.db.Begin(true)
		if err != nil {
			return err
		}
		defer tx.Rollback() // not Update's: that one reads the whole file again
		if err := fn(tx, &next); err != nil {
			return err
		}
		id = tx.ID()
		return tx.Commit()
	})
	switch {
	case err == nil:
		w.state.Store(&next)
	case errors.Is(err, errUnchanged):
		return nil
	case id != 0 && w.reached(id):
		// The disk failed after bbolt had put the change in place: it can be
		// read, and yet may not survive. Going on would call it saved.
		err = fmt.Errorf("the disk failed, and whether the last change was kept is not known: close the workspace and open it again (%w)", err)
		w.broken.Store(&err)
	}
	if err != nil && (id != 0 || w.broken.Load() != nil) {
		err = fmt.Errorf("%w: %w", workbench.ErrNotWritten, err)
	}
	return err
}

// reached reports whether readers see transaction id, whose commit failed.
func (w *Workspace) reached(id int) bool {
	seen := 0
	err := w.view(func(tx *bbolt.Tx) error {
		seen = tx.ID()
		return nil
	})
	return err == nil && seen >= id
}

// guard runs fn, which uses bbolt, and turns what a damaged or vanished file
// makes of it into an error: bbolt panics over impossible pages, and memory
// mapped from a file that got shorter faults. Nothing can be said of bbolt's own
// locks after that, so the workspace refuses everything but Close from then on.
func (w *Workspace) guard(fn func() error) (err error) {
	if w.closed.Load() {
		return ErrClosed
	}
	if broken := w.broken.Load(); broken != nil {
		return *broken
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch r := recover().(type) {
		case nil:
		case callersPanic:
			panic(r.value)
		default:
			err = damagedFile("reading it failed: %v", r)
			w.broken.Store(&err)
		}
	}()
	err = fn()
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return ErrClosed
	}
	return err
}

// callersPanic carries a panic of a function that a caller passed in through
// guard, which must not mistake it for damage.
type callersPanic struct{ value any }

// outside calls a caller's function.
func outside(fn func() error) error {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if _, fault := r.(interface{ Addr() uintptr }); fault {
			panic(r) // it read bytes of the file that are gone
		}
		panic(callersPanic{r})
	}()
	return fn()
}
