package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"syscall"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"touchstone/engine/workbench"
)

// ErrNotWorkspace says that a path names something else.
var ErrNotWorkspace = errors.New("it is not a Touchstone workspace")

// ErrClosed says that a workspace was used after Close.
var ErrClosed = errors.New("the workspace is closed")

// Options of Open and Create. The zero Options open for reading and writing.
type Options struct {
	// ReadOnly shares the file with other readers, never with a writer, and
	// leaves it as it is. It also opens a file in which records are damaged, as
	// long as all pages can be followed, so that the others can be saved.
	ReadOnly bool
	// Journals is a folder on another disk, such as that of a person's settings,
	// for the journal where none can be written beside the workspace: a share
	// that vanished. "" for none. See Journal.
	Journals string
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
	pageSize int

	writing sync.Mutex            // held through a write and the change of state that it makes
	state   atomic.Pointer[state] // what is kept in memory, as last committed
	broken  atomic.Pointer[error] // why no further call may touch db
	closed  atomic.Bool

	givesBack atomic.Bool // the pages that were read, soon

	journals []string // where a journal may lie, the first beside the workspace
	copy     string   // of the file, which this opened instead and Close removes; see View
}

var _ workbench.Store = (*Workspace)(nil)

// state is the part of the workspace that is kept in memory.
type state struct {
	settings   workbench.Settings
	generation uint64
}

// Create makes a new, empty workspace and opens it. It refuses a path at which
// anything exists, and a crash leaves either no file or a whole one.
func Create(path string, opts Options) (*Workspace, error) {
	if err := create(path); err != nil {
		return nil, fmt.Errorf("creating %s: %w", path, err)
	}
	return Open(path, opts)
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

// NewFile makes an empty workspace in another file, as Create does.
func (w *Workspace) NewFile(path string) (workbench.Store, error) {
	other, err := Create(path, Options{})
	if err != nil {
		return nil, err
	}
	return other, nil
}

// OpenFile opens another workspace for reading only.
func (w *Workspace) OpenFile(path string) (workbench.Store, error) {
	other, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	return other, nil
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
	if w.journals, err = journalFiles(path, opts.Journals); err == nil {
		err = w.begin()
	}
	if err != nil {
		return nil, errors.Join(err, w.detach())
	}
	if opts.ReadOnly {
		return w, nil
	}
	if err := w.playJournal(); err != nil {
		return nil, errors.Join(err, w.detach())
	}
	announce(path)
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
		if w.db, err = bbolt.Open(path, 0, options); err == nil {
			w.pageSize = w.db.Info().PageSize
		}
		return err
	})
	switch {
	case err == nil:
		return w, w.stillNamed()
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

// stillNamed reports an error when the file that was locked has lost its name
// to another meanwhile: compacting and restoring put a new file in its place,
// and what is written into the old one would be lost.
func (w *Workspace) stillNamed() error {
	locked, err := w.file.Stat()
	if err == nil {
		var named fs.FileInfo
		if named, err = os.Stat(w.path); err == nil && !os.SameFile(locked, named) {
			err = errors.New("another program put a new file in its place just now: open it again")
		}
	}
	if err != nil {
		return errors.Join(err, w.detach())
	}
	return nil
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
	return checkPages(ctx, w.file, info.Size(), w.pageSize, record)
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
		s.settings = cloneSettings(s.settings)
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
	err := w.detach()
	if w.copy != "" {
		err = errors.Join(err, os.Remove(w.copy))
	}
	if err != nil {
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
