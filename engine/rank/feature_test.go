package rank

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/engine"
)

// plain splits at spaces, lower-cased: enough of an analyzer for these tests.
type plain struct{}

func (plain) Analyze(text string) engine.Analysis {
	a := engine.Analysis{Input: text, Clean: strings.ToLower(text)}
	for i, w := range strings.Fields(a.Clean) {
		kind := engine.Word
		if strings.ContainsAny(w, "0123456789") {
			kind = engine.ModelNumber
		}
		a.Terms = append(a.Terms, engine.Term{Text: w, Kind: kind, Pos: i})
	}
	return a
}

// found is a candidate as a search would bring it up: every query word that a
// field holds counts 1 for BM25.
func found(query engine.Analysis, row uint32, p engine.Product) (engine.Candidate, *Document) {
	c := engine.Candidate{Product: p.ID, Row: row}
	var attributes strings.Builder
	for _, a := range p.Attributes {
		attributes.WriteString(a.Value + " ")
	}
	for f, text := range []string{p.Title, p.Brand, p.Category, p.Description, attributes.String()} {
		words := strings.Fields(strings.ToLower(text))
		for i, t := range query.Terms {
			for _, w := range words {
				if w == t.Text {
					c.Matched[f] |= 1 << i
					c.Lexical[f]++
					c.BM25++
				}
			}
		}
	}
	return c, NewDocument(&p, plain{})
}

// measured extracts the named feature of each product for a query.
func measured(x *Extractor, query, feature string, cosines []float32, products ...engine.Product) []float64 {
	analysis := plain{}.Analyze(query)
	var items []engine.Candidate
	var docs []*Document
	for i, p := range products {
		p.ID = fmt.Sprint("p", i)
		c, d := found(analysis, uint32(i), p)
		if cosines != nil {
			c.Cosine = cosines[i]
		}
		items, docs = append(items, c), append(docs, d)
	}
	m := x.Extract(&analysis, items, docs)
	values := make([]float64, len(products))
	for i := range values {
		values[i] = m.Row(i)[slices.Index(columns, feature)]
	}
	return values
}

