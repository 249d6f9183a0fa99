// Package storage keeps a workspace in one bbolt file, *.touchstone: products,
// vectors, judgments with their history, queries, rankers, settings and what is
// derived from them. It implements workbench.Store.
//
// Its promises: a method that returned nil survives a crash; a transaction is
// there as a whole or not at all; a record that is read back differently from
// how it was written is reported, never returned; a damaged file gives an error
// and no panic.
//
// Every record carries a checksum over its key and content (record.go), every
// page of the file is looked at before bbolt may follow it (pages.go), and
// Check holds the buckets against each other (check.go).
//
// When all of that was not enough: Repair saves what can be read of a damaged
// file (salvage*.go find it), KeepBackup and Restore go back to what stood
// before, and the journal holds grades that the disk refused. Compact gives free
// pages back. docs/reliability.md says which test holds which promise.
//
// The package knows nothing of searching, learning, windows or commands: it
// keeps what it is given and judges only whether it can be kept.
package storage
