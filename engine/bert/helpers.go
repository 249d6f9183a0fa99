package bert

import "sync"

// helpers are goroutines that join a crew's work when they get a processor. The
// crew waits only for those that did: work that is done before a helper wakes
// is done without it.
type helpers struct {
	do    func(i int) // the work of the i-th to join
	start func()      // run, made a value once

	mu      sync.Mutex
	coming  int // started, not yet running
	wanted  int // how many more may join
	joined  int
	working sync.WaitGroup
}

func newHelpers(do func(i int)) *helpers {
	h := &helpers{do: do}
	h.start = h.run
	return h
}

// open lets n helpers join, from now until close.
func (h *helpers) open(n int) {
	h.mu.Lock()
	h.wanted, h.joined = n, 0
	start := n - h.coming
	h.coming = max(h.coming, n)
	h.mu.Unlock()
	for range start {
		go h.start()
	}
}

// close lets no more helpers join and waits for those that did.
func (h *helpers) close() {
	h.mu.Lock()
	h.wanted = 0
	h.mu.Unlock()
	h.working.Wait()
}

// run is a helper's goroutine.
func (h *helpers) run() {
	h.mu.Lock()
	h.coming--
	if h.wanted == 0 {
		h.mu.Unlock()
		return
	}
	h.wanted--
	i := h.joined
	h.joined++
	h.working.Add(1)
	h.mu.Unlock()
	defer h.working.Done()
	h.do(i)
}
