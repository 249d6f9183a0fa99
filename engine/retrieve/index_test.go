package retrieve

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"touchstone/engine"
)

func TestBuildDoesNotDependOnOrder(t *testing.T) {
	a := english(t)
	rapid.Check(t, func(t *rapid.T) {
		products := someProducts(t)
		var rows []uint32
		for row := range products {
			rows = append(rows, row)
		}
		slices.Sort(rows)
		var first []byte
		for range 3 {
			b := NewBuilder(a, nil)
			for _, row := range rows {
				p := products[row]
				b.Add(row, &p)
			}
			data, err := b.Build(1)
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = data
			}
			if !bytes.Equal(first, data) {
				t.Fatal("the same products in another order gave another index")
			}
			rows = rapid.Permutation(rows).Draw(t, "order")
		}
	})
}

func TestBuildRefusesARowTwice(t *testing.T) {
	b := NewBuilder(english(t), nil)
	b.Add(3, &engine.Product{ID: "a", Title: "a"})
	b.Add(3, &engine.Product{ID: "b", Title: "b"})
	if _, err := b.Build(1); err == nil || !strings.Contains(err.Error(), "row 3") {
		t.Errorf("error %v", err)
	}
}

func TestOpenRefusesWhatIsBroken(t *testing.T) {
	b := NewBuilder(english(t), nil)
	b.Add(0, &engine.Product{ID: "a", Title: "red phone", Brand: "Acme"})
	data, err := b.Build(1)
	if err != nil {
		t.Fatal(err)
	}
	for n := range data {
		if _, err := Open(data[:n]); err == nil {
			t.Fatalf("an index cut after %d of %d bytes was opened", n, len(data))
		}
		broken := slices.Clone(data)
		broken[n] ^= 0x40
		if _, err := Open(broken); err == nil {
			t.Fatalf("an index with byte %d changed was opened", n)
		}
	}
	old := slices.Clone(data)
	old[4]++
	if _, err := Open(old); !errors.Is(err, ErrStale) {
		t.Errorf("an index of another version: %v", err)
	}
}

func TestPackedReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.UintRange(0, 32).Draw(t, "width")
		values := rapid.SliceOf(rapid.Uint32Range(0, uint32(1<<w-1))).Draw(t, "values")
		data := pack(nil, values, w)
		if len(data) != packedSize(len(values), w) {
			t.Fatalf("%d bytes, want %d", len(data), packedSize(len(values), w))
		}
		data = append(data, make([]byte, packPad)...)
		for i, want := range values {
			if got := packed(data, i, w); got != want {
				t.Fatalf("number %d: %d, want %d", i, got, want)
			}
		}
	})
}

// TestCursorReadsBack holds next and seek to the list that was written.
func TestCursorReadsBack(t *testing.T) {
	var average [engine.TextFields]float64
	n := newNorms(average)
	rapid.Check(t, func(t *rapid.T) {
		var list []posting
		gap := rapid.Uint32Range(1, 1<<rapid.IntRange(0, 16).Draw(t, "bits")).Draw(t, "gap")
		doc, seed := uint32(0), rapid.Uint32().Draw(t, "seed")
		for range rapid.IntRange(1, 3*blockSize+5).Draw(t, "postings") {
			seed = seed*1664525 + 1013904223
			p := posting{doc: doc}
			for f := range p.tf {
				if seed>>(8+f)&1 != 0 {
					p.tf[f] = uint8(seed >> 16)
				}
			}
			list = append(list, p)
			doc += 1 + seed>>7%gap
		}
		codes := bytes.Repeat([]byte{1}, int(doc)*engine.TextFields)
		data := append(appendPostings(nil, list, n, codes), make([]byte, packPad)...)
		var c cursor
		c.open(data)
		for at := 0; ; {
			if at == len(list) {
				if c.doc != noDoc {
					t.Fatalf("document %d behind the end", c.doc)
				}
				return
			}
			if c.doc != list[at].doc || c.occurrences() != list[at].tf {
				t.Fatalf("posting %d: %d %v, want %+v", at, c.doc, c.occurrences(), list[at])
			}
			if impact := float64(n.impact(&list[at].tf, codesAt(codes, 0))); impact > c.bound(c.block) || impact > c.most {
				t.Fatalf("posting %d: impact %v above its bounds %v, %v", at, impact, c.bound(c.block), c.most)
			}
			if rapid.Bool().Draw(t, "next") {
				c.next()
				at++
			} else {
				target := c.doc + rapid.Uint32Range(0, 300*gap).Draw(t, "ahead")
				c.seek(target)
				for at < len(list) && list[at].doc < target {
					at++
				}
			}
		}
	})
}

func TestLengthCodes(t *testing.T) {
	for words := range 100000 {
		code := lengthCode(words)
		if stored := lengths[code]; stored > float64(words) || words < 128 && stored != float64(words) ||
			words < 20000 && stored < 0.94*float64(words) {
			t.Fatalf("a field of %d words is stored as %v", words, stored)
		}
	}
}

