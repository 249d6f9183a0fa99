package workbench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"touchstone/engine"
	"touchstone/engine/rank"
	"touchstone/engine/remote"
	"touchstone/engine/retrieve"
	"touchstone/engine/text"
)

// farRows is the first row of products that are not in the file: rows of the
// file stay below it. Each engine numbers what it brings from a start of its own.
const (
	farRows   = 1 << 31
	farEngine = 1 << 26 // rows of one engine
)

// mostSights is how many products of an engine are kept here, at least; twice as
// many at most.
const mostSights = 8192

// elsewhere is a search engine with what it has brought here. It is safe for
// concurrent use.
type elsewhere struct {
	remote  engine.Remote
	source  engine.Retriever
	home    bool // it keeps the catalogue
	first   uint32
	answers *answers
	file    Store // the workspace's own

	silent atomic.Int64 // until when it need not be asked, in nanoseconds since 1970

	mu         sync.Mutex
	rows       map[string]uint32
	ids        []string // row − first → product ID
	young, old map[uint32]*sight
}

// sight is a product as it was last brought.
type sight struct {
	product  engine.Product
	vector   []float32 // as it came
	document *rank.Document
	reading  *retrieve.Reading
}

// started counts the engines that were opened, to tell their rows apart.
var started atomic.Uint32

func newElsewhere(r engine.Remote, source engine.Retriever, b *Bench) *elsewhere {
	return &elsewhere{remote: r, source: source, answers: &b.remotes.answers, file: b.remotes.answers.store,
		first: farRows + started.Add(1)%(farRows/farEngine)*farEngine, rows: map[string]uint32{}, young: map[uint32]*sight{}}
}

// catalogue is the engine as one that keeps products.
func (far *elsewhere) catalogue() (engine.RemoteCatalogue, error) {
	catalogue, ok := far.source.(engine.RemoteCatalogue)
	if !ok {
		return nil, fmt.Errorf("%s is %s, which keeps no catalogue for Touchstone; Weaviate does", far.remote.Name, far.remote.Kind)
	}
	return catalogue, nil
}

// quiet is how long an engine that could not be reached is not asked again where
// an older answer is at hand.
const quiet = 15 * time.Second

// ask is what the engine answers, or has answered before where it cannot be
// reached.
func (far *elsewhere) ask(ctx context.Context, ask engine.Request) (engine.Candidates, error) {
	if far.remote.Kind != engine.Weaviate && (ask.Only || ask.Analysis.Input == "") {
		return far.source.Retrieve(ctx, ask) // which does not go there
	}
	key := answerKey(&far.remote, &ask)
	if time.Now().UnixNano() < far.silent.Load() {
		if found, ok, err := far.answers.get(key); ok || err != nil {
			return found, err
		}
	}
	found, err := far.source.Retrieve(ctx, ask)
	if err == nil {
		far.silent.Store(0)
		far.answers.put(key, found)
		return found, nil
	}
	if !errors.Is(err, remote.ErrUnreachable) {
		return found, err
	}
	far.silent.Store(time.Now().Add(quiet).UnixNano())
	older, ok, failed := far.answers.get(key)
	if failed != nil {
		return found, errors.Join(err, failed)
	}
	if !ok {
		return found, err
	}
	return older, nil
}

// row is the row that a product of the engine has here, known or fetched.
func (far *elsewhere) row(id string) (uint32, bool, error) {
	far.mu.Lock()
	row, ok := far.rows[id]
	far.mu.Unlock()
	if ok {
		return row, true, nil
	}
	if err := far.fetch(context.Background(), []string{id}); err != nil {
		return 0, false, err
	}
	far.mu.Lock()
	defer far.mu.Unlock()
	row, ok = far.rows[id]
	return row, ok, nil
}

func (far *elsewhere) has(row uint32) bool {
	far.mu.Lock()
	defer far.mu.Unlock()
	return row >= far.first && int(row-far.first) < len(far.ids)
}

