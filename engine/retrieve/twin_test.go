package retrieve

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"touchstone/engine"
	"touchstone/engine/text"
)

// twin is the slow, obvious search: it reads every product for every query.
type twin struct {
	a        *text.Analyzer
	products map[uint32]engine.Product // by row; hidden ones are not in it
	average  [engine.TextFields]float64
	df       map[string]int
}

func newTwin(a *text.Analyzer, products map[uint32]engine.Product) *twin {
	w := &twin{a: a, products: products, df: map[string]int{}}
	for _, p := range products {
		seen := map[string]bool{}
		for f, s := range fieldTexts(p) {
			for token := range a.Tokens(s) {
				if !token.Part {
					w.average[f] += 1 / float64(len(products))
				}
				seen[token.Text] = true
			}
		}
		for term := range seen {
			w.df[term]++
		}
	}
	return w
}

func fieldTexts(p engine.Product) [engine.TextFields]string {
	var attributes []string
	for _, a := range p.Attributes {
		attributes = append(attributes, a.Value)
	}
	return [...]string{p.Title, p.Brand, p.Category, p.Description, strings.Join(attributes, " ; ")}
}

// candidate scores one product, from the formula in bm25.go.
func (w *twin) candidate(row uint32, analysis *engine.Analysis) engine.Candidate {
	p := w.products[row]
	c := engine.Candidate{Product: p.ID, Row: row}
	texts := fieldTexts(p)
	var fields [engine.TextFields]map[string]float64
	for f := range fields {
		fields[f] = map[string]float64{}
	}
	product := map[string]float64{}
	for i, t := range analysis.Terms {
		all := 0.0
		for f, s := range texts {
			tf, length := 0.0, 0
			for token := range w.a.Tokens(s) {
				if !token.Part {
					length++
				}
				if token.Text == t.Text {
					if token.Part && !token.Head {
						tf += 0.5
					} else {
						tf++
					}
				}
			}
			if tf == 0 {
				continue
			}
			if i < 64 {
				c.Matched[f] |= 1 << i
			}
			normal := tf / (1 - b + b*float64(length)/w.average[f])
			fields[f][t.Text] = normal / (k1 + normal)
			all += float64(fieldWeight[f]) * normal
		}
		product[t.Text] = all / (k1 + all)
	}
	for f := range fields {
		c.Lexical[f] = float32(w.sum(analysis, fields[f]))
	}
	c.BM25 = float32(w.sum(analysis, product))
	return c
}

// sum makes one score of what each term saturates to, word by word.
func (w *twin) sum(analysis *engine.Analysis, saturated map[string]float64) float64 {
	wholes, pieces, parts := map[string][]int{}, map[string][]int{}, map[string]bool{}
	weights := map[string]float64{}
	kin := map[string]bool{}
	var positions []int
	for _, t := range analysis.Terms {
		weight := 1.0
		if t.Weight > 0 {
			weight = t.Weight
		}
		switch {
		case !t.Part:
			wholes[t.Text] = append(wholes[t.Text], t.Pos)
			kin[t.Text] = kin[t.Text] || weight > besideWeight
		case t.Added != "":
			weight *= partWeight
			pieces[t.Text] = append(pieces[t.Text], t.Pos)
		default:
			weight *= partWeight
			parts[t.Text] = true
		}
		weights[t.Text] = max(weights[t.Text], weight)
		positions = append(positions, t.Pos)
	}
	slices.Sort(positions)
	positions = slices.Compact(positions)
	distinct := func(at []int) []int {
		at = slices.Clone(at)
		slices.Sort(at)
		return slices.Compact(at)
	}
	value := func(text string) float64 {
		df := w.df[text]
		if df == 0 {
			return 0
		}
		for other, at := range wholes {
			if kin[text] && kin[other] && slices.Equal(distinct(at), distinct(wholes[text])) {
				df = max(df, w.df[other])
			}
		}
		return weights[text] * math.Log(1+(float64(len(w.products))-float64(df)+0.5)/(float64(df)+0.5)) * saturated[text]
	}
	total := 0.0
	for text := range parts {
		if len(wholes[text]) == 0 {
			total += value(text)
		}
	}
	for _, position := range positions {
		best, together := 0.0, 0.0
		for text, at := range wholes {
			if slices.Contains(at, position) {
				best = max(best, value(text)/float64(len(distinct(at))))
			}
		}
		for text, at := range pieces {
			if len(wholes[text]) == 0 && !parts[text] && slices.Contains(at, position) {
				together += value(text) / float64(len(distinct(at)))
			}
		}
		total += max(best, together)
	}
	return total
}

