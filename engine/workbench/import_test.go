package workbench_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"touchstone/engine"
)

// TestImportEndsAtAFileThatCannotBeRead: what the files before it brought is found
// at once, and has its vectors once the import goes on.
func TestImportEndsAtAFileThatCannotBeRead(t *testing.T) {
	s := newShop(t)
	good := s.file("lamps.csv", lamps...)
	if _, err := s.Import(t.Context(), []string{good, "/nowhere.csv"}, nil, nil); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "nowhere.csv") {
		t.Fatalf("error %v, want one that names the file that is not there", err)
	}
	if page := s.search("lamp"); s.Status().Products != 5 || len(page.Results) == 0 {
		t.Errorf("%d products are counted and %d found, 5 were stored", s.Status().Products, len(page.Results))
	}
	if err := s.Resume(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got := s.Status().Encoded; got != 5 {
		t.Errorf("%d of 5 are encoded after resuming", got)
	}
}

// TestImportCancelledWhileReading says of the file what was stored of it, and what
// the one before it brought is found.
func TestImportCancelledWhileReading(t *testing.T) {
	s := newShop(t)
	more := []string{"id,title"}
	for i := range 300 {
		more = append(more, fmt.Sprintf("x%d,thing", i))
	}
	ctx, cancel := context.WithCancel(t.Context())
	files := []string{s.file("lamps.csv", lamps...), s.file("more.csv", more...)}
	_, err := s.Import(ctx, files, nil, func(engine.Progress) { cancel() })
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "more.csv: context canceled; 0 of its products were stored before") {
		t.Fatalf("error %v", err)
	}
	if page := s.search("lamp"); len(page.Results) == 0 {
		t.Error("what was stored before is not found")
	}
}

// TestImportCancelledWhileIndexing: the products are stored by then, so they are
// found, and only their vectors wait for Resume.
func TestImportCancelledWhileIndexing(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	more := []string{"id,title"}
	for i := range 300 {
		more = append(more, fmt.Sprintf("x%d,thing number %d", i, i))
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err := s.Replace(ctx, []string{s.file("more.csv", more...)}, nil, func(p engine.Progress) {
		if p.Stage == "indexing" {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want cancelled", err)
	}
	if page := s.search("thing"); s.Status().Products != 300 || len(page.Results) == 0 {
		t.Errorf("%d products are counted and %d found, 300 were stored", s.Status().Products, len(page.Results))
	}
	for _, r := range s.search("lamp").Results {
		if r.Product.ID == "l1" {
			t.Error("a product is found that the whole catalogue lacks")
		}
	}
	if err := s.Resume(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got := s.Status().Encoded; got != 300 {
		t.Errorf("%d of 300 are encoded after resuming", got)
	}
}
