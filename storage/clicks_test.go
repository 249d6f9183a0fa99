package storage_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

func TestClicks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.touchstone")
	w, err := storage.Create(path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	first := []engine.Clicks{{Query: "lamp", Tallies: []engine.Tally{{Product: "1", Position: 2, Shown: 3, Clicked: 1}}}}
	for _, add := range []struct {
		source string
		want   error
	}{{"0123456789abcdef", nil}, {"0123456789abcdef", workbench.ErrAlreadyRead}, {"0123456789abcde0", nil}, {"0123456789abcde1", nil}} {
		if err := w.AddClicks(add.source, first); !errors.Is(err, add.want) {
			t.Fatalf("from %q: %v, want %v", add.source, err, add.want)
		}
	}
	if err := w.AddClicks("0123456789abcde2", []engine.Clicks{{Query: "lamp", Tallies: []engine.Tally{{Product: "0", Position: 1, Shown: 1}}}, {Query: ""}}); err == nil {
		t.Error("clicks of no query were kept")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if w, err = storage.Open(path, storage.Options{}); err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	got, err := w.Clicks()
	want := []engine.Clicks{{Query: "lamp", Tallies: []engine.Tally{{Product: "1", Position: 2, Shown: 9, Clicked: 3}}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
