package main

import (
	"context"
	"fmt"
	"io"

	"touchstone/engine/learn"
	"touchstone/engine/rank"
)

// practice prints what people get on queries that no one has graded: on the rest
// of each fold goes all that `touchstone train` does, the check on queries left
// out of that rest with it, and where the check refuses, the old weights stay.
func practice(ctx context.Context, o options, data *learn.Dataset, out io.Writer) error {
	fmt.Fprintf(out, "%-44s %7s %7s %18s %9s\n", "linear, LambdaRank, by the seed", "whole", "judged", "better/worse/equal", "adopted")
	var total learn.Scores
	const seeds = 5
	for seed := o.seed; seed < o.seed+seeds; seed++ {
		// Only for its folds: the same as in the table of those.
		v, err := learn.CrossValidate(ctx, data, rank.Default(), learn.Options{Seed: seed, Folds: 5})
		if err != nil {
			return err
		}
		if seed == o.seed {
			before := v.Before()
			fmt.Fprintf(out, "%-44s %7.4f %7.4f\n", "untrained (default ranker)", before.Whole, before.Judged)
		}
		held, adopted, err := learned(ctx, data, v, learn.Options{Seed: seed})
		if err != nil {
			return err
		}
		after := held.After()
		total.Whole += after.Whole / seeds
		total.Judged += after.Judged / seeds
		better, worse := tally(held)
		fmt.Fprintf(out, "%-44d %7.4f %7.4f %18s %4d of 5\n", seed, after.Whole, after.Judged,
			fmt.Sprintf("%d/%d/%d", better, worse, len(held.Held)-better-worse), adopted)
	}
	_, err := fmt.Fprintf(out, "%-44s %7.4f %7.4f\n", "on average", total.Whole, total.Judged)
	return err
}

// learned learns from what each fold of a validation leaves in and measures what
// is then in use on what it leaves out.
func learned(ctx context.Context, data *learn.Dataset, folds *learn.Validation, opts learn.Options) (held *learn.Validation, adopted int, err error) {
	prior := rank.Default()
	place := map[string]int{}
	for i, h := range folds.Held {
		place[h.Query] = i
	}
	last := 0
	for _, h := range folds.Held {
		last = max(last, h.Fold)
	}
	held = &learn.Validation{Held: make([]learn.Held, len(folds.Held))}
	for f := range last + 1 {
		in, out := &learn.Dataset{Features: data.Features}, &learn.Dataset{Features: data.Features}
		for _, g := range data.Groups {
			into := in
			if at, measured := place[g.Query]; measured && folds.Held[at].Fold == f {
				into = out
			}
			into.Groups = append(into.Groups, g)
		}
		outcome, err := learn.Learn(ctx, in, prior, opts)
		if err != nil {
			return nil, 0, err
		}
		inUse := prior
		if outcome.Decision.Adopt {
			adopted++
			inUse = outcome.Ranker
		}
		after, err := scores(out, &inUse)
		if err != nil {
			return nil, 0, err
		}
		for i, g := range out.Groups {
			h := &held.Held[place[g.Query]]
			*h = folds.Held[place[g.Query]]
			h.After = after[i]
		}
	}
	return held, adopted, nil
}

// tally counts the queries whose whole page is better and worse.
func tally(v *learn.Validation) (better, worse int) {
	for _, h := range v.Held {
		switch by := h.After.Whole - h.Before.Whole; {
		case by > 1e-9:
			better++
		case by < -1e-9:
			worse++
		}
	}
	return better, worse
}
