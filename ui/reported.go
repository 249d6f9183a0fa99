package ui

import (
	"sync"
	"time"

	"touchstone/engine"
	"touchstone/ui/locale"
)

// reported shows how far a task is while it runs.
type reported struct {
	mu    sync.Mutex
	last  time.Time
	over  bool // on Fyne's goroutine
	post  func(func())
	shows func(string)
}

// reporting says now and then how far a task is.
func (sh *shell) reporting(shows func(string)) *reported { return newReported(sh.post, shows) }

func newReported(post func(func()), shows func(string)) *reported {
	return &reported{post: post, shows: shows, last: time.Now()}
}

func (r *reported) report(p engine.Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.Total == 0 || time.Since(r.last) < 200*time.Millisecond {
		return
	}
	r.last = time.Now()
	r.post(func() {
		if r.over {
			return
		}
		text := locale.T("%d of %d queries", p.Done, p.Total)
		if p.Stage == "encoding" {
			text = locale.T("The other encoder reads the catalogue: %d of %d products", p.Done, p.Total)
		}
		if l := left(p.Left); l != "" {
			text += " · " + l
		}
		r.shows(text)
	})
}

func (r *reported) end() { r.over = true }
