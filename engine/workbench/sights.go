package workbench

import (
	"context"
	"fmt"
	"slices"

	"touchstone/engine"
	"touchstone/engine/rank"
	"touchstone/engine/retrieve"
	"touchstone/engine/text"
)

// mostSights is how many products of an engine are kept here, at least; twice as
// many at most.
const mostSights = 8192

// sight is a product as it was last brought.
type sight struct {
	product  engine.Product
	vector   []float32 // as it came
	document *rank.Document
	reading  *retrieve.Reading
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