// at is a product by its row here; it is fetched again where it was dropped.
func (far *elsewhere) at(row uint32) (*sight, error) {
	if s := far.known(row); s != nil {
		return s, nil
	}
	if !far.has(row) {
		return nil, fmt.Errorf("%s: row %d was never brought from there", far.remote.Name, row)
	}
	far.mu.Lock()
	id := far.ids[row-far.first]
	far.mu.Unlock()
	if err := far.fetch(context.Background(), []string{id}); err != nil {
		return nil, err
	}
	if s := far.known(row); s != nil {
		return s, nil
	}
	return nil, fmt.Errorf("%s: the product %s is there no more; search again", far.remote.Name, id)
}

// known is what is kept of a row; nil for none.
func (far *elsewhere) known(row uint32) *sight {
	far.mu.Lock()
	defer far.mu.Unlock()
	if s := far.young[row]; s != nil {
		return s
	}
	s := far.old[row]
	if s != nil {
		far.keep(row, s)
	}
	return s
}

// shown is a product that was brought, by name; nil for none.
func (far *elsewhere) shown(id string) *sight {
	far.mu.Lock()
	row, ok := far.rows[id]
	far.mu.Unlock()
	if !ok {
		return nil
	}
	return far.known(row)
}

// keep has a product among the young; with enough of those, the old ones go. The
// caller holds the lock.
func (far *elsewhere) keep(row uint32, s *sight) {
	if len(far.young) >= mostSights {
		far.old, far.young = far.young, map[uint32]*sight{}
	}
	far.young[row] = s
}

// fetchAtOnce is how many products are fetched by one request.
const fetchAtOnce = 200

// fetch brings products by name.
func (far *elsewhere) fetch(ctx context.Context, ids []string) error {
	for part := range slices.Chunk(ids, fetchAtOnce) {
		found, err := far.ask(ctx, engine.Request{Include: part, Only: true})
		if err != nil {
			return err
		}
		for i := range found.Brought {
			far.sight(&found.Brought[i].Product, found.Brought[i].Vector)
		}
	}
	return nil
}

// bring fetches the products of a catalogue that is kept elsewhere, all at once
// where they would be asked for one by one; those that are not there are no error.
func (b *Bench) bring(ctx context.Context, ids []string) error {
	far := b.remotes.keeper()
	if far == nil {
		return nil
	}
	var unknown []string
	far.mu.Lock()
	seen := map[string]bool{}
	for _, id := range ids {
		if _, ok := far.rows[id]; !ok && !seen[id] {
			seen[id] = true
			unknown = append(unknown, id)
		}
	}
	far.mu.Unlock()
	return far.fetch(ctx, unknown)
}

// sight keeps a product that was brought, and returns its row here. What is known
// of the product already stays where the product is the same.
func (far *elsewhere) sight(p *engine.Product, vector []float32) uint32 {
	far.mu.Lock()
	defer far.mu.Unlock()
	row, ok := far.rows[p.ID]
	if !ok {
		row = far.first + uint32(len(far.ids))
		far.rows[p.ID] = row
		far.ids = append(far.ids, p.ID)
	}
	s := far.young[row]
	if s == nil {
		s = far.old[row]
	}
	if s == nil || !sameProduct(s.product, *p) {
		s = &sight{product: *p}
	}
	if s.vector == nil || !slices.Equal(s.vector, vector) {
		s = &sight{product: s.product, vector: vector, document: s.document, reading: s.reading}
	}
	far.keep(row, s)
	return row
}

// document is what features read of a row.
func (far *elsewhere) document(row uint32, analyzer rank.Analyzer) (*rank.Document, error) {
	s, err := far.at(row)
	if err != nil {
		return nil, err
	}
	far.mu.Lock()
	doc := s.document
	far.mu.Unlock()
	if doc == nil {
		doc = rank.NewDocument(&s.product, analyzer)
		far.mu.Lock()
		s.document = doc
		far.mu.Unlock()
	}
	return doc, nil
}