func TestFeatures(t *testing.T) {
	day := func(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }
	product := func(title string) engine.Product { return engine.Product{Title: title} }
	rare := func(term string) float64 { return map[string]float64{"wh-1000xm5": 3}[term] + 1 }
	vectors := [][]float32{{1, 0}, {0.8, 0.6}, {-0.6, 0.8}, nil}

	tests := []struct {
		name     string
		feature  string
		query    string
		cosines  []float32
		products []engine.Product
		want     []float64
	}{
		{"words are measured against the best match", "bm25", "red lamp", nil,
			[]engine.Product{product("red lamp"), product("red desk"), product("desk")}, []float64{1, 0.5, 0}},
		{"a field is measured against the best of that field", "bm25_title", "red lamp", nil,
			[]engine.Product{{Title: "lamp", Brand: "red"}, {Title: "desk", Brand: "lamp"}}, []float64{1, 0}},
		{"a best match without all words is none", "bm25", "red lamp", nil,
			[]engine.Product{product("red desk"), product("desk")}, []float64{0.5, 0}},
		{"no word matches anything", "bm25", "sofa", nil, []engine.Product{product("lamp")}, []float64{0}},
		{"meaning runs from the farthest candidate to the same", "cosine", "lamp", []float32{1, 0.2, 0.6, 0},
			[]engine.Product{product("a"), product("b"), product("c"), product("no vector")}, []float64{1, 0, 0.5, 0}},
		{"one candidate is neither near nor far", "cosine", "lamp", []float32{0.4}, []engine.Product{product("a")}, []float64{0}},
		{"a brand's name alone has no meaning to compare", "cosine", "lumen", []float32{0.9, 0.5, 0.1},
			[]engine.Product{{Title: "lamp", Brand: "Lumen"}, {Title: "desk", Brand: "Lumen"}, product("bag")}, []float64{0, 0, 0}},
		{"a brand with a kind of product has", "cosine", "lumen lamp", []float32{1, 0.5, 0},
			[]engine.Product{{Title: "lamp", Brand: "Lumen"}, {Title: "desk", Brand: "Lumen"}, product("bag")}, []float64{1, 0, 0}},
		{"a rare word covers more of the query", "coverage", "sony wh-1000xm5", nil,
			[]engine.Product{{Title: "headphones WH-1000XM5", Brand: "Sony"}, product("headphones wh-1000xm5"), product("sony tv")},
			[]float64{1, 0.64, 0.04}},
		{"the title's coverage leaves other fields out", "title_coverage", "red lamp", nil,
			[]engine.Product{{Title: "lamp", Description: "red"}, product("red lamp")}, []float64{0.5, 1}},
		{"a model number counts letter by letter", "model_number", "sony wh-1000xm5", nil,
			[]engine.Product{product("sony wh-1000xm5"), product("sony wh-1000xm4")}, []float64{1, 0}},
		{"a query without a model number asks for none", "model_number", "sony", nil,
			[]engine.Product{product("sony wh-1000xm5")}, []float64{0}},
		{"the whole brand must be asked for", "brand_match", "case logic bag", nil,
			[]engine.Product{{Title: "bag", Brand: "Case Logic"}, {Title: "bag", Brand: "Logic Board Shop"}, product("case logic bag")},
			[]float64{1, 0, 0}},
		{"a word typed twice is one word", "brand_match", "logic logic", nil, []engine.Product{{Title: "bag", Brand: "Case Logic"}}, []float64{0}},
		{"the narrowest category is compared word by word", "category_match", "phone case", nil,
			[]engine.Product{{Title: "a", Category: "Electronics > Phone case"}, {Title: "b", Category: "Electronics > Phone"}, {Title: "c", Category: "Phone case > Sofa"}, product("d")},
			[]float64{1, 2.0 / 3, 0, 0}},
		{"the kind is where the leaders are", "type_match", "lamp", nil,
			[]engine.Product{product("lamp"), product("lamp"), product("lamp"), product("lamp")},
			[]float64{cosineTo(vectors[:3], 0), cosineTo(vectors[:3], 1), 0, 0}},
		{"the price level is a power of ten of the usual price", "price", "lamp", nil,
			[]engine.Product{priced("lamp", 100), priced("lamp", 100), priced("lamp", 100), priced("desk", 10), priced("desk", 1e9), product("lamp"), priced("lamp", 0)},
			[]float64{0, 0, 0, -1, 1, 0, 0}},
		{"newness runs from the oldest candidate to the newest", "freshness", "lamp", nil,
			[]engine.Product{{Title: "a", Date: day(2011)}, {Title: "b", Date: day(2001)}, product("c")}, []float64{1, 0, 0}},
		{"one date tells nothing", "freshness", "lamp", nil, []engine.Product{{Title: "a", Date: day(2011)}}, []float64{0}},
		{"popularity is logarithmic", "popularity", "lamp", nil,
			[]engine.Product{{Title: "a", Popularity: engine.Known(999)}, {Title: "b", Popularity: engine.Known(9)}, {Title: "c", Popularity: engine.Known(-5)}, product("d")},
			[]float64{1, 1.0 / 3, 0, 0}},
		{"a rating is a share of its scale", "rating", "lamp", nil,
			[]engine.Product{{Title: "a", Rating: engine.Known(4.5)}, {Title: "b", Rating: engine.Known(2)}, product("c")}, []float64{0.9, 0.4, 0}},
		{"a rating of a hundred", "rating", "lamp", nil, []engine.Product{{Title: "a", Rating: engine.Known(93)}}, []float64{0.93}},
	}
	for _, test := range tests {
		t.Run(test.feature+"/"+test.name, func(t *testing.T) {
			x := &Extractor{IDF: rare, Vector: func(dst []float32, row uint32) []float32 {
				if int(row) < len(vectors) {
					return append(dst, vectors[row]...)
				}
				return nil
			}}
			got := measured(x, test.query, test.feature, test.cosines, test.products...)
			for i := range got {
				if math.Abs(got[i]-test.want[i]) > 1e-6 {
					t.Errorf("%s of %q = %v, want %v", test.feature, test.query, got, test.want)
					break
				}
			}
		})
	}
}

func priced(title string, price float64) engine.Product {
	return engine.Product{Title: title, Price: engine.Known(price)}
}

// cosineTo is the slow twin of kindByMeaning for unit vectors of which all lead.
func cosineTo(vectors [][]float32, of int) float64 {
	var mean [2]float64
	for _, v := range vectors {
		mean[0] += float64(v[0])
		mean[1] += float64(v[1])
	}
	length := math.Hypot(mean[0], mean[1])
	lowest, similarity := 1.0, 0.0
	for i, v := range vectors {
		s := (mean[0]*float64(v[0]) + mean[1]*float64(v[1])) / length
		lowest = min(lowest, s)
		if i == of {
			similarity = s
		}
	}
	return (similarity - lowest) / (1 - lowest)
}

// TestOutlineTellsProductsFromAccessories has bags that carry the word and
// notebooks that carry the leaders' attributes.
func TestOutlineTellsProductsFromAccessories(t *testing.T) {
	with := func(title string, names ...string) engine.Product {
		p := engine.Product{Title: title}
		for _, name := range names {
			p.Attributes = append(p.Attributes, engine.Attribute{Name: name, Value: "x"})
		}
		return p
	}
	notebook := []string{"processor", "memory", "screen", "weight"}
	products := []engine.Product{
		with("notebook", notebook...), with("notebook", notebook...), with("notebook", notebook...),
		with("notebook", notebook...), with("notebook", notebook...),
		with("thin computer", "processor", "memory", "weight"), with("notebook bag", "fabric", "weight"), with("bare"),
	}
	cosines := []float32{0.9, 0.9, 0.9, 0.9, 0.9, 0.5, 0.5, 0.5}
	got := measured(&Extractor{}, "notebook", "outline_match", cosines, products...)
	if !(got[0] > got[5] && got[5] > got[6] && got[6] > got[7] && got[7] == 0) {
		t.Errorf("outline_match = %v, want notebooks, the computer, the bag, the bare one at 0", got)
	}
	for i := range products[:6] {
		products[i].Category = "Notebooks"
	}
	products[6].Category = "Bags"
	apart := measured(&Extractor{}, "notebook", "outline_match", cosines, products...)
	if apart[5]-apart[6] <= got[5]-got[6] {
		t.Errorf("outline_match with categories = %v: wants the bag farther from the computer than %v", apart, got)
	}
}

