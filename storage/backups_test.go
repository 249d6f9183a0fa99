package storage

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

func grade(t *testing.T, w *Workspace, query string, grade engine.Grade) {
	t.Helper()
	if err := w.PutJudgments(t.Context(), []engine.Judgment{{Query: query, Product: "1", Judge: "ann", Grade: grade, Time: now()}}); err != nil {
		t.Fatal(err)
	}
}

func TestKeepBackup(t *testing.T) {
	w := newWorkspace(t)
	for i := range 8 {
		grade(t, w, "nike", engine.Grade(i))
		for range 2 { // the second has nothing to copy
			if err := w.KeepBackup(t.Context(), "import"); err != nil {
				t.Fatal(err)
			}
		}
	}
	kept, err := Backups(w.Path())
	if err != nil || len(kept) != keptBackups {
		t.Fatalf("%v, %v", kept, err)
	}
	for i, b := range kept {
		copied, err := Open(b.Path, Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		err = copied.EachJudgment(t.Context(), func(j engine.Judgment) error {
			if want := engine.Grade(7 - i); j.Grade != want || b.Reason != "import" {
				t.Errorf("backup %d (%+v) has grade %v, want %v", i, b, j.Grade, want)
			}
			return nil
		})
		if err := errors.Join(err, copied.Close()); err != nil {
			t.Fatal(err)
		}
	}
	// A file of someone else in the folder is neither listed nor removed.
	other := filepath.Join(backupFolder(w.Path()), "mine.touchstone")
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	grade(t, w, "nike", 1)
	if err := w.KeepBackup(t.Context(), "import"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(other); err != nil {
		t.Fatal(err)
	}
}

func TestSurplusBackups(t *testing.T) {
	var backups []workbench.Backup
	add := func(day, hour int, reason string) {
		backups = append(backups, workbench.Backup{Path: fmt.Sprintf("%d-%d", day, hour), Time: time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC), Reason: reason})
	}
	for hour := 18; hour > 10; hour-- { // an afternoon of imports
		add(20, hour, "import")
	}
	add(20, 9, setAside)
	for _, day := range []int{19, 18, 12, 11, 10} {
		add(day, 12, "daily")
		add(day, 8, "import")
	}
	add(1, 0, setAside)
	var kept []string
	old := surplus(backups)
	for _, b := range backups {
		if !slices.Contains(old, b) {
			kept = append(kept, b.Path)
		}
	}
	if want := []string{"20-18", "20-17", "20-16", "20-15", "20-14", "20-9", "19-12", "18-12", "12-12", "11-12", "1-0"}; !slices.Equal(kept, want) {
		t.Errorf("kept %v, want %v", kept, want)
	}
}

func TestDailyBackup(t *testing.T) {
	w := newWorkspace(t)
	grade(t, w, "nike", 1)
	if err := w.KeepDailyBackup(t.Context()); err != nil {
		t.Fatal(err)
	}
	grade(t, w, "nike", 2)
	if err := w.KeepDailyBackup(t.Context()); err != nil {
		t.Fatal(err)
	}
	kept, err := Backups(w.Path())
	if err != nil || len(kept) != 1 || kept[0].Reason != "daily" {
		t.Fatalf("on one day: %+v, %v", kept, err)
	}
	yesterday := now().AddDate(0, 0, -1).Format(backupTime) + "-daily.touchstone"
	if err := os.Rename(kept[0].Path, filepath.Join(backupFolder(w.Path()), yesterday)); err != nil {
		t.Fatal(err)
	}
	if err := w.KeepDailyBackup(t.Context()); err != nil {
		t.Fatal(err)
	}
	if kept, err = Backups(w.Path()); err != nil || len(kept) != 2 {
		t.Fatalf("on the next: %+v, %v", kept, err)
	}
}

// TestBackupsWhileTheClockStands has a newest backup of tomorrow: a clock that was
// set back, or did not move on between two backups.
func TestBackupsWhileTheClockStands(t *testing.T) {
	w := newWorkspace(t)
	grade(t, w, "nike", 1)
	if err := w.KeepBackup(t.Context(), "import"); err != nil {
		t.Fatal(err)
	}
	kept, err := Backups(w.Path())
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	tomorrow := now().AddDate(0, 0, 1).UTC().Format(backupTime) + "-import.touchstone"
	if err := os.Rename(kept[0].Path, filepath.Join(backupFolder(w.Path()), tomorrow)); err != nil {
		t.Fatal(err)
	}
	for i := range keptBackups {
		grade(t, w, "nike", engine.Grade(i+2))
		before := kept[0]
		if err := w.KeepBackup(t.Context(), "import"); err != nil {
			t.Fatal(err)
		}
		if kept, err = Backups(w.Path()); err != nil || !kept[0].Time.After(before.Time) {
			t.Fatalf("the newest is %+v, after one of %+v (%v)", kept[0], before, err)
		}
		if same, err := w.isCopiedBy(kept[0]); err != nil || !same {
			t.Fatalf("the newest is not a copy of what stands: %+v, %v", kept[0], err)
		}
	}
}

func TestRestore(t *testing.T) {
	w := newWorkspace(t)
	want := fillSample(t, w)
	if err := w.KeepBackup(t.Context(), "import"); err != nil {
		t.Fatal(err)
	}
	kept, err := Backups(w.Path())
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	grade(t, w, "after the backup", 3)
	if _, err := Restore(t.Context(), w.Path(), kept[0].Path); !errors.Is(err, workbench.ErrInUse) {
		t.Fatalf("restoring over an open workspace: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	present, err := os.ReadFile(w.Path())
	if err != nil {
		t.Fatal(err)
	}
	damagedBackup := filepath.Join(t.TempDir(), "damaged.touchstone")
	if err := os.WriteFile(damagedBackup, bytes.Repeat([]byte("x"), 9000), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), w.Path(), damagedBackup); !errors.Is(err, ErrNotWorkspace) {
		t.Fatalf("restoring a damaged backup: %v", err)
	}
	if now, err := os.ReadFile(w.Path()); err != nil || !bytes.Equal(now, present) {
		t.Fatalf("the refused restore changed the workspace (%v)", err)
	}
	aside, err := Restore(t.Context(), w.Path(), kept[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	if put, err := os.ReadFile(aside); err != nil || !bytes.Equal(put, present) {
		t.Fatalf("%s is not what stood before (%v)", aside, err)
	}
	restored := reopen(t, w)
	expect(t, restored, want)
	// The next backup is never taken for one of the file that was put aside.
	if err := restored.KeepBackup(t.Context(), "import"); err != nil {
		t.Fatal(err)
	}
	if kept, err = Backups(w.Path()); err != nil || len(kept) != 3 || kept[0].Reason != "import" || kept[1].Reason != setAside {
		t.Fatalf("%+v, %v", kept, err)
	}
}