// reading is what the index takes from a row.
func (far *elsewhere) reading(row uint32, analyzer *text.Analyzer) (*retrieve.Reading, error) {
	s, err := far.at(row)
	if err != nil {
		return nil, err
	}
	far.mu.Lock()
	reading := s.reading
	far.mu.Unlock()
	if reading == nil {
		reading = retrieve.Read(analyzer, &s.product)
		far.mu.Lock()
		s.reading = reading
		far.mu.Unlock()
	}
	return reading, nil
}

// halved is a vector in the precision of the local index, so that both find the
// same.
func halved(vector []float32) []float32 {
	if vector == nil {
		return nil
	}
	one := retrieve.NewVectors(len(vector))
	if err := one.PutFloats(0, []uint64{1}, [][]float32{vector}); err != nil {
		return nil // it is empty
	}
	return one.At(0)
}

// viewOf is the present view with the candidates of an engine by name.
func (b *Bench) viewOf(name string) (*view, error) {
	far, err := b.elsewhere(name)
	if err != nil {
		return nil, err
	}
	v := *b.view.Load()
	v.far = far
	v.extractor = &rank.Extractor{IDF: v.index.IDF, Vector: v.appendVector}
	return &v, nil
}

// retrieve brings up candidates from where the workspace takes them. Those of a
// remote engine are measured here, as the local index would.
func (v *view) retrieve(ctx context.Context, ask engine.Request) (engine.Candidates, error) {
	if v.far == nil {
		return v.index.Retrieve(ctx, ask)
	}
	found, err := v.far.ask(ctx, ask)
	if err != nil {
		return found, err
	}
	return v.adopt(ctx, &ask, found)
}

// adopt gives what a remote engine brought the scores that the local index would
// give: those products become a small index of their own, with the dictionary of
// all.
func (v *view) adopt(ctx context.Context, ask *engine.Request, found engine.Candidates) (engine.Candidates, error) {
	builder := retrieve.NewBuilder(v.analyzer, nil)
	if v.far.home || len(ask.Filter)+len(ask.Except) == 0 {
		builder.Only = map[string]bool{}
		for _, t := range ask.Analysis.Terms {
			builder.Only[t.Text] = true
		}
	}
	var rows []uint32 // here, by row of the small index
	var ids []string
	var hashes []uint64
	var vectors [][]float32
	add := func(p *engine.Product, row uint32, vector []float32, reading *retrieve.Reading) {
		builder.AddRead(uint32(len(rows)), p, reading)
		rows, ids, hashes, vectors = append(rows, row), append(ids, p.ID), append(hashes, p.TextHash()), append(vectors, vector)
	}
	local := func(id string) (bool, error) {
		if v.far.home {
			return false, nil
		}
		row, ok, err := v.far.file.Row(id)
		if !ok || err != nil {
			return false, err
		}
		p, ok, err := v.far.file.ProductAt(row)
		if ok && err == nil {
			add(&p, row, v.index.Vector(row), retrieve.Read(v.analyzer, &p))
		}
		return ok, err
	}
	have := map[string]bool{}
	for i := range found.Brought {
		b := &found.Brought[i]
		if have[b.Product.ID] {
			continue
		}
		have[b.Product.ID] = true
		known, err := local(b.Product.ID)
		if err != nil {
			return found, err
		}
		if !known {
			row := v.far.sight(&b.Product, b.Vector)
			reading, err := v.far.reading(row, v.analyzer)
			if err != nil {
				return found, err
			}
			add(&b.Product, row, b.Vector, reading)
		}
	}
	for _, id := range ask.Include {
		if have[id] {
			continue
		}
		have[id] = true
		if _, err := local(id); err != nil {
			return found, err
		}
	}
	out := engine.Candidates{Facets: found.Facets, Recorded: found.Recorded, Brought: found.Brought}
	if len(rows) == 0 {
		return out, nil
	}
	data, err := builder.Build(0)
	if err != nil {
		return out, err
	}
	segment, err := retrieve.Open(data)
	if err != nil {
		return out, err
	}
	small := engine.Request{Analysis: ask.Analysis, Include: ids, Only: true, Fusion: ask.Fusion}
	var values *retrieve.Vectors
	if ask.Vector != nil {
		values = retrieve.NewVectors(len(ask.Vector))
		if err := values.PutFloats(0, hashes, vectors); err != nil {
			return out, fmt.Errorf("%s: %w", v.far.remote.Name, err)
		}
		small.Vector = ask.Vector
	}
	options := retrieve.Options{}
	if v.far.home {
		options.Dictionary = v.index.Dictionary()
	} else {
		// The shop's own search may know nothing of these.
		small.Filter, small.Except, small.Exclude = ask.Filter, ask.Except, ask.Exclude
	}
	measured, err := retrieve.NewIndex([]*retrieve.Segment{segment}, values, options).Retrieve(ctx, small)
	if err != nil {
		return out, err
	}
	out.Items = measured.Items
	wordless := 0
	for i := range out.Items {
		item := &out.Items[i]
		item.Row = rows[item.Row]
		if item.Matched == ([engine.TextFields]uint64{}) {
			wordless++
		}
	}
	// As the local index counts: what has a word, and the candidates that have none.
	out.Total = found.Total
	if v.far.home {
		out.Total += wordless
	}
	out.Total = max(out.Total, len(out.Items))
	return out, nil
}

