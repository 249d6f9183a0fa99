package storage_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

func TestClicks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.touchstone")
	w, err := storage.Create(path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	page := func(id, query string) engine.ResultPage {
		return engine.ResultPage{ID: id, Query: query, Tallies: []engine.Tally{{Product: "1", Position: 2, Shown: 1, Clicked: 1}}}
	}
	for _, add := range []struct {
		source string
		ids    []string
		want   error
		added  int
	}{
		{"0123456789abcdef", []string{"a", "b"}, nil, 2},
		{"0123456789abcdef", []string{"a", "b"}, workbench.ErrAlreadyRead, 0},
		{"", []string{"b", "c"}, nil, 1},
		{"0123456789abcde0", []string{"b", "c", "d"}, nil, 1}, // the older file, what came in since, and more
		{"0123456789abcde1", []string{"d"}, nil, 0},
		{"0123456789abcde1", []string{"d"}, workbench.ErrAlreadyRead, 0},
	} {
		var pages []engine.ResultPage
		for _, id := range add.ids {
			pages = append(pages, page(id, "lamp"))
		}
		added, err := w.AddPages(add.source, pages)
		shown := 0
		for _, c := range added {
			shown += c.Tallies[0].Shown
		}
		if !errors.Is(err, add.want) || shown != add.added {
			t.Fatalf("from %q: %d added, %v; want %d, %v", add.source, shown, err, add.added, add.want)
		}
	}
	if _, err := w.AddPages("0123456789abcde2", []engine.ResultPage{page("e", "lamp"), page("f", "")}); err == nil {
		t.Error("clicks of no query were kept")
	}
	if _, err := w.AddPages("short", []engine.ResultPage{page("g", "lamp")}); err == nil {
		t.Error("what is no hash was taken for one")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if w, err = storage.Open(path, storage.Options{}); err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	got, err := w.Clicks()
	want := []engine.Clicks{{Query: "lamp", Tallies: []engine.Tally{{Product: "1", Position: 2, Shown: 4, Clicked: 4}}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
