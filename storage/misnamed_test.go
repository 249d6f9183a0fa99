package storage

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// TestMisnamedBucket: a flipped bit in the name of a bucket hides it from bbolt,
// which has no checksum of names. Such a file does not open, and repair knows the
// records by what they hold.
func TestMisnamedBucket(t *testing.T) {
	w := newWorkspace(t)
	fillSample(t, w)
	_, ruleErr := w.ChangeRules([]engine.Rule{someRule("nike")}, nil, "ann")
	_, trialErr := w.PutInterleaving(workbench.Interleaving{A: "a", B: "b", Pages: []workbench.InterleavedPage{{Query: "nike"}}})
	_, headErr := w.PutHead(engine.Head{Name: "spring", Dim: 2, Rank: 1, Down: []float32{1, 2}, Up: []float32{3, 4}})
	_, clickErr := w.AddPages(strings.Repeat("x", clickLogKey), []engine.ResultPage{{ID: "1", Query: "nike", Tallies: []engine.Tally{{Product: "1", Position: 1, Shown: 1}}}})
	if err := errors.Join(ruleErr, trialErr, headErr, clickErr,
		w.DeleteProducts(t.Context(), []string{"2"}), // its row is free
		w.PutProfiles([]engine.Profile{{Name: "ann"}}),
		w.PutSnapshot(workbench.Snapshot{Name: "monday"}),
		w.SetAssignments([]workbench.Assignment{{Judge: "ann", Query: "nike"}}),
	); err != nil {
		t.Fatal(err)
	}
	want := everything(t, w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(w.Path())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Concat(buckets, later) {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			from, to := filepath.Join(dir, "damaged.touchstone"), filepath.Join(dir, "repaired.touchstone")
			if err := os.WriteFile(from, misname(t, whole, name), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, opts := range []Options{{ReadOnly: true}, {}} {
				w, err := Open(from, opts)
				if err == nil {
					err = w.Close()
				}
				if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNotWorkspace) {
					t.Errorf("opened, reading only %v: %v", opts.ReadOnly, err)
				}
			}
			report, err := Repair(t.Context(), from, to)
			if err != nil {
				t.Fatal(err)
			}
			remade := []string{bucketRows, bucketFree, bucketDerived} // from the others
			if !slices.Contains(remade, name) && !slices.ContainsFunc(report.Lost, func(p Problem) bool { return p.Bucket == name }) {
				t.Errorf("nothing is said of it: %v", report.Lost)
			}
			again, err := Open(to, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer again.Close()
			if d := cmp.Diff(want, everything(t, again), cmpopts.EquateEmpty()); d != "" {
				t.Errorf("repaired, it differs (- before):\n%s", d)
			}
		})
	}
}

// misname is a file with a flipped bit in a bucket's name, wherever a page lists it.
func misname(t *testing.T, file []byte, name string) []byte {
	t.Helper()
	file = slices.Clone(file)
	found := false
	for page := range slices.Chunk(file, os.Getpagesize()) {
		for _, e := range looseElements(page) {
			if e.bucket && string(e.key) == name {
				e.key[len(e.key)-1] ^= 1
				found = true
			}
		}
	}
	if !found {
		t.Fatal("no page lists it")
	}
	return file
}

// everything is all that a workspace holds but derived data, which is made again.
func everything(t *testing.T, w *Workspace) map[string]any {
	t.Helper()
	all, err := readAll(w)
	all.Derived = nil
	rules, rulesErr := w.Rules()
	assignments, assignmentsErr := w.Assignments()
	heads, headsErr := w.Heads()
	clicks, clicksErr := w.Clicks()
	if err := errors.Join(err, rulesErr, assignmentsErr, headsErr, clicksErr); err != nil {
		t.Fatal(err)
	}
	return map[string]any{"all": all, "rules": rules, "assignments": assignments, "heads": heads, "clicks": clicks}
}
