package retrieve

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"touchstone/engine"
)

// TestFacetsCountWhatTheirFiltersKeep holds every count to a search with the
// value's filter, which counts by another way.
func TestFacetsCountWhatTheirFiltersKeep(t *testing.T) {
	a := english(t)
	rapid.Check(t, func(t *rapid.T) {
		products := someProducts(t)
		x := indexOf(t, a, products)
		analysis := a.Analyze(someText(t, "query", 3))
		filter := engine.Filter(nil)
		if rapid.Bool().Draw(t, "filtered") {
			filter = engine.Filter{{Field: "price", Op: ">", Value: "20"}}
		}
		request := engine.Request{Analysis: analysis, Filter: filter, Facets: true}
		found, err := x.Retrieve(context.Background(), request)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found.Facets {
			for _, v := range f.Values {
				narrow := request
				narrow.Filter = slices.Concat(filter, v.Filter)
				again, err := x.Retrieve(context.Background(), narrow)
				if err != nil {
					t.Fatal(err)
				}
				if again.Total != v.Count || v.Count == 0 {
					t.Fatalf("%s %q counts %d of %d, its filter %v keeps %d", f.Field, v.Value, v.Count, found.Total, v.Filter, again.Total)
				}
			}
		}
	})
}

// TestFacetsCountWhatHasAWord holds every count to what a search with the value's
// filter says of words, where others are found by their meaning.
func TestFacetsCountWhatHasAWord(t *testing.T) {
	const dim = 16
	a := english(t)
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		b, v := someWithVectors(t, a, r, dim)
		x := NewIndex([]*Segment{opened(t, b)}, v, Options{})
		request := engine.Request{Analysis: a.Analyze(someText(t, "query", 3)), Vector: cloud(r, 1, dim), Depth: rapid.IntRange(1, 3).Draw(t, "depth"), Facets: true}
		found, err := x.Retrieve(context.Background(), request)
		if err != nil {
			t.Fatal(err)
		}
		if found.Near < 0 || found.Near > request.Depth {
			t.Fatalf("%d of %d are near", found.Near, found.Total)
		}
		if found.Near == found.Total {
			return
		}
		for _, f := range found.Facets {
			for _, value := range f.Values {
				narrow := request
				narrow.Filter = value.Filter
				again, err := x.Retrieve(context.Background(), narrow)
				if err != nil {
					t.Fatal(err)
				}
				if again.Total-again.Near != value.Count {
					t.Fatalf("%s %q counts %d, its filter keeps %d with a word and %d near", f.Field, value.Value, value.Count, again.Total-again.Near, again.Near)
				}
			}
		}
	})
}

func TestFacets(t *testing.T) {
	products := map[uint32]engine.Product{}
	for i := range 20 {
		products[uint32(i)] = engine.Product{ID: fmt.Sprint(i), Title: "lamp", Brand: []string{"Lumo", "LUMO", "Tela", ""}[i%4],
			Price: engine.Known(float64(10 * (i + 1))), Attributes: []engine.Attribute{
				{Name: "Colour", Value: []string{"red", "blue"}[i%2]}, {Name: "Serial", Value: fmt.Sprint("sn", i*1117)}, {Name: "Always", Value: "yes"}}}
	}
	x := indexOf(t, english(t), products)
	found, err := x.Retrieve(context.Background(), engine.Request{Analysis: english(t).Analyze("lamp"), Facets: true})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range found.Facets {
		for _, v := range f.Values {
			got[f.Field] += fmt.Sprintf("%s:%d ", v.Value, v.Count)
		}
	}
	want := map[string]string{
		"brand":  "LUMO:10 Tela:5 ",
		"price":  "<50:4 50–100:5 ≥100:11 ",
		"colour": "blue:10 red:10 ",
		"serial": got["serial"],
	}
	for field, values := range want {
		if got[field] != values {
			t.Errorf("%s: %s, want %s", field, got[field], values)
		}
	}
	if _, ok := got["always"]; ok {
		t.Error("a facet that divides nothing is shown")
	}
}

func TestRound125(t *testing.T) {
	for v, want := range map[float64]float64{0: 0, -3: -3, 1: 1, 1.9: 1, 2: 2, 49: 20, 50: 50, 99.5: 50, 100: 100, 0.07: 0.05} {
		if got := round125(v); got < want-1e-12 || got > want+1e-12 {
			t.Errorf("%v: %v, want %v", v, got, want)
		}
	}
}
