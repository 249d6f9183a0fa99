package learn

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"touchstone/engine"
)

// Point is what learning from so many queries brings.
type Point struct {
	Queries int
	Train   Scores // on the queries it learned from
	Left    Scores // on queries left out
}

// Curve is learning from ever more of the queries, each time measured on the
// same left-out ones.
type Curve struct {
	Before Scores // of the prior, on the left-out queries
	Points []Point
	Says   string // whether more grades would help, in one sentence
}

// curveParts are the shares of the queries that are learned from.
var curveParts = []float64{0.125, 0.25, 0.5, 0.75, 1}

// leastForCurve is how many measurable queries a curve needs.
const leastForCurve = 6

// LearningCurve cross-validates by query and learns from growing parts of what
// each fold leaves in.
func LearningCurve(ctx context.Context, data *Dataset, prior engine.Ranker, opts Options) (*Curve, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := data.Check(); err != nil {
		return nil, err
	}
	useful := data.useful()
	if len(useful) < leastForCurve {
		return &Curve{Says: fmt.Sprintf("A learning curve needs %d queries with a good result; there are %d.", leastForCurve, len(useful))}, nil
	}
	splits := splitQueries(data, useful, 5, rand.New(rand.NewPCG(uint64(opts.Seed), 1)))
	fits := make([][]fittedPart, len(splits))
	quiet := opts
	quiet.Progress, quiet.Start = nil, nil
	var done atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range splits {
		fits[i] = make([]fittedPart, len(curveParts))
		for j, part := range curveParts {
			group.Go(func() error {
				train := s.train
				n := max(1, int(part*float64(len(train.Groups))+0.5))
				train.Groups = train.Groups[:n]
				fitted, _, err := fit(ctx, &train, &prior, &quiet)
				if err != nil {
					return err
				}
				f := &fits[i][j]
				f.queries = n
				if f.train, err = scoreAll(&train, &fitted, opts.Metric); err != nil {
					return err
				}
				f.left, err = compareOn(&s.test, &prior, &fitted, &quiet)
				opts.Progress.Report(engine.Progress{Stage: "learning from a part of the queries", Done: int(done.Add(1)), Total: len(splits) * len(curveParts)})
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return newCurve(fits), nil
}

// fittedPart is what came of learning from a part of one fold.
type fittedPart struct {
	queries int
	train   []scored
	left    []Held
}

// newCurve puts the folds together: fits[i][j] is fold i with part j. Parts that
// come to as many queries are one point.
func newCurve(fits [][]fittedPart) *Curve {
	curve := &Curve{}
	for j := range curveParts {
		var train, left, before []scored
		queries := 0
		for i := range fits {
			f := &fits[i][j]
			queries += f.queries
			train = append(train, f.train...)
			for _, h := range f.left {
				left = append(left, scored{h.After, true})
				before = append(before, scored{h.Before, true})
			}
		}
		curve.Before = meanScores(before)
		p := Point{Queries: (queries + len(fits)/2) / len(fits), Train: meanScores(train), Left: meanScores(left)}
		if len(curve.Points) == 0 || curve.Points[len(curve.Points)-1].Queries != p.Queries {
			curve.Points = append(curve.Points, p)
		}
	}
	curve.Says = curve.verdict()
	return curve
}

// still is a change over the last part of the curve that counts as none.
const still = 0.002

// verdict says what the last part of the curve says about more grades.
func (c *Curve) verdict() string {
	last := c.Points[len(c.Points)-1]
	half := slices.IndexFunc(c.Points, func(p Point) bool { return 2*p.Queries >= last.Queries })
	rise := last.Left.Whole - c.Points[half].Left.Whole
	gap := last.Train.Whole - last.Left.Whole
	switch {
	case rise > still:
		return fmt.Sprintf("The second half of the queries brought %+.3f on queries left out: more would probably help.", rise)
	case gap > 10*still:
		return fmt.Sprintf("On its own queries it is %.3f better than on others, and more queries no longer close the gap: grade other kinds of queries.", gap)
	}
	return "The second half of the queries changed little on queries left out: more of the same will hardly help."
}
