package learn

import (
	"context"
	"math/rand/v2"
	"runtime"

	"golang.org/x/sync/errgroup"

	"touchstone/engine/model"
)

// innerFolds are for what is found out by leaving queries out within the data
// of one fit.
const innerFolds = 3

// inner leaves queries out within the data; nil where there are too few.
func (d *Dataset) inner(seed int64) []split {
	var useful []int
	for i := range d.Groups {
		if d.Groups[i].useful() {
			useful = append(useful, i)
		}
	}
	if len(useful) < 2*innerFolds {
		return nil
	}
	return splitQueries(d, useful, innerFolds, rand.New(rand.NewPCG(uint64(seed), 2)))
}

// choosePull finds out how hard to pull toward the prior: the hardest, unless a
// weaker pull is better on queries left out within the data: by more than two
// standard errors over both views together, and worse in neither. (The idea of
// Breiman et al. 1984, section 3.4.3, with a higher bar: one standard error let
// a weak pull through too often with ten queries.)
func choosePull(ctx context.Context, data *Dataset, prior model.Linear, opts *Options) (float64, error) {
	grid := opts.tuning.pulls
	splits := data.inner(opts.Seed)
	if splits == nil {
		return grid[0], nil
	}
	quiet := *opts
	quiet.Progress, quiet.Start = nil, nil
	parts := make([][][]scored, len(splits)) // split, pull, left-out query
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range splits {
		parts[i] = make([][]scored, len(grid))
		for j, pull := range grid {
			group.Go(func() error {
				one := quiet
				one.tuning.pull = pull
				weights, err := fitLinear(ctx, &s.train, prior, nil, &one)
				if err != nil {
					return err
				}
				for q := range s.test.Groups {
					parts[i][j] = append(parts[i][j], scoreGroup(&s.test.Groups[q], len(data.Features), weights, opts.Metric))
				}
				return nil
			})
		}
	}
	if err := group.Wait(); err != nil {
		return 0, err
	}
	scores := make([][]scored, len(grid))
	for _, part := range parts {
		for j := range grid {
			scores[j] = append(scores[j], part[j]...)
		}
	}
	best := 0
	for j := range grid {
		gains := make([]float64, len(scores[j]))
		for q, s := range scores[j] {
			gains[q] = s.Whole + s.Judged - scores[best][q].Whole - scores[best][q].Judged
		}
		now, then := meanScores(scores[j]), meanScores(scores[best])
		if mean(gains) > 2*standardError(gains) && now.Whole >= then.Whole && now.Judged >= then.Judged {
			best = j
		}
	}
	return grid[best], nil
}
