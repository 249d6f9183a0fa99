package storage

import (
	"strings"
	"testing"
	"time"

	"touchstone/engine"
)

func put(t *testing.T, w *Workspace, ids ...string) []uint32 {
	t.Helper()
	products := make([]engine.Product, len(ids))
	for i, id := range ids {
		products[i] = engine.Product{ID: id, Title: "title of " + id}
	}
	rows, err := w.PutProducts(t.Context(), products)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestRows(t *testing.T) {
	w := newWorkspace(t)
	for _, c := range []struct {
		remove, put []string
		want        []uint32
		generation  uint64
	}{
		{nil, []string{"a", "b", "c"}, []uint32{0, 1, 2}, 1},
		{nil, []string{"c", "a"}, []uint32{2, 0}, 1}, // nothing changes
		{nil, []string{"d", "b", "d"}, []uint32{3, 1, 3}, 2},
		{[]string{"a", "c", "none"}, nil, nil, 3},
		{[]string{"none"}, nil, nil, 3},
		{nil, []string{"e"}, []uint32{0}, 4}, // the lowest free row
		{nil, []string{"f", "a", "g"}, []uint32{2, 4, 5}, 5},
		{[]string{"f", "g"}, nil, nil, 6}, // the last row among them
		{nil, []string{"h", "i", "j"}, []uint32{2, 5, 6}, 7},
		{nil, nil, nil, 7},
	} {
		if err := w.DeleteProducts(t.Context(), c.remove); err != nil {
			t.Fatal(err)
		}
		rows := put(t, w, c.put...)
		for i, row := range rows {
			if row != c.want[i] {
				t.Errorf("%v got rows %v, want %v", c.put, rows, c.want)
				break
			}
		}
		if got := w.Generation(); got != c.generation {
			t.Errorf("after %v: generation %d, want %d", c, got, c.generation)
		}
		if _, err := w.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		w = reopen(t, w)
	}
}

func TestProductsThatCannotBeStored(t *testing.T) {
	for name, c := range map[string]struct {
		product engine.Product
		want    string
	}{
		"no ID":     {engine.Product{Title: "Nike"}, "it has no ID"},
		"a long ID": {engine.Product{ID: strings.Repeat("手", 20_000)}, "60000 bytes long, the most are 32768: shorten it"},
		"a date that JSON cannot hold": {engine.Product{ID: "1", Date: time.Date(12_025, 1, 1, 0, 0, 0, 0, time.UTC)},
			"year outside of range"},
	} {
		w := newWorkspace(t)
		rows, err := w.PutProducts(t.Context(), []engine.Product{{ID: "first", Title: "first"}, c.product})
		if err == nil || rows != nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), w.Path()+": storing products: product ") {
			t.Errorf("%s: %v, %v", name, rows, err)
		}
		expect(t, w, newTwin())
	}
}

func TestProductsThatAreNotThere(t *testing.T) {
	w := newWorkspace(t)
	put(t, w, "a")
	for _, id := range []string{"b", "", strings.Repeat("x", 40_000)} {
		if p, found, err := w.Product(id); found || err != nil || p.ID != "" {
			t.Errorf("product %.5q: %v, %v, %v", id, p, found, err)
		}
		if row, found, err := w.Row(id); found || err != nil {
			t.Errorf("row of %.5q: %v, %v, %v", id, row, found, err)
		}
	}
	if p, found, err := w.ProductAt(1); found || err != nil {
		t.Errorf("row 1: %v, %v, %v", p, found, err)
	}
}

// TestLargeProduct: a field of 5 MB is stored as it is.
func TestLargeProduct(t *testing.T) {
	w := newWorkspace(t)
	large := engine.Product{ID: "large", Title: "t", Description: strings.Repeat("手机 <&> ", 5<<20/11)}
	if _, err := w.PutProducts(t.Context(), []engine.Product{{ID: "a", Title: "a"}, large, {ID: "z", Title: "z"}}); err != nil {
		t.Fatal(err)
	}
	p, found, err := reopen(t, w).Product("large")
	if err != nil || !found || p.Description != large.Description {
		t.Errorf("%d bytes, %v, %v", len(p.Description), found, err)
	}
}
