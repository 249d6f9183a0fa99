package learn

import (
	"context"
	"math/rand/v2"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
	"gonum.org/v1/gonum/stat/distuv"

	"touchstone/engine/model"
)

// Trust is how far a fit leaves the prior, as found out from the data. Learned
// weights lie Step of the way from where the fit begins to where its loss and
// its pull come to rest; the fit begins Toward of the way from the prior to
// Options.Known. With Toward and Step 0 the prior stays.
type Trust struct {
	Toward float64 // 0 to 1
	Pull   float64 // above 0; toward where the fit begins, with one judged query
	Step   float64 // 0 to 1
}

// Least is the smallest move that a fit makes when it is not asked what the
// data can prove.
var Least = Trust{Pull: tuned.pulls[0], Step: 1}

// Stays reports whether the prior is left as it is.
func (t Trust) Stays() bool { return t.Toward == 0 && t.Step == 0 }

// The parts of the way that are tried.
var (
	towards = [...]float64{0.25, 0.5, 0.75, 1}
	stepped = [...]float64{1, 0.5, 0.25}
)

// innerFolds are for what is found out by leaving queries out within the data
// of one fit; with few queries each is a fold of its own.
const (
	innerFolds    = 3
	fewInnerFolds = 5
	leastForFolds = 2
)

// inner leaves queries out within the data; nil where there are too few.
func (d *Dataset) inner(seed int64) []split {
	var useful []int
	for i := range d.Groups {
		if d.Groups[i].useful() {
			useful = append(useful, i)
		}
	}
	if len(useful) < leastForFolds {
		return nil
	}
	folds := innerFolds
	if len(useful) <= fewQueries {
		folds = fewInnerFolds
	}
	return splitQueries(d, useful, folds, rand.New(rand.NewPCG(uint64(seed), 2)))
}

// chooseTrust finds out how far the data may lead away from the prior: as far
// as is surest to help queries that are left out. Of each way the gain over the
// prior is taken less one standard error, which for few queries is one of
// Student's (surely): what few queries agree on is believed, what one of them
// brings is not, and of two ways that gain alike the shorter one has the smaller
// error. Where no way is above 0 the prior stays.
//
// First it is asked whether the grades prefer Options.Known, a line with one
// unknown, for which a handful of queries is much; then how far to go on from
// there by all weights.
func chooseTrust(ctx context.Context, data *Dataset, prior model.Linear, opts *Options) (Trust, error) {
	grid := opts.tuning.pulls[:]
	best := Trust{Pull: grid[0]}
	splits := data.inner(opts.Seed)
	if splits == nil {
		return best, nil
	}
	score := func(m model.Linear, groups []Group) []scored {
		all := make([]scored, len(groups))
		for i := range groups {
			all[i] = scoreGroup(&groups[i], len(data.Features), m, opts.Metric)
		}
		return all
	}
	var left []Group // in the order of the folds
	for _, s := range splits {
		left = append(left, s.test.Groups...)
	}
	if len(left) < manyQueries {
		grid = grid[:len(grid)-1] // the weakest leaves all weights to a handful of queries
	}
	target := prior
	before := score(prior, left)
	if opts.known != nil {
		surest := 0.0
		for _, part := range towards {
			m := opts.begin(data, prior, part)
			if gain := surely(before, score(m, left)); gain > surest {
				best.Toward, surest, target = part, gain, m
			}
		}
		before = score(target, left)
	}

	quiet := *opts
	quiet.Progress, quiet.Start = nil, nil
	parts := make([][len(tuned.pulls)][len(stepped)][]scored, len(splits))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range splits {
		for j, pull := range grid {
			group.Go(func() error {
				one := quiet
				one.trust.Pull = pull
				fitted, err := fitLinear(ctx, &s.train, target, nil, &one)
				if err != nil {
					return err
				}
				for k, step := range stepped {
					parts[i][j][k] = score(between(target, fitted, step), s.test.Groups)
				}
				return nil
			})
		}
	}
	if err := group.Wait(); err != nil {
		return best, err
	}
	surest := 0.0
	for j, pull := range grid {
		for k, step := range stepped {
			var after []scored
			for i := range splits {
				after = append(after, parts[i][j][k]...)
			}
			if gain := surely(before, after); gain > surest {
				surest, best.Pull, best.Step = gain, pull, step
			}
		}
	}
	return best, nil
}

// surely is the mean gain over both views less its standard error, taken as far
// as Student's distribution says that a normal one's lies; at most 0 where one
// of the views gets worse.
func surely(before, after []scored) float64 {
	var whole, judged, both []float64
	for q := range before {
		w, j := after[q].Whole-before[q].Whole, after[q].Judged-before[q].Judged
		whole, judged, both = append(whole, w), append(judged, j), append(both, (w+j)/2)
	}
	if mean(whole) < -same || mean(judged) < -unseen {
		return 0
	}
	return mean(both) - standardErrors(len(both))*standardError(both)
}

// standardErrors is how many of them lie between the mean of n values and what
// it is above with as much certainty as a normal variable is above one.
func standardErrors(n int) float64 {
	return distuv.StudentsT{Sigma: 1, Nu: float64(max(1, n-1))}.Quantile(distuv.UnitNormal.CDF(1))
}

// between is part of the way from one weighted sum to another of the same scales.
func between(from, to model.Linear, part float64) model.Linear {
	if part == 1 {
		return to
	}
	m := slices.Clone(from)
	for i := range m {
		m[i].Weight += part * (to[i].Weight - from[i].Weight)
	}
	return m
}

// begin is where a fit begins: part of the way from the prior to the known
// ranker, both first stretched so that their scores differ as much within a
// query. What no candidate has, neither ranker is judged by, and the prior's
// weight stays.
func (o *Options) begin(data *Dataset, prior model.Linear, part float64) model.Linear {
	if o.known == nil || part == 0 {
		return prior
	}
	spread := func(m model.Linear) float64 {
		return spreads(data, 1, func(x, into []float64) { into[0] = m.Score(x) })[0]
	}
	a, b := spread(prior), spread(o.known)
	if a < 1e-9 || b < 1e-9 {
		return prior
	}
	all := (1-part)*a + part*b
	differs := spreads(data, len(prior), func(x, into []float64) {
		for i, v := range x {
			into[i] = known(v)
		}
	})
	m := slices.Clone(prior)
	for i := range m {
		if differs[i] > 0 {
			other := o.known[i].Weight / o.known[i].Scale * m[i].Scale
			m[i].Weight = all * ((1-part)*m[i].Weight/a + part*other/b)
		}
	}
	return m
}
