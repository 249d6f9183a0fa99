package workbench

import (
	"context"
	"fmt"
	"sync"

	"touchstone/engine"
	"touchstone/engine/rank"
)

// depth is how many candidates each of the two searches brings up.
const depth = 200

// pool is what one query brought up: candidates and their features. Rankers
// order it in microseconds; nothing in it changes once it is made.
type pool struct {
	analysis engine.Analysis
	items    []engine.Candidate
	features rank.Matrix
	total    int
}

// poolRequest says what to bring up.
type poolRequest struct {
	query   string
	typing  bool      // the last word may go on
	shopper []float32 // the direction of the one who searches
	filter  engine.Filter
	include []string // these products too, so that learning sees every judged one
}

// pool searches and measures features, in the present view of the catalogue.
func (b *Bench) pool(ctx context.Context, req poolRequest) (*pool, error) {
	return b.view.Load().pool(ctx, req)
}

func (v *view) pool(ctx context.Context, req poolRequest) (*pool, error) {
	analysis := v.analyzer.Analyze(req.query)
	if err := v.index.Widen(&analysis, req.typing); err != nil {
		return nil, err
	}
	ask := engine.Request{Analysis: analysis, Depth: depth, Filter: req.filter, Include: req.include}
	if v.encoder != nil && v.index.Encoded() > 0 && analysis.Clean != "" {
		var err error
		if ask.Vector, err = v.encoder.EncodeQuery(ctx, analysis.Clean); err != nil {
			return nil, fmt.Errorf("encode the query: %w", err)
		}
	}
	candidates, err := v.index.Retrieve(ctx, ask)
	if err != nil {
		return nil, err
	}
	p, err := v.measure(analysis, candidates.Items, req.shopper)
	if err != nil {
		return nil, err
	}
	p.total = candidates.Total
	return p, nil
}

// measure makes the pool of some candidates: it measures their features.
func (v *view) measure(analysis engine.Analysis, items []engine.Candidate, shopper []float32) (*pool, error) {
	p := &pool{analysis: analysis, items: items}
	docs := make([]*rank.Document, len(items))
	for i := range items {
		var err error
		if docs[i], err = v.documents.at(items[i].Row); err != nil {
			return nil, err
		}
	}
	extractor := *v.extractor
	extractor.Shopper = shopper
	p.features = extractor.Extract(&p.analysis, p.items, docs)
	return p, nil
}

// rank orders the pool, best first.
func (p *pool) rank(r *engine.Ranker) ([]rank.Scored, error) {
	scorer, err := rank.NewScorer(r)
	if err != nil {
		return nil, err
	}
	return scorer.Order(p.items, &p.features), nil
}

// top is the product IDs of the first k of an order; all of them for k = 0.
func (p *pool) top(order []rank.Scored, k int) []string {
	if k > 0 && len(order) > k {
		order = order[:k]
	}
	ids := make([]string, len(order))
	for i, o := range order {
		ids[i] = p.items[o.Index].Product
	}
	return ids
}

// documents keeps what the features read of each product, made when a search
// first brings the product up.
type documents struct {
	store    Store
	analyzer rank.Analyzer

	mu    sync.RWMutex
	byRow map[uint32]*rank.Document
}

func (d *documents) at(row uint32) (*rank.Document, error) {
	d.mu.RLock()
	doc := d.byRow[row]
	d.mu.RUnlock()
	if doc != nil {
		return doc, nil
	}
	product, ok, err := d.store.ProductAt(row)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("%s: the index names row %d, which holds no product; reopen the workspace to index it again", d.store.Path(), row)
	}
	doc = rank.NewDocument(&product, d.analyzer)
	d.mu.Lock()
	d.byRow[row] = doc
	d.mu.Unlock()
	return doc, nil
}
