package storage

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

var repairs = flag.Int("repairs", 100, "damaged files that TestRepairDamaged repairs")

// graded makes a closed workspace of a few hundred graded products and returns
// its bytes.
func graded(t *testing.T) []byte {
	t.Helper()
	w := newWorkspace(t)
	fillSample(t, w)
	fill(t, w, 300, 3)
	for i := range 40 {
		var judgments []engine.Judgment
		for j := range 10 {
			judgments = append(judgments, engine.Judgment{Query: fmt.Sprint("query ", i), Product: fmt.Sprint("p", j), Judge: "ann",
				Grade: engine.Grade((i + j) % 4), Time: now(), Note: fmt.Sprint("note ", i, j)})
		}
		if err := w.PutJudgments(t.Context(), judgments); err != nil {
			t.Fatal(err)
		}
	}
	decided(t, w)
	again := []engine.Judgment{{Query: "query 7", Product: "p3", Judge: "ann", Grade: 0, Time: now(), Note: "changed"}}
	if err := errors.Join(w.PutJudgments(t.Context(), again), w.ClearJudgments(judgmentOf("query 8", "p3", "ann")), w.Close()); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(w.Path())
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// decided adds what is numbered and what refers to itself: rules with their
// history, snapshots, assignments, interleavings, over several pages each.
func decided(t *testing.T, w *Workspace) {
	t.Helper()
	long := string(bytes.Repeat([]byte("why "), 60))
	var assignments []workbench.Assignment
	for i := range 40 {
		entry, err := w.ChangeRules([]engine.Rule{someRule(fmt.Sprint(i, long)), someRule(fmt.Sprint("gone ", i, long))}, nil, "ann")
		if err == nil {
			_, err = w.ChangeRules(nil, []uint64{entry.After[1].ID}, "bob")
		}
		if err == nil {
			err = w.PutSnapshot(workbench.Snapshot{Name: fmt.Sprint("day ", i), Runs: map[string][]string{"lamp": {long}}})
		}
		if err == nil {
			_, err = w.PutInterleaving(workbench.Interleaving{A: long, Pages: []workbench.InterleavedPage{{Query: "lamp"}}})
		}
		if err != nil {
			t.Fatal(err)
		}
		assignments = append(assignments, workbench.Assignment{Judge: "ann", Query: fmt.Sprint("query ", i), Products: []string{long}})
	}
	if _, _, err := w.UndoRules("ann"); err != nil {
		t.Fatal(err)
	}
	if err := w.SetAssignments(assignments); err != nil {
		t.Fatal(err)
	}
}

// judgmentsByPage are the judgments of a whole file by the page they stand on.
func judgmentsByPage(t *testing.T, file []byte) map[int64][]engine.Judgment {
	t.Helper()
	path := filepath.Join(t.TempDir(), "whole.touchstone")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := readDamaged(t.Context(), f)
	if err != nil || len(s.lost) > 0 {
		t.Fatal(err, s.lost)
	}
	pages := map[int64][]engine.Judgment{}
	for key, at := range s.records[bucketJudgments] {
		j, err := s.judgment([]byte(key), at)
		if err != nil {
			t.Fatal(err)
		}
		pages[at.at/4096] = append(pages[at.at/4096], j)
	}
	return pages
}

// TestRepairDamaged repairs files that were flipped, overwritten and cut: no
// panic, the result is a whole workspace, and each judgment whose page is as it
// was is in it, as it was.
func TestRepairDamaged(t *testing.T) {
	seed := seed(t)
	whole := graded(t)
	pages := judgmentsByPage(t, whole)
	if len(pages) < 5 {
		t.Fatalf("%d pages of judgments are too few to lose some", len(pages))
	}
	dir := t.TempDir()
	outcomes := map[string]int{}
	for n := range shorter(*repairs) {
		d := rand.New(rand.NewPCG(seed, uint64(n))).IntN
		damage := damages[n%len(damages)]
		file := bytes.Clone(whole)
		for range 1 + d(4) {
			if len(file) > 4096 {
				file = damage.do(d, file)
			}
		}
		from, to := filepath.Join(dir, "damaged.touchstone"), filepath.Join(dir, fmt.Sprint(n, ".touchstone"))
		if err := os.WriteFile(from, file, 0o600); err != nil {
			t.Fatal(err)
		}
		report, err := Repair(t.Context(), from, to)
		after, readErr := os.ReadFile(from)
		if readErr != nil || !bytes.Equal(after, file) {
			t.Fatalf("file %d, %s: the damaged file was changed (%v)", n, damage.name, readErr)
		}
		got := map[string]engine.Judgment{}
		if err != nil {
			if !errors.Is(err, ErrNotWorkspace) {
				t.Fatalf("file %d, %s: %v", n, damage.name, err)
			}
			outcomes["nothing to save"]++
		} else {
			w, err := Open(to, Options{})
			if err != nil {
				t.Fatalf("file %d, %s: %v", n, damage.name, err)
			}
			if err := w.EachJudgment(t.Context(), func(j engine.Judgment) error { got[string(keyOf(j))] = j; return nil }); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(w.Close(), os.Remove(to)); err != nil {
				t.Fatal(err)
			}
			outcomes[fmt.Sprint("lost something: ", len(report.Lost) > 0)]++
		}
		for page, judgments := range pages {
			if at := page * 4096; int64(len(file)) < at+4096 || !bytes.Equal(file[at:at+4096], whole[at:at+4096]) {
				continue
			}
			for _, want := range judgments {
				if j, ok := got[string(keyOf(want))]; !ok || !sameJudgment(&j, &want) {
					t.Errorf("file %d, %s: page %d is whole, but of it %+v became %+v; lost: %v", n, damage.name, page, want, j, report.Lost)
					break
				}
			}
		}
	}
	t.Log(outcomes)
}

// TestRepairWhole: of a file in which nothing is damaged nothing is lost, and
// nothing that was deleted comes back.
func TestRepairWhole(t *testing.T) {
	w := newWorkspace(t)
	want := fillSample(t, w)
	if err := errors.Join(w.PutProfiles([]engine.Profile{{Name: "ann"}}), w.PutSnapshot(workbench.Snapshot{Name: "monday"}), w.Close()); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "repaired.touchstone")
	report, err := Repair(t.Context(), w.Path(), to)
	if err != nil || len(report.Lost) > 0 || report.Undated > 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	again, err := Open(to, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.Close() })
	want.Derived = map[string]string{} // made again
	want.Profiles["ann"] = engine.Profile{Name: "ann"}
	want.Snapshots = []workbench.Snapshot{{Name: "monday"}}
	expect(t, again, want)
	if _, err := Repair(t.Context(), w.Path(), to); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("repairing over a file: %v", err)
	}
}

