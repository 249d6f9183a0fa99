package weaviate

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
	"touchstone/engine/retrieve"
	"touchstone/engine/text"
)

var about = engine.RemoteAbout{Language: "en", Model: "minilm", Encoder: "test", Dim: 4}

// shop is a small catalogue with the local index of it.
type shop struct {
	analyzer *text.Analyzer
	products []engine.Brought
	index    *retrieve.Index
}

func newShop(t testing.TB, n int) *shop {
	t.Helper()
	a, err := text.New("en")
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{analyzer: a}
	kinds := []string{"desk lamp", "floor lamp", "office chair", "t-shirt", "wireless headphones WH-1000XM5"}
	brands := []string{"Lumo", "Tela", "Sony \"X\"", ""}
	builder := retrieve.NewBuilder(a, nil)
	vectors := retrieve.NewVectors(about.Dim)
	var hashes []uint64
	var values [][]float32
	for i := range n {
		p := engine.Product{ID: fmt.Sprintf("p/%d é", i), Title: fmt.Sprintf("%s number%d", kinds[i%len(kinds)], i), Brand: brands[i%len(brands)],
			Category: "Home > " + kinds[i%len(kinds)], Price: engine.Known(float64(i) + 0.5),
			Attributes: []engine.Attribute{{Name: "Color", Value: []string{"Dark Blue", "red", "2.0"}[i%3]}}}
		angle := float64(i) / float64(n)
		v := []float32{float32(math.Cos(angle)), float32(math.Sin(angle)), 0, 0}
		s.products = append(s.products, engine.Brought{Product: p, Vector: v, Words: retrieve.Words(a, &p)})
		builder.Add(uint32(i), &p)
		hashes, values = append(hashes, p.TextHash()), append(values, v)
	}
	if err := vectors.PutFloats(0, hashes, values); err != nil {
		t.Fatal(err)
	}
	data, err := builder.Build(1)
	if err != nil {
		t.Fatal(err)
	}
	segment, err := retrieve.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	s.index = retrieve.NewIndex([]*retrieve.Segment{segment}, vectors, retrieve.Options{})
	return s
}

// ids are the products of an answer, sorted.
func ids(c engine.Candidates) []string {
	var list []string
	for _, item := range c.Items {
		list = append(list, item.Product)
	}
	slices.Sort(list)
	return list
}

