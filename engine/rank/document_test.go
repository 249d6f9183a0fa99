package rank

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"touchstone/engine"
)

// TestDocumentsReadNotes: each of many documents that are read one behind another
// is what its note was made of, as often as the memory is used again.
func TestDocumentsReadNotes(t *testing.T) {
	var read Documents
	rapid.Check(t, func(t *rapid.T) {
		defer read.Reset()
		word := rapid.SampledFrom([]string{"lamp", "desk", "Sony", "case", "for", "phone", "black"})
		text := func(name string) string {
			s := ""
			for _, w := range rapid.SliceOfN(word, 0, 5).Draw(t, name) {
				s += w + " "
			}
			return s
		}
		var want, got []*Document
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			p := engine.Product{Title: text("title"), Brand: text("brand"), Category: text("category"), Price: engine.Known(3)}
			for _, name := range rapid.SliceOfN(word, 0, 6).Draw(t, "attributes") {
				p.Attributes = append(p.Attributes, engine.Attribute{Name: name})
			}
			d := NewDocument(&p, plain{})
			back, err := read.Read(d.Note(), Numbers{Price: d.price})
			if err != nil {
				t.Fatal(err)
			}
			want, got = append(want, d), append(got, back)
		}
		if d := cmp.Diff(want, got, cmp.AllowUnexported(Document{}), cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
	})
}

// TestDocumentsRefuseWhatIsCut: of a note that ends too soon there is no document.
func TestDocumentsRefuseWhatIsCut(t *testing.T) {
	d := NewDocument(&engine.Product{Title: "case for phone", Brand: "Sony", Category: "Cases", Attributes: []engine.Attribute{{Name: "colour"}}}, plain{})
	note := d.Note()
	for end := range note {
		if _, err := new(Documents).Read(note[:end], Numbers{}); err == nil {
			t.Errorf("%d of %d bytes are read", end, len(note))
		}
	}
}

// TestLeadLikeSorting: the leaders are those that the whole list begins with when
// it is sorted.
func TestLeadLikeSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &search{bestBM25: 4, bestCoverage: 1, farthest: 1}
		for range rapid.IntRange(0, 30).Draw(t, "n") {
			id := rapid.StringMatching("[a-z]{4}").Draw(t, "id")
			s.items = append(s.items, engine.Candidate{Product: id, BM25: float32(rapid.IntRange(0, 4).Draw(t, "words"))})
			s.docs = append(s.docs, &Document{})
		}
		order := make([]int, len(s.items))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int {
			return descending(0.25*bm25(s, a), 0.25*bm25(s, b), s.items[a].Product, s.items[b].Product)
		})
		if got, want := s.lead(len(s.items)), order[:min(leaders, len(order))]; !slices.Equal(got, want) {
			t.Fatalf("%v lead, want %v", got, want)
		}
	})
}