// vector is that of a row, of the file or brought; nil where there is none.
func (v *view) vector(row uint32) []float32 { return v.appendVector(nil, row) }

// appendVector appends the vector of a row to dst; nil where there is none.
func (v *view) appendVector(dst []float32, row uint32) []float32 {
	if row < farRows {
		return v.index.AppendVector(dst, row)
	}
	if v.far == nil {
		return nil
	}
	s, err := v.far.at(row)
	if err != nil {
		return nil // as for a product without a vector
	}
	if vector := halved(s.vector); vector != nil {
		return append(dst, vector...)
	}
	return nil
}

func (v *view) numbers(row uint32) (retrieve.Numbers, bool) {
	if row < farRows || v.far == nil {
		return v.index.Numbers(row)
	}
	s, err := v.far.at(row)
	if err != nil {
		return retrieve.Numbers{}, false
	}
	return retrieve.NumbersOf(&s.product), true
}

// keeps tells which rows meet every condition of a filter.
func (v *view) keeps(filter engine.Filter) (func(row uint32) bool, error) {
	if v.far == nil {
		return v.index.Keeps(filter)
	}
	return func(row uint32) bool {
		var p engine.Product
		var ok bool
		var err error
		if row < farRows {
			p, ok, err = v.far.file.ProductAt(row)
		} else if s, failed := v.far.at(row); failed == nil {
			p, ok = s.product, true
		}
		if !ok || err != nil {
			return false
		}
		builder := retrieve.NewBuilder(v.analyzer, nil)
		builder.Add(0, &p)
		data, err := builder.Build(0)
		if err != nil {
			return false
		}
		segment, err := retrieve.Open(data)
		if err != nil {
			return false
		}
		kept, err := retrieve.NewIndex([]*retrieve.Segment{segment}, nil, retrieve.Options{}).Keeps(filter)
		return err == nil && kept(0) // an error: it lacks the field
	}, nil
}

// len is how many products can be found, as far as is known here.
func (v *view) len() int {
	if d := v.index.Dictionary(); d != nil {
		return d.Len()
	}
	return v.index.Len()
}

// encoded is how many of them have a vector: all that a remote catalogue keeps.
func (v *view) encoded() int {
	if d := v.index.Dictionary(); d != nil {
		return d.Len()
	}
	return v.index.Encoded()
}
