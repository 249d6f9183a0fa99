package workbench_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

// failing is a workspace whose disk refuses judgments.
type failing struct {
	*storage.Workspace
	refuse        bool
	refuseJournal bool
}

var errDisk = fmt.Errorf("%w: the disk is full", workbench.ErrNotWritten)

func (f *failing) PutJudgments(ctx context.Context, judgments []engine.Judgment) error {
	if f.refuse {
		return errDisk
	}
	return f.Workspace.PutJudgments(ctx, judgments)
}

func (f *failing) ClearJudgments(of []engine.Judgment) error {
	if f.refuse {
		return errDisk
	}
	return f.Workspace.ClearJudgments(of)
}

func (f *failing) Journal(change engine.Change) (string, error) {
	if f.refuseJournal {
		return "", errDisk
	}
	return f.Workspace.Journal(change)
}

// failingShop is a bench with two products and one grade on such a workspace.
func failingShop(t *testing.T) (*shop, *failing) {
	t.Helper()
	s := newShop(t)
	s.importLines("id,title", "1,red shoe", "2,blue shoe")
	s.grade("shoe", "2", 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(s.path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := &failing{Workspace: store}
	if s.Bench, err = workbench.Open(t.Context(), f, func(string) (engine.Encoder, error) { return s.encoder, nil }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return s, f
}

func TestGradesThatTheDiskRefusesAreKept(t *testing.T) {
	s, disk := failingShop(t)
	disk.refuse = true
	err := s.Grade(t.Context(), "shoe", "1", 3)
	if !errors.Is(err, workbench.ErrNotWritten) || !strings.Contains(err.Error(), "journal") {
		t.Fatalf("got %v", err)
	}
	if err := s.Clear("shoe", "2"); !errors.Is(err, workbench.ErrNotWritten) {
		t.Fatalf("got %v", err)
	}
	page := s.search("shoe")
	if got := gradeOf(page, "1"); got != 3 || s.Unsaved() != 2 {
		t.Fatalf("the page shows %v, %d are unsaved", got, s.Unsaved())
	}
	if _, err := s.Undo(); !errors.Is(err, workbench.ErrNotWritten) {
		t.Fatalf("undone before it was saved: %v", err)
	}
	disk.refuse = false
	s.grade("shirt", "1", 2) // writes what waited, in order, before itself
	if s.Unsaved() != 0 {
		t.Fatalf("%d are unsaved", s.Unsaved())
	}
	if _, err := os.Stat(s.path + ".journal"); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("the journal stays: %v", err)
	}
	s.reopen()
	if queries, judgments := s.Status().Queries, s.Status().Judgments; queries != 2 || judgments != 2 {
		t.Fatalf("%d queries, %d judgments", queries, judgments)
	}
}

// TestGradesSurviveACrashBeforeTheyAreSaved takes the files as a crash between
// the journal and the workspace leaves them.
func TestGradesSurviveACrashBeforeTheyAreSaved(t *testing.T) {
	s, disk := failingShop(t)
	disk.refuse = true
	if err := s.Grade(t.Context(), "shoe", "1", 3); !errors.Is(err, workbench.ErrNotWritten) {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, ending := range []string{"", ".journal"} {
		data, err := os.ReadFile(s.path + ending)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "crashed.touchstone"+ending), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	store, err := storage.Open(filepath.Join(dir, "crashed.touchstone"), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.use(store)
	if got := gradeOf(s.search("shoe"), "1"); got != 3 {
		t.Fatalf("the page shows %v", got)
	}
}

// TestGradesInMemoryOnly: with no journal either, closing says what is lost.
func TestGradesInMemoryOnly(t *testing.T) {
	s, disk := failingShop(t)
	disk.refuse, disk.refuseJournal = true, true
	if err := s.Grade(t.Context(), "shoe", "1", 3); !errors.Is(err, workbench.ErrNotWritten) || !strings.Contains(err.Error(), "memory only") {
		t.Fatal(err)
	}
	if got := gradeOf(s.search("shoe"), "1"); got != 3 {
		t.Fatalf("the page shows %v", got)
	}
	if err := s.Close(); err == nil || !strings.Contains(err.Error(), "are lost") {
		t.Fatalf("got %v", err)
	}
}

// TestImportKeepsABackup: what stood before an import can be restored.
func TestImportKeepsABackup(t *testing.T) {
	s := newShop(t)
	s.importLines("id,title", "1,red shoe")
	if kept, err := storage.Backups(s.path); err != nil || len(kept) != 0 {
		t.Fatalf("a backup of nothing: %v, %v", kept, err)
	}
	s.importLines("id,title", "1,blue hat")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	kept, err := storage.Backups(s.path)
	if err != nil || len(kept) != 1 {
		t.Fatalf("%v, %v", kept, err)
	}
	if _, err := storage.Restore(t.Context(), s.path, kept[0].Path); err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(s.path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.use(store)
	if page := s.search("red shoe"); len(page.Results) != 1 || page.Results[0].Product.Title != "red shoe" {
		t.Fatalf("%+v", page.Results)
	}
}
