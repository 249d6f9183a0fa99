package learn

import (
	"context"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"touchstone/engine/model"
)

// Trust is how far a fit leaves the prior, as found out from the data. Learned
// weights lie Step of the way from where the fit begins to where its loss and
// its pull come to rest; the fit begins Toward of the way from the prior to
// Options.Known. With Toward and Step 0 the prior stays.
type Trust struct {
	Toward float64 // 0 to 1
	Pull   float64 // above 0; toward where the fit begins, with one judged query
	Step   float64 // 0 to 1
}

// Least is the smallest move that a fit makes when it is not asked what the
// data can prove.
var Least = Trust{Pull: tuned.pulls[0], Step: 1}

// Most is where the grades alone lead: the loosest pull of those that a fit
// chooses from, all the way.
var Most = Trust{Pull: tuned.pulls[len(tuned.pulls)-1], Step: 1}

// Stays reports whether the prior is left as it is.
func (t Trust) Stays() bool { return t.Toward == 0 && t.Step == 0 }

// The parts of the way that are tried.
var (
	towards = [...]float64{0.25, 0.5, 0.75, 1}
	stepped = [...]float64{0.25, 0.5, 1}
)

// innerFolds are for what is found out by leaving queries out within the data
// of one fit; with few queries each is a fold of its own. innerDeals is how often
// the folds are dealt for chooseTrust.
const (
	innerDeals    = 3
	innerFolds    = 3
	fewInnerFolds = 5
	leastForFolds = 2
)

// inner is how many folds there are to be of so many queries; 0 where they are
// too few.
func inner(queries int) int {
	switch {
	case queries < leastForFolds:
		return 0
	case queries <= fewQueries:
		return min(fewInnerFolds, queries)
	}
	return innerFolds
}

// chooseTrust finds out how far the data may lead away from the prior, on
// queries that are left out. Of each way the gain over the prior is taken less
// one standard error, which for few queries is one of Student's (surely): what
// queries agree on is believed, what one of them brings is not. It is the way whose
// gain is then the largest. Where none is above 0 it is the smallest step (Least),
// which can do little harm, if that makes left-out queries worse in neither view;
// else the prior stays.
//
// First it is asked whether the grades prefer Options.Known, a line with one
// unknown, for which a handful of queries is much, and where it is presumed the
// mean gain is enough: there unjudged products count 0, for what stands high in
// either ranker is as much in doubt. Then how far to go on from there by all
// weights, measured as the loss sees it (Group.inDoubt).
func chooseTrust(ctx context.Context, data *Dataset, prior model.Linear, opts *Options) (Trust, error) {
	stays := Trust{Pull: opts.tuning.pulls[0]}
	useful := data.useful()
	if inner(len(useful)) == 0 {
		return stays, nil
	}
	target := prior
	if opts.known != nil {
		stays.Toward, target = chooseToward(data, useful, prior, opts)
	}
	grid := opts.tuning.pulls[:]
	if len(useful) < manyQueries {
		grid = grid[:len(grid)-1] // the weakest leaves all weights to a handful of queries
	}
	before, ways, err := tryWays(ctx, data, useful, target, grid, opts)
	if err != nil {
		return stays, err
	}
	if w := surest(before, ways); w != nil {
		return Trust{Toward: stays.Toward, Pull: w.pull, Step: w.step}, nil
	}
	if least := ways[len(stepped)-1]; notWorse(before, least.after) {
		stays.Step = least.step
	}
	return stays, nil
}

// chooseToward is the part of the way from the prior to Options.Known that
// left-out queries gain most by, 0 where none of them surely gains, and the
// ranker there.
func chooseToward(data *Dataset, useful []int, prior model.Linear, opts *Options) (float64, model.Linear) {
	left := &Dataset{Features: data.Features}
	for _, i := range useful {
		left.Groups = append(left.Groups, data.Groups[i])
	}
	part, target, most := 0.0, prior, 0.0
	before := left.scores(prior, opts.Metric)
	gains := surely
	if opts.Presumed {
		gains = meanGain
	}
	for _, p := range towards {
		m := opts.begin(data, prior, p)
		gain := gains(before, left.scores(m, opts.Metric))
		if gain > most {
			part, target, most = p, m, gain
		}
	}
	return part, target
}

// surest is the way that surely gains most, of equals the shortest; nil where
// none surely gains.
func surest(before []scored, ways []way) (best *way) {
	most := 0.0
	for i := range ways {
		if gain := surely(before, ways[i].after); gain > most {
			best, most = &ways[i], gain
		}
	}
	return best
}

// surely is the mean gain over both views less its standard error, taken as far
// as Student's distribution says that a normal one's lies; 0 where one of the
// views gets worse.
func surely(before, after []scored) float64 {
	if !notWorse(before, after) {
		return 0
	}
	gains := gainsOf(before, after)
	errors := distuv.StudentsT{Sigma: 1, Nu: float64(max(1, len(gains)-1))}.Quantile(distuv.UnitNormal.CDF(1))
	return mean(gains) - errors*standardError(gains)
}

// meanGain is surely without the doubt.
func meanGain(before, after []scored) float64 {
	if !notWorse(before, after) {
		return 0
	}
	return mean(gainsOf(before, after))
}

// gainsOf are the queries' gains over both views.
func gainsOf(before, after []scored) []float64 {
	gains := make([]float64, len(before))
	for q := range gains {
		gains[q] = (after[q].Whole + after[q].Judged - before[q].Whole - before[q].Judged) / 2
	}
	return gains
}

// notWorse reports whether the mean is no lower in either view.
func notWorse(before, after []scored) bool {
	from, to := meanScores(before), meanScores(after)
	return to.Whole >= from.Whole-same && to.Judged >= from.Judged-same
}

// between is part of the way from one weighted sum to another of the same scales.
func between(from, to model.Linear, part float64) model.Linear {
	if part == 1 {
		return to
	}
	m := slices.Clone(from)
	for i := range m {
		m[i].Weight += part * (to[i].Weight - from[i].Weight)
	}
	return m
}

// begin is where a fit begins: part of the way from the prior to the known
// ranker, both first stretched so that their scores differ as much within a
// query. What no candidate has, neither ranker is judged by, and the prior's
// weight stays.
func (o *Options) begin(data *Dataset, prior model.Linear, part float64) model.Linear {
	if o.known == nil || part == 0 {
		return prior
	}
	spread := func(m model.Linear) float64 {
		return spreads(data, 1, func(x, into []float64) { into[0] = m.Score(x) })[0]
	}
	a, b := spread(prior), spread(o.known)
	if a < 1e-9 || b < 1e-9 {
		return prior
	}
	all := (1-part)*a + part*b
	differs := spreads(data, len(prior), func(x, into []float64) {
		for i, v := range x {
			into[i] = known(v)
		}
	})
	m := slices.Clone(prior)
	for i := range m {
		if differs[i] > 0 {
			other := o.known[i].Weight / o.known[i].Scale * m[i].Scale
			m[i].Weight = all * ((1-part)*m[i].Weight/a + part*other/b)
		}
	}
	return m
}
