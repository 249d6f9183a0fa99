package storage_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
	"touchstone/storage"
)

func TestHeads(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.touchstone")
	w, err := storage.Create(path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if heads, err := w.Heads(); err != nil || len(heads) != 0 {
		t.Fatalf("heads of a new workspace: %v, %v", heads, err)
	}
	head := engine.Head{Name: "tuned", Base: "minilm", Dim: 2, Rank: 1, Down: []float32{0.1, 0.2}, Up: []float32{0.3, -1e-9}}
	var want []engine.Head
	for version := range 2 {
		stored, err := w.PutHead(head)
		if err != nil || stored.Version != version+1 {
			t.Fatalf("%+v, %v", stored, err)
		}
		want = append(want, stored)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if w, err = storage.Open(path, storage.Options{}); err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	got, err := w.Heads()
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
