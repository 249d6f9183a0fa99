package storage

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

func TestSnapshots(t *testing.T) {
	w := newWorkspace(t)
	if all, err := w.Snapshots(); err != nil || all != nil {
		t.Fatalf("a new workspace has %v, %v", all, err)
	}
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	want := []workbench.Snapshot{
		{Name: "before spring", Time: at, Ranker: engine.Ranker{Name: "learned", Version: 2, Kind: engine.Linear}, Catalogue: "shop", Generation: 3,
			Runs: map[string][]string{"手机": {"p1", "p2"}, "": nil}},
		{Name: "after", Time: at.Add(time.Hour)},
	}
	for _, s := range want {
		if err := w.PutSnapshot(s); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.PutSnapshot(workbench.Snapshot{Name: "after", Catalogue: "other"}); err == nil || !strings.Contains(err.Error(), "choose another") || !strings.Contains(err.Error(), `"after"`) {
		t.Errorf("a name that is taken: %v", err)
	}
	if err := w.PutSnapshot(workbench.Snapshot{Name: "bad", Runs: map[string][]string{"q": {"\xff"}}}); err == nil || !strings.Contains(err.Error(), "UTF-8") {
		t.Errorf("text that JSON cannot hold: %v", err)
	}
	w = reopen(t, w)
	got, err := w.Snapshots()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if _, err := w.Check(t.Context()); err != nil {
		t.Errorf("check: %v", err)
	}
}

func TestDamagedSnapshotIsNamed(t *testing.T) {
	w := newWorkspace(t)
	if err := w.PutSnapshot(workbench.Snapshot{Name: "needle"}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	replaceInFile(t, w.Path(), "needle", "noodle")
	if _, err := Open(w.Path(), Options{}); err == nil || !strings.Contains(err.Error(), "snapshots") || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("got %v", err)
	}
}
