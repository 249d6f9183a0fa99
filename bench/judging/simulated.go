package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"touchstone/engine"
	"touchstone/engine/exchange"
	"touchstone/engine/learn"
	"touchstone/engine/measure"
	"touchstone/engine/rank"
	"touchstone/engine/workbench"
)

// pair is a product for a query.
type pair struct{ query, product string }

// graded is what a simulation knows.
type graded map[pair]engine.Grade

// checkpoints are the numbers of grades after which the ranker is learned and
// measured.
var checkpoints = []int{50, 100, 200, 300, 400, 500, 700, 1000}

// nextBest grades the electronics queries with their known grades, once in
// random order and once as the queue of the most useful pairs asks, learns the
// weights from so many grades, and measures them on all known grades, over the
// whole catalogue. Both choose among the pairs whose grade is known.
func nextBest(ctx context.Context, o options, dir string, out io.Writer) error {
	path, err := copied(ctx, o, dir)
	if err != nil {
		return err
	}
	b, err := open(ctx, path)
	if err != nil {
		return err
	}
	data, err := b.Dataset(ctx, nil)
	if err != nil {
		return errors.Join(err, b.Close())
	}
	truth := graded{}
	var all []pair
	for _, g := range data.Groups {
		for i, product := range g.Products {
			if !math.IsNaN(g.Grades[i]) {
				truth[pair{g.Query, product}] = engine.Grade(g.Grades[i])
				all = append(all, pair{g.Query, product})
			}
		}
	}
	prior := b.Default()
	if err := b.Close(); err != nil {
		return err
	}
	start, err := learnedOf(ctx, data, prior, nil)
	if err != nil {
		return err
	}
	everything, err := learnedOf(ctx, data, prior, truth)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "next best against random order, %d known grades of %d queries, %d seeds; NDCG@10 over the whole catalogue: untrained %.4f, learned from all %.4f\n", len(all), len(data.Groups), o.seeds, start, everything)
	sums := [2][]float64{make([]float64, len(checkpoints)), make([]float64, len(checkpoints))}
	reached := 0
	for seed := range int64(o.seeds) {
		order := slices.Clone(all)
		rng := rand.New(rand.NewPCG(uint64(seed), 5))
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		random, err := curve(ctx, data, prior, truth, order)
		if err != nil {
			return err
		}
		chosen, err := askNext(ctx, o, dir, truth, seed)
		if err != nil {
			return err
		}
		best, err := curve(ctx, data, prior, truth, chosen)
		if err != nil {
			return err
		}
		for i := range checkpoints {
			sums[0][i] += random[i] / float64(o.seeds)
			sums[1][i] += best[i] / float64(o.seeds)
		}
		if best[slices.Index(checkpoints, 500)] >= random[len(random)-1] {
			reached++
		}
		fmt.Fprintf(os.Stderr, "seed %d: random %.4f, next best %.4f\n", seed, random, best)
	}
	fmt.Fprintf(out, "  grades     %v\n  random     %.4f\n  next best  %.4f\n", checkpoints, sums[0], sums[1])
	fmt.Fprintf(out, "  with 500 of next best at or above random's 1,000: %d of %d seeds\n", reached, o.seeds)
	return nil
}

