package storage

import (
	"fmt"

	"go.etcd.io/bbolt"

	"touchstone/engine/workbench"
)

// bucketAssignments, sequence → workbench.Assignment, is made with the first
// assignment; workspaces that have none, and those that an older Touchstone
// wrote, lack it.
const bucketAssignments = "assignments"

// SetAssignments makes the assignments these, in this order; no other stays.
func (w *Workspace) SetAssignments(assignments []workbench.Assignment) error {
	err := w.update(func(tx *bbolt.Tx, _ *state) error {
		if in(tx, bucketAssignments).Bucket != nil {
			if err := tx.DeleteBucket([]byte(bucketAssignments)); err != nil {
				return err
			}
		} else if len(assignments) == 0 {
			return errUnchanged
		}
		b, err := made(tx, bucketAssignments)
		if err != nil {
			return err
		}
		b.FillPercent = appendFill
		for i, a := range assignments {
			if err := validText(append([]string{a.Judge, a.Query}, a.Products...)...); err != nil {
				return fmt.Errorf("what %q is to grade of %q: %w", shorten(a.Judge), shorten(a.Query), err)
			}
			if err := b.put(numberKey(uint64(i)+1), a); err != nil {
				return err
			}
		}
		return nil
	})
	return w.named("saving who grades what", err)
}

// Assignments lists what is assigned, in the order in which it was set.
func (w *Workspace) Assignments() ([]workbench.Assignment, error) {
	return list[workbench.Assignment](w, bucketAssignments, "reading who grades what")
}

// assignments checks that every assignment can be read and none is missing.
func (c *checker) assignments(tx *bbolt.Tx) error {
	b := in(tx, bucketAssignments)
	n := 0
	err := scan(c, b, func([]byte, workbench.Assignment) { n++ })
	c.numbered(b, n)
	return err
}
