package storage

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/engine/workbench"
)

// wasteful is a closed workspace with more free pages than used ones.
func wasteful(t *testing.T) (*Workspace, *twin) {
	t.Helper()
	w := newWorkspace(t)
	want := fillSample(t, w)
	if err := w.PutDerived("lexical", make([]byte, 4<<20)); err != nil {
		t.Fatal(err)
	}
	want.Derived["lexical"] = "small"
	for range 2 { // the pages of a change are free after the next
		if err := w.PutDerived("lexical", []byte("small")); err != nil {
			t.Fatal(err)
		}
	}
	return w, want
}

func TestCompact(t *testing.T) {
	w, want := wasteful(t)
	if _, err := Compact(t.Context(), w.Path()); !errors.Is(err, workbench.ErrInUse) {
		t.Fatalf("compacting an open workspace: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Compact(ctx, w.Path()); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled: %v", err)
	}
	sizes, err := Compact(t.Context(), w.Path())
	if err != nil || sizes.Before < 4<<20 || sizes.After > 1<<20 {
		t.Fatalf("%+v, %v", sizes, err)
	}
	if info, err := os.Stat(w.Path()); err != nil || info.Size() != sizes.After {
		t.Fatalf("%v, %v", info, err)
	}
	expect(t, reopen(t, w), want)
	left, err := filepath.Glob(filepath.Join(filepath.Dir(w.Path()), ".touchstone-*"))
	if err != nil || len(left) > 0 {
		t.Fatalf("left behind: %v, %v", left, err)
	}
}

// TestKilledWhileCompacting kills a program that does nothing but compact.
func TestKilledWhileCompacting(t *testing.T) {
	w, want := wasteful(t)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for round := range shorter(*crashRounds) {
		runAndKillArgs(t, w.Path(), -1, time.Duration(round*997%40_000)*time.Microsecond, "compact")
		w = reopen(t, w)
		expect(t, w, want)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReplacedWhileWaiting: a program that waited for the lock of a file whose
// name another file has meanwhile must not write into the old one.
func TestReplacedWhileWaiting(t *testing.T) {
	w := newWorkspace(t)
	other := newWorkspace(t)
	if err := errors.Join(other.Close(), os.Rename(other.Path(), w.Path())); err != nil {
		t.Skip("this system does not replace an open file:", err)
	}
	if err := w.stillNamed(); err == nil || !strings.Contains(err.Error(), "open it again") {
		t.Fatalf("got %v", err)
	}
}
