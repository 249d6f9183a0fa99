package workbench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"touchstone/engine"
	"touchstone/engine/rank"
)

// defaultK is how many results a page has unless asked.
const defaultK = 10

// Search answers a query with one explained page. An empty query answers an
// empty page.
func (b *Bench) Search(ctx context.Context, req SearchRequest) (*Page, error) {
	return b.search(ctx, b.view.Load(), req, false)
}

// SearchSide answers a query as one side of a comparison would: with its ranker,
// rules, encoder and candidates in place of the request's. A side that names none
// of them answers as Search. Another model encodes the catalogue first, once.
func (b *Bench) SearchSide(ctx context.Context, req SearchRequest, side Side, progress engine.OnProgress) (*Page, error) {
	if side.Snapshot != nil {
		return nil, fmt.Errorf("snapshot %q holds the pages of its day and answers no query; compare it in Compare, or with touchstone compare", side.Snapshot.Name)
	}
	c := side.contender()
	v, err := b.viewFor(ctx, &c, progress)
	if err != nil {
		return nil, err
	}
	req.Ranker, req.Rules = cmp.Or(c.ranker, req.Ranker), cmp.Or(c.rules, req.Rules)
	if c.depth > 0 || c.fusion != "" {
		req.Depth, req.Fusion = c.depth, c.fusion
	}
	return b.search(ctx, v, req, c.from != "" && c.ranker == nil)
}

// search is Search in a view; asBrought keeps a remote engine's own order, without
// rules.
func (b *Bench) search(ctx context.Context, v *view, req SearchRequest, asBrought bool) (*Page, error) {
	start := time.Now()
	_, shopper, note, err := b.shopper(v, req.Profile)
	if err != nil {
		return nil, err
	}
	req.Depth, req.Fusion = b.searching(req.Depth, req.Fusion)
	ask := poolRequest{query: req.Query, typing: req.Typing, shopper: shopper, filter: req.Filter, facets: req.Facets, depth: req.Depth, fusion: req.Fusion}
	if !asBrought {
		ask.rules = b.ruled(req.Rules)
	}
	pool, err := v.pool(ctx, ask)
	if err != nil {
		return nil, err
	}
	if asBrought {
		pool.keepBrought()
	}
	ranker := req.Ranker
	if ranker == nil {
		ranker = b.ranker.Load()
	}
	if req.K <= 0 {
		req.K = defaultK
	}
	req.Offset = max(0, req.Offset)
	if req.Sort != "" {
		if err := v.sortBy(pool, req.Sort); err != nil {
			return nil, err
		}
	}
	if err := v.extend(ctx, pool, req.Offset, req.Offset+req.K); err != nil {
		return nil, err
	}
	page := &Page{Query: req.Query, Rules: pool.plan.Applied, Redirect: pool.plan.Redirect, Notes: pool.notes, Analysis: pool.analysis, Total: pool.total, Near: pool.near, Facets: pool.facets, pool: pool, k: req.K, offset: req.Offset}
	if note != "" {
		page.Notes = append(page.Notes, note)
	}
	if !pool.recorded.IsZero() {
		page.Recorded = pool.recorded
		page.Notes = append(page.Notes, fmt.Sprintf("%s cannot be reached: these candidates are those of its answer of %s", v.far.remote.Name, pool.recorded.Local().Format("2006-01-02 15:04")))
	}
	if page.Suggestion, err = b.suggestion(pool); err != nil {
		return nil, err
	}
	engine.GiveWay(ctx)
	if err := b.order(page, ranker); err != nil {
		return nil, err
	}
	page.Took = time.Since(start)
	return page, nil
}

// Candidates are the IDs of the products that the ranker ordered for a page.
func (p *Page) Candidates() []string {
	ids := make([]string, len(p.pool.items)-p.pool.rest)
	for i := range ids {
		ids[i] = p.pool.items[i].Product
	}
	return ids
}

// Rerank orders a page's candidates by another ranker, without searching again.
// A ranker that cannot score leaves the page as it is.
func (b *Bench) Rerank(page *Page, ranker engine.Ranker) (*Page, error) {
	next := *page
	if err := b.order(&next, &ranker); err != nil {
		return nil, err
	}
	return &next, nil
}

