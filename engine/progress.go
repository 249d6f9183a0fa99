package engine

import "time"

// Progress reports how far a long task is. Total is 0 while it is unknown.
type Progress struct {
	Stage string // "reading", "encoding", "learning"
	Done  int    // of Total
	Total int
	Left  time.Duration // estimated; 0 while unknown
}

// OnProgress receives reports, from any goroutine, a few a second. A nil
// OnProgress is never called: use Report.
type OnProgress func(Progress)

// Report calls f unless it is nil.
func (f OnProgress) Report(p Progress) {
	if f != nil {
		f(p)
	}
}
