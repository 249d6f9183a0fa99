package retrieve

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

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

// IDF is how much a term tells: the rarer among the products, the more.
func (x *Index) IDF(term string) float64 {
	df, err := x.df(term)
	if err != nil {
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

// Retrieve finds candidates: the best by words, the nearest by meaning and the
// products of req.Include, all but those that the filter rules out. Each has
// all its scores, whichever list it came from. Total counts the products that
// have a word of the query, and the candidates that have none.
func (x *Index) Retrieve(ctx context.Context, req engine.Request) (engine.Candidates, error) {
	if err := ctx.Err(); err != nil {
		return engine.Candidates{}, err
	}
	depth := req.Depth
	if depth <= 0 {
		depth = DefaultDepth
	}
	fusion := cmp.Or(req.Fusion, x.fusion)
	if scales[fusion] == nil {
		return engine.Candidates{}, fmt.Errorf("search: no fusion is called %q; %s", fusion, engine.Among(engine.Fusions, ""))
	}
	var query *target
	if req.Vector != nil && x.vectors != nil && x.ready > 0 {
		if len(req.Vector) != x.vectors.dim {
			return engine.Candidates{}, fmt.Errorf("search: the query's vector has %d values, those of the catalogue %d; encode the catalogue with the same model", len(req.Vector), x.vectors.dim)
		}
		query = newTarget(req.Vector)
	}
	allowed, err := x.admitted(&req)
	if err != nil {
		return engine.Candidates{}, err
	}
	q, err := x.ask(&req.Analysis)
	if err != nil {
		return engine.Candidates{}, err
	}

	if x.whole != nil && !req.Only {
		return engine.Candidates{}, errors.New("search: this index holds a part of the catalogue and cannot be searched")
	}
	var byWords, byMeaning []scored
	found := newBitmap(64 * len(x.live))
	if !req.Only {
		group, ctx := errgroup.WithContext(ctx)
		side := group.Go // by side with the other search
		if engine.Processors(ctx) == 1 {
			side = func(fn func() error) { err = fn() }
		}
		side(func() (err error) {
			byWords, err = x.searchWords(ctx, q, allowed, depth, found)
			return err
		})
		if query != nil && err == nil {
			near := slices.Clone(allowed)
			near.and(x.encoded)
			byMeaning, err = x.vectors.best(ctx, query, near, depth)
		}
		if failed := group.Wait(); failed != nil {
			err = failed
		}
		if err != nil {
			return engine.Candidates{}, err
		}
	}

	rows := make([]uint32, 0, len(byWords)+len(byMeaning)+len(req.Include))
	for _, s := range byWords {
		rows = append(rows, s.row)
	}
	for _, s := range byMeaning {
		rows = append(rows, s.row)
	}
	for _, id := range req.Include {
		if row, ok := x.rowOf(id); ok && allowed.has(row) {
			rows = append(rows, row)
		}
	}
	// Facets count what has a word; where nothing has, what is near in meaning.
	counted := found
	worded := found.count()
	if req.Facets && worded > 0 {
		counted = slices.Clone(found)
	}
	for _, row := range rows {
		found.set(row)
	}
	if err := ctx.Err(); err != nil { // what follows takes a while too
		return engine.Candidates{}, err
	}
	engine.GiveWay(ctx)
	slices.Sort(rows)
	slices.SortFunc(byMeaning, func(a, b scored) int { return cmp.Compare(a.row, b.row) })
	items, err := x.describe(slices.Compact(rows), q, query, byMeaning)
	if err != nil {
		return engine.Candidates{}, err
	}
	fuse(items, fusion, x.words)
	if req.Keep > 0 && len(items) > req.Keep {
		others := slices.DeleteFunc(items[req.Keep:], func(c engine.Candidate) bool { return !slices.Contains(req.Include, c.Product) })
		items = items[:req.Keep+len(others)]
	}
	out := engine.Candidates{Items: items, Total: found.count()}
	out.Near = out.Total - worded
	if req.Facets {
		if err := ctx.Err(); err != nil {
			return engine.Candidates{}, err
		}
		out.Facets = x.facets(counted)
	}
	return out, nil
}

// rowOf is the row of a product that can be found.
func (x *Index) rowOf(id string) (uint32, bool) {
	for _, s := range x.segments {
		if doc, ok := s.find(id); ok {
			if row := s.row(doc); s.live.has(row) {
				return row, true
			}
		}
	}
	return 0, false
}

// searchWords lists the rows that match best by words, and marks all that match.
func (x *Index) searchWords(ctx context.Context, q *question, allowed bitmap, depth int, matching bitmap) ([]scored, error) {
	if len(q.terms) == 0 {
		return nil, nil
	}
	t := newTop(depth)
	for _, s := range x.segments {
		mine := allowed
		if len(x.segments) > 1 {
			mine = slices.Clone(allowed)
			mine.and(s.live)
		}
		if err := s.best(ctx, q, mine, t); err != nil {
			return nil, err
		}
		in := matching
		if len(x.segments) > 1 {
			in = newBitmap(64 * len(x.live))
		}
		if err := s.matching(ctx, q.terms, in); err != nil {
			return nil, err
		}
		in.and(mine)
		if len(x.segments) > 1 {
			matching.or(in)
		}
	}
	return t.sorted(), nil
}

// describe makes candidates of live rows, which are in order, with all their
// scores; near has the cosines of some of them, in the same order.
func (x *Index) describe(rows []uint32, q *question, query *target, near []scored) ([]engine.Candidate, error) {
	items := make([]engine.Candidate, len(rows))
	for i, row := range rows {
		items[i].Row = row
		switch {
		case len(near) > 0 && near[0].row == row:
			items[i].Cosine = float32(near[0].score)
			near = near[1:]
		case query != nil && x.encoded.has(row):
			items[i].Cosine = float32(x.vectors.block(row).cosine(x.vectors.isa, row, query))
		}
	}
	docs, mine := make([]uint32, 0, len(rows)), make([]*engine.Candidate, 0, len(rows))
	for _, s := range x.segments {
		docs, mine = docs[:0], mine[:0]
		for i, row := range rows {
			if !s.live.has(row) {
				continue
			}
			doc := s.docOf(row)
			items[i].Product = s.ids.at(int(doc))
			docs, mine = append(docs, doc), append(mine, &items[i])
		}
		if err := s.describe(q, docs, mine); err != nil {
			return nil, err
		}
	}
	return items, nil
}
