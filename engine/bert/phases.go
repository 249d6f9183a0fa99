package bert

import (
	"sync"
	"sync/atomic"
)

// phases let workers share a batch, one phase after the other. A phase is some
// tasks, which the workers take one by one, so that none waits for one that has
// not begun: to wake an idle processor can take longer than the whole batch.
type phases struct {
	list    []phase
	waiting atomic.Int32 // workers whose patience is over
	mu      sync.Mutex
	done    sync.Cond // some phase is done
}

type phase struct {
	taken, done atomic.Int32 // tasks; done is one more when all is done
}

// patience is how often a worker looks whether the others' last tasks are done
// before it lets its processor go: some 500 µs, several tasks of a query. To let
// it go and get it back takes 100 µs. With less patience than that a worker that
// slept through its share of one phase is late for the next one too, and two take
// as long as one.
const patience = 1_000_000

// reset makes n phases of which nothing is done. No worker may be in any.
func (p *phases) reset(n int) {
	p.done.L = &p.mu
	if cap(p.list) < n {
		p.list = make([]phase, n)
	}
	p.list = p.list[:n]
	for i := range p.list {
		p.list[i].taken.Store(0)
		p.list[i].done.Store(0)
	}
}

// run does the tasks of a phase that no other worker takes, and returns when all
// are done, and then too, unless it is nil, which the worker does that is the last
// to be done. All workers go through the phases in order, with the same number of
// tasks; one that comes late finds the first ones done.
func (p *phases) run(i, tasks int, do func(task int), then func()) {
	at := &p.list[i]
	mine := int32(0)
	for {
		task := int(at.taken.Add(1)) - 1
		if task >= tasks {
			break
		}
		do(task)
		mine++
	}
	if mine > 0 && int(at.done.Add(mine)) == tasks {
		if then != nil {
			then()
		}
		at.done.Add(1)
		if p.waiting.Load() > 0 {
			p.mu.Lock() // whoever waits is waiting by now
			p.done.Broadcast()
			p.mu.Unlock()
		}
		return
	}
	for range patience {
		if int(at.done.Load()) > tasks {
			return
		}
	}
	p.waiting.Add(1)
	defer p.waiting.Add(-1)
	p.mu.Lock()
	defer p.mu.Unlock()
	for int(at.done.Load()) <= tasks {
		p.done.Wait()
	}
}
