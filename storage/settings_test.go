package storage

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// TestSettingsAreCopies: what was put is not shared, and of what was read a list
// that is put in place of another, or appended to, is one's own.
func TestSettingsAreCopies(t *testing.T) {
	w := newWorkspace(t)
	put := workbench.Settings{Catalogue: engine.Catalogue{Fields: []engine.Field{{Name: "name", Role: engine.RoleTitle}}}, Scale: engine.DefaultScale()}
	if err := w.PutSettings(put); err != nil {
		t.Fatal(err)
	}
	put.Catalogue.Fields[0].Name, put.Scale[0].Name = "changed", "changed"
	got := w.Settings()
	got.Scale = nil
	got.Catalogue.Fields = append(got.Catalogue.Fields, engine.Field{Name: "mine"})
	if other := append(w.Settings().Catalogue.Fields, engine.Field{Name: "theirs"}); got.Catalogue.Fields[1].Name != "mine" || other[1].Name != "theirs" {
		t.Errorf("two who append to the same list have %v and %v", got.Catalogue.Fields, other)
	}
	want := workbench.Settings{Catalogue: engine.Catalogue{Fields: []engine.Field{{Name: "name", Role: engine.RoleTitle}}}, Scale: engine.DefaultScale()}
	if d := cmp.Diff(want, w.Settings()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(want, reopen(t, w).Settings()); d != "" {
		t.Error(d)
	}
}
