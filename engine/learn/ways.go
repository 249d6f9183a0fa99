package learn

import (
	"context"
	"math/rand/v2"
	"runtime"

	"golang.org/x/sync/errgroup"

	"touchstone/engine/model"
)

// way is one of those that a fit may go, and what it does to queries that were
// left out, in the order of the dataset.
type way struct {
	pull, step float64
	after      []scored // means over the deals
}

// outcomes are the scores of the queries that were left out, by pull, step and
// query.
type outcomes [][len(stepped)][]scored

func newOutcomes(pulls, queries int) outcomes {
	all := make(outcomes, pulls)
	for j := range all {
		for k := range all[j] {
			all[j][k] = make([]scored, queries)
		}
	}
	return all
}

// tryWays fits without each of the folds and each pull, and measures each step of
// the way on what was left out, and what was there before. The hardest pull comes
// first, of each pull the shortest step. The folds are dealt several times, and a
// query's score is the mean, so that little hangs on which queries are left out
// together. Only the features of what is left out have a say in the coordinates
// that all fits share.
func tryWays(ctx context.Context, data *Dataset, useful []int, target model.Linear, pulls []float64, opts *Options) (before []scored, ways []way, err error) {
	d := newDescent(data, target, opts)
	folds, deals := inner(len(useful)), innerDeals
	if folds == len(useful) {
		deals = 1 // all deals are the same
	}
	quiet := *opts
	quiet.Progress = nil
	rng := rand.New(rand.NewPCG(uint64(opts.Seed), 2))
	after := make([]outcomes, deals)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for deal := range after {
		after[deal] = newOutcomes(len(pulls), len(useful))
		fold := dealt(len(useful), folds, rng)
		for f := range folds {
			out := make(map[int]int)
			for q, i := range useful {
				if fold[q] == f {
					out[i] = q
				}
			}
			group.Go(func() error { return d.leaveOut(ctx, out, pulls, &quiet, after[deal]) })
		}
	}
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	for _, i := range useful {
		before = append(before, d.measure(i, data.Groups[i].sums(target), opts))
	}
	for j, pull := range pulls {
		for k, step := range stepped {
			w := way{pull: pull, step: step, after: make([]scored, len(useful))}
			for _, of := range after {
				for q, s := range of[j][k] {
					w.after[q].Whole += s.Whole / float64(deals)
					w.after[q].Judged += s.Judged / float64(deals)
					w.after[q].ok = s.ok
				}
			}
			ways = append(ways, w)
		}
	}
	return before, ways, nil
}

// measure is Group.inDoubt of a group, which is an index in the dataset.
func (d *descent) measure(i int, scores []float64, opts *Options) scored {
	return d.data.Groups[i].inDoubt(scores, d.room[i], opts.Metric)
}

// leaveOut fits with each pull without some groups and puts down what each step of
// the way scores on these. out has for each of them, by its index in the dataset,
// the place in the outcomes.
func (d *descent) leaveOut(ctx context.Context, out map[int]int, pulls []float64, opts *Options, after outcomes) error {
	var queries []int
	for q := range d.queries {
		if _, left := out[d.queries[q].source]; !left {
			queries = append(queries, q)
		}
	}
	before := make(map[int][]float64, len(out))
	for i := range out {
		before[i] = d.data.Groups[i].sums(d.prior)
	}
	for j, pull := range pulls {
		w, err := d.fit(ctx, queries, nil, pull, 1, opts)
		if err != nil {
			return err
		}
		fitted := d.ranker(w)
		for i, q := range out {
			g := &d.data.Groups[i]
			from, to := before[i], g.sums(fitted)
			scores := make([]float64, len(from))
			for k, step := range stepped {
				for r := range scores {
					scores[r] = from[r] + step*(to[r]-from[r])
				}
				after[j][k][q] = d.measure(i, scores, opts)
			}
		}
	}
	return nil
}
