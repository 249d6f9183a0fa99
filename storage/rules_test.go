package storage

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"touchstone/engine"
)

func someRule(note string) engine.Rule {
	return engine.Rule{Kind: engine.HideRule, Products: []string{"手机"}, Note: note}
}

func TestRules(t *testing.T) {
	w := newWorkspace(t)
	if all, err := w.Rules(); err != nil || all != nil {
		t.Fatalf("a new workspace has %v, %v", all, err)
	}
	if _, found, err := w.UndoRules("ann"); err != nil || found {
		t.Fatalf("nothing to undo: %v, %v", found, err)
	}
	entry, err := w.ChangeRules([]engine.Rule{someRule("a"), someRule("b")}, nil, "ann")
	if err != nil || entry.Seq != 1 || len(entry.After) != 2 || entry.After[1].ID != 2 || entry.Author != "ann" {
		t.Fatalf("%+v, %v", entry, err)
	}
	for _, bad := range []struct {
		put    []engine.Rule
		remove []uint64
		says   string
	}{
		{[]engine.Rule{someRule("c"), someRule("\xff")}, nil, "UTF-8"},
		{[]engine.Rule{{ID: 9}}, nil, "no rule 9"},
		{[]engine.Rule{someRule("c")}, []uint64{7}, "no rule 7"},
		{[]engine.Rule{{ID: 1}}, []uint64{1}, "at once"},
	} {
		if _, err := w.ChangeRules(bad.put, bad.remove, ""); err == nil || !strings.Contains(err.Error(), bad.says) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if entry, err := w.ChangeRules([]engine.Rule{entry.After[0]}, nil, ""); err != nil || len(entry.After) != 0 {
		t.Errorf("the same rule again: %+v, %v", entry, err)
	}
	if _, err := w.ChangeRules([]engine.Rule{someRule("c")}, []uint64{2}, "bob"); err != nil {
		t.Fatal(err)
	}
	w = reopen(t, w)
	if undo, found, err := w.UndoRules("ann"); err != nil || !found || undo.Undoes != 2 {
		t.Fatalf("%+v, %v, %v", undo, found, err)
	}
	all, err := w.Rules()
	if err != nil || len(all) != 2 || all[1].Note != "b" {
		t.Fatalf("after undoing: %+v, %v", all, err)
	}
	// The ID of a rule that is gone is not given again.
	if entry, err = w.ChangeRules([]engine.Rule{someRule("d")}, nil, ""); err != nil || entry.After[0].ID != 4 {
		t.Errorf("%+v, %v", entry, err)
	}
	n := 0
	if err := w.RuleHistory(func(c engine.RuleChange) bool { n++; return n < 3 }); err != nil || n != 3 {
		t.Errorf("%d entries, %v", n, err)
	}
	if counts, err := w.Check(t.Context()); err != nil || counts.Rules != 3 {
		t.Errorf("check: %+v, %v", counts, err)
	}
}

// TestRulesLikeTwin holds any changes and undoings to a list of all states.
func TestRulesLikeTwin(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, err := Create(filepath.Join(t.TempDir(), rapid.StringMatching("[a-z]{12}").Draw(rt, "name")), Options{})
		if err != nil {
			rt.Fatal(err)
		}
		defer w.Close()
		states := [][]engine.Rule{nil} // what stood, and what undoing leads to
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			now := states[len(states)-1]
			if rapid.IntRange(0, 2).Draw(rt, "undo") == 0 {
				_, found, err := w.UndoRules("")
				if err != nil || found != (len(states) > 1) {
					rt.Fatalf("undo: %v, %v", found, err)
				}
				states = states[:max(1, len(states)-1)]
			} else {
				var put []engine.Rule
				var remove []uint64
				next := slices.Clone(now)
				for i := range now {
					switch rapid.IntRange(0, 3).Draw(rt, "what") {
					case 0:
						remove = append(remove, now[i].ID)
					case 1:
						r := now[i]
						r.Note += "x"
						put = append(put, r)
						next[slices.IndexFunc(next, func(o engine.Rule) bool { return o.ID == r.ID })] = r
					}
				}
				next = slices.DeleteFunc(next, func(r engine.Rule) bool { return slices.Contains(remove, r.ID) })
				for range rapid.IntRange(0, 2).Draw(rt, "new") {
					put = append(put, someRule("new"))
				}
				entry, err := w.ChangeRules(put, remove, "")
				if err != nil {
					rt.Fatal(err)
				}
				for _, r := range entry.After {
					if !slices.ContainsFunc(next, func(o engine.Rule) bool { return o.ID == r.ID }) {
						next = append(next, r)
					}
				}
				if len(put)+len(remove) > 0 {
					states = append(states, next)
				}
			}
			got, err := w.Rules()
			if err != nil {
				rt.Fatal(err)
			}
			if d := cmp.Diff(append([]engine.Rule{}, states[len(states)-1]...), append([]engine.Rule{}, got...)); d != "" {
				rt.Fatal(d)
			}
			if _, err := w.Check(t.Context()); err != nil {
				rt.Fatal(err)
			}
		}
	})
}

func TestDamagedRulesAreNamed(t *testing.T) {
	w := newWorkspace(t)
	if _, err := w.ChangeRules([]engine.Rule{someRule("needle")}, nil, ""); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	replaceInFile(t, w.Path(), "needle", "noodle")
	if _, err := Open(w.Path(), Options{}); err == nil || !strings.Contains(err.Error(), "rule") || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("got %v", err)
	}
}

// TestRulesOfOldFiles reads a file as rules were first written:
// testdata/rules.touchstone.gz holds what rules.json says.
func TestRulesOfOldFiles(t *testing.T) {
	at := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	if *update {
		w := newWorkspace(t)
		all := []engine.Rule{
			{Kind: engine.PinRule, When: engine.When{Queries: []string{"usb hub", "手机"}}, Products: []string{"p1"}, Position: 2, From: at, Until: at.AddDate(0, 1, 0), Author: "ann", Note: "spring"},
			{Set: "spring", Kind: engine.BoostRule, When: engine.When{Has: []string{"hub"}, Pattern: "^u"}, Filter: engine.Filter{{Field: "price", Op: "<", Value: "10"}}, Words: "usb", By: 0.5, Off: true},
			{Kind: engine.SynonymRule, Terms: []string{"tv", "television"}, OneWay: true},
			{Kind: engine.RedirectRule, When: engine.When{Queries: []string{"sale"}}, URL: "/sale"},
		}
		if _, err := w.ChangeRules(all, nil, "ann"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ChangeRules(nil, []uint64{3}, "bob"); err != nil {
			t.Fatal(err)
		}
		stored, err := w.Rules()
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		said, err := json.MarshalIndent(stored, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		writePacked(t, w.Path(), "rules", said)
	}
	w := openPacked(t, "testdata/rules.touchstone.gz")
	defer w.Close()
	got, err := w.Rules()
	if err != nil {
		t.Fatal(err)
	}
	said, err := os.ReadFile("testdata/rules.json")
	if err != nil {
		t.Fatal(err)
	}
	var want []engine.Rule
	if err := json.Unmarshal(said, &want); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if undo, found, err := w.UndoRules(""); err != nil || !found || len(undo.After) != 1 || undo.After[0].ID != 3 {
		t.Errorf("undoing what the old file removed last: %+v, %v, %v", undo, found, err)
	}
	if _, err := w.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
