package main

import (
	"cmp"
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
	"strings"

	"gonum.org/v1/gonum/stat"

	"touchstone/engine"
	"touchstone/engine/exchange"
	"touchstone/engine/learn"
	"touchstone/engine/measure"
	"touchstone/engine/model"
	"touchstone/engine/workbench"
)

// pair is a product for a query.
type pair struct{ query, product string }

// graded is what a simulation knows.
type graded map[pair]engine.Grade

// nextBest grades the queries of a workspace, electronics by default, with their
// known grades, in random order and as the queue of the most useful pairs asks,
// learns the weights from so many grades and measures them: from the default
// ranker and, as there is more to learn, from words alone. Both choose among the
// pairs whose grade is known, and each draw leaves queries out by a seed of its own
// where the fit finds out how far to go: one seed for all draws makes them win or
// lose together.
func nextBest(ctx context.Context, o options, dir string, out io.Writer) (err error) {
	path, err := copied(ctx, o, dir)
	if err != nil {
		return err
	}
	b, err := open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	data, err := b.Dataset(ctx, nil)
	if err != nil {
		return err
	}
	words := engine.Ranker{Name: "words", Kind: engine.Linear, Weights: []engine.Weight{{Feature: "bm25", Weight: 1}}}
	for _, prior := range []engine.Ranker{b.Default(), words} {
		if o.prior != "" && o.prior != prior.Name {
			continue
		}
		s := simulation{bench: b, data: data, prior: prior, first: o.first, seeds: o.seeds, out: out,
			checkpoints: []int{o.enough / 5, o.enough * 3 / 5, o.enough, 2 * o.enough}, enough: o.enough}
		if err := s.run(ctx, o.leave); err != nil {
			return err
		}
	}
	return nil
}

// simulation is one comparison of the two orders.
type simulation struct {
	bench        *workbench.Bench
	data         *learn.Dataset
	prior        engine.Ranker
	first, seeds int
	out          io.Writer

	// The numbers of grades after which the ranker is learned and measured: in
	// random order all of them, of next best those up to enough.
	checkpoints []int
	enough      int
}

// views are NDCG@10 of pages of the whole catalogue, and of the judged products
// among each other.
var views = []string{"whole", "judged"}

func (s *simulation) run(ctx context.Context, leave float64) error {
	start, err := s.measure(s.prior, nil)
	if err != nil {
		return err
	}
	on := "all queries"
	if leave > 0 {
		on = fmt.Sprintf("the %.0f %% of the queries that neither may choose from", 100*leave)
	}
	fmt.Fprintf(s.out, "next best against random order, %d known grades of %d queries, learning from %q, seeds %d to %d, NDCG@10 on %s; untrained, on all queries %.4f\n",
		len(s.known(nil)), len(s.data.Groups), s.prior.Name, s.first, s.first+s.seeds-1, on, start)
	var curves [2][][2][]float64 // order, seed, view, checkpoint
	var full [2][]float64        // view, seed: learned from all grades
	for seed := s.first; seed < s.first+s.seeds; seed++ {
		rng := rand.New(rand.NewPCG(uint64(seed), 5))
		left := map[string]bool{}
		for _, q := range rng.Perm(len(s.data.Groups))[:int(leave*float64(len(s.data.Groups)))] {
			left[s.data.Groups[q].Query] = true
		}
		most, err := s.learned(ctx, s.known(left), int64(seed))
		if err != nil {
			return err
		}
		values, err := s.measure(most, left)
		if err != nil {
			return err
		}
		for view, v := range values {
			full[view] = append(full[view], v)
		}
		for i, order := range []struct {
			next func(known graded) ([]pair, error)
			upTo int
		}{
			{s.random(rng, left), s.checkpoints[len(s.checkpoints)-1]},
			{func(known graded) ([]pair, error) { return s.ask(ctx, left, int64(seed)) }, s.enough},
		} {
			curve, err := s.curve(ctx, order.next, left, order.upTo, int64(seed))
			if err != nil {
				return err
			}
			curves[i] = append(curves[i], curve)
		}
		fmt.Fprintf(os.Stderr, "%s, seed %d: random %.4f, next best %.4f\n", s.prior.Name, seed, last(curves[0]), last(curves[1]))
	}
	fmt.Fprintf(s.out, "  %-16s %7d\n", "grades", s.checkpoints)
	at, end := slices.Index(s.checkpoints, s.enough), len(s.checkpoints)-1
	for view, name := range views {
		for i := range curves {
			fmt.Fprintf(s.out, "  %-9s %-6s", []string{"random", "next best"}[i], name)
			for k := range curves[i][0][view] {
				fmt.Fprintf(s.out, "  %.4f", stat.Mean(column(curves[i], view, k), nil))
			}
			fmt.Fprintln(s.out)
		}
		fmt.Fprintf(s.out, "  all known grades %s: %.4f\n", name, stat.Mean(full[view], nil))
		reached := 0
		gains := column(curves[1], view, at)
		for seed, v := range column(curves[0], view, end) {
			gains[seed] -= v
			if gains[seed] >= 0 {
				reached++
			}
		}
		mean, deviation := stat.MeanStdDev(gains, nil)
		verdict := "no"
		if mean >= 0 {
			verdict = "yes"
		}
		fmt.Fprintf(s.out, "  %d of next best at random's %d or above, %s: the mean over seeds %s (%+.4f, standard error %.4f), %d of %d seeds\n",
			s.enough, s.checkpoints[end], name, verdict, mean, deviation/math.Sqrt(float64(s.seeds)), reached, s.seeds)
	}
	return nil
}

