package workbench

import (
	"context"
	"fmt"
	"slices"

	"touchstone/engine"
	"touchstone/engine/compare"
	"touchstone/engine/measure"
	"touchstone/engine/rank"
)

// What a comparison says, for those who may not look behind the use cases.
type (
	Comparison    = compare.Comparison
	ComparedQuery = compare.Query
	ComparedPages = compare.Pages
	ComparedLine  = compare.Line
)

// The verdicts of a comparison; Worse is the one that stops a release.
const (
	Better = measure.Better
	Worse  = measure.Worse
)

// MostLosses is how many lost queries are shown where B hurts.
const MostLosses = 10

// Signed writes a difference with its sign, as in the sentence.
func Signed(v float64) string { return compare.Signed(v) }

// Chance writes a p-value as in "p = 0.012" or "p < 0.001", without the letter.
func Chance(p float64) string { return measure.Chance(p) }

// CompareRequest asks whether B is better than A. Zero values: the ranker in
// use, the judgments of the workspace, ndcg@10, the whole catalogue.
type CompareRequest struct {
	A, B   Side
	Qrels  engine.Qrels
	Metric string
	Scope  Scope
	Seed   int64 // same seed, same numbers
	// Weighted counts each query as often as shoppers ask it.
	Weighted bool
}

// beside are the metrics that stand beside the one that decides.
var beside = []string{"ndcg@10", "err@10", "p@5", "recall@50"}

