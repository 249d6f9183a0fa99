package retrieve

import "math"

// scored is a row with its score.
type scored struct {
	row   uint32
	score float64
}

// before orders rows: the higher score first, then the lower row.
func (a scored) before(b scored) bool {
	return a.score > b.score || a.score == b.score && a.row < b.row
}

// top keeps the best of what it is offered: a heap with the worst one first.
type top struct {
	size int
	heap []scored
}

func newTop(size int) *top { return &top{size: size, heap: make([]scored, 0, min(size, 1024))} }

// floor is a score that new rows must reach to get in; below all while there is
// room for any.
func (t *top) floor() float64 {
	if len(t.heap) < t.size {
		return math.Inf(-1)
	}
	return t.heap[0].score
}

// offer takes a row in if it is among the best.
func (t *top) offer(s scored) {
	if len(t.heap) < t.size {
		t.heap = append(t.heap, s)
		for i := len(t.heap) - 1; i > 0; {
			parent := (i - 1) / 2
			if !t.heap[parent].before(t.heap[i]) {
				break
			}
			t.heap[parent], t.heap[i] = t.heap[i], t.heap[parent]
			i = parent
		}
		return
	}
	if t.size == 0 || !s.before(t.heap[0]) {
		return
	}
	t.heap[0] = s
	for i := 0; ; {
		worst := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(t.heap); child++ {
			if t.heap[worst].before(t.heap[child]) {
				worst = child
			}
		}
		if worst == i {
			return
		}
		t.heap[worst], t.heap[i] = t.heap[i], t.heap[worst]
		i = worst
	}
}

// sorted lists the best, best first, and leaves the heap empty.
func (t *top) sorted() []scored {
	list := t.heap
	sortBest(list)
	t.heap = nil
	return list
}