// last is the newest curve's end in both views.
func last(curves [][2][]float64) [2]float64 {
	c := curves[len(curves)-1]
	return [2]float64{c[0][len(c[0])-1], c[1][len(c[1])-1]}
}

// column is what all seeds reached at a checkpoint, in one view.
func column(curves [][2][]float64, view, checkpoint int) []float64 {
	values := make([]float64, len(curves))
	for seed := range curves {
		values[seed] = curves[seed][view][checkpoint]
	}
	return values
}

// known is all known grades save those of some queries.
func (s *simulation) known(left map[string]bool) graded {
	known := graded{}
	for _, g := range s.data.Groups {
		for i, product := range g.Products {
			if !math.IsNaN(g.Grades[i]) && !left[g.Query] {
				known[pair{g.Query, product}] = engine.Grade(g.Grades[i])
			}
		}
	}
	return known
}

// random is the pairs in an order of chance, all at once.
func (s *simulation) random(rng *rand.Rand, left map[string]bool) func(graded) ([]pair, error) {
	order := slices.SortedFunc(maps.Keys(s.known(left)), func(a, b pair) int {
		return cmp.Or(strings.Compare(a.query, b.query), strings.Compare(a.product, b.product))
	})
	rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	return func(known graded) ([]pair, error) { return order[len(known):], nil }
}

// ask is the next pairs that the queue of the most useful ones asks for.
func (s *simulation) ask(ctx context.Context, left map[string]bool, seed int64) ([]pair, error) {
	const batch = 50
	known := s.known(left)
	items, err := s.bench.Queue(ctx, workbench.QueueRequest{Queue: workbench.NextBest, Limit: batch, Seed: seed,
		Among: func(query, product string) bool { _, ok := known[pair{query, product}]; return ok }}, nil)
	pairs := make([]pair, len(items))
	for i, item := range items {
		pairs[i] = pair{item.Query.Text, item.Product.ID}
	}
	return pairs, err
}

// curve grades pairs in an order and measures what is learned from the first of
// them, in both views. What was learned last is in use while more is asked for.
func (s *simulation) curve(ctx context.Context, next func(graded) ([]pair, error), left map[string]bool, upTo int, seed int64) (curve [2][]float64, err error) {
	if err := s.begin(); err != nil {
		return curve, err
	}
	truth, known := s.known(left), graded{}
	var pairs []pair
	for _, n := range s.checkpoints {
		if n > upTo {
			break
		}
		for len(known) < n {
			if len(pairs) == 0 {
				if pairs, err = next(known); err != nil {
					return curve, err
				}
				if len(pairs) == 0 {
					break // all that there is
				}
			}
			known[pairs[0]] = truth[pairs[0]]
			if err := s.bench.Grade(ctx, pairs[0].query, pairs[0].product, truth[pairs[0]]); err != nil {
				return curve, err
			}
			pairs = pairs[1:]
		}
		ranker, err := s.learned(ctx, known, seed)
		if err != nil {
			return curve, err
		}
		if _, err := s.bench.Use(ranker); err != nil {
			return curve, err
		}
		values, err := s.measure(ranker, left)
		if err != nil {
			return curve, err
		}
		for view, v := range values {
			curve[view] = append(curve[view], v)
		}
	}
	return curve, nil
}

// begin takes all grades and what was learned away, and keeps the queries.
func (s *simulation) begin() error {
	var have []engine.Judgment
	changes, err := s.bench.History(workbench.HistoryRequest{Limit: math.MaxInt})
	if err != nil {
		return err
	}
	for _, c := range changes {
		have = append(have, c.About())
	}
	if err := s.bench.Forget(have); err != nil {
		return err
	}
	for _, g := range s.data.Groups {
		if err := s.bench.PutQuery(engine.Query{Text: g.Query}); err != nil {
			return err
		}
	}
	_, err = s.bench.Use(s.prior)
	return err
}

// learned is the weights learned from some grades, as the workbench learns them.
func (s *simulation) learned(ctx context.Context, known graded, seed int64) (engine.Ranker, error) {
	part := &learn.Dataset{Features: s.data.Features}
	for _, g := range s.data.Groups {
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
	if len(part.Groups) == 0 {
		return s.prior, nil
	}
	options := learn.Options{Metric: ndcg, Seed: seed}
	if shipped := s.bench.Default(); s.prior.Name != shipped.Name {
		// A ranker of one feature is nobody's tuning: the shipped weights are
		// presumed to be better.
		options.Known, options.Presumed = &shipped, true
	}
	ranker, _, err := learn.Fit(ctx, part, s.prior, options)
	return ranker, err
}

// measure is NDCG@10 by all known grades, of the queries in left or, where that
// is empty, of all.
func (s *simulation) measure(ranker engine.Ranker, left map[string]bool) (values [2]float64, err error) {
	columns := make([]string, len(s.data.Features))
	for i, f := range s.data.Features {
		columns[i] = f.Name
	}
	m, err := model.New(&ranker, columns)
	if err != nil {
		return values, err
	}
	d, n := len(columns), 0.0
	for i := range s.data.Groups {
		g := &s.data.Groups[i]
		if len(left) > 0 && !left[g.Query] {
			continue
		}
		scores := make([]float64, len(g.Products))
		for row := range scores {
			scores[row] = m.Score(g.X[row*d : (row+1)*d])
		}
		if of, ok := g.Measure(scores, ndcg); ok {
			values[0] += of.Whole
			values[1] += of.Judged
			n++
		}
	}
	return [2]float64{values[0] / n, values[1] / n}, nil
}

var ndcg = measure.Metric{Kind: measure.NDCG, K: 10}

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
