package storage

import (
	"fmt"

	"touchstone/engine/workbench"
)

// ErrDamaged is what errors.Is finds in every error about a file whose content
// is not what Touchstone wrote.
var ErrDamaged = workbench.ErrDamaged

// Problem is one thing that is wrong with a workspace file. Bucket and Key are
// empty where the pages of the file themselves are damaged.
type Problem struct {
	Bucket string
	Key    string
	What   string
}

// String is one line: bucket, key and what is wrong.
func (p Problem) String() string {
	switch {
	case p.Bucket == "":
		return p.What
	case p.Key == "":
		return p.Bucket + ": " + p.What
	}
	return p.Bucket + " " + p.Key + ": " + p.What
}

// DamageError lists what is wrong with a file. It is an ErrDamaged.
type DamageError struct {
	Problems []Problem // at least one
}

// Error names the first problem and says what to do.
func (e *DamageError) Error() string {
	const next = "put a backup in its place (\"touchstone restore\"), or save what can be read into a new file (\"touchstone repair\")"
	if more := len(e.Problems) - 1; more > 0 {
		return fmt.Sprintf("the file is damaged (%v; and %d more): %s", e.Problems[0], more, next)
	}
	return fmt.Sprintf("the file is damaged (%v): %s", e.Problems[0], next)
}

// Unwrap makes errors.Is(err, ErrDamaged) true.
func (e *DamageError) Unwrap() error { return ErrDamaged }

// damaged is a DamageError with one problem of one record.
func damaged(bucket string, key []byte, format string, args ...any) error {
	p := Problem{Bucket: bucket, What: fmt.Sprintf(format, args...)}
	if key != nil {
		p.Key = showKey(bucket, key)
	}
	return &DamageError{[]Problem{p}}
}

// damagedFile is a DamageError about the file as a whole.
func damagedFile(format string, args ...any) error {
	return damaged("", nil, format, args...)
}
