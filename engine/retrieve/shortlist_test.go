package retrieve

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestShortlistLikeSorting: whatever is offered in whatever order, what is kept
// is what a sorted list begins with, and so is what a heap keeps.
func TestShortlistLikeSorting(t *testing.T) {
	var l shortlist // one, as a search reuses it
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		n, size := rapid.IntRange(0, 500).Draw(t, "n"), rapid.IntRange(1, 60).Draw(t, "size")
		scores := rapid.IntRange(1, 1000).Draw(t, "different scores")
		all := make([]scored, n)
		for i := range all {
			all[i] = scored{uint32(i), float64(rng.IntN(scores))}
		}
		switch rapid.IntRange(0, 2).Draw(t, "order") {
		case 0:
			rng.Shuffle(n, func(i, k int) { all[i], all[k] = all[k], all[i] })
		case 1:
			sortBest(all)
			slices.Reverse(all)
		}
		l.reset(size)
		heap := newTop(size)
		for _, s := range all {
			if s.score >= l.floor {
				l.offer(s)
			}
			heap.offer(s)
		}
		l.cut()
		got := slices.Clone(l.list)
		sortBest(got)
		sortBest(all)
		want := all[:min(n, size)]
		if !slices.Equal(got, want) {
			t.Fatalf("%v are kept of %v", got, all)
		}
		if kept := heap.sorted(); !slices.Equal(kept, want) {
			t.Fatalf("a heap keeps %v of %v", kept, all)
		}
		if floor := l.floor; n < size && !math.IsInf(floor, -1) || n >= size && floor != want[size-1].score {
			t.Fatalf("the floor is %v over %v", floor, want)
		}
	})
}
