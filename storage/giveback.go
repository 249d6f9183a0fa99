package storage

import (
	"sync/atomic"
	"time"
	"unsafe"

	"go.etcd.io/bbolt"
)

// beforeGivingBack is how long no product must have been read.
const beforeGivingBack = time.Second

// giveBack counts the reads of products; see Workspace.looked.
type giveBack struct {
	reads atomic.Int64
	due   atomic.Bool // a look whether the last of them is long ago
}

// looked counts a read of products. Once there were none for a while, the system
// is told that the file's pages need not count as this program's: they stay in
// its cache, and are mapped again where they are read again. It maps some dozens
// around each, so that some hundreds of products hold nearly all of a file. To
// tell it after each page of results would cost as much as reading them.
func (w *Workspace) looked() {
	w.giveBack.reads.Add(1)
	if !w.giveBack.due.Swap(true) {
		w.giveBackSoon()
	}
}

func (w *Workspace) giveBackSoon() {
	before := w.giveBack.reads.Load()
	time.AfterFunc(beforeGivingBack, func() {
		if w.giveBack.reads.Load() != before {
			w.giveBackSoon()
			return
		}
		w.giveBack.due.Store(false)
		w.giveBackNow()
	})
}

// giveBackNow does so at once. A file that is closed or broken has nothing to
// give.
func (w *Workspace) giveBackNow() {
	_ = w.view(func(tx *bbolt.Tx) error {
		// A transaction keeps the file where it is mapped. It is no memory of Go's,
		// which does not move it.
		file := tx.DB().Info().Data
		notNeeded(unsafe.Slice(*(**byte)(unsafe.Pointer(&file)), tx.Size()))
		return nil
	})
}