// curve is the NDCG@10 of what is learned from the first grades of an order.
func curve(ctx context.Context, data *learn.Dataset, prior engine.Ranker, truth graded, order []pair) ([]float64, error) {
	known := graded{}
	var values []float64
	done := 0
	for _, n := range checkpoints {
		for ; done < min(n, len(order)); done++ {
			known[order[done]] = truth[order[done]]
		}
		v, err := learnedOf(ctx, data, prior, known)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

// learnedOf is the NDCG@10 of pages of the whole catalogue, by all known grades, of the weights learned from
// some of them.
func learnedOf(ctx context.Context, data *learn.Dataset, prior engine.Ranker, known graded) (float64, error) {
	part := &learn.Dataset{Features: data.Features}
	for _, g := range data.Groups {
		grades := make([]float64, len(g.Grades))
		some := false
		for i, product := range g.Products {
			grades[i] = math.NaN()
			if grade, ok := known[pair{g.Query, product}]; ok {
				grades[i], some = float64(grade), true
			}
		}
		if some {
			g.Grades, g.Missing = grades, nil
			part.Groups = append(part.Groups, g)
		}
	}
	ranker := prior
	if len(part.Groups) > 0 {
		var err error
		if ranker, _, err = learn.Fit(ctx, part, prior, learn.Options{Metric: ndcg, Seed: 1}); err != nil {
			return 0, err
		}
	}
	scorer, err := rank.NewScorer(&ranker)
	if err != nil {
		return 0, err
	}
	sum, n := 0.0, 0.0
	d := len(data.Features)
	for _, g := range data.Groups {
		judged := map[string]engine.Grade{}
		type scored struct {
			id    string
			score float64
		}
		var order []scored
		for i, product := range g.Products {
			if !math.IsNaN(g.Grades[i]) {
				judged[product] = engine.Grade(g.Grades[i])
			}
			if g.Added == nil || !g.Added[i] { // part of the page of a search
				order = append(order, scored{product, scorer.Score(g.X[i*d : (i+1)*d])})
			}
		}
		slices.SortStableFunc(order, func(a, b scored) int {
			switch {
			case a.score > b.score:
				return -1
			case a.score < b.score:
				return 1
			}
			return 0
		})
		ids := make([]string, len(order))
		for i, o := range order {
			ids[i] = o.id
		}
		if slices.ContainsFunc(slices.Collect(maps.Values(judged)), func(g engine.Grade) bool { return g > 0 }) {
			sum += ndcg.Score(g.Query, ids, judged).Value
			n++
		}
	}
	return sum / n, nil
}

var ndcg = measure.Metric{Kind: measure.NDCG, K: 10}

// askNext is the order in which next best asks for grades, a batch at a time,
// each learned from the answers so far.
func askNext(ctx context.Context, o options, dir string, truth graded, seed int64) (order []pair, err error) {
	const batch = 50
	path, err := copied(ctx, o, dir)
	if err != nil {
		return nil, err
	}
	defer os.Remove(path)
	b, err := open(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	// What is known is the truth that is asked for, not what the file has.
	var have []engine.Judgment
	changes, err := b.History(workbench.HistoryRequest{Limit: math.MaxInt})
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		have = append(have, c.About())
	}
	if err := b.Forget(have); err != nil {
		return nil, err
	}
	queries := map[string]bool{}
	for p := range truth {
		queries[p.query] = true
	}
	for q := range queries {
		if err := b.PutQuery(engine.Query{Text: q}); err != nil {
			return nil, err
		}
	}
	for len(order) < checkpoints[len(checkpoints)-1] {
		items, err := b.Queue(ctx, workbench.QueueRequest{Queue: workbench.NextBest, Limit: batch, Seed: seed,
			Among: func(query, product string) bool { _, ok := truth[pair{query, product}]; return ok }}, nil)
		if err != nil {
			return nil, err
		}
		if len(items) == 0 {
			break
		}
		for _, item := range items {
			p := pair{item.Query.Text, item.Product.ID}
			order = append(order, p)
			if err := b.Grade(ctx, p.query, p.product, truth[p]); err != nil {
				return nil, err
			}
		}
	}
	return order, nil
}

// suspects turns one grade in fifty into another and looks for it in the first
// tenth of the judge's suspects: of each judge alone, and of each beside the two
// others.
func suspects(ctx context.Context, o options, dir string, out io.Writer) error {
	read, err := exchange.OpenJudgments(judgeRatings, exchange.JudgmentOptions{})
	if err != nil {
		return err
	}
	judges := map[string][]engine.Judgment{}
	for _, j := range read.Judgments {
		judges[j.Judge] = append(judges[j.Judge], j)
	}
	seeds := max(o.seeds/6, 1)
	for _, alone := range []bool{true, false} {
		found, flipped := 0, 0
		for judge, own := range judges {
			for seed := range uint64(seeds) {
				rng := rand.New(rand.NewPCG(seed, hash(judge)))
				wrong := map[pair]bool{}
				var all []engine.Judgment
				for _, j := range own {
					if rng.Float64() < 0.02 {
						j.Grade = engine.Grade((int(j.Grade) + 1 + rng.IntN(3)) % 4)
						wrong[pair{j.Query, j.Product}] = true
					}
					all = append(all, j)
				}
				for other, of := range judges {
					if !alone && other != judge {
						all = append(all, of...)
					}
				}
				n, err := foundOf(ctx, o, dir, all, judge, wrong)
				if err != nil {
					return err
				}
				found, flipped = found+n, flipped+len(wrong)
			}
		}
		with := "alone"
		if !alone {
			with = "beside two others"
		}
		fmt.Fprintf(out, "grades turned into another, one in fifty, of each of three judges %s, %d draws each: %d of %d (%.0f %%) in the first tenth of the suspects  (bar 60 %%)\n",
			with, seeds, found, flipped, 100*float64(found)/float64(flipped))
	}
	return nil
}

func hash(s string) (h uint64) {
	for _, r := range s {
		h = h*31 + uint64(r)
	}
	return h
}

// foundOf counts the wrong grades in the first tenth of a judge's suspects.
func foundOf(ctx context.Context, o options, dir string, all []engine.Judgment, judge string, wrong map[pair]bool) (found int, err error) {
	path, err := copied(ctx, o, dir)
	if err != nil {
		return 0, err
	}
	defer os.Remove(path)
	b, err := open(ctx, path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	var have []engine.Judgment
	changes, err := b.History(workbench.HistoryRequest{Limit: math.MaxInt})
	if err != nil {
		return 0, err
	}
	for _, c := range changes {
		have = append(have, c.About())
	}
	if err := b.Forget(have); err != nil {
		return 0, err
	}
	file := filepath.Join(dir, "flipped.csv")
	if _, err := exchange.WriteJudgments(file, "csv", exchange.JudgmentExport{Judgments: all}); err != nil {
		return 0, err
	}
	if _, err := b.ImportJudgments(ctx, file, judge); err != nil {
		return 0, err
	}
	list, err := b.Suspects(ctx, nil)
	if err != nil {
		return 0, err
	}
	list = slices.DeleteFunc(list, func(s workbench.Suspect) bool { return s.Judge != judge })
	for _, s := range list[:len(list)/10] {
		if wrong[pair{s.Query, s.Product}] {
			found++
		}
	}
	return found, nil
}