// byWords sorts candidates as a search by words alone does.
func byWords(list []engine.Candidate) {
	slices.SortFunc(list, func(a, b engine.Candidate) int {
		if a.BM25 != b.BM25 {
			return int(math.Copysign(1, float64(b.BM25-a.BM25)))
		}
		return int(a.Row) - int(b.Row)
	})
}

// nearly compares scores up to what float32 rounds.
var nearly = cmp.Comparer(func(a, b float32) bool { return math.Abs(float64(a-b)) <= 1e-5*(1+math.Abs(float64(a))) })

var words = []string{"phone", "phones", "case", "case", "black", "usb", "usb-c", "WH-1000XM5", "15.6 inch", "the", "for", "sony", "t-shirt", "4 GB", "wifi", "Wi-Fi", "cable", "black cable"}

func someText(t *rapid.T, label string, most int) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, most).Draw(t, label), " ")
}

func someProducts(t *rapid.T) map[uint32]engine.Product {
	products := map[uint32]engine.Product{}
	n := rapid.IntRange(1, 700).Draw(t, "products")
	row := uint32(0)
	// One draw a product would be slow: lines are drawn once and recombined.
	lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return someText(t, "line", 12) }), 4, 12).Draw(t, "lines")
	seed := rapid.Uint32().Draw(t, "seed")
	pick := func() string {
		seed = seed*1664525 + 1013904223
		return lines[int(seed>>8)%len(lines)]
	}
	for i := range n {
		row += 1 + seed>>30
		p := engine.Product{ID: fmt.Sprint("p", i), Title: pick(), Brand: []string{"", "Sony", "sony", "Xerox"}[seed>>13&3], Description: pick(),
			Price: engine.Known(float64(seed >> 10 & 127)), Attributes: []engine.Attribute{{Name: "Colour", Value: pick()}, {Name: "Size", Value: fmt.Sprint(seed >> 9 & 7)}}}
		if seed>>11&15 == 0 {
			p.Price = engine.Number{}
		}
		products[row] = p
	}
	return products
}

func indexOf(t interface {
	Helper()
	Fatal(...any)
}, a *text.Analyzer, products map[uint32]engine.Product) *Index {
	b := NewBuilder(a, nil)
	for row, p := range products { // in any order
		b.Add(row, &p)
	}
	return NewIndex([]*Segment{opened(t, b)}, nil, Options{})
}

// TestWordsLikeTwin holds the search by words to the twin: the same products,
// scores and total, whatever is skipped on the way.
func TestWordsLikeTwin(t *testing.T) {
	a := english(t)
	rapid.Check(t, func(t *rapid.T) {
		products := someProducts(t)
		x := indexOf(t, a, products)
		w := newTwin(a, products)
		depth := rapid.SampledFrom([]int{1, 3, 10, 1000}).Draw(t, "depth")
		analysis := a.Analyze(someText(t, "query", 5))
		widened(t, a, &analysis)
		found, err := x.Retrieve(context.Background(), engine.Request{Analysis: analysis, Depth: depth})
		if err != nil {
			t.Fatal(err)
		}
		var want []engine.Candidate
		for row := range products {
			if c := w.candidate(row, &analysis); c.BM25 > 0 {
				want = append(want, c)
			}
		}
		if found.Total != len(want) {
			t.Fatalf("total %d, want %d", found.Total, len(want))
		}
		byWords(want)
		want = want[:min(depth, len(want))]
		if len(found.Items) != len(want) {
			t.Fatalf("%d candidates, want %d", len(found.Items), len(want))
		}
		for i, got := range found.Items {
			if !cmp.Equal(got, w.candidate(got.Row, &analysis), nearly) {
				t.Fatalf("candidate %d:\n%s", i, cmp.Diff(w.candidate(got.Row, &analysis), got, nearly))
			}
			if !cmp.Equal(got.BM25, want[i].BM25, nearly) {
				t.Fatalf("rank %d has BM25 %v, want %v", i+1, got.BM25, want[i].BM25)
			}
		}
	})
}

// widened adds to a query what rules and typing mistakes may add.
func widened(t *rapid.T, a *text.Analyzer, analysis *engine.Analysis) {
	last := 0
	for _, term := range analysis.Terms {
		last = max(last, term.Pos)
	}
	for range rapid.IntRange(0, 4).Draw(t, "added") {
		from := rapid.IntRange(0, last).Draw(t, "from")
		to := min(last, from+rapid.IntRange(0, 2).Draw(t, "more"))
		typo := rapid.Bool().Draw(t, "typo")
		terms := slices.DeleteFunc(a.Analyze(rapid.SampledFrom(words).Draw(t, "means")).Terms, func(t engine.Term) bool { return t.Part })
		for _, term := range terms {
			term.Added, term.Weight, term.Part = engine.Synonym, 0.9, len(terms) > 1
			if typo {
				term.Added, term.Weight, term.Part = engine.Typo, rapid.SampledFrom([]float64{oneEditWeight, besideWeight}).Draw(t, "weight"), false
			}
			for term.Pos = from; term.Pos <= to; term.Pos++ {
				analysis.Terms = append(analysis.Terms, term)
			}
		}
	}
}

