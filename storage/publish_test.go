package storage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestPublishLosesARace: another program takes the name while the file is made.
func TestPublishLosesARace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.touchstone")
	err := publish(path, func(*os.File) error { return os.WriteFile(path, []byte("theirs"), 0o600) })
	if !errors.Is(err, fs.ErrExist) {
		t.Fatalf("got %v", err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "theirs" {
		t.Fatalf("their file holds %q, %v", b, err)
	}
	if names, err := os.ReadDir(filepath.Dir(path)); err != nil || len(names) != 1 {
		t.Fatalf("files left behind: %v, %v", names, err)
	}
}
