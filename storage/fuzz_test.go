package storage

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzWorkspace damages a workspace by edits of five bytes each, a place and what
// stands there then, or cuts it: opening, reading and repairing it give an error
// or what was written, and never panic.
func FuzzWorkspace(f *testing.F) {
	w := newWorkspace(f)
	want := fillSample(f, w)
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(w.Path())
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{}, uint32(len(whole)))
	f.Add([]byte{0, 0, 0, 20, 1}, uint32(len(whole)))               // the first meta page
	f.Add([]byte{0, 0, 16, 20, 1, 0, 0, 0, 20, 1}, uint32(1<<31))   // both
	f.Add([]byte{0, 0, 48, 10, 255, 0, 0, 32, 9, 1}, uint32(1<<31)) // pages' heads
	f.Add([]byte{}, uint32(9000))
	f.Add([]byte("no workspace"), uint32(100))
	f.Fuzz(func(t *testing.T, edits []byte, length uint32) {
		file := append([]byte{}, whole...)
		for ; len(edits) >= 5; edits = edits[5:] {
			file[binary.BigEndian.Uint32(edits)%uint32(len(file))] = edits[4]
		}
		if int(length) < len(file) {
			file = file[:length]
		}
		dir := t.TempDir()
		path := filepath.Join(dir, "damaged.touchstone")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := tryDamaged(path, want, true); err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, "repaired.touchstone")
		if _, err := Repair(t.Context(), path, to); err != nil {
			if !strings.Contains(err.Error(), path) {
				t.Fatalf("repair does not name the file: %v", err)
			}
			return
		}
		again, err := Open(to, Options{})
		if err != nil {
			t.Fatalf("what was repaired does not open: %v", err)
		}
		_, err = again.Check(t.Context())
		if err := errors.Join(err, again.Close()); err != nil {
			t.Fatalf("what was repaired: %v", err)
		}
	})
}