// TestFilterLikeTwin holds filters, inside the search, to reading each product.
func TestFilterLikeTwin(t *testing.T) {
	a := english(t)
	conditions := map[string]func(p engine.Product) bool{
		"price<50":       func(p engine.Product) bool { return p.Price.Known && p.Price.Value < 50 },
		"price!=7":       func(p engine.Product) bool { return !p.Price.Known || p.Price.Value != 7 },
		"price>=100":     func(p engine.Product) bool { return p.Price.Known && p.Price.Value >= 100 },
		"brand=SONY":     func(p engine.Product) bool { return strings.EqualFold(p.Brand, "sony") },
		"brand!=Sony":    func(p engine.Product) bool { return !strings.EqualFold(p.Brand, "sony") },
		"size<=3.0":      func(p engine.Product) bool { return p.Attributes[1].Value <= "3" },
		"Size = 5":       func(p engine.Product) bool { return p.Attributes[1].Value == "5" },
		"brand=nobody":   func(p engine.Product) bool { return false },
		"rating>0":       func(p engine.Product) bool { return false },
		"date<=2024-1-1": nil, // not a date
	}
	rapid.Check(t, func(t *rapid.T) {
		products := someProducts(t)
		x := indexOf(t, a, products)
		text := rapid.SampledFrom(slices.Sorted(func(yield func(string) bool) {
			for c := range conditions {
				if !yield(c) {
					return
				}
			}
		})).Draw(t, "filter")
		filter, err := ParseFilter(text)
		if err != nil {
			t.Fatal(err)
		}
		query := "phone case black usb"
		found, err := x.Retrieve(context.Background(), engine.Request{Analysis: a.Analyze(query), Depth: 10000, Filter: filter})
		keep := conditions[text]
		if keep == nil {
			if err == nil || !strings.Contains(err.Error(), "2024-1-1") {
				t.Fatalf("%s: error %v", text, err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		all, err := x.Retrieve(context.Background(), engine.Request{Analysis: a.Analyze(query), Depth: 10000})
		if err != nil {
			t.Fatal(err)
		}
		want := slices.DeleteFunc(all.Items, func(c engine.Candidate) bool { return !keep(products[c.Row]) })
		if diff := cmp.Diff(append([]engine.Candidate{}, want...), append([]engine.Candidate{}, found.Items...)); diff != "" || found.Total != len(want) {
			t.Fatalf("%s: total %d of %d\n%s", text, found.Total, len(want), diff)
		}
	})
}

// TestSegmentsLikeOne holds an index of several segments, with products
// replaced, hidden and deleted on the way, to one made of what is left.
func TestSegmentsLikeOne(t *testing.T) {
	a := english(t)
	rapid.Check(t, func(t *rapid.T) {
		left := map[uint32]engine.Product{}
		var segments []*Segment
		for range rapid.IntRange(1, 4).Draw(t, "segments") {
			b := NewBuilder(a, nil)
			for row, p := range someProducts(t) {
				p.ID = fmt.Sprint("row", row)
				p.Hidden = row%7 == 3
				b.Add(row, &p)
				if delete(left, row); !p.Hidden {
					left[row] = p
				}
			}
			for _, row := range rapid.SliceOfN(rapid.Uint32Range(5000, 6000), 0, 3).Draw(t, "unknown") {
				b.Delete(row)
			}
			segments = append(segments, opened(t, b))
		}
		x := NewIndex(segments, nil, Options{})
		if x.Len() != len(left) {
			t.Fatalf("%d products, want %d", x.Len(), len(left))
		}
		analysis := a.Analyze("black phone case")
		found, err := x.Retrieve(context.Background(), engine.Request{Analysis: analysis, Depth: 10000})
		if err != nil {
			t.Fatal(err)
		}
		w := newTwin(a, left)
		var got, want []string
		for _, c := range found.Items {
			p, ok := left[c.Row]
			if !ok {
				t.Fatalf("row %d is no candidate any more", c.Row)
			}
			if match := w.candidate(c.Row, &analysis); c.Product != p.ID || c.Matched != match.Matched {
				t.Fatalf("row %d: %+v, want %+v", c.Row, c, match)
			}
			got = append(got, c.Product)
		}
		for row := range left {
			if c := w.candidate(row, &analysis); c.BM25 > 0 {
				want = append(want, c.Product)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" || found.Total != len(want) && len(want) > 0 {
			t.Fatalf("total %d\n%s", found.Total, diff)
		}
	})
}
