package storage

import "go.etcd.io/bbolt"

// readAhead asks the system for the values that a reader will come to next.
// bbolt maps its file for random access, so that without it a cold file would
// be read in single pages of 4 KB.
type readAhead struct {
	cursor     *bbolt.Cursor
	sent, used int
	end        bool
}

// aheadValues is how many values are on their way: 12 MB of vector blocks.
const aheadValues = 16

func newReadAhead(b bucket) *readAhead { return &readAhead{cursor: b.Cursor()} }

// next is called for each value that the reader comes to.
func (r *readAhead) next() {
	for ; !r.end && r.sent <= r.used+aheadValues; r.sent++ {
		step := r.cursor.Next
		if r.sent == 0 {
			step = r.cursor.First
		}
		key, value := step()
		r.end = key == nil
		willNeed(value)
	}
	r.used++
}
