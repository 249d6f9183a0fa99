package learn

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// each calls fn for every i below n on all cores; worker is below
// runtime.GOMAXPROCS and differs between calls that run at once. What fn
// computes for one i must not depend on any other, so that the result is the
// same for every number of cores.
func each(n int, fn func(worker, i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 {
		for i := range n {
			fn(0, i)
		}
		return
	}
	var next atomic.Int64
	var running sync.WaitGroup
	for worker := range workers {
		running.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				fn(worker, i)
			}
		})
	}
	running.Wait()
}
