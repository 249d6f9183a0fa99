package storage_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
	"touchstone/storage"
)

func TestProfiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.touchstone")
	w, err := storage.Create(path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if names, err := w.Profiles(); err != nil || len(names) != 0 {
		t.Fatalf("profiles of a new workspace: %v, %v", names, err)
	}
	if _, found, err := w.Profile("ann"); err != nil || found {
		t.Fatalf("a profile of a new workspace: %v, %v", found, err)
	}
	ann := engine.Profile{Name: "ann", Events: []engine.Event{{Product: "1", Action: engine.Buy, Time: time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)}}}
	if err := w.PutProfiles([]engine.Profile{{Name: "bob"}, ann}); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []engine.Profile{{}, {Name: "\xff"}, {Name: "x", Events: []engine.Event{{Product: "\xff"}}}, {Name: strings.Repeat("x", 1<<16)}} {
		if err := w.PutProfiles([]engine.Profile{{Name: "cid"}, bad}); err == nil {
			t.Errorf("%.20q was stored", bad.Name)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if w, err = storage.Open(path, storage.Options{}); err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if names, err := w.Profiles(); err != nil || !slices.Equal(names, []string{"ann", "bob"}) {
		t.Errorf("profiles %v, %v", names, err)
	}
	if got, found, err := w.Profile("ann"); err != nil || !found || !cmp.Equal(got, ann) {
		t.Errorf("read %+v, %v, %v", got, found, err)
	}
	if _, err := w.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
