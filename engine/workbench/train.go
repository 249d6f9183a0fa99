package workbench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"touchstone/engine"
	"touchstone/engine/learn"
	"touchstone/engine/measure"
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
	qrels, err := b.qrels()
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
	opts := b.options(&prior, metric, req.Seed)
	opts.Kind, opts.Progress = req.Kind, progress
	outcome, err := learn.Learn(ctx, data, prior, opts)
	if err != nil {
		return nil, err
	}
	d := outcome.Decision
	learned := &Learned{
		Ranker: before, Before: before, Kind: outcome.Ranker.Kind,
		Score: [2]float64{outcome.Validation.Before().Whole, outcome.Validation.After().Whole},
		Train: [2]float64{outcome.Report.Before.Whole, outcome.Report.After.Whole}, Grades: outcome.Report.Grades,
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

// lesson is what learning from all grades starts from: the judged queries with
// their candidates, the weights to be pulled toward, and the metric.
func (b *Bench) lesson(ctx context.Context, progress engine.OnProgress) (data *learn.Dataset, prior engine.Ranker, metric measure.Metric, err error) {
	if data, err = b.Dataset(ctx, progress); err != nil {
		return nil, prior, metric, err
	}
	if prior, err = b.prior(); err != nil {
		return nil, prior, metric, err
	}
	metric, err = b.metric(defaultMetric)
	return data, prior, metric, err
}

// options are those of every fit here: beside the prior the shipped weights are
// known to do well, which a workspace that began with weights of its own can find
// out from a few grades. A ranker of one feature is nobody's tuning, and they are
// presumed to be better.
func (b *Bench) options(prior *engine.Ranker, metric measure.Metric, seed int64) learn.Options {
	opts := learn.Options{Metric: metric, Seed: seed}
	if shipped := rank.Default(); prior.Name != shipped.Name {
		used := 0
		for _, w := range prior.Weights {
			if w.Weight != 0 {
				used++
			}
		}
		opts.Known, opts.Presumed = &shipped, used <= 1
	}
	return opts
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
