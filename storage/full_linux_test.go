package storage

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// TestSmallDiskFull fills a small disk and makes each kind of change: a message that
// says what to do, the file as it was, and on with it when space is back.
func TestSmallDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skip("a small disk needs root:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	w, err := Create(filepath.Join(dir, "shop.touchstone"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	want := fillSample(t, w)
	filler := filepath.Join(dir, "filler")
	long := strings.Repeat("long ", 10_000)
	judgment := engine.Judgment{Query: "full", Product: "1", Judge: "ann", Grade: 3, Note: long, Time: now()}
	for _, c := range []struct {
		name string
		do   func() error
		twin func()
	}{
		{"products", func() error {
			_, err := w.PutProducts(t.Context(), []engine.Product{{ID: "1", Title: long}})
			return err
		}, func() { want.putProducts([]engine.Product{{ID: "1", Title: long}}) }},
		{"judgments", func() error { return w.PutJudgments(t.Context(), []engine.Judgment{judgment}) },
			func() { want.putJudgments([]engine.Judgment{judgment}) }},
		{"queries", func() error { return w.PutQueries([]engine.Query{{Text: "q", Need: long}}) },
			func() { want.putQueries([]engine.Query{{Text: "q", Need: long}}) }},
		{"rankers", func() error { _, err := w.PutRanker(engine.Ranker{Name: long, Kind: engine.Linear}); return err },
			func() { want.putRanker(engine.Ranker{Name: long, Kind: engine.Linear}) }},
		{"derived", func() error { return w.PutDerived("lexical", []byte(long)) }, func() { want.Derived["lexical"] = long }},
		{"deleting", func() error { return w.DeleteProducts(t.Context(), []string{"2"}) }, func() { want.deleteProducts([]string{"2"}) }},
		{"a backup", func() error { return w.Backup(t.Context(), filepath.Join(dir, "backup.touchstone")) },
			func() {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fill, err := os.Create(filler)
			if err != nil {
				t.Fatal(err)
			}
			for err == nil {
				_, err = fill.Write(bytes.Repeat([]byte("x"), 4096))
			}
			if err := fill.Close(); err != nil {
				t.Fatal(err)
			}
			failed := 0
			for range 40 { // until no free page of the file is left
				if err = c.do(); err != nil {
					failed++
					break
				}
				c.twin()
				w.PutDerived("more", bytes.Repeat([]byte("x"), 1<<20)) // takes what is free, or fails
			}
			if failed == 0 {
				t.Skip("it fits into pages that the file had free")
			}
			if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "free some space") {
				t.Fatalf("got %v", err)
			}
			if c.name != "a backup" && !errors.Is(err, workbench.ErrNotWritten) {
				t.Fatalf("not an ErrNotWritten: %v", err)
			}
			expect(t, w, want)
			if err := os.Remove(filler); err != nil {
				t.Fatal(err)
			}
			if err := c.do(); err != nil {
				t.Fatalf("with space again: %v", err)
			}
			c.twin()
			expect(t, w, want)
		})
	}
	expect(t, reopen(t, w), want)
}
