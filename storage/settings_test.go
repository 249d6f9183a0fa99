package storage

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// TestSettingsAreCopies: neither what was put nor what was read is shared.
func TestSettingsAreCopies(t *testing.T) {
	w := newWorkspace(t)
	put := workbench.Settings{Catalogue: engine.Catalogue{Fields: []engine.Field{{Name: "name", Role: engine.RoleTitle}}}, Scale: engine.DefaultScale()}
	if err := w.PutSettings(put); err != nil {
		t.Fatal(err)
	}
	put.Catalogue.Fields[0].Name, put.Scale[0].Name = "changed", "changed"
	got := w.Settings()
	got.Catalogue.Fields[0].Name, got.Scale[1].Name = "changed", "changed"
	want := workbench.Settings{Catalogue: engine.Catalogue{Fields: []engine.Field{{Name: "name", Role: engine.RoleTitle}}}, Scale: engine.DefaultScale()}
	if d := cmp.Diff(want, w.Settings()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(want, reopen(t, w).Settings()); d != "" {
		t.Error(d)
	}
}
