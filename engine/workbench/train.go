package workbench

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"touchstone/engine"
	"touchstone/engine/learn"
	"touchstone/engine/rank"
)

// Train fits a ranker to the grades and adopts it when queries that were left
// out of the fit do not get worse.
func (b *Bench) Train(ctx context.Context, req TrainRequest, progress engine.OnProgress) (*Learned, error) {
	var learned *Learned
	err := b.change("learn", func() (err error) {
		learned, err = b.train(ctx, req, progress)
		return err
	})
	return learned, err
}

func (b *Bench) train(ctx context.Context, req TrainRequest, progress engine.OnProgress) (*Learned, error) {
	start := time.Now()
	qrels, err := b.grades.qrels()
	if err != nil {
		return nil, err
	}
	if len(qrels) == 0 {
		return nil, fmt.Errorf("learn: nothing is judged yet; grade some results first")
	}
	data, err := b.dataset(ctx, qrels, progress)
	if err != nil {
		return nil, err
	}
	metric, err := b.metric(defaultMetric)
	if err != nil {
		return nil, err
	}
	before := *b.ranker.Load()
	prior, err := b.prior()
	if err != nil {
		return nil, err
	}
	outcome, err := learn.Learn(ctx, data, prior, learn.Options{Kind: req.Kind, Metric: metric, Seed: req.Seed, Progress: progress})
	if err != nil {
		return nil, err
	}
	d := outcome.Decision
	learned := &Learned{
		Ranker: before, Before: before, Kind: outcome.Ranker.Kind,
		Score: [2]float64{outcome.Validation.Before().Whole, outcome.Validation.After().Whole},
		Train: outcome.Report.After.Whole, Grades: outcome.Report.Grades,
		Better: d.Better, Worse: d.Worse, Equal: d.Equal, Adopted: d.Adopt, Why: d.Why,
	}
	if d.Adopt {
		outcome.Ranker.Made.Time = time.Now().UTC()
		if learned.Ranker, err = b.use(outcome.Ranker); err != nil {
			return nil, err
		}
	}
	learned.Seconds = time.Since(start).Seconds()
	return learned, nil
}

// prior is the ranker that learning is pulled toward and measured against: the
// newest of the one in use that no grades have made. One that has learned from
// the grades knows the queries that are left out, and learning from it again
// and again would drift.
func (b *Bench) prior() (engine.Ranker, error) {
	r := *b.ranker.Load()
	if r.Made.Judgments == 0 {
		return r, nil
	}
	rankers, err := b.store.Rankers()
	if err != nil {
		return r, err
	}
	for _, older := range slices.Backward(rankers) {
		if older.Name == r.Name && older.Made.Judgments == 0 {
			return older, nil
		}
	}
	return rank.Default(), nil
}

// Dataset is what learning reads of this workspace now: the candidates of every
// judged query with their features and the agreed grades.
func (b *Bench) Dataset(ctx context.Context, progress engine.OnProgress) (*learn.Dataset, error) {
	qrels, err := b.grades.qrels()
	if err != nil {
		return nil, err
	}
	return b.dataset(ctx, qrels, progress)
}

// dataset gathers the candidates of every judged query: what the search brings
// up, and the judged products that it does not.
func (b *Bench) dataset(ctx context.Context, qrels engine.Qrels, progress engine.OnProgress) (*learn.Dataset, error) {
	queries := slices.Sorted(maps.Keys(qrels))
	groups, err := eachQuery(ctx, "searching the judged queries", queries, progress, func(ctx context.Context, query string) (learn.Group, error) {
		judged := qrels[query]
		found, err := b.pool(ctx, poolRequest{query: query})
		if err != nil {
			return learn.Group{}, err
		}
		p, err := b.pool(ctx, poolRequest{query: query, include: slices.Sorted(maps.Keys(judged))})
		if err != nil {
			return learn.Group{}, err
		}
		return group(query, judged, p, found), nil
	})
	if err != nil {
		return nil, err
	}
	return &learn.Dataset{Features: b.Features(), Groups: groups}, nil
}

// group makes what learning reads of one query. found is what the search brings
// up by itself, p that and the judged products.
func group(query string, judged map[string]engine.Grade, p, found *pool) learn.Group {
	byItself := make(map[string]bool, len(found.items))
	for i := range found.items {
		byItself[found.items[i].Product] = true
	}
	g := learn.Group{Query: query, X: p.features.Values}
	rows := make(map[string]bool, len(p.items))
	for i := range p.items {
		id := p.items[i].Product
		rows[id] = true
		grade, ok := judged[id]
		if !ok {
			grade = engine.Grade(math.NaN())
		}
		g.Products = append(g.Products, id)
		g.Grades = append(g.Grades, float64(grade))
		g.Added = append(g.Added, !byItself[id])
	}
	for id, grade := range judged {
		if !rows[id] {
			g.Missing = append(g.Missing, float64(grade))
		}
	}
	slices.Sort(g.Missing)
	return g
}