// TestSearchesLikeTheLocalIndex: with room for all that match, the server finds
// for words, meaning, filters and names what the local index finds.
func TestSearchesLikeTheLocalIndex(t *testing.T) {
	c, err := Open(shared(t), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := c.About(t.Context()); ok || err != nil {
		t.Fatalf("about an empty server: %v, %v", ok, err)
	}
	s := newShop(t, 300)
	if err := c.Prepare(t.Context(), about); err != nil {
		t.Fatal(err)
	}
	if err := c.Prepare(t.Context(), about); err != nil {
		t.Errorf("prepared twice: %v", err)
	}
	other := about
	other.Dim = 5
	if err := c.Prepare(t.Context(), other); err == nil {
		t.Error("a catalogue of another encoder was let in")
	}
	for range 2 { // the second time replaces
		if err := c.Put(t.Context(), s.products); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := c.Count(t.Context()); n != 300 || err != nil {
		t.Fatalf("%d products, %v; want 300", n, err)
	}
	if got, ok, err := c.About(t.Context()); !ok || err != nil || !cmp.Equal(got, about) {
		t.Errorf("about %+v, %v, %v", got, ok, err)
	}
	vector := s.products[100].Vector
	filter := func(text string) engine.Filter {
		f, err := retrieve.ParseFilter(text)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for name, req := range map[string]engine.Request{
		"words":             {Analysis: s.analyzer.Analyze("desk lamps"), Depth: 300},
		"model number":      {Analysis: s.analyzer.Analyze("wh1000xm5"), Depth: 300},
		"both":              {Analysis: s.analyzer.Analyze("chair"), Vector: vector, Depth: 300},
		"no word":           {Analysis: s.analyzer.Analyze("qqqq"), Depth: 300},
		"number":            {Analysis: s.analyzer.Analyze("lamp"), Depth: 300, Filter: filter("price<100, price>=20.5")},
		"brand":             {Analysis: s.analyzer.Analyze("lamp"), Depth: 300, Filter: filter(`brand=LUMO`)},
		"quotes":            {Analysis: s.analyzer.Analyze("lamp"), Depth: 300, Filter: filter(`brand="Sony ""X"""`)},
		"not":               {Analysis: s.analyzer.Analyze("lamp"), Depth: 300, Filter: filter(`brand!=Lumo`)},
		"attribute":         {Analysis: s.analyzer.Analyze("lamp"), Depth: 300, Filter: filter(`color="dark blue"`)},
		"attribute, number": {Analysis: s.analyzer.Analyze("lamp"), Depth: 300, Filter: filter(`color=2`)},
		"except":            {Analysis: s.analyzer.Analyze("lamp"), Depth: 300, Except: []engine.Filter{filter("brand=lumo, price<100"), filter("color=red")}, Exclude: []string{"p/1 é", "nothing"}},
		"has words":         {Analysis: s.analyzer.Analyze("lamp"), Depth: 300, Filter: engine.Filter{{Field: engine.Words, Op: "~", Value: "desk lamp"}}},
		"only":              {Only: true, Include: []string{"p/3 é", "p/7 é", "nothing"}},
		"only, filtered":    {Only: true, Include: []string{"p/3 é", "p/7 é"}, Filter: filter("price<5")},
		"include":           {Analysis: s.analyzer.Analyze("chair"), Depth: 300, Include: []string{"p/0 é"}},
	} {
		t.Run(name, func(t *testing.T) {
			want, err := s.index.Retrieve(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.Retrieve(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(ids(want), ids(got)); d != "" {
				t.Error(d)
			}
			for i, b := range got.Brought {
				at := slices.IndexFunc(s.products, func(p engine.Brought) bool { return p.Product.ID == got.Items[i].Product })
				if d := cmp.Diff(s.products[at].Product, b.Product); d != "" {
					t.Errorf("another product came back: %s", d)
				}
				for k, v := range b.Vector {
					if math.Abs(float64(v-s.products[at].Vector[k])) > 1e-6 {
						t.Fatalf("vector %v, put %v", b.Vector, s.products[at].Vector)
					}
				}
			}
		})
	}
	// The local index keeps half precision, which blurs who is nearest.
	around, err := s.index.Retrieve(t.Context(), engine.Request{Vector: vector, Depth: 25})
	if err != nil {
		t.Fatal(err)
	}
	near, err := c.Retrieve(t.Context(), engine.Request{Vector: vector, Depth: 9})
	if err != nil || len(near.Items) != 9 {
		t.Errorf("by meaning: %d products, %v; want 9", len(near.Items), err)
	}
	for _, id := range ids(near) {
		if !slices.Contains(ids(around), id) {
			t.Errorf("%s is not among the nearest", id)
		}
	}
	hybrid, err := c.Retrieve(t.Context(), engine.Request{Analysis: s.analyzer.Analyze("chair"), Vector: vector, Fusion: engine.MinMax, Keep: 15})
	if err != nil || len(hybrid.Items) != 15 {
		t.Errorf("hybrid: %d products, %v; want 15", len(hybrid.Items), err)
	}
	faceted := engine.Request{Analysis: s.analyzer.Analyze("lamp"), Depth: 10, Facets: true}
	local, err := s.index.Retrieve(t.Context(), faceted)
	if err != nil {
		t.Fatal(err)
	}
	found, err := c.Retrieve(t.Context(), faceted)
	if err != nil {
		t.Fatal(err)
	}
	if found.Total != local.Total {
		t.Errorf("%d match, the local index says %d", found.Total, local.Total)
	}
	for _, want := range local.Facets[:2] {
		counts := func(f engine.Facet) map[string]int {
			m := map[string]int{}
			for _, v := range f.Values {
				m[v.Value] = v.Count
			}
			return m
		}
		at := slices.IndexFunc(found.Facets, func(f engine.Facet) bool { return f.Field == want.Field })
		if at < 0 {
			t.Errorf("no facet of %s", want.Field)
		} else if d := cmp.Diff(counts(want), counts(found.Facets[at])); d != "" {
			t.Errorf("facet %s: %s", want.Field, d)
		}
	}
	if err := c.Remove(t.Context(), []string{"p/0 é", "nothing"}); err != nil {
		t.Error(err)
	}
	seen := map[string]bool{}
	err = c.Each(t.Context(), func(list []engine.Brought) error {
		for _, b := range list {
			seen[b.Product.ID] = true
		}
		return nil
	})
	if err != nil || len(seen) != 299 || seen["p/0 é"] {
		t.Errorf("after a removal there are %d products, %v; want 299", len(seen), err)
	}
}

// TestWordsOfSeveralWriters: each writer's newest dictionary comes back whole.
func TestWordsOfSeveralWriters(t *testing.T) {
	c, err := Open(shared(t), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Prepare(t.Context(), about); err != nil {
		t.Fatal(err)
	}
	long := make([]byte, 2*wordsPart+17)
	for i := range long {
		long[i] = byte(i * i >> 3)
	}
	for _, put := range []struct {
		writer string
		data   []byte
	}{{"a", []byte("old")}, {"b", []byte("b's")}, {"a", long}, {"a", long}} {
		if err := c.PutWords(t.Context(), put.writer, put.data); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	err = c.EachWords(t.Context(), func(data []byte) error {
		got = append(got, string(data))
		return nil
	})
	slices.Sort(got)
	want := []string{"b's", string(long)}
	slices.Sort(want)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%d dictionaries came back, %v; want 2", len(got), err)
	}
}
