package main

import (
	"path/filepath"
	"slices"
	"testing"

	"touchstone/engine/workbench"
)

// TestTheLoop walks what the product is for, with the real models, on the real
// sample: import, search, judge, learn, and a better ranking on queries that
// were not trained on; then all of it again from the file.
func TestTheLoop(t *testing.T) {
	if testing.Short() {
		t.Skip("encodes the sample; not in -short")
	}
	path := filepath.Join(t.TempDir(), "loop.touchstone")
	bench, err := sampleWorkspace(t.Context(), path, "en", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { bench.Close() }()

	status := bench.Status()
	if status.Products < 400 || status.Encoded != status.Products || status.Judgments < 800 {
		t.Fatalf("the sample: %+v", status)
	}
	page := find(t, bench, "desk lamp")
	graded := page.Results[0].Product.ID
	if err := bench.Grade(t.Context(), "desk lamp at night", graded, 3); err != nil {
		t.Fatal(err)
	}

	learned, err := bench.Train(t.Context(), workbench.TrainRequest{Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !learned.Adopted || learned.Score[1] <= learned.Score[0] {
		t.Errorf("learning the sample: %.4f → %.4f, adopted %v: %s", learned.Score[0], learned.Score[1], learned.Adopted, learned.Why)
	}
	after := ids(find(t, bench, "headphones"))

	if err := bench.Close(); err != nil {
		t.Fatal(err)
	}
	if bench, err = openWorkspace(path); err != nil {
		t.Fatal(err)
	}
	if again := ids(find(t, bench, "headphones")); !slices.Equal(again, after) {
		t.Errorf("after reopening the page is %v, before closing it was %v", again, after)
	}
	if r := bench.Ranker(); r.Name != learned.Ranker.Name || r.Version != learned.Ranker.Version {
		t.Errorf("after reopening %s v%d ranks, not what was learned", r.Name, r.Version)
	}
	if got := bench.Status().Judgments; got != status.Judgments+1 {
		t.Errorf("%d grades after reopening, want %d", got, status.Judgments+1)
	}
}

// TestPhonesBeforeCases holds the promise for Chinese: 手机 finds phones, not
// what is made for them.
func TestPhonesBeforeCases(t *testing.T) {
	if testing.Short() {
		t.Skip("encodes the sample; not in -short")
	}
	bench, err := sampleWorkspace(t.Context(), filepath.Join(t.TempDir(), "zh.touchstone"), "zh", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer bench.Close()
	page := find(t, bench, "手机")
	for _, r := range page.Results[:5] {
		if r.Product.Category != "手机" {
			t.Errorf("rank %d is %s (%s)", r.Rank, r.Product.Title, r.Product.Category)
		}
	}
}

func find(t *testing.T, bench *workbench.Bench, query string) *workbench.Page {
	t.Helper()
	page, err := bench.Search(t.Context(), workbench.SearchRequest{Query: query})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Results) == 0 {
		t.Fatalf("%q found nothing", query)
	}
	return page
}

func ids(page *workbench.Page) []string {
	var ids []string
	for _, r := range page.Results {
		ids = append(ids, r.Product.ID)
	}
	return ids
}
