package learn

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"touchstone/engine"
	"touchstone/engine/model"
)

// learner is a kind of ranker that is fitted in rounds on top of a weighted sum
// and gets better on its own data with each one, until it is too good.
type learner interface {
	// round goes over all queries once.
	round()
	// scores are those of a group's rows, on any scale.
	scores(g *Group) []float64
	// parameters are the features as the model reads them and the model.
	parameters() ([]engine.Weight, any)
}

// newLearner begins a learner of a kind on a problem whose weighted sum is
// fitted already.
func newLearner(p *problem, linear model.Linear, opts *Options) learner {
	if opts.Kind == engine.DNN {
		return newNetwork(p, linear, opts)
	}
	return newBoosting(p, linear, opts)
}

// fitRounds fits the weighted sum, finds out by cross-validation within the
// data how many rounds help queries that are left out, and takes as many on all
// of it. Where there are too few queries to find out, none: the weighted sum
// stands alone.
func fitRounds(ctx context.Context, data *Dataset, prior model.Linear, opts *Options) ([]engine.Weight, json.RawMessage, error) {
	rounds := opts.Boost.Rounds
	if rounds == 0 {
		var err error
		if rounds, err = bestRounds(ctx, data, prior, opts); err != nil {
			return nil, nil, err
		}
	}
	l, err := begin(ctx, data, prior, opts)
	if err != nil {
		return nil, nil, err
	}
	for i := range rounds {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		opts.Progress.Report(engine.Progress{Stage: "learning", Done: i, Total: rounds})
		l.round()
	}
	return store(l)
}

// store is the form in which a ranker keeps what a learner has learned.
func store(l learner) ([]engine.Weight, json.RawMessage, error) {
	weights, parameters := l.parameters()
	encoded, err := json.Marshal(parameters)
	return weights, encoded, err
}

// begin fits the weighted sum that the rounds start from.
func begin(ctx context.Context, data *Dataset, prior model.Linear, opts *Options) (learner, error) {
	quiet := *opts
	quiet.Progress = nil
	if opts.Boost.Plain {
		nothing := slices.Clone(prior)
		for i := range nothing {
			nothing[i].Weight = 0
		}
		return newLearner(newProblem(data, nothing, opts), nothing, opts), nil
	}
	linear, err := fitSum(ctx, data, prior, nil, &quiet)
	if err != nil {
		return nil, err
	}
	return newLearner(newProblem(data, opts.begin(data, prior, opts.trust.Toward), opts), linear, opts), nil
}

// bestRounds is the number of rounds at which the left-out queries' mean, over
// both views, is highest, of those that make neither view worse than the
// weighted sum has it.
func bestRounds(ctx context.Context, data *Dataset, prior model.Linear, opts *Options) (int, error) {
	useful := data.useful()
	folds := inner(len(useful))
	if folds < innerFolds || len(data.Groups) < fewQueries {
		return 0, nil
	}
	splits := splitQueries(data, useful, folds, rand.New(rand.NewPCG(uint64(opts.Seed), 2)))
	most := opts.tuning.rounds
	curves := make([][]Scores, len(splits)) // sums over the left-out queries
	var done atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for f, s := range splits {
		group.Go(func() error {
			l, err := begin(ctx, &s.train, prior, opts)
			if err != nil {
				return err
			}
			curves[f] = make([]Scores, most+1)
			for round := range curves[f] {
				if err := ctx.Err(); err != nil {
					return err
				}
				if round > 0 {
					l.round()
				}
				for i := range s.test.Groups {
					g := &s.test.Groups[i]
					m := g.measure(l.scores(g), opts.Metric)
					curves[f][round].Whole += m.Whole
					curves[f][round].Judged += m.Judged
				}
				opts.Progress.Report(engine.Progress{Stage: "finding out how long to learn", Done: int(done.Add(1)), Total: len(splits) * (most + 1)})
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return 0, err
	}
	curve := curves[0]
	for _, other := range curves[1:] {
		for round := range curve {
			curve[round].Whole += other[round].Whole
			curve[round].Judged += other[round].Judged
		}
	}
	best := 0
	for round, sum := range curve {
		better := sum.Whole+sum.Judged > curve[best].Whole+curve[best].Judged
		if better && sum.Whole >= curve[0].Whole && sum.Judged >= curve[0].Judged {
			best = round
		}
	}
	return best, nil
}
