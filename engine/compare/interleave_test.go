package compare

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestTeamDraft(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		products := []string{"a", "b", "c", "d", "e", "f"}
		a := rapid.Permutation(products).Draw(t, "A")[:rapid.IntRange(0, 6).Draw(t, "shown by A")]
		b := rapid.Permutation(products).Draw(t, "B")[:rapid.IntRange(0, 6).Draw(t, "shown by B")]
		n := rapid.IntRange(0, 8).Draw(t, "n")
		page := TeamDraft(a, b, n, rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)))
		seen := map[string]bool{}
		teams := [2]int{}
		for i, d := range page {
			run := a
			if d.Team == TeamB {
				run = b
			}
			at := slices.Index(run, d.Product)
			if seen[d.Product] || at < 0 {
				t.Fatalf("%q twice, or not of its team: %v", d.Product, page)
			}
			for _, better := range run[:at] { // the best of its side that was free
				if !seen[better] {
					t.Fatalf("place %d: %q was free", i, better)
				}
			}
			seen[d.Product] = true
			teams[d.Team]++
		}
		union := slices.Concat(a, b)
		slices.Sort(union)
		if want := min(n, len(slices.Compact(union))); len(page) != want {
			t.Fatalf("%d products, want %d", len(page), want)
		}
	})
}

// TestTeamDraftIsFair: of two equal sides neither gets more of the first places.
func TestTeamDraftIsFair(t *testing.T) {
	run := []string{"a", "b", "c", "d"}
	first := 0
	const drafts = 2000
	for i := range drafts {
		page := TeamDraft(run, run, 4, rand.New(rand.NewPCG(uint64(i), 1)))
		if page[0].Team == TeamA {
			first++
		}
		if page[0].Team == page[1].Team || page[2].Team == page[3].Team {
			t.Fatalf("a side picked twice in a round: %v", page)
		}
	}
	if math.Abs(float64(first)-drafts/2) > 4*math.Sqrt(drafts)/2 {
		t.Errorf("A went first in %d of %d", first, drafts)
	}
}