// Compare ranks the judged queries by both sides and says which is better and
// where it hurts. Each query is searched once and ranked twice; a snapshot is
// not ranked again.
func (b *Bench) Compare(ctx context.Context, req CompareRequest, progress engine.OnProgress) (*Comparison, error) {
	metric, err := b.metric(req.Metric)
	if err != nil {
		return nil, err
	}
	in := compare.Input{Qrels: req.Qrels, Metric: metric, Seed: req.Seed}
	if in.Beside, err = b.beside(metric); err != nil {
		return nil, err
	}
	if in.Qrels == nil {
		if in.Qrels, err = b.qrels(); err != nil {
			return nil, err
		}
	}
	if len(in.Qrels) == 0 {
		return nil, fmt.Errorf("compare: nothing is judged yet; grade some results, or import judgments")
	}
	if req.Weighted {
		if in.Weights, err = b.weights(); err != nil {
			return nil, err
		}
	}
	sides := []Side{req.A, req.B}
	for i := range sides {
		if sides[i].Snapshot == nil && sides[i].Ranker == nil && sides[i].Engine == "" {
			sides[i].Ranker = b.ranker.Load()
		}
	}
	qrels, warnings, err := b.held(sides, in.Qrels)
	if err != nil {
		return nil, err
	}
	in.Qrels = qrels
	var old earlier
	runs, err := b.sideRuns(ctx, sides, in.Qrels, req.Scope, in.Depth(), &old, progress)
	if err != nil {
		return nil, err
	}
	for i, into := range []*compare.Side{&in.A, &in.B} {
		into.Name, into.Runs = sides[i].Label(), runs[i]
	}
	if sides[0].Rules != nil || sides[1].Rules != nil { // name both where they differ
		for i, name := range []*string{&in.A.Name, &in.B.Name} {
			if sides[i].Rules == nil && sides[i].Snapshot == nil {
				*name += ", rules " + b.rulesInUse().Name
			}
		}
	}
	c := compare.Compare(in)
	if req.Qrels == nil {
		warnings = append(warnings, fittedTo(sides)...)
	}
	c.Warnings = append(append(c.Warnings, warnings...), old.notes()...)
	for i := range c.Unsettled {
		if err := b.fill(&c.Unsettled[i].Product); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// held leaves those judged queries that every snapshot among the sides holds. A
// snapshot of another catalogue is refused.
func (b *Bench) held(sides []Side, qrels engine.Qrels) (engine.Qrels, []string, error) {
	var warnings []string
	for _, side := range sides {
		if side.Snapshot == nil {
			continue
		}
		var left []string
		if qrels, left = side.Snapshot.within(qrels); len(qrels) == 0 {
			return nil, nil, fmt.Errorf("compare: snapshot %q holds no judged query; take one of this query set", side.Snapshot.Name)
		}
		changed, err := b.changedSince(side.Snapshot)
		if err != nil {
			return nil, nil, err
		}
		warnings = append(append(warnings, left...), changed...)
	}
	return qrels, warnings, nil
}

// sideRuns are the runs of each side: query → product IDs, best first. Answers
// that are not of now are noted in old.
func (b *Bench) sideRuns(ctx context.Context, sides []Side, qrels engine.Qrels, scope Scope, depth int, old *earlier, progress engine.OnProgress) ([]map[string][]string, error) {
	var contenders []contender // of the sides that rank now
	for i := range sides {
		if sides[i].Snapshot == nil {
			c := sides[i].contender()
			c.earlier = old
			if c.ranker == nil && sides[i].Engine == "" {
				c.ranker = b.ranker.Load()
			}
			contenders = append(contenders, c)
		}
	}
	ranked, err := b.runs(ctx, contenders, qrels, scope, depth, progress)
	if err != nil {
		return nil, err
	}
	runs := make([]map[string][]string, len(sides))
	for i := range sides {
		if snapshot := sides[i].Snapshot; snapshot != nil {
			runs[i] = snapshot.scoped(qrels, scope)
			continue
		}
		runs[i], ranked = ranked[0], ranked[1:]
	}
	return runs, nil
}

// fittedTo warns of rankers that were fitted to the grades they are now measured
// by: on those they look better than on the queries of tomorrow.
func fittedTo(sides []Side) (warnings []string) {
	for _, side := range sides {
		r := side.Ranker
		if side.Snapshot != nil {
			r = &side.Snapshot.Ranker
		}
		if r != nil && r.Made.Judgments > 0 {
			warnings = append(warnings, fmt.Sprintf("%s was fitted to grades of this workspace, which flatter it here: on queries left out of the fit NDCG@10 went from %.3f to %.3f.",
				rankerLabel(r), r.Made.Before, r.Made.After))
		}
	}
	return slices.Compact(warnings) // of the same ranker once
}

// beside lists the metrics beside one, in its convention.
func (b *Bench) beside(decides measure.Metric) ([]measure.Metric, error) {
	var all []measure.Metric
	for _, name := range beside {
		m, err := b.metric(name)
		if err != nil {
			return nil, err
		}
		m.Convention = decides.Convention
		if m != decides {
			all = append(all, m)
		}
	}
	return all, nil
}

// ComparedPages are both pages of a query of a comparison, with their products.
func (b *Bench) ComparedPages(c *Comparison, q ComparedQuery) (ComparedPages, error) {
	pages := c.Pages(q)
	for _, page := range [][]ComparedLine{pages.A, pages.B} {
		for i := range page {
			if err := b.fill(&page[i].Product); err != nil {
				return pages, err
			}
		}
	}
	return pages, nil
}

// Settling are the pairs that would settle a comparison, to be judged.
func (b *Bench) Settling(c *Comparison) ([]QueueItem, error) {
	queries, err := b.Queries()
	if err != nil {
		return nil, err
	}
	needs := map[string]engine.Query{}
	for _, q := range queries {
		needs[q.Text] = q
	}
	var items []QueueItem
	for _, p := range c.Unsettled {
		need, known := needs[p.Query]
		if !known {
			need = engine.Query{Text: p.Query}
		}
		items = append(items, QueueItem{Query: need, Product: p.Product, Why: "Its grade could settle which of two rankings is better."})
	}
	return items, nil
}

// fill reads the product of an ID; one that the catalogue lacks is named by it.
func (b *Bench) fill(p *engine.Product) error {
	product, ok, err := b.store.Product(p.ID)
	if err != nil {
		return err
	}
	if !ok {
		product = engine.Product{ID: p.ID, Title: p.ID}
	}
	*p = product
	return nil
}

// rankerLabel is how a ranker is called in a sentence.
func rankerLabel(r *engine.Ranker) string {
	if r.Name == rank.Default().Name || r.Version == 0 {
		return r.Name
	}
	return r.Label()
}
