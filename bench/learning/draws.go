package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"

	"touchstone/engine"
	"touchstone/engine/learn"
	"touchstone/engine/model"
	"touchstone/engine/rank"
)

// draws learns from a few queries drawn at random and prints what that changes
// on all others: as the app does it, with the old weights kept where left-out
// queries got worse, and with every fit adopted.
func draws(ctx context.Context, o options, data *learn.Dataset, out io.Writer) error {
	useful := &learn.Dataset{Features: data.Features}
	for _, g := range data.Groups {
		if _, ok := g.Measure(make([]float64, len(g.Products)), ndcg); ok {
			useful.Groups = append(useful.Groups, g)
		}
	}
	prior := rank.Default()
	before, err := scores(useful, &prior)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%-10s %8s   %-33s %-33s %s\n", "queries", "adopted", "whole: mean, worst", "judged: mean, worst", "whole, judged if always adopted: mean")
	for _, n := range []int{1, 3, 5, 10, 30} {
		if n >= len(useful.Groups) {
			break
		}
		adopted := 0
		var mean, worst, always learn.Scores
		for repeat := range o.repeats {
			rng := rand.New(rand.NewPCG(uint64(o.seed), uint64(1000*n+repeat)))
			drawn := map[int]bool{}
			few := &learn.Dataset{Features: data.Features}
			for _, q := range rng.Perm(len(useful.Groups))[:n] {
				drawn[q] = true
				few.Groups = append(few.Groups, useful.Groups[q])
			}
			outcome, err := learn.Learn(ctx, few, prior, learn.Options{Seed: int64(repeat)})
			if err != nil {
				return err
			}
			after, err := scores(useful, &outcome.Ranker)
			if err != nil {
				return err
			}
			var change learn.Scores
			for q := range after {
				if !drawn[q] {
					change.Whole += (after[q].Whole - before[q].Whole) / float64(len(after)-n)
					change.Judged += (after[q].Judged - before[q].Judged) / float64(len(after)-n)
				}
			}
			always.Whole += change.Whole / float64(o.repeats)
			always.Judged += change.Judged / float64(o.repeats)
			if !outcome.Decision.Adopt {
				change = learn.Scores{}
			} else {
				adopted++
			}
			mean.Whole += change.Whole / float64(o.repeats)
			mean.Judged += change.Judged / float64(o.repeats)
			if repeat == 0 {
				worst = change
			}
			worst.Whole, worst.Judged = min(worst.Whole, change.Whole), min(worst.Judged, change.Judged)
		}
		fmt.Fprintf(out, "%-10d %5d/%-2d   %+.4f, %+.4f%17s %+.4f, %+.4f%17s %+.4f, %+.4f\n", n, adopted, o.repeats,
			mean.Whole, worst.Whole, "", mean.Judged, worst.Judged, "", always.Whole, always.Judged)
	}
	return nil
}

// scores measures a ranker on every query.
func scores(data *learn.Dataset, r *engine.Ranker) ([]learn.Scores, error) {
	var columns []string
	for _, f := range data.Features {
		columns = append(columns, f.Name)
	}
	m, err := model.New(r, columns)
	if err != nil {
		return nil, err
	}
	d := len(columns)
	all := make([]learn.Scores, len(data.Groups))
	for i := range data.Groups {
		g := &data.Groups[i]
		of := make([]float64, len(g.Products))
		for row := range of {
			of[row] = m.Score(g.X[row*d : (row+1)*d])
		}
		all[i], _ = g.Measure(of, ndcg)
	}
	return all, nil
}