// TestMissingDataIsZero holds that a product without any data, in a catalogue
// without vectors, gains and loses nothing by any feature.
func TestMissingDataIsZero(t *testing.T) {
	analysis := plain{}.Analyze("lamp")
	m := new(Extractor).Extract(&analysis, []engine.Candidate{{Product: "p"}}, []*Document{NewDocument(&engine.Product{ID: "p", Title: "desk"}, plain{})})
	for i, v := range m.Row(0) {
		if v != 0 {
			t.Errorf("%s = %v, want 0", features[i].Name, v)
		}
	}
}

func TestExtractNothing(t *testing.T) {
	analysis := plain{}.Analyze("")
	if m := new(Extractor).Extract(&analysis, nil, nil); m.Rows != 0 {
		t.Errorf("%d rows of no candidates", m.Rows)
	}
}

// TestWordsCoverByWholePartAndSynonym shows what stands for a word.
func TestWordsCoverByWholePartAndSynonym(t *testing.T) {
	terms := []engine.Term{
		{Text: "wh-1000xm5", Kind: engine.ModelNumber, Pos: 0},
		{Text: "wh", Pos: 0, Part: true},
		{Text: "1000xm5", Pos: 0, Part: true},
		{Text: "sofa", Pos: 1},
		{Text: "couch", Pos: 1, Added: "synonym"},
	}
	tests := []struct {
		name    string
		matched uint64
		want    float64
	}{
		{"nothing", 0, 0},
		{"the whole model number", 0b00001, 0.5},
		{"one of its two parts", 0b00010, 0.25},
		{"both parts", 0b00110, 0.5},
		{"whole and parts count once", 0b00111, 0.5},
		{"a synonym stands for the word", 0b10000, 0.5},
		{"word and synonym count once", 0b11000, 0.5},
		{"all", 0b11111, 1},
	}
	w := newWords(terms, nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := w.covered(test.matched); got != test.want {
				t.Errorf("covered %05b = %v, want %v", test.matched, got, test.want)
			}
		})
	}
	if w.models != 0b00001 || len(w.typed) != 2 {
		t.Errorf("models %05b and %d typed words, want 00001 and 2", w.models, len(w.typed))
	}
}

// TestWordsWeighWhatMeansTheSame holds that a word tells as much as the most
// frequent term that means the same, but not less for a guess beside it, nor for
// what several words mean together.
func TestWordsWeighWhatMeansTheSame(t *testing.T) {
	idf := map[string]float64{"couch": 6, "sofa": 3, "coach": 1, "bed": 2, "daybed": 1}
	terms := []engine.Term{
		{Text: "couch", Start: 0, End: 5},
		{Text: "bed", Start: 6, End: 9, Pos: 1},
		{Text: "sofa", Start: 0, End: 5, Added: engine.Synonym},
		{Text: "coach", Start: 0, End: 5, Added: engine.Typo},
		{Text: "daybed", Start: 0, End: 9, Added: engine.Synonym},
		{Text: "daybed", Start: 0, End: 9, Pos: 1, Added: engine.Synonym},
	}
	w := newWords(terms, func(term string) float64 { return idf[term] })
	if got := w.covered(0b000100); got != 0.6 || w.mass != 5 {
		t.Errorf("sofa covers %v of %v, want 0.6 of 5", got, w.mass)
	}
	if got := w.covered(0b110000); got != 1 {
		t.Errorf("daybed covers %v, want all", got)
	}
}

// BenchmarkExtract measures one page's candidates: 500 with 384 dimensions.
func BenchmarkExtract(b *testing.B) {
	analysis := plain{}.Analyze("red lamp 40w for the desk")
	var items []engine.Candidate
	var docs []*Document
	vectors := make([][]float32, 500)
	for i := range vectors {
		p := engine.Product{ID: fmt.Sprint(i), Title: "red desk lamp", Category: "Home > Desk lamps", Brand: "Lumen", Price: engine.Known(float64(i + 1))}
		for k := range 50 {
			p.Attributes = append(p.Attributes, engine.Attribute{Name: fmt.Sprint("attribute ", (i*7+k*13)%400), Value: "lamp"})
		}
		c, d := found(analysis, uint32(i), p)
		c.Cosine = float32(i) / 600
		items, docs = append(items, c), append(docs, d)
		vectors[i] = make([]float32, 384)
		for k := range vectors[i] {
			vectors[i][k] = float32((i*k)%17) / 100
		}
	}
	x := &Extractor{IDF: func(string) float64 { return 2 }, Vector: func(dst []float32, row uint32) []float32 { return append(dst, vectors[row]...) }}
	b.ReportAllocs()
	for b.Loop() {
		x.Extract(&analysis, items, docs)
	}
}
