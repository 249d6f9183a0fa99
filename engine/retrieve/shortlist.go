package retrieve

import (
	"math"
	"slices"
)

// shortlist keeps the best of what it is offered, as top does, where most of it
// comes at once: what may be among the best is put aside, and only when there is
// twice as much as wanted the worse half goes. A heap sorts each of them in.
type shortlist struct {
	size  int // at least 1
	list  []scored
	floor float64 // what comes must reach it to be among the best
}

// reset empties the list, for the best size of what comes.
func (l *shortlist) reset(size int) {
	l.size, l.floor = size, math.Inf(-1)
	l.list = slices.Grow(l.list[:0], 2*size)
}

// offer takes a row in that may be among the best: its score reaches the floor.
func (l *shortlist) offer(s scored) {
	l.list = append(l.list, s)
	if len(l.list) == 2*l.size {
		l.cut()
	}
}

// cut leaves the best, in no order.
func (l *shortlist) cut() {
	if len(l.list) > l.size {
		selectBest(l.list, l.size)
		l.list = l.list[:l.size]
	}
	if len(l.list) == l.size {
		l.floor = l.list[0].score
		for _, s := range l.list[1:] {
			l.floor = min(l.floor, s.score)
		}
	}
}

// selectBest brings the best n of a list to its front, in no order (Hoare,
// Algorithm 65: find, 1961). No two of the list are of one row.
func selectBest(list []scored, n int) {
	for low, high := 0, len(list)-1; low < high; {
		// The median of three: lists that are in order already are common.
		middle := low + (high-low)/2
		if list[middle].before(list[low]) {
			list[middle], list[low] = list[low], list[middle]
		}
		if list[high].before(list[low]) {
			list[high], list[low] = list[low], list[high]
		}
		if list[high].before(list[middle]) {
			list[high], list[middle] = list[middle], list[high]
		}
		pivot := list[middle]
		i, k := low, high
		for i <= k {
			for list[i].before(pivot) {
				i++
			}
			for pivot.before(list[k]) {
				k--
			}
			if i <= k {
				list[i], list[k] = list[k], list[i]
				i++
				k--
			}
		}
		switch { // low…k are not behind the pivot, i…high not before it
		case n <= k:
			high = k
		case n > i:
			low = i
		default:
			return
		}
	}
}

// sortBest puts a list in order, best first.
func sortBest(list []scored) {
	slices.SortFunc(list, func(a, b scored) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
}
