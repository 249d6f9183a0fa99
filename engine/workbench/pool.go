package workbench

import (
	"context"
	"fmt"
	"sync"
	"time"

	"touchstone/engine"
	"touchstone/engine/rank"
	"touchstone/engine/rules"
)

// defaultDepth is how many candidates each of the two searches brings up unless
// asked.
const defaultDepth = 200

// pool is what one query brought up: candidates and their features. Rankers
// order it in microseconds; nothing in it changes once it is made.
type pool struct {
	analysis engine.Analysis
	products []int // of the catalogue that have each term of the analysis
	items    []engine.Candidate
	features rank.Matrix
	total    int
	near     int // see engine.Candidates
	facets   []engine.Facet
	ask      engine.Request // what brought the items up
	shopper  []float32
	brought  []engine.Brought // what a remote engine sent, in its order
	recorded time.Time        // of a remote engine's answer that is not of now
	rest     int              // items at the end that are not ranked: see view.extend
	keys     []float64        // of the items, to order by in place of the score; nil otherwise
	fewer    []bool           // the items that have fewer of the query's words than others and stand behind them in that order; nil for none

	plan  rules.Plan // what rules made of the query
	lifts []lift
	pins  map[int]int // item → its place, from 1
	notes []string    // what of the rules could not be followed
}

// poolRequest says what to bring up.
type poolRequest struct {
	query   string
	typing  bool      // the last word may go on
	shopper []float32 // the direction of the one who searches
	filter  engine.Filter
	facets  bool
	depth   int           // 0 is defaultDepth
	fusion  engine.Fusion // cuts both lists together to depth; "" keeps both
	include []string      // these products too, so that learning sees every judged one
	rules   *RuleSet      // nil follows none
	vectors *queryVectors // nil encodes afresh
}

// searching is how deep to search and how to fuse where a request says neither:
// as the workspace is set. A request that says one of them means the other as
// it stands.
func (b *Bench) searching(depth int, fusion engine.Fusion) (int, engine.Fusion) {
	if depth == 0 && fusion == "" {
		settings := b.store.Settings()
		return settings.Depth, settings.Fusion
	}
	return depth, fusion
}

// pool searches and measures features, in the present view of the catalogue.
func (b *Bench) pool(ctx context.Context, req poolRequest) (*pool, error) {
	return b.view.Load().pool(ctx, req)
}

func (v *view) pool(ctx context.Context, req poolRequest) (*pool, error) {
	plan := req.rules.plan(req.query)
	analysis := v.analyzer.Analyze(plan.Query)
	variants := v.addSynonyms(&analysis, plan.Synonyms)
	if err := v.index.Widen(&analysis, req.typing); err != nil {
		return nil, err
	}
	if req.depth <= 0 {
		req.depth = defaultDepth
	}
	ask := engine.Request{Analysis: analysis, Depth: req.depth, Filter: req.filter, Include: req.include, Facets: req.facets}
	if req.fusion != "" {
		ask.Fusion, ask.Keep = req.fusion, req.depth
	}
	notes := v.restrict(&ask, &plan)
	if v.encoder != nil && v.encoded() > 0 && analysis.Clean != "" {
		var err error
		if ask.Vector, err = v.meaning(ctx, analysis.Clean, variants, req.vectors); err != nil {
			return nil, fmt.Errorf("encode the query: %w", err)
		}
	}
	candidates, err := v.retrieve(ctx, ask)
	if err != nil {
		return nil, err
	}
	engine.GiveWay(ctx)
	p, err := v.measure(analysis, candidates.Items, req.shopper)
	if err != nil {
		return nil, err
	}
	p.total, p.near, p.facets, p.ask, p.plan = candidates.Total, candidates.Near, candidates.Facets, ask, plan
	p.recorded, p.brought = candidates.Recorded, candidates.Brought
	p.notes = append(notes, v.follow(p, &plan)...)
	for _, t := range analysis.Terms {
		n, err := v.index.Products(t.Text)
		if err != nil {
			return nil, err
		}
		p.products = append(p.products, n)
	}
	return p, nil
}

// measure makes the pool of some candidates: it measures their features.
func (v *view) measure(analysis engine.Analysis, items []engine.Candidate, shopper []float32) (*pool, error) {
	p := &pool{analysis: analysis, items: items, shopper: shopper}
	return p, v.extract(p)
}

// extract measures the features of all items, those of the rest against the
// ranked ones.
func (v *view) extract(p *pool) error {
	read := idleDocuments.Get().(*rank.Documents)
	defer func() {
		read.Reset()
		idleDocuments.Put(read)
	}()
	docs := make([]*rank.Document, len(p.items))
	for i := range p.items {
		var err error
		if docs[i], err = v.document(read, p.items[i].Row); err != nil {
			return err
		}
	}
	extractor := *v.extractor
	extractor.Shopper = p.shopper
	p.features = extractor.ExtractWith(&p.analysis, p.items, docs, len(p.items)-p.rest)
	return nil
}

// idleDocuments is memory of which no search reads documents.
var idleDocuments = sync.Pool{New: func() any { return new(rank.Documents) }}

// rank orders the pool, best first.
func (p *pool) rank(r *engine.Ranker) ([]rank.Scored, error) {
	scorer, err := rank.NewScorer(r)
	if err != nil {
		return nil, err
	}
	order, _ := p.order(scorer)
	return order, nil
}

// asBrought is the product IDs in a remote engine's own order.
func (p *pool) asBrought() []string {
	ids := make([]string, len(p.brought))
	for i := range p.brought {
		ids[i] = p.brought[i].Product.ID
	}
	return ids
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

// document is what the features read of a row's product, as the index notes it.
func (v *view) document(read *rank.Documents, row uint32) (*rank.Document, error) {
	if row >= farRows && v.far != nil {
		return v.far.document(row, v.analyzer)
	}
	note, n, ok := v.index.Note(row)
	if !ok {
		return nil, fmt.Errorf("the index brought up row %d, of which it has nothing; import the catalogue again", row)
	}
	numbers := rank.Numbers{Price: engine.Known(n.Price), Rating: engine.Known(n.Rating), Popularity: engine.Known(n.Popularity)}
	if date := engine.Known(n.Date); date.Known {
		numbers.Date = time.Unix(int64(date.Value), 0).UTC()
	}
	return read.Read(note, numbers)
}
