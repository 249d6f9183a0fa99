package workbench

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
)

// TestKeptAnswersComeBack: with products, facets and dates; vectors come back in
// half precision, and one that differs in length from the others is left out. No
// cut or changed byte makes it panic.
func TestKeptAnswersComeBack(t *testing.T) {
	r := recorded{Time: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC), Total: 7, Facets: []engine.Facet{{Field: "brand", Values: []engine.FacetValue{{Value: "Lumo", Count: 3}}}},
		brought: []engine.Brought{
			{Product: engine.Product{ID: "a", Title: "Desk lamp", Price: engine.Known(4.5)}, Vector: []float32{0.6, -0.8, 0}},
			{Product: engine.Product{ID: "b"}},
			{Product: engine.Product{ID: "c"}, Vector: []float32{0, 1, 0}},
			{Product: engine.Product{ID: "d"}, Vector: []float32{1}},
		}}
	want := slices.Clone(r.brought)
	want[3].Vector = nil
	data, err := r.write()
	if err != nil {
		t.Fatal(err)
	}
	var got recorded
	if err := got.read(data); err != nil {
		t.Fatal(err)
	}
	close := cmp.Comparer(func(a, b float32) bool { return math.Abs(float64(a-b)) < 1e-3 })
	if d := cmp.Diff(want, got.brought, close); d != "" || got.Total != 7 || !got.Time.Equal(r.Time) || len(got.Facets) != 1 {
		t.Errorf("%s\n%+v", d, got)
	}
	for i := range data {
		var cut, changed recorded
		if err := cut.read(data[:i]); err == nil {
			t.Errorf("%d of %d bytes were read as an answer", i, len(data))
		}
		other := slices.Clone(data)
		other[i] ^= 0x55
		_ = changed.read(other) // the store's seal tells what was changed
	}
}
