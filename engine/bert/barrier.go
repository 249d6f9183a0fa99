package bert

import (
	"sync"
	"sync/atomic"
)

// patience is how often a goroutine looks whether the others have arrived
// before it lets its processor go: some 10 µs, as long as a short phase takes.
const patience = 10_000

// barrier is where the goroutines that share a batch wait for each other. One
// alone needs none: a nil barrier never waits.
type barrier struct {
	size    int32
	arrived atomic.Int32
	turn    atomic.Uint32 // how often all have arrived

	mu     sync.Mutex
	change sync.Cond // of turn, for those whose patience is over
}

func newBarrier() *barrier {
	b := &barrier{}
	b.change.L = &b.mu
	return b
}

// wait returns when all have called it.
func (b *barrier) wait() {
	if b == nil || b.size == 1 {
		return
	}
	turn := b.turn.Load()
	if b.arrived.Add(1) == b.size {
		b.arrived.Store(0)
		b.mu.Lock()
		b.turn.Add(1)
		b.mu.Unlock()
		b.change.Broadcast()
		return
	}
	for range patience {
		if b.turn.Load() != turn {
			return
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.turn.Load() == turn {
		b.change.Wait()
	}
}