// TestRepairWithoutHistoryOfRules: the rules stand though every page of their
// history is gone, and so does the workspace's own check of them.
func TestRepairWithoutHistoryOfRules(t *testing.T) {
	w := newWorkspace(t)
	decided(t, w)
	want, err := w.Rules()
	if err := errors.Join(err, w.Close()); err != nil || len(want) != 41 {
		t.Fatal(len(want), err)
	}
	file, err := os.ReadFile(w.Path())
	if err != nil {
		t.Fatal(err)
	}
	for page := 2; page < len(file)/4096; page++ {
		if of := file[page*4096:][:4096]; bytes.Contains(of, []byte(`"last_id":`)) {
			clear(of)
		}
	}
	report, to := repairOf(t, file)
	if report.Saved.Rules != len(want) || report.Saved.Snapshots != 40 || len(report.Lost) == 0 {
		t.Fatalf("%+v", report)
	}
	repaired, err := Open(to, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer repaired.Close()
	got, err := repaired.Rules()
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(d, err)
	}
	if entry, err := repaired.ChangeRules([]engine.Rule{someRule("new")}, nil, "ann"); err != nil || entry.After[0].ID <= want[len(want)-1].ID {
		t.Errorf("a new rule after the repair: %+v, %v", entry, err)
	}
}

// repairOf repairs the bytes of a damaged file into the workspace at to.
func repairOf(t *testing.T, file []byte) (report RepairReport, to string) {
	t.Helper()
	from, to := filepath.Join(t.TempDir(), "damaged.touchstone"), filepath.Join(t.TempDir(), "to.touchstone")
	if err := os.WriteFile(from, file, 0o600); err != nil {
		t.Fatal(err)
	}
	report, err := Repair(t.Context(), from, to)
	if err != nil {
		t.Fatal(err)
	}
	return report, to
}

// TestRepairNamesLosses names what was lost: a judgment page and the
// whole history are overwritten.
func TestRepairNamesLosses(t *testing.T) {
	file := graded(t)
	lost := map[string]bool{}
	for page, judgments := range judgmentsByPage(t, file) {
		clear(file[page*4096:][:4096])
		for _, j := range judgments {
			lost[string(keyOf(j))] = true
		}
		break
	}
	for page := 2; page < len(file)/4096; page++ {
		if bytes.Contains(file[page*4096:][:4096], []byte(`"seq":`)) {
			clear(file[page*4096:][:4096])
		}
	}
	report, to := repairOf(t, file)
	named := map[string]bool{}
	for _, p := range report.Lost {
		named[p.Bucket] = true
	}
	if !named[bucketJudgments] || !named[bucketHistory] || named[bucketProducts] {
		t.Fatalf("lost: %v", report.Lost)
	}
	w, err := Open(to, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	// An older version of the page may be among the free ones: what is saved of
	// it is counted as perhaps older.
	again := 0
	err = w.EachJudgment(t.Context(), func(j engine.Judgment) error {
		if lost[string(keyOf(j))] {
			again++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if again > report.Undated {
		t.Fatalf("%d judgments of the page that is gone are there, and %d are said to be perhaps older", again, report.Undated)
	}
}

// TestRepairWithoutMetaPages loses the two pages that everything hangs on.
func TestRepairWithoutMetaPages(t *testing.T) {
	file := graded(t)
	pages := judgmentsByPage(t, file)
	clear(file[:2*4096])
	report, _ := repairOf(t, file)
	n := 0
	for _, of := range pages {
		n += len(of)
	}
	if report.Saved.Judgments != n || report.Undated == 0 || len(report.Lost) == 0 {
		t.Fatalf("%d judgments of %d; %+v", report.Saved.Judgments, n, report)
	}
}

// FuzzLooseElements: whatever a page holds, its elements lie inside of it.
func FuzzLooseElements(f *testing.F) {
	f.Add(make([]byte, 64))
	f.Add(bytes.Repeat([]byte{16, 0, 0, 0}, 64))
	f.Fuzz(func(t *testing.T, page []byte) {
		for _, e := range looseElements(page) {
			if e.value < int64(len(e.key)) || e.value+e.vsize > int64(len(page)) {
				t.Fatalf("%+v in %d bytes", e, len(page))
			}
		}
	})
}
