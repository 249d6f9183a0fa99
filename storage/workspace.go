package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"touchstone/engine/workbench"
)

// ErrReadOnly says that a workspace opened with Options.ReadOnly was written to.
var ErrReadOnly = errors.New("opened for reading only")

// ErrNotWorkspace says that a path names something else.
var ErrNotWorkspace = errors.New("it is not a Touchstone workspace")

// ErrClosed says that a workspace was used after Close.
var ErrClosed = errors.New("the workspace is closed")

// Options of Open. The zero Options open for reading and writing.
type Options struct {
	// ReadOnly shares the file with other readers, never with a writer, and
	// leaves it as it is. It also opens a file in which records are damaged, as
	// long as all pages can be followed, so that the others can be saved.
	ReadOnly bool
}

// Workspace is an open workspace file. It is safe for concurrent use: one
// transaction writes at a time, and readers see what stood when they began.
//
// A function that one of its Each methods, History or Derived calls must not
// change or close the workspace: it waits for the reader, the reader for it.
type Workspace struct {
	path     string
	readOnly bool
	db       *bbolt.DB
	file     *os.File // db's own, for reading pages as they are

	writing sync.Mutex            // held through a write and the change of state that it makes
	state   atomic.Pointer[state] // what is kept in memory, as last committed
	broken  atomic.Pointer[error] // why no further call may touch db
	closed  atomic.Bool
}

var _ workbench.Store = (*Workspace)(nil)

// state is the part of the workspace that is kept in memory.
type state struct {
	settings   workbench.Settings
	generation uint64
}

// Create makes a new, empty workspace and opens it. It refuses a path at which
// anything exists, and a crash leaves either no file or a whole one.
func Create(path string) (*Workspace, error) {
	if err := create(path); err != nil {
		return nil, fmt.Errorf("creating %s: %w", path, err)
	}
	return Open(path, Options{})
}

func create(path string) error {
	return publish(path, func(tmp *os.File) error {
		db, err := bbolt.Open(tmp.Name(), 0o600, nil)
		if err != nil {
			return err
		}
		return errors.Join(db.Update(initialise), db.Close())
	})
}

// publish gives a new file its name only when it is whole and on the disk:
// write fills a file beside it. It never replaces anything.
func publish(path string, write func(tmp *os.File) error) (err error) {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%w: choose another name, or move that file away", fs.ErrExist)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".touchstone-*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		tmp.Close()
		if err != nil {
			os.Remove(tmp.Name())
		}
	}()
	if err := write(tmp); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	// The empty file reserves the name, which rename alone would take from
	// whoever was faster, and gets the permissions that a new file has here.
	reserved, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	info, err := reserved.Stat()
	if err = errors.Join(err, reserved.Close()); err == nil {
		err = os.Chmod(tmp.Name(), info.Mode().Perm())
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(path)
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a new name in a folder durable, where the system can.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // has no such call; the name is in the journal of NTFS
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}

// Open opens a workspace file, after a look at each of its pages and records. The error
// wraps workbench.ErrInUse when another program has it open, ErrNewer when a
// newer Touchstone wrote it, ErrDamaged when its content cannot be trusted, and
// fs.ErrNotExist when there is none.
func Open(path string, opts Options) (*Workspace, error) {
	w, err := open(path, opts)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	return w, nil
}

func open(path string, opts Options) (*Workspace, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: check the path, or create it with \"touchstone new\"", fs.ErrNotExist)
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: name a *.touchstone file", ErrNotWorkspace)
	case info.Size() == 0:
		return nil, damagedFile("it is empty")
	}

	// To look first, without the list of free pages: bbolt then takes the lock
	// and trusts nothing but the two checksummed meta pages.
	w, err := attach(path, &bbolt.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	record := checkRecord
	if opts.ReadOnly {
		record = nil
	}
	err = w.guard(func() error { return w.checkPages(context.Background(), record) })
	if err = errors.Join(err, w.detach()); err != nil {
		return nil, err
	}
	if w, err = attach(path, &bbolt.Options{ReadOnly: opts.ReadOnly, PreLoadFreelist: true}); err != nil {
		return nil, err
	}
	if err := w.begin(); err != nil {
		return nil, errors.Join(err, w.detach())
	}
	if !opts.ReadOnly {
		announce(path)
	}
	return w, nil
}

