package learn

import (
	"context"
	"math/rand/v2"
	"runtime"

	"golang.org/x/sync/errgroup"
	"gonum.org/v1/gonum/stat/distuv"

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
	if len(useful) < innerFolds {
		return nil
	}
	return splitQueries(d, useful, innerFolds, rand.New(rand.NewPCG(uint64(seed), 2)))
}

// choosePull finds out how hard to pull toward the prior, on queries left out
// within the data: the hardest pull that is not clearly worse than the best,
// where the best is worse than the hardest in neither view. Clearly is by
// Student's paired test over both views, one-sided at 5 % (the one standard
// error of Breiman et al. 1984, section 3.4.3, with a higher bar, above all for
// few queries: with one, a draw of ten queries let chance loosen the pull, and
// lost 0.08 on others).
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
	hardest := meanScores(scores[0])
	for j := range grid {
		m := meanScores(scores[j])
		if m.Whole >= hardest.Whole && m.Judged >= hardest.Judged && gain(scores[best], scores[j], 0) > 0 {
			best = j
		}
	}
	errors := distuv.StudentsT{Sigma: 1, Nu: float64(len(scores[0]) - 1)}.Quantile(0.95)
	for j := range best {
		if gain(scores[j], scores[best], errors) <= 0 {
			return grid[j], nil
		}
	}
	return grid[best], nil
}

// gain is the mean by which the second is better than the first, over both
// views, less so many of its standard errors.
func gain(from, to []scored, errors float64) float64 {
	gains := make([]float64, len(from))
	for q := range gains {
		gains[q] = (to[q].Whole + to[q].Judged - from[q].Whole - from[q].Judged) / 2
	}
	return mean(gains) - errors*standardError(gains)
}
