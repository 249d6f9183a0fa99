package workbench

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"touchstone/engine"
	"touchstone/engine/measure"
)

// defaultMetric is what the screens and learning measure by.
const defaultMetric = "ndcg@10"

// Measure is NDCG@10 of a page as it is ordered now; false where nothing of the
// query is judged.
func (b *Bench) Measure(page *Page) (QueryScore, bool) {
	judged, err := b.agreed(page.Query)
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
		if qrels, err = b.qrels(); err != nil {
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
	var old earlier
	runs, err := b.runs(ctx, []contender{{ranker: ranker, rules: req.Rules, earlier: &old}}, qrels, req.Scope, metric.K, progress)
	if err != nil {
		return nil, err
	}
	e := metric.Evaluate(runs[0], qrels)
	if req.Weighted {
		weights, err := b.weights()
		if err != nil {
			return nil, err
		}
		e = e.Weighted(weights)
	}
	out := &Evaluation{Measured: Measured{
		Metric: metric.String(), Convention: metric.Convention.String(), Mean: e.Mean, Queries: len(e.Scores),
		Skipped: len(e.Skipped), Coverage: e.Coverage, Bounds: [2]float64{e.Worst, e.Best},
	}, Notes: old.notes()}
	for _, s := range e.Scores {
		out.PerQuery = append(out.PerQuery, queryScore(s))
	}
	return out, nil
}

// weights is how often each query of the set is asked; it is an error where
// nobody knows.
func (b *Bench) weights() (map[string]float64, error) {
	queries, err := b.store.Queries()
	if err != nil {
		return nil, err
	}
	weights := map[string]float64{}
	for _, q := range queries {
		if q.Weight > 0 {
			weights[q.Text] = q.Weight
		}
	}
	if len(weights) == 0 {
		return nil, fmt.Errorf("weighted: no query says how often it is asked; import a query set with a column called frequency")
	}
	return weights, nil
}

// eachQuery runs fn for every query on all cores and keeps the results in the
// order of the queries.
func eachQuery[T any](ctx context.Context, stage string, queries []string, progress engine.OnProgress, fn func(context.Context, string) (T, error)) ([]T, error) {
	results := make([]T, len(queries))
	var done atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	ctx = engine.OneProcessor(ctx)
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

// Metrics are the names of the metrics that are offered to choose from, and
// Conventions those of the tools whose numbers they can reproduce: together
// "ndcg@10:quepid".
func Metrics() []string {
	return []string{"ndcg@10", "ndcg@5", "dcg@10", "err@10", "rbp", "ap", "p@5", "p@10", "recall@50", "rr", "judged@10", "bpref"}
}

// Conventions are the tools' names, the standard one first.
func Conventions() []string { return measure.Conventions() }

// MetricLabel is a metric by name as people write it, "NDCG@10 (quepid)"; a name
// that is none stays as it is.
func MetricLabel(name string) string {
	m, err := measure.Parse(name)
	if err != nil {
		return name
	}
	return m.Label()
}
