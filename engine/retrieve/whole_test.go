package retrieve

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"touchstone/engine"
	"touchstone/engine/text"
)

// TestPartOfACatalogueScoresLikeTheWhole: what an index of a few products says
// of them, with the dictionary of all, is what the index of all says. The
// dictionary was counted by several writers, as on several machines.
func TestPartOfACatalogueScoresLikeTheWhole(outer *testing.T) {
	a, err := text.New("en")
	if err != nil {
		outer.Fatal(err)
	}
	words := []string{"desk", "lamp", "oak", "floor", "shade", "WH-1000XM5", "warm", "lamps", "15.6\"", "t-shirt"}
	rapid.Check(outer, func(t *rapid.T) {
		sentence := rapid.Custom(func(t *rapid.T) string {
			s := ""
			for _, w := range rapid.SliceOfN(rapid.SampledFrom(words), 0, 6).Draw(t, "words") {
				s += w + " "
			}
			return s
		})
		n := rapid.IntRange(1, 30).Draw(t, "products")
		writers := []*Counts{NewCounts(), NewCounts()}
		products := make([]engine.Product, n)
		vectors := make([][]float32, n)
		hashes := make([]uint64, n)
		for i := range products {
			products[i] = engine.Product{ID: fmt.Sprint("p", i), Title: sentence.Draw(t, "title"), Brand: sentence.Draw(t, "brand"), Description: sentence.Draw(t, "description"),
				Attributes: []engine.Attribute{{Name: "kind", Value: sentence.Draw(t, "attribute")}}}
			vectors[i] = []float32{rapid.Float32Range(-1, 1).Draw(t, "x"), rapid.Float32Range(-1, 1).Draw(t, "y")}
			hashes[i] = products[i].TextHash()
			writers[i%2].Add(a, &products[i])
		}
		segment := build(outer, a, products)
		all := NewVectors(2)
		if err := all.PutFloats(0, hashes, vectors); err != nil {
			t.Fatal(err)
		}
		counts := NewCounts()
		for _, w := range writers {
			data, err := w.Encode()
			if err == nil {
				err = counts.Merge(data)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		dictionary, err := counts.Dictionary()
		if err != nil {
			t.Fatal(err)
		}
		// The average of the whole comes from sums of another order.
		large := NewIndex([]*Segment{segment}, all, Options{})
		chosen := rapid.SliceOfNDistinct(rapid.IntRange(0, n-1), 1, n, rapid.ID).Draw(t, "chosen")
		slices.Sort(chosen)
		var part []engine.Product
		some := NewVectors(2)
		var ids []string
		for row, i := range chosen {
			part = append(part, products[i])
			if err := some.PutFloats(uint32(row), hashes[i:i+1], vectors[i:i+1]); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, products[i].ID)
		}
		small := NewIndex([]*Segment{build(outer, a, part)}, some, Options{Dictionary: dictionary})
		if _, err := small.Retrieve(t.Context(), engine.Request{Depth: 5}); err == nil {
			t.Error("a part of a catalogue was searched as if it were the whole")
		}
		query := sentence.Draw(t, "query") + " lmap"
		ask := engine.Request{Vector: []float32{0.6, 0.8}, Include: ids, Only: true}
		want, got := ask, ask
		for _, of := range []struct {
			x   *Index
			ask *engine.Request
		}{{large, &want}, {small, &got}} {
			of.ask.Analysis = a.Analyze(query)
			if err := of.x.Widen(&of.ask.Analysis, false); err != nil {
				t.Fatal(err)
			}
		}
		if d := cmp.Diff(want.Analysis, got.Analysis); d != "" {
			t.Fatalf("the query was widened in another way: %s", d)
		}
		wanted, err := large.Retrieve(t.Context(), want)
		if err != nil {
			t.Fatal(err)
		}
		found, err := small.Retrieve(t.Context(), got)
		if err != nil {
			t.Fatal(err)
		}
		for i := range found.Items {
			found.Items[i].Row = uint32(chosen[found.Items[i].Row])
		}
		near := cmp.Comparer(func(x, y float32) bool { return x-y < 1e-5 && y-x < 1e-5 })
		byID := cmp.Transformer("byID", func(items []engine.Candidate) map[string]engine.Candidate {
			m := map[string]engine.Candidate{}
			for _, c := range items {
				m[c.Product] = c
			}
			return m
		})
		if d := cmp.Diff(wanted.Items, found.Items, near, byID); d != "" {
			t.Error(d)
		}
	})
}

func FuzzCounts(f *testing.F) {
	a, err := text.New("en")
	if err != nil {
		f.Fatal(err)
	}
	c := NewCounts()
	c.Add(a, &engine.Product{ID: "1", Title: "Desk lamp"})
	data, err := c.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:20])
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := NewCounts().Merge(data); err == nil && len(data) < countsHeader {
			t.Error("a dictionary without a header was read")
		}
	})
}
