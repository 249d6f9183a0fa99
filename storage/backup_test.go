package storage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"touchstone/engine"
)

func TestBackup(t *testing.T) {
	w := newWorkspace(t)
	want := fillSample(t, w)
	dst := filepath.Join(t.TempDir(), "copy.touchstone")
	if err := w.Backup(t.Context(), dst); err != nil {
		t.Fatal(err)
	}
	later := engine.Judgment{Query: "later", Product: "1", Judge: "ann"}
	if err := w.PutJudgments(t.Context(), []engine.Judgment{later}); err != nil {
		t.Fatal(err)
	}
	if err := w.Backup(t.Context(), dst); !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), dst) {
		t.Fatalf("over an older backup: %v", err)
	}
	if err := w.Backup(t.Context(), w.Path()); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("over itself: %v", err)
	}
	if err := w.Backup(t.Context(), filepath.Join(t.TempDir(), "no", "folder")); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("into no folder: %v", err)
	}
	b, err := Open(dst, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	expect(t, b, want)
	want.putJudgments([]engine.Judgment{later})
	expect(t, w, want)
	names, err := os.ReadDir(filepath.Dir(dst))
	if err != nil || len(names) != 2 { // the copy and, while it is open, its holder
		t.Errorf("files left behind: %v, %v", names, err)
	}
}

// TestBackupOfDamagedPages: a copy that could not be opened is none.
func TestBackupOfDamagedPages(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows locks the file against other programs' writing")
	}
	w := newWorkspace(t)
	fill(t, w, 500, 8)
	f, err := os.OpenFile(w.Path(), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	// The pages in use, but for the two meta pages, become empty.
	if _, err := f.WriteAt(make([]byte, 64*4096), 2*4096); err != nil {
		t.Fatal(err)
	}
	dst := filepath.Join(t.TempDir(), "copy.touchstone")
	if err := w.Backup(t.Context(), dst); !errors.Is(err, ErrDamaged) {
		t.Fatalf("got %v", err)
	}
	if names, err := os.ReadDir(filepath.Dir(dst)); err != nil || len(names) != 0 {
		t.Errorf("files left behind: %v, %v", names, err)
	}
}
