package storage

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine/workbench"
)

func TestInterleavings(t *testing.T) {
	w := newWorkspace(t)
	if all, err := w.Interleavings(); err != nil || all != nil {
		t.Fatalf("a new workspace has %v, %v", all, err)
	}
	page := workbench.InterleavedPage{Query: "手机", IDs: []string{"a", "b"}, FromB: []bool{true, false}, Picked: []bool{false, false}}
	trial := workbench.Interleaving{Time: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), Judge: "ann", A: "default", B: "learned v2", Pages: []workbench.InterleavedPage{page}}
	for want := uint64(1); want <= 2; want++ {
		if id, err := w.PutInterleaving(trial); err != nil || id != want {
			t.Fatalf("number %d, %v, want %d", id, err, want)
		}
	}
	picked := trial
	picked.ID, picked.Ended = 1, true
	page.Picked, page.Done = []bool{false, true}, true
	picked.Pages = []workbench.InterleavedPage{page}
	if id, err := w.PutInterleaving(picked); err != nil || id != 1 {
		t.Fatal(id, err)
	}
	for name, bad := range map[string]workbench.Interleaving{
		"no interleaving 9": {ID: 9},
		"UTF-8":             {A: "\xff"},
		"0 teams":           {Pages: []workbench.InterleavedPage{{IDs: []string{"a"}}}},
	} {
		if _, err := w.PutInterleaving(bad); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w = reopen(t, w)
	got, err := w.Interleavings()
	if err != nil {
		t.Fatal(err)
	}
	trial.ID = 2
	if d := cmp.Diff([]workbench.Interleaving{picked, trial}, got); d != "" {
		t.Error(d)
	}
	if _, err := w.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
