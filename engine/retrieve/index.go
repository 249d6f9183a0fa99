package retrieve

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"sync"

	"touchstone/engine"
)

// DefaultDepth is how many candidates each list brings up unless asked.
const DefaultDepth = 200

// Options tune an Index; the zero Options are good defaults.
type Options struct {
	Fusion engine.Fusion // where a request does not say; "" is engine.MinMax
	// Words is what the words' score weighs against the cosine, 0 to 1; nil is
	// half.
	Words *float64
	// Dictionary is of the whole catalogue where the segments hold only a part of
	// it: what a remote engine brought up. Scores are then those that an index of
	// the whole catalogue gives. Such an index describes what a request names
	// (Request.Only); it does not search.
	Dictionary *Dictionary
	// Lexicon knows words that the catalogue may lack though they are no typing
	// mistakes; nil knows none.
	Lexicon engine.Lexicon
}

// Index searches segments and vectors. It never changes and is safe for
// concurrent use: a change of the catalogue makes another Index, which may
// share segments and vectors with this one.
type Index struct {
	segments []current // newest last
	vectors  *Vectors  // nil: by words alone
	fusion   engine.Fusion
	words    float64
	lexicon  engine.Lexicon
	whole    *Dictionary // of which the segments are a part; nil: they are the whole

	docs    int    // in all segments, replaced ones among them
	live    bitmap // rows that have a product
	encoded bitmap // rows among them whose vector is of their present text
	alive   int
	ready   int // rows in encoded
	kept    filterCache

	attributes func() []string // frequentAttributes, found once
}

// current is a segment and what is left of it.
type current struct {
	*Segment
	live bitmap // rows whose product is in this segment
}

// NewIndex makes an index of segments, the newest last, and vectors, which may
// be nil. A row of a later segment, or its deletion there, replaces the row in
// earlier ones. A vector of another text than the product's is ignored.
func NewIndex(segments []*Segment, vectors *Vectors, o Options) *Index {
	x := &Index{vectors: vectors, fusion: cmp.Or(o.Fusion, engine.MinMax), words: 0.5, whole: o.Dictionary, lexicon: o.Lexicon}
	if o.Words != nil {
		x.words = *o.Words
	}
	rows := 0
	for _, s := range segments {
		x.docs += s.docs
		if s.docs > 0 {
			rows = max(rows, int(s.row(uint32(s.docs-1)))+1)
		}
	}
	x.live, x.encoded = newBitmap(rows), newBitmap(rows)
	gone := newBitmap(rows) // what newer segments replace
	for _, s := range slices.Backward(segments) {
		c := current{s, newBitmap(rows)}
		for doc := range uint32(s.docs) {
			row := s.row(doc)
			if gone.has(row) {
				continue
			}
			c.live.set(row)
			if vectors != nil && vectors.hash(row) == s.hash(doc) {
				x.encoded.set(row)
			}
		}
		for i := range c.live {
			x.live[i] |= c.live[i]
			gone[i] |= c.live[i]
		}
		for i := 0; i < len(s.deleted); i += 4 {
			if row := binary.LittleEndian.Uint32(s.deleted[i:]); int(row) < rows {
				gone.set(row)
			}
		}
		x.segments = append(x.segments, c)
	}
	slices.Reverse(x.segments)
	if x.whole != nil {
		x.docs = x.whole.docs
		for i := range x.segments {
			part := *x.segments[i].Segment
			part.norms = x.whole.norms
			x.segments[i].Segment = &part
		}
	}
	x.alive, x.ready = x.live.count(), x.encoded.count()
	x.attributes = sync.OnceValue(x.frequentAttributes)
	return x
}

// Dictionary is that of the whole catalogue, of which the index holds a part; nil
// where it holds all.
func (x *Index) Dictionary() *Dictionary { return x.whole }

// Len is how many products can be found.
func (x *Index) Len() int { return x.alive }

// Encoded is how many of them have a vector of their present text.
func (x *Index) Encoded() int { return x.ready }

// Live lists the rows of products that can be found, in order: n of them, behind
// the first skip.
func (x *Index) Live(skip, n int) []uint32 {
	var rows []uint32
	for i, word := range x.live {
		if size := bits.OnesCount64(word); skip >= size {
			skip -= size
			continue
		}
		for ; word != 0; word &= word - 1 {
			if skip--; skip >= 0 {
				continue
			}
			if len(rows) == n {
				return rows
			}
			rows = append(rows, uint32(64*i+bits.TrailingZeros64(word)))
		}
		skip = 0
	}
	return rows
}

// Gone lists the rows whose product was taken out, in order: it was hidden or
// deleted.
func (x *Index) Gone() []uint32 {
	var rows []uint32
	for _, s := range x.segments {
		for i := 0; i < len(s.deleted); i += 4 {
			if row := binary.LittleEndian.Uint32(s.deleted[i:]); !x.live.has(row) {
				rows = append(rows, row)
			}
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}

// Unencoded lists the rows of products that can be found and have no vector of
// their present text, in order.
func (x *Index) Unencoded() []uint32 {
	missing := slices.Clone(x.live)
	missing.not(x.encoded)
	var rows []uint32
	missing.each(func(row uint32) { rows = append(rows, row) })
	return rows
}

// Products is how many products have a term.
func (x *Index) Products(term string) (int, error) { return x.df(term) }

// Vector is a copy of a row's vector, nil where there is none.
func (x *Index) Vector(row uint32) []float32 {
	return x.AppendVector(nil, row)
}

// AppendVector appends a row's vector to dst; nil where there is none.
func (x *Index) AppendVector(dst []float32, row uint32) []float32 {
	if !x.encoded.has(row) {
		return nil
	}
	from := len(dst)
	dst = slices.Grow(dst, x.vectors.dim)[:from+x.vectors.dim]
	x.vectors.at(row, dst[from:])
	return dst
}

// IDF is how much a term tells: the rarer among the products, the more. It is
// above 0, by the formula that words are scored with.
func (x *Index) IDF(term string) float64 {
	df, err := x.df(term)
	if err != nil { // a search for the term says what is broken
		df = 0
	}
	return idf(df, x.docs)
}

// df is how many products have a term.
func (x *Index) df(term string) (int, error) {
	if x.whole != nil {
		return x.whole.df(term)
	}
	df := 0
	for _, s := range x.segments {
		offset, ok, err := s.terms.Get([]byte(term))
		if err != nil {
			return 0, fmt.Errorf("index: look up %q: %w", term, err)
		}
		if ok {
			n, _ := binary.Uvarint(s.postings[offset:])
			df += int(n)
		}
	}
	return df, nil
}
