package workbench

import (
	"context"
	"errors"
	"time"

	"touchstone/engine"
	"touchstone/engine/exchange"
)

// runDepth is how many products of each query a run lists, as is usual for
// evaluation tools.
const runDepth = 1000

// ExportRun ranks every query of the query set and writes the result in one of
// exchange.RunFormats. ranker nil is the one in use.
func (b *Bench) ExportRun(ctx context.Context, ranker *engine.Ranker, format, file string, progress engine.OnProgress) error {
	if ranker == nil {
		ranker = b.ranker.Load()
	}
	set, err := b.Queries()
	if err != nil {
		return err
	}
	if len(set) == 0 {
		return errors.New("export a run: the workspace has no queries; grade something, or import queries or judgments")
	}
	queries := make([]string, len(set))
	for i, q := range set {
		queries[i] = q.Text
	}
	ranked, err := eachQuery(ctx, "ranking", queries, progress, func(ctx context.Context, query string) ([]exchange.Ranked, error) {
		p, err := b.pool(ctx, poolRequest{query: query, rules: b.rulesInUse()})
		if err != nil {
			return nil, err
		}
		order, err := p.rank(ranker)
		if err != nil {
			return nil, err
		}
		var rows []exchange.Ranked
		for i, o := range order[:min(len(order), runDepth)] {
			rows = append(rows, exchange.Ranked{Query: query, Product: p.items[o.Index].Product, Rank: i + 1, Score: o.Score})
		}
		return rows, nil
	})
	if err != nil {
		return err
	}
	var run []exchange.Ranked
	for _, rows := range ranked {
		run = append(run, rows...)
	}
	return exchange.WriteRun(file, format, ranker.Name, time.Now(), run)
}
