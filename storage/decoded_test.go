package storage

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"touchstone/engine"
)

// TestProductsAreReadAsTheyAre: whatever was read before, and whatever a caller
// does to what it read, a product is read as it was last put; rows that share a
// place among the decoded ones too.
func TestProductsAreReadAsTheyAre(t *testing.T) {
	w := newWorkspace(t)
	ctx := context.Background()
	const places = len(decodedProducts{})
	var all []engine.Product
	for i := range places + 3 {
		all = append(all, engine.Product{ID: fmt.Sprint(i), Title: "before"})
	}
	if _, err := w.PutProducts(ctx, all); err != nil {
		t.Fatal(err)
	}
	stored := map[string]engine.Product{}
	for _, p := range all {
		stored[p.ID] = p
	}
	id := rapid.Map(rapid.IntRange(0, 5), func(i int) string { return fmt.Sprint(i%3 + i/3*places) }) // 0, 1, 2 and those behind the last place
	read := func(t *rapid.T, id string) {
		want, has := stored[id]
		got, found, err := w.Product(id)
		if err != nil || found != has {
			t.Fatalf("product %s: found %v, stored %v: %v", id, found, has, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
		if !found {
			return
		}
		row, _, err := w.Row(id)
		if err != nil {
			t.Fatal(err)
		}
		at, found, err := w.ProductAt(row)
		if d := cmp.Diff(want, at); d != "" || !found || err != nil {
			t.Fatalf("row %d: %v, %v, %s", row, found, err, d)
		}
		for i := range got.Attributes {
			got.Attributes[i].Value = "the caller's" // as who edits a field does
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				p := engine.Product{ID: id.Draw(t, "id"), Title: rapid.SampledFrom([]string{"lamp", "desk"}).Draw(t, "title")}
				for i := range rapid.IntRange(0, 2).Draw(t, "attributes") {
					p.Attributes = append(p.Attributes, engine.Attribute{Name: fmt.Sprint(i), Value: "white"})
				}
				if _, err := w.PutProducts(ctx, []engine.Product{p}); err != nil {
					t.Fatal(err)
				}
				stored[p.ID] = p
			},
			"delete": func(t *rapid.T) {
				gone := id.Draw(t, "id")
				if err := w.DeleteProducts(ctx, []string{gone}); err != nil {
					t.Fatal(err)
				}
				delete(stored, gone)
			},
			"read": func(t *rapid.T) { read(t, id.Draw(t, "id")) },
		})
	})
}
