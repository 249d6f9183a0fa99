package workbench

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"touchstone/engine"
	"touchstone/engine/measure"
	"touchstone/engine/rank"
)

// defaultMetric is what the screens and learning measure by.
const defaultMetric = "ndcg@10"

// Measure is NDCG@10 of a page as it is ordered now; false where nothing of the
// query is judged.
func (b *Bench) Measure(page *Page) (QueryScore, bool) {
	judged, err := b.grades.agreed(page.Query)
	if err != nil || len(judged) == 0 {
		return QueryScore{Query: page.Query}, false
	}
	metric, err := b.metric(defaultMetric)
	if err != nil {
		return QueryScore{Query: page.Query}, false
	}
	return queryScore(metric.Score(page.Query, page.pool.top(page.order, metric.K), judged)), true
}

func queryScore(s measure.Score) QueryScore {
	return QueryScore{Query: s.Query, Value: s.Value, Judged: s.Judged, Coverage: s.Coverage, Worst: s.Worst, Best: s.Best}
}

// metric reads a metric's name for the scale of this workspace.
func (b *Bench) metric(name string) (measure.Metric, error) {
	if name == "" {
		name = defaultMetric
	}
	m, err := measure.Parse(name)
	m.Max = float64(b.Scale().Max())
	return m, err
}

// Evaluate measures a ranker on judged queries.
func (b *Bench) Evaluate(ctx context.Context, req EvalRequest, progress engine.OnProgress) (*Evaluation, error) {
	metric, err := b.metric(req.Metric)
	if err != nil {
		return nil, err
	}
	qrels := req.Qrels
	if qrels == nil {
		if qrels, err = b.grades.qrels(); err != nil {
			return nil, err
		}
	}
	if len(qrels) == 0 {
		return nil, fmt.Errorf("measure: nothing is judged yet; grade some results, or import judgments")
	}
	ranker := req.Ranker
	if ranker == nil {
		ranker = b.ranker.Load()
	}
	runs, err := b.runs(ctx, []*engine.Ranker{ranker}, qrels, req.Scope, metric.K, progress)
	if err != nil {
		return nil, err
	}
	e := metric.Evaluate(runs[0], qrels)
	out := &Evaluation{Measured: Measured{
		Metric: metric.String(), Convention: metric.Convention.String(), Mean: e.Mean, Queries: len(e.Scores),
		Skipped: len(e.Skipped), Coverage: e.Coverage, Bounds: [2]float64{e.Worst, e.Best},
	}}
	for _, s := range e.Scores {
		out.PerQuery = append(out.PerQuery, queryScore(s))
	}
	return out, nil
}

// runs orders what each judged query brings up by each ranker: for each ranker,
// query → the first depth product IDs, all of them for 0. A query is searched
// once, however many rankers there are.
func (b *Bench) runs(ctx context.Context, rankers []*engine.Ranker, qrels engine.Qrels, scope Scope, depth int, progress engine.OnProgress) ([]map[string][]string, error) {
	queries := slices.Sorted(maps.Keys(qrels))
	orders, err := eachQuery(ctx, "measuring", queries, progress, func(ctx context.Context, query string) ([][]string, error) {
		ask := poolRequest{query: query}
		if scope == Judged {
			ask.include = slices.Sorted(maps.Keys(qrels[query]))
		}
		p, err := b.pool(ctx, ask)
		if err != nil {
			return nil, err
		}
		orders := make([][]string, len(rankers))
		for i, ranker := range rankers {
			order, err := p.rank(ranker)
			if err != nil {
				return nil, err
			}
			if scope == Judged {
				// Scored among all candidates, as in a search, and then alone.
				order = slices.DeleteFunc(order, func(o rank.Scored) bool {
					_, judged := qrels[query][p.items[o.Index].Product]
					return !judged
				})
			}
			orders[i] = p.top(order, depth)
		}
		return orders, nil
	})
	if err != nil {
		return nil, err
	}
	runs := make([]map[string][]string, len(rankers))
	for i := range runs {
		runs[i] = make(map[string][]string, len(queries))
		for q, query := range queries {
			runs[i][query] = orders[q][i]
		}
	}
	return runs, nil
}

// eachQuery runs fn for every query on all cores and keeps the results in the
// order of the queries.
func eachQuery[T any](ctx context.Context, stage string, queries []string, progress engine.OnProgress, fn func(context.Context, string) (T, error)) ([]T, error) {
	results := make([]T, len(queries))
	var done atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, query := range queries {
		group.Go(func() error {
			var err error
			if results[i], err = fn(ctx, query); err != nil {
				return err
			}
			progress.Report(engine.Progress{Stage: stage, Done: int(done.Add(1)), Total: len(queries)})
			return nil
		})
	}
	return results, group.Wait()
}
