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

// start is a ranker that a shop may have when its first queries are graded.
type start struct {
	name    string
	weights map[string]float64 // nil: the default ranker
	known   bool               // the shipped weights are tried as well, as the app does
}

var starts = []start{
	{"the default ranker", nil, false},
	{"words alone", map[string]float64{"bm25": 1}, true},
	{"words alone, the shipped weights unknown", map[string]float64{"bm25": 1}, false},
	{"meaning alone", map[string]float64{"cosine": 1}, true},
}

func (s *start) ranker() engine.Ranker {
	r := rank.Default()
	if s.weights == nil {
		return r
	}
	r.Name = s.name
	for i := range r.Weights {
		r.Weights[i].Weight = s.weights[r.Weights[i].Feature]
	}
	return r
}

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
	shipped := rank.Default()
	for _, s := range starts {
		prior := s.ranker()
		before, err := scores(useful, &prior)
		if err != nil {
			return err
		}
		level := mean(before, nil)
		fmt.Fprintf(out, "from %s: %.4f / %.4f\n", s.name, level.Whole, level.Judged)
		fmt.Fprintf(out, "%-10s %8s   %-33s %-33s %s\n", "queries", "adopted", "whole: mean, worst", "judged: mean, worst", "if always adopted: mean")
		opts := learn.Options{}
		if s.known {
			opts.Known, opts.Presumed = &shipped, true
		}
		for _, n := range []int{1, 3, 5, 10, 30} {
			if n >= len(useful.Groups) {
				break
			}
			if err := drawn(ctx, o, useful, prior, opts, before, n, out); err != nil {
				return err
			}
		}
	}
	return nil
}

// drawn prints one line: what learning from n queries does to the others.
func drawn(ctx context.Context, o options, useful *learn.Dataset, prior engine.Ranker, opts learn.Options, before []learn.Scores, n int, out io.Writer) error {
	adopted := 0
	var changes, always []learn.Scores
	for repeat := range o.repeats {
		rng := rand.New(rand.NewPCG(uint64(o.seed), uint64(1000*n+repeat)))
		in := map[int]bool{}
		few := &learn.Dataset{Features: useful.Features}
		for _, q := range rng.Perm(len(useful.Groups))[:n] {
			in[q] = true
			few.Groups = append(few.Groups, useful.Groups[q])
		}
		opts.Seed = int64(repeat)
		outcome, err := learn.Learn(ctx, few, prior, opts)
		if err != nil {
			return err
		}
		after, err := scores(useful, &outcome.Ranker)
		if err != nil {
			return err
		}
		was, is := mean(before, in), mean(after, in)
		change := learn.Scores{Whole: is.Whole - was.Whole, Judged: is.Judged - was.Judged}
		always = append(always, change)
		if outcome.Decision.Adopt {
			adopted++
		} else {
			change = learn.Scores{}
		}
		changes = append(changes, change)
	}
	worst := changes[0]
	for _, c := range changes {
		worst.Whole, worst.Judged = min(worst.Whole, c.Whole), min(worst.Judged, c.Judged)
	}
	of, all := mean(changes, nil), mean(always, nil)
	_, err := fmt.Fprintf(out, "%-10d %5d/%-2d   %+.4f, %+.4f%17s %+.4f, %+.4f%17s %+.4f, %+.4f\n", n, adopted, o.repeats,
		of.Whole, worst.Whole, "", of.Judged, worst.Judged, "", all.Whole, all.Judged)
	return err
}

// mean is that of all but those that are left out.
func mean(all []learn.Scores, leftOut map[int]bool) learn.Scores {
	var sum learn.Scores
	n := float64(len(all) - len(leftOut))
	for i, s := range all {
		if !leftOut[i] {
			sum.Whole += s.Whole / n
			sum.Judged += s.Judged / n
		}
	}
	return sum
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
