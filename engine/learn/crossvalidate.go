package learn

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"touchstone/engine"
	"touchstone/engine/model"
)

// Held is a query that was left out of a fit, measured with the prior and with
// the ranker that did not see it.
type Held struct {
	Query         string
	Grades        int
	Fold          int // that left it out
	Before, After Scores
}

// Validation is what cross-validation found on what was left out.
type Validation struct {
	Held []Held // in the order of the dataset
	// OneQuery is set when there is a single query to learn from. Then parts of
	// its grades were left out instead, each entry of Held is one part, and both
	// views are of that part alone.
	OneQuery bool
}

// Before is the mean of the prior on what was left out.
func (v *Validation) Before() Scores { return v.mean(func(h *Held) Scores { return h.Before }) }

// After is the mean of the rankers that did not see what they were measured on.
func (v *Validation) After() Scores { return v.mean(func(h *Held) Scores { return h.After }) }

func (v *Validation) mean(of func(*Held) Scores) Scores {
	all := make([]scored, len(v.Held))
	for i := range v.Held {
		all[i] = scored{of(&v.Held[i]), true}
	}
	return meanScores(all)
}

// fewQueries is up to how many queries each one is a fold of its own.
const fewQueries = 10

// CrossValidate fits as often as there are folds, each time without one of
// them, and measures the result on the queries left out. Every query is in one
// fold; queries without a grade above 0 can't be measured and are in none. The
// folds depend on the seed and the queries only.
func CrossValidate(ctx context.Context, data *Dataset, prior engine.Ranker, opts Options) (*Validation, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := data.Check(); err != nil {
		return nil, err
	}
	return crossValidate(ctx, data, &prior, &opts)
}

func crossValidate(ctx context.Context, data *Dataset, prior *engine.Ranker, opts *Options) (*Validation, error) {
	useful := data.useful()
	rng := rand.New(rand.NewPCG(uint64(opts.Seed), 1))
	var splits []split
	v := &Validation{OneQuery: len(useful) == 1}
	switch {
	case len(useful) == 0:
		return v, nil
	case v.OneQuery:
		splits = splitGrades(data, useful[0], rng)
	default:
		splits = splitQueries(data, useful, opts.Folds, rng)
	}

	held := make([][]Held, len(splits))
	var done atomic.Int64
	report := opts.Progress
	fold := *opts
	fold.Progress = nil
	// A warm start has seen every grade, those that are left out here too, and
	// they may have had a say in how far it goes.
	fold.Start, fold.Trust = nil, Trust{}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range splits {
		group.Go(func() error {
			fitted, _, err := fit(ctx, &s.train, prior, &fold)
			if err != nil {
				return err
			}
			if held[i], err = compareOn(&s.test, prior, &fitted, &fold); err != nil {
				return err
			}
			for q := range held[i] {
				held[i][q].Fold = i
			}
			report.Report(engine.Progress{Stage: "checking", Done: int(done.Add(1)), Total: len(splits)})
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	place := make(map[string]int, len(data.Groups))
	for i := range data.Groups {
		place[data.Groups[i].Query] = i
	}
	v.Held = slices.Concat(held...)
	slices.SortStableFunc(v.Held, func(a, b Held) int { return place[a.Query] - place[b.Query] })
	return v, nil
}

// compareOn measures two rankers on the same groups.
func compareOn(test *Dataset, before, after *engine.Ranker, opts *Options) ([]Held, error) {
	names := columns(test.Features)
	old, err := model.New(before, names)
	if err != nil {
		return nil, err
	}
	young, err := model.New(after, names)
	if err != nil {
		return nil, err
	}
	var held []Held
	for i := range test.Groups {
		g := &test.Groups[i]
		a := scoreGroup(g, len(names), old, opts.Metric)
		b := scoreGroup(g, len(names), young, opts.Metric)
		if a.ok {
			held = append(held, Held{Query: g.Query, Grades: g.judged(), Before: a.Scores, After: b.Scores})
		}
	}
	return held, nil
}

// split is one fold: what to fit and what to measure on.
type split struct{ train, test Dataset }

// splitQueries deals the queries at random into folds of nearly equal size.
func splitQueries(data *Dataset, useful []int, folds int, rng *rand.Rand) []split {
	n := len(useful)
	switch {
	case n <= fewQueries && folds == 0:
		folds = n
	case folds == 0:
		folds = 5
	}
	folds = min(max(folds, 2), n)
	fold := make(map[int]int, n)
	for i, f := range dealt(n, folds, rng) {
		fold[useful[i]] = f
	}
	splits := make([]split, folds)
	for f := range splits {
		splits[f].train.Features, splits[f].test.Features = data.Features, data.Features
		for _, g := range useful {
			part := &splits[f].train
			if fold[g] == f {
				part = &splits[f].test
			}
			part.Groups = append(part.Groups, data.Groups[g])
		}
		// What only clicks tell of can't be measured, but is learned from.
		for g := range data.Groups {
			if other := &data.Groups[g]; !other.useful() && other.clicked() {
				splits[f].train.Groups = append(splits[f].train.Groups, *other)
			}
		}
	}
	return splits
}

// dealt is the fold of each of n, at random and nearly as many in each.
func dealt(n, folds int, rng *rand.Rand) []int {
	fold := make([]int, n)
	for i, at := range rng.Perm(n) {
		fold[at] = i % folds
	}
	return fold
}

// splitGrades leaves out parts of one query's grades. A part has products of
// different grades, so that there is an order to get right; where that can't
// be, there is none. What is left out is no candidate in the fit: as an
// unjudged one it would be learned from as a negative.
func splitGrades(data *Dataset, only int, rng *rand.Rand) []split {
	g := &data.Groups[only]
	var judged []int
	for i, grade := range g.Grades {
		if !math.IsNaN(grade) {
			judged = append(judged, i)
		}
	}
	rng.Shuffle(len(judged), func(i, j int) { judged[i], judged[j] = judged[j], judged[i] })
	slices.SortStableFunc(judged, func(a, b int) int { return cmp.Compare(g.Grades[a], g.Grades[b]) })
	folds := min(5, len(judged)/2)
	var splits []split
	for f := range folds {
		out := make(map[int]bool)
		for i := f; i < len(judged); i += folds {
			out[judged[i]] = true
		}
		test := g.only(func(i int) bool { return out[i] }, len(data.Features))
		train := g.only(func(i int) bool { return !out[i] }, len(data.Features))
		test.Query = fmt.Sprintf("%s (part %d)", g.Query, f+1)
		if test.useful() && slices.Min(test.Grades) < slices.Max(test.Grades) && train.useful() {
			splits = append(splits, split{Dataset{data.Features, []Group{train}}, Dataset{data.Features, []Group{test}}})
		}
	}
	return splits
}

// only is the group with the rows that keep says, and nothing missing or added.
func (g *Group) only(keep func(row int) bool, d int) Group {
	part := Group{Query: g.Query}
	for i, id := range g.Products {
		if keep(i) {
			part.Products = append(part.Products, id)
			part.Grades = append(part.Grades, g.Grades[i])
			part.X = append(part.X, g.row(i, d)...)
			if g.Clicks != nil {
				part.Clicks, part.Trust = append(part.Clicks, g.Clicks[i]), append(part.Trust, g.Trust[i])
			}
		}
	}
	return part
}