// order fills the page's results by the ranker's order of its pool.
func (b *Bench) order(page *Page, ranker *engine.Ranker) error {
	scorer, err := rank.NewScorer(ranker)
	if err != nil {
		return err
	}
	judged, err := b.agreed(page.Query)
	if err != nil {
		return err
	}
	settings := b.store.Settings()
	pool := page.pool
	order, reach := pool.order(scorer)
	page.order = order
	shown := page.order[min(page.offset, len(page.order)-pool.rest):]
	shown = shown[:min(page.k, len(shown))]
	known := page.Results
	page.Results = make([]engine.Result, len(shown))
	for i, o := range shown {
		id := pool.items[o.Index].Product
		r := &page.Results[i]
		*r = engine.Result{Rank: page.offset + i + 1, Score: o.Score, Contributions: scorer.Explain(pool.features.Row(o.Index)), Matched: pool.items[o.Index].Matched}
		r.Contributions = append(r.Contributions, pool.ruleContributions(o.Index, reach)...)
		r.Pinned = pool.keys == nil && pool.pins[o.Index] > 0
		if j := slices.IndexFunc(known, func(k engine.Result) bool { return k.Product.ID == id }); j >= 0 {
			r.Product = known[j].Product
		} else {
			r.Product.ID = id // all that is known of one that was deleted since the search
			if err := b.fill(&r.Product); err != nil {
				return err
			}
		}
		// People see their own grade; where they gave none, what the judges agree on.
		if g, ok := b.grades.of(settings.judge(), page.Query, id); ok {
			r.Grade = &g
		} else if g, ok := judged[id]; ok && !b.blind(settings.judge(), page.Query, id) {
			r.Grade = &g
		}
	}
	return nil
}

// Features describes the numbers that rankers read.
func (b *Bench) Features() []engine.Feature { return rank.Features() }

// Ranker is the ranker in use.
func (b *Bench) Ranker() engine.Ranker { return *b.ranker.Load() }

// Default is the ranker that needs no grades.
func (b *Bench) Default() engine.Ranker { return rank.Default() }

// Rankers lists every stored version, oldest first.
func (b *Bench) Rankers() ([]engine.Ranker, error) { return b.store.Rankers() }

// baselines are rankers of one feature, to compare others with.
var baselines = []string{"bm25", "cosine"}

// Named finds a ranker: "default", a baseline of one feature, the newest version
// of a stored one, or an older one as in "learned@3".
func (b *Bench) Named(name string) (engine.Ranker, error) {
	if name == "default" {
		return rank.Default(), nil
	}
	if slices.Contains(baselines, name) {
		return engine.Ranker{Name: name, Kind: engine.Linear, Weights: []engine.Weight{{Feature: name, Weight: 1}}}, nil
	}
	rankers, err := b.store.Rankers()
	if err != nil {
		return engine.Ranker{}, err
	}
	for _, r := range slices.Backward(rankers) {
		if r.Name == name || r.Versioned() == name {
			return r, nil
		}
	}
	names := append([]string{"default"}, baselines...)
	for _, r := range rankers {
		if !slices.Contains(names, r.Name) {
			names = append(names, r.Name)
		}
	}
	return engine.Ranker{}, fmt.Errorf("no ranker is called %q; %s, and older versions as in NAME@2", name, engine.Among(names, ""))
}

// Use adopts a ranker: stores it as the next version of its name and ranks with
// it from now on.
func (b *Bench) Use(r engine.Ranker) (engine.Ranker, error) {
	var used engine.Ranker
	err := b.change("use the weights", func() (err error) {
		// Weights that a person set were made by no grades, wherever they began.
		r.Made = engine.Provenance{Time: time.Now().UTC(), From: r.Label()}
		used, err = b.use(r)
		return err
	})
	return used, err
}

// learnedName is the name under which a workspace keeps its own weights: those
// that were dragged or learned.
const learnedName = "learned"

func (b *Bench) use(r engine.Ranker) (engine.Ranker, error) {
	if _, err := rank.NewScorer(&r); err != nil {
		return engine.Ranker{}, err
	}
	if r.Name == "" || r.Name == rank.Default().Name {
		r.Name = learnedName
	}
	stored, err := b.store.PutRanker(r)
	if err != nil {
		return engine.Ranker{}, err
	}
	return stored, b.inUse(&stored)
}

// inUse ranks with the newest version of a stored ranker from now on.
func (b *Bench) inUse(stored *engine.Ranker) error {
	settings := b.store.Settings()
	settings.Ranker = stored.Name
	if err := b.store.PutSettings(settings); err != nil {
		return errors.Join(errors.New("the weights are stored but not in use"), err)
	}
	b.ranker.Store(stored)
	return nil
}
