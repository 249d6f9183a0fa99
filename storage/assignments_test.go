package storage

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

func TestAssignments(t *testing.T) {
	w := newWorkspace(t)
	stands := func(want ...workbench.Assignment) {
		t.Helper()
		got, err := w.Assignments()
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" || err != nil {
			t.Error(d, err)
		}
	}
	stands()
	first := []workbench.Assignment{{Judge: "ann", Query: "lamp", Products: []string{"2", "1"}}, {Judge: "bea", Query: "lamp", Products: []string{"1"}}}
	if err := w.SetAssignments(first); err != nil {
		t.Fatal(err)
	}
	w = reopen(t, w)
	stands(first...)
	if err := w.SetAssignments(first[1:]); err != nil {
		t.Fatal(err)
	}
	stands(first[1])
	if err := w.SetAssignments([]workbench.Assignment{{Judge: "\xff"}}); err == nil {
		t.Error("text that is no UTF-8 was kept")
	}
	stands(first[1])
	if _, err := w.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if err := w.SetAssignments(nil); err != nil {
		t.Fatal(err)
	}
	stands()
}

// TestSetQueries: the set is what it was set to, in that order, and a set that
// cannot be kept changes nothing.
func TestSetQueries(t *testing.T) {
	w := newWorkspace(t)
	if err := w.PutQueries([]engine.Query{{Text: "a"}, {Text: "b"}, {Text: "c"}}); err != nil {
		t.Fatal(err)
	}
	want := []engine.Query{{Text: "c", Need: "see", Weight: 2.5, Tags: []string{"tail"}, Note: "new"}, {Text: "a"}}
	if err := w.SetQueries(want); err != nil {
		t.Fatal(err)
	}
	if err := w.SetQueries([]engine.Query{{Text: "x"}, {Text: "x"}}); err == nil {
		t.Error("a query was set twice")
	}
	w = reopen(t, w)
	got, err := w.Queries()
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(d, err)
	}
	if _, err := w.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
