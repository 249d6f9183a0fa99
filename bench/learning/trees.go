package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"touchstone/engine"
	"touchstone/engine/learn"
	"touchstone/engine/rank"
)

// trees prints our trees beside LightGBM's: as many of the same size, alone,
// every unjudged candidate a grade 0, on the same features and folds. Times are
// medians of three cross-validations; ours holds the measuring too.
func trees(ctx context.Context, o options, data *learn.Dataset, out io.Writer) error {
	var seconds []float64
	var ours learn.Scores
	fold := map[string]int{}
	for range 3 {
		start := time.Now()
		v, err := learn.CrossValidate(ctx, data, rank.Default(), learn.Options{
			Kind: engine.Trees, Seed: o.seed, Folds: 5, Boost: learn.Boost{Plain: true, Rounds: 100, Leaves: 31},
		})
		if err != nil {
			return err
		}
		seconds, ours = append(seconds, time.Since(start).Seconds()), v.After()
		for _, h := range v.Held {
			fold[h.Query] = h.Fold
		}
	}
	slices.Sort(seconds)
	fmt.Fprintf(out, "100 trees of 31 leaves, ours:      %.4f / %.4f, %.2f s\n", ours.Whole, ours.Judged, seconds[1])
	if !o.peer {
		return nil
	}
	var theirSeconds []float64
	var theirs learn.Scores
	for range 3 {
		if err := lightGBM(ctx, data, fold, func(name string, s learn.Scores, _ string, took float64) {
			if name == likeOurs {
				theirs, theirSeconds = s, append(theirSeconds, took)
			}
		}); err != nil {
			return err
		}
	}
	slices.Sort(theirSeconds)
	_, err := fmt.Fprintf(out, "100 trees of 31 leaves, LightGBM:  %.4f / %.4f, %.2f s\nours against theirs: %+.4f / %+.4f, %.2f times the time\n",
		theirs.Whole, theirs.Judged, theirSeconds[1], ours.Whole-theirs.Whole, ours.Judged-theirs.Judged, seconds[1]/theirSeconds[1])
	return err
}
