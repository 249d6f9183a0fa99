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

// times prints how long fits on all grades take: the median of several.
func times(ctx context.Context, o options, data *learn.Dataset, out io.Writer) error {
	show := func(name string, repeats int, fit func() error) error {
		took := make([]time.Duration, repeats)
		for i := range took {
			start := time.Now()
			if err := fit(); err != nil {
				return err
			}
			took[i] = time.Since(start)
		}
		slices.Sort(took)
		fmt.Fprintf(out, "%-60s %8.1f ms (%.1f to %.1f)\n", name, ms(took[repeats/2]), ms(took[0]), ms(took[repeats-1]))
		return nil
	}
	prior := rank.Default()
	var fitted engine.Ranker
	var report *learn.Report
	if err := show("linear, from the start, pull found out by cross-validation", 5, func() (err error) {
		fitted, report, err = learn.Fit(ctx, data, prior, learn.Options{Seed: o.seed})
		return err
	}); err != nil {
		return err
	}
	// One more grade: the best unjudged candidate of the first query is graded 0.
	more := *data
	more.Groups = slices.Clone(data.Groups)
	g := &more.Groups[0]
	g.Grades = slices.Clone(g.Grades)
	for i, grade := range g.Grades {
		if grade != grade {
			g.Grades[i] = 0
			break
		}
	}
	if err := show("linear, after one more grade, from where it was", 9, func() error {
		_, _, err := learn.Fit(ctx, &more, prior, learn.Options{Seed: o.seed, Start: &fitted, Trust: report.Trust})
		return err
	}); err != nil {
		return err
	}
	for _, kind := range []engine.Kind{engine.DNN, engine.Trees} {
		if err := show(string(kind)+", rounds found out by cross-validation", 1, func() error {
			_, _, err := learn.Fit(ctx, data, prior, learn.Options{Seed: o.seed, Kind: kind})
			return err
		}); err != nil {
			return err
		}
	}
	return show("linear, with the check on left-out queries (Learn)", 1, func() error {
		_, err := learn.Learn(ctx, data, prior, learn.Options{Seed: o.seed})
		return err
	})
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
