package storage

import (
	"time"
	"unsafe"

	"go.etcd.io/bbolt"
)

// beforeGivingBack is how long what was read is kept.
const beforeGivingBack = time.Second

// looked is told that products were read. A second later, and once a second
// while more are, the system is told that the file's pages need not count as this
// program's: they stay in its cache, and are mapped again where they are read
// again. It maps some dozens around each, so that some hundreds of products hold
// nearly all of a file. To tell it after each page of results would cost as much
// as reading them.
func (w *Workspace) looked() {
	if w.givesBack.Swap(true) {
		return
	}
	time.AfterFunc(beforeGivingBack, func() {
		w.givesBack.Store(false)
		// A file that is closed or broken has nothing to give.
		_ = w.view(func(tx *bbolt.Tx) error {
			// A transaction keeps the file where it is mapped. It is no memory of
			// Go's, which does not move it.
			file := tx.DB().Info().Data
			notNeeded(unsafe.Slice(*(**byte)(unsafe.Pointer(&file)), tx.Size()))
			return nil
		})
	})
}