func TestParseFilter(t *testing.T) {
	for _, test := range []struct {
		text, wrong string
		want        []engine.Condition
	}{
		{text: "", want: nil},
		{text: "price<100", want: []engine.Condition{{Field: "price", Op: "<", Value: "100"}}},
		{text: ` price >= 1.5 ,brand = Sony Ericsson,x!="a, ""b""" `, want: []engine.Condition{
			{Field: "price", Op: ">=", Value: "1.5"}, {Field: "brand", Op: "=", Value: "Sony Ericsson"}, {Field: "x", Op: "!=", Value: `a, "b"`}}},
		{text: `"screen size, cm"=43`, want: []engine.Condition{{Field: "screen size, cm", Op: "=", Value: "43"}}},
		{text: "颜色=黑色", want: []engine.Condition{{Field: "颜色", Op: "=", Value: "黑色"}}},
		{text: "price", wrong: "character 6: one of"},
		{text: "<3", wrong: "character 1: the name"},
		{text: "a=1,,b=2", wrong: "character 5: the name"},
		{text: "颜色=", wrong: "character 4: a value"},
		{text: `a="b`, wrong: "character 3: this quote"},
		{text: `a="b"c`, wrong: "character 6: a comma"},
		{text: "a=1,", wrong: "character 5: the name"},
	} {
		got, err := ParseFilter(test.text)
		if test.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), test.wrong) {
				t.Errorf("%q: error %v, want %q", test.text, err, test.wrong)
			}
		} else if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%q: %v, %v", test.text, got, err)
		}
	}
}

func FuzzParseFilter(f *testing.F) {
	f.Add(`price<100, brand="a""b"`)
	f.Add("a=1,,")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ParseFilter(text)
		if err != nil {
			return
		}
		for _, c := range list {
			if c.Field == "" || c.Op == "" || c.Value == "" {
				t.Fatalf("%q: %+v", text, c)
			}
		}
	})
}

func TestFuse(t *testing.T) {
	items := []engine.Candidate{{Product: "words", Row: 1, BM25: 10}, {Product: "meaning", Row: 2, Cosine: 0.9},
		{Product: "both", Row: 3, BM25: 8, Cosine: 0.8}, {Product: "neither", Row: 4, BM25: 1, Cosine: 0.1}}
	for _, test := range []struct {
		how  engine.Fusion
		want string
	}{
		{engine.MinMax, "both words meaning neither"}, // 0.84, 0.5, 0.5, 0.1
		{engine.ReciprocalRank, "both neither words meaning"},
		{engine.ZScore, "both words meaning neither"},
	} {
		list := slices.Clone(items)
		fuse(list, test.how, 0.5)
		var got []string
		for _, c := range list {
			got = append(got, c.Product)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("fusion %s: %v, want %s", test.how, got, test.want)
		}
	}
	fuse(nil, engine.MinMax, 0.5)
}

func TestZScore(t *testing.T) {
	scores := []float64{1, 2, 3}
	zScore(scores)
	if math.Abs(scores[0]+math.Sqrt(1.5)) > 1e-12 || scores[1] != 0 || math.Abs(scores[2]-math.Sqrt(1.5)) > 1e-12 {
		t.Errorf("z-scores %v", scores)
	}
	same := []float64{4, 4}
	zScore(same)
	if same[0] != 0 || same[1] != 0 {
		t.Errorf("z-scores of equal scores: %v", same)
	}
}

// TestFuseMovesWhole: candidates come out in the order of their fused scores, and
// each as it went in.
func TestFuseMovesWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := make([]engine.Candidate, rapid.IntRange(0, 40).Draw(t, "n"))
		for i := range items {
			words, meaning := rapid.IntRange(0, 5).Draw(t, "words"), rapid.IntRange(0, 5).Draw(t, "meaning")
			items[i] = engine.Candidate{Product: fmt.Sprint(i), Row: uint32(3 * i), BM25: float32(words), Cosine: float32(meaning) / 5}
		}
		for _, how := range engine.Fusions {
			bm25, cosine := make([]float64, len(items)), make([]float64, len(items))
			for i, c := range items {
				bm25[i], cosine[i] = float64(c.BM25), float64(c.Cosine)
			}
			scales[how](bm25)
			scales[how](cosine)
			score := func(c engine.Candidate) float64 { return 0.3*bm25[c.Row/3] + 0.7*cosine[c.Row/3] }
			want := slices.Clone(items)
			slices.SortStableFunc(want, func(a, b engine.Candidate) int { return cmp.Compare(score(b), score(a)) })
			got := slices.Clone(items)
			fuse(got, how, 0.3)
			if d := gocmp.Diff(want, got); d != "" {
				t.Fatalf("%s: %s", how, d)
			}
		}
	})
}
