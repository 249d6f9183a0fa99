package storage

import (
	"testing"

	"pgregory.net/rapid"
)

// TestWorkspaceIsItsTwin makes random changes to a workspace and to a twin in
// memory, closing and opening the file in between.
func TestWorkspaceIsItsTwin(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorkspace(t)
		want := newTwin()
		d := func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "dice") }
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			s := roll(d, want)
			if err := s.do(w); err != nil {
				rt.Fatalf("%s: %v", s.name, err)
			}
			s.twin(want)
			if d(6) == 0 {
				w = reopen(t, w)
			}
		}
		expect(t, w, want)
		expect(t, reopen(t, w), want)
	})
}