// attach opens the file with bbolt, which locks it.
func attach(path string, options *bbolt.Options) (*Workspace, error) {
	w := &Workspace{path: path, readOnly: options.ReadOnly}
	options.Timeout = lockTimeout
	options.FreelistType = bbolt.FreelistMapType
	options.NoStatistics = true
	options.OpenFile = func(name string, flag int, perm os.FileMode) (*os.File, error) {
		f, err := os.OpenFile(name, flag&^os.O_CREATE, perm) // a file that vanished stays gone
		w.file = f
		return f, err
	}
	err := w.guard(func() (err error) {
		w.db, err = bbolt.Open(path, 0, options)
		return err
	})
	switch {
	case err == nil:
		return w, nil
	case errors.Is(err, berrors.ErrTimeout):
		return nil, inUse(path)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%w: change its permissions, or open it for reading only", err)
	}
	if w.file != nil {
		w.file.Close() // already closed unless bbolt panicked; the lock goes with it
	}
	var system syscall.Errno
	if errors.Is(err, ErrDamaged) || errors.As(err, &system) {
		return nil, err
	}
	if errors.Is(err, berrors.ErrInvalid) && !startsLikeBbolt(path) {
		return nil, fmt.Errorf("%w, or its beginning was overwritten: name a *.touchstone file, or go on with the latest backup", ErrNotWorkspace)
	}
	return nil, damagedFile("%v", err) // of bbolt's own checks
}

func startsLikeBbolt(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	b := make([]byte, pageHeader+4)
	_, err = io.ReadFull(f, b)
	return err == nil && native.Uint32(b[pageHeader:]) == metaMagic
}

// checkPages looks at each page before bbolt may follow it.
func (w *Workspace) checkPages(ctx context.Context, record func(b bucket, key, value []byte) error) error {
	info, err := w.file.Stat()
	if err != nil {
		return err
	}
	return checkPages(ctx, w.file, info.Size(), w.db.Info().PageSize, record)
}

// checkRecord finds what looking a record up could not: a damaged key. Large
// records are left to whoever reads them: the vectors of a million products
// would be read twice.
func checkRecord(b bucket, key, value []byte) error {
	_, err := b.unseal(key, value)
	return err
}

// begin brings the file to this program's schema and reads the state.
func (w *Workspace) begin() error {
	if err := w.migrate(migrations, schemaVersion); err != nil {
		return err
	}
	return w.loadState()
}

func (w *Workspace) loadState() error {
	return w.view(func(tx *bbolt.Tx) error {
		var s state
		b := in(tx, bucketWorkspace)
		for key, v := range map[string]any{keySettings: &s.settings, keyGeneration: &s.generation} {
			if found, err := b.get([]byte(key), v); err != nil {
				return err
			} else if !found {
				return damaged(b.name, []byte(key), "it is missing")
			}
		}
		w.state.Store(&s)
		return nil
	})
}

// Path is the path that the workspace was opened with.
func (w *Workspace) Path() string { return w.path }

// ReadOnly reports whether the workspace was opened for reading only.
func (w *Workspace) ReadOnly() bool { return w.readOnly }

// Close waits for running transactions, then lets go of the file. Closing twice
// does nothing.
func (w *Workspace) Close() error {
	if w.closed.Swap(true) {
		return nil
	}
	if !w.readOnly {
		unannounce(w.path) // while the lock is still held: the next holder's name must stay
	}
	if err := w.detach(); err != nil {
		return fmt.Errorf("closing %s: %w", w.path, err)
	}
	return nil
}

func (w *Workspace) detach() error {
	if w.broken.Load() != nil {
		return w.file.Close() // db may hold locks that no one will release
	}
	return w.db.Close()
}

// named puts the file and the operation before an error.
func (w *Workspace) named(operation string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, syscall.ENOSPC) {
		err = fmt.Errorf("%w: free some space and try again", err)
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
		return fmt.Errorf("%w: open it for writing to change it", ErrReadOnly)
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

// now is the time that a record made now carries: of the wall clock alone, so
// that it is equal to itself after it was stored.
func now() time.Time { return time.Now().UTC().Round(0) }
