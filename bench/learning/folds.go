package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"touchstone/engine"
	"touchstone/engine/learn"
	"touchstone/engine/rank"
)

// folds prints each kind of ranker, fitted without the queries on which it is
// measured.
func folds(ctx context.Context, o options, data *learn.Dataset, out io.Writer) error {
	fmt.Fprintf(out, "%-44s %7s %7s %18s %9s\n", "", "whole", "judged", "better/worse/equal", "seconds")
	line := func(name string, s learn.Scores, tally string, seconds float64) {
		fmt.Fprintf(out, "%-44s %7.4f %7.4f %18s %9.2f\n", name, s.Whole, s.Judged, tally, seconds)
	}
	kinds := []struct {
		name string
		opts learn.Options
	}{
		{"linear, LambdaRank", learn.Options{}},
		{"linear, pairwise", learn.Options{Loss: learn.Pairwise}},
		{"network on the weighted sum", learn.Options{Kind: engine.DNN}},
		{"trees on the weighted sum", learn.Options{Kind: engine.Trees}},
		{"trees alone, 100 of 31 leaves", learn.Options{Kind: engine.Trees, Boost: learn.Boost{Plain: true, Rounds: 100, Leaves: 31}}},
	}
	fold := map[string]int{}
	for i, k := range kinds {
		k.opts.Seed, k.opts.Folds = o.seed, 5
		start := time.Now()
		v, err := learn.CrossValidate(ctx, data, rank.Default(), k.opts)
		if err != nil {
			return err
		}
		seconds := time.Since(start).Seconds()
		if i == 0 {
			for _, h := range v.Held {
				fold[h.Query] = h.Fold
			}
			line("untrained (default ranker)", v.Before(), "", 0)
		}
		better, worse := tally(v)
		line(k.name, v.After(), fmt.Sprintf("%d/%d/%d", better, worse, len(v.Held)-better-worse), seconds)
	}
	if err := seeds(ctx, o, data, out); err != nil {
		return err
	}
	if !o.peer {
		return nil
	}
	return lightGBM(ctx, data, fold, line)
}

// seeds prints the default over other folds: how much of a figure is the deal.
func seeds(ctx context.Context, o options, data *learn.Dataset, out io.Writer) error {
	fmt.Fprintf(out, "linear, LambdaRank, by the seed of the folds:")
	for seed := o.seed; seed < o.seed+5; seed++ {
		v, err := learn.CrossValidate(ctx, data, rank.Default(), learn.Options{Seed: seed, Folds: 5})
		if err != nil {
			return err
		}
		after := v.After()
		fmt.Fprintf(out, " %d: %.4f / %.4f;", seed, after.Whole, after.Judged)
	}
	_, err := fmt.Fprintln(out)
	return err
}
