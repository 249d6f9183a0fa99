package storage

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// TestCallersFunctions: what a caller's function returns or panics with reaches
// the caller, and the workspace goes on.
func TestCallersFunctions(t *testing.T) {
	w := newWorkspace(t)
	want := fillSample(t, w)
	ctx, mine := t.Context(), errors.New("mine")
	stop := map[string]func(fn func() error) error{
		"EachProduct": func(fn func() error) error {
			return w.EachProduct(ctx, func(uint32, engine.Product) error { return fn() })
		},
		"EachVectorBlock": func(fn func() error) error {
			return w.EachVectorBlock(ctx, "minilm", func(workbench.VectorBlock) error { return fn() })
		},
		"EachJudgment": func(fn func() error) error { return w.EachJudgment(ctx, func(engine.Judgment) error { return fn() }) },
		"Derived": func(fn func() error) error {
			_, err := w.Derived("lexical", func([]byte) error { return fn() })
			return err
		},
	}
	for name, call := range stop {
		calls := 0
		if err := call(func() error { calls++; return mine }); !errors.Is(err, mine) || calls != 1 {
			t.Errorf("%s: %v after %d calls", name, err, calls)
		}
	}
	stop["History"] = func(fn func() error) error { return w.History(func(engine.Change) bool { return fn() == nil }) }
	for name, call := range stop {
		func() {
			defer func() {
				if r := recover(); r != mine {
					t.Errorf("%s: recovered %v", name, r)
				}
			}()
			err := call(func() error { panic(mine) })
			t.Errorf("%s swallowed the panic: %v", name, err)
		}()
	}
	expect(t, w, want)
}

// TestDiskFull cannot fill a disk; it holds the wording.
func TestDiskFull(t *testing.T) {
	w := newWorkspace(t)
	err := w.named("saving judgments", fmt.Errorf("write: %w", syscall.ENOSPC))
	if got := err.Error(); !strings.HasPrefix(got, w.Path()+": saving judgments: ") || !strings.HasSuffix(got, "free some space and try again") {
		t.Errorf("got %q", got)
	}
}

// TestFailedCommit closes the file under bbolt, which makes writing fail: the
// change is not there, neither in memory, and nothing is broken.
func TestFailedCommit(t *testing.T) {
	w := newWorkspace(t)
	want := fillSample(t, w)
	r, err := os.Open(w.Path()) // the lock goes with the file, the mapping stays
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := w.file.Close(); err != nil {
		t.Fatal(err)
	}
	for name, err := range everyChange(t.Context(), w) {
		if err == nil || !strings.Contains(err.Error(), w.Path()) {
			t.Errorf("%s: %v", name, err)
		}
	}
	got, err := readAll(w)
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(want.contents, got); d != "" {
		t.Error(d)
	}
}
