package learn

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"math"
	"slices"

	"touchstone/engine"
	"touchstone/engine/measure"
	"touchstone/engine/model"
)

// Options say how to learn. The zero value is the default in every field.
type Options struct {
	Kind   engine.Kind    // "" is linear
	Loss   Loss           // "" is LambdaRank
	Metric measure.Metric // what is optimised, checked and reported; NDCG@10
	Seed   int64
	Folds  int // of a cross-validation; 0: 5, or one a query when there are few
	// Start is where a warm start begins: the result of the last fit toward the
	// same prior. It takes a fifth of the time. nil begins at the prior. Networks
	// and trees always begin anew.
	Start *engine.Ranker
	// Known is a ranker that is known to do well elsewhere, such as the shipped
	// one: where the grades prefer it, the fit begins there or on the way. It must
	// be linear; nil: none.
	Known *engine.Ranker
	// Presumed says that Known is believed to be better than the prior until
	// left-out queries say otherwise; else they must be sure of it.
	Presumed bool
	// Trust is how far to leave the prior, as the last fit's Report says. The zero
	// value: found out from the data, which takes several fits.
	Trust    Trust
	Boost    Boost
	Progress engine.OnProgress

	tuning tuning
	trust  Trust        // as given or found out
	known  model.Linear // Known
}

// Boost fixes what a fit of trees finds out or has fixed, to compare it with
// another implementation. The zero value changes nothing.
type Boost struct {
	Rounds int // trees
	Leaves int // of each, at most
	// Plain grows trees alone, as gradient boosting is usually done: from 0 and
	// not from a weighted sum, with every unjudged candidate a grade 0.
	Plain bool
}

func (o Options) withDefaults() (Options, error) {
	if o.Kind == "" {
		o.Kind = engine.Linear
	}
	if o.Loss == "" {
		o.Loss = LambdaRank
	}
	if o.Metric.Kind == "" {
		o.Metric = measure.Metric{Kind: measure.NDCG, K: 10}
	}
	if o.Metric.K == 0 {
		o.Metric.K = 10
	}
	if o.tuning == (tuning{}) {
		o.tuning = tuned
	}
	if o.Boost.Leaves > 0 {
		o.tuning.leaves = o.Boost.Leaves
	}
	if o.Boost.Plain {
		o.tuning.unjudged, o.tuning.doubt, o.tuning.negatives = 1, 0, math.MaxInt
		o.tuning.leafHess, o.tuning.l2 = 1e-3, 0
	}
	if o.Loss != LambdaRank && o.Loss != Pairwise {
		return o, fmt.Errorf("learn: unknown loss %q: use %s or %s", o.Loss, LambdaRank, Pairwise)
	}
	if o.Kind != engine.Linear && o.Kind != engine.DNN && o.Kind != engine.Trees {
		return o, fmt.Errorf("learn: unknown kind %q: use %s, %s or %s", o.Kind, engine.Linear, engine.DNN, engine.Trees)
	}
	return o, nil
}

// Scores is the metric in two views of the same queries.
type Scores struct {
	Whole  float64 // all candidates that the search brings up; unjudged ones count 0
	Judged float64 // the judged products alone
}

// Report says what a fit was made from and how well the ranker does on it.
type Report struct {
	Queries int   // with something to learn from
	Grades  int   // of these queries
	Trust   Trust // in the data: that of Options, or as found out
	Before  Scores
	After   Scores // on the very queries it was fitted to: no proof of anything
}

// Fit learns a ranker from the whole dataset, pulled toward the prior: the
// fewer judged queries, the nearer it stays, and where none of its ways helps
// queries that are left out it is the prior itself. The prior is usually the ranker in
// use. The result depends on the data, the prior and the options only.
//
// A ranker fitted here has seen all grades: use CrossValidate and Decide, or
// Learn, before it replaces another.
func Fit(ctx context.Context, data *Dataset, prior engine.Ranker, opts Options) (engine.Ranker, *Report, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return prior, nil, err
	}
	if err := data.Check(); err != nil {
		return prior, nil, err
	}
	fitted, trust, err := fit(ctx, data, &prior, &opts)
	if err != nil {
		return prior, nil, err
	}
	report := &Report{Trust: trust}
	for i := range data.Groups {
		if g := &data.Groups[i]; g.useful() {
			report.Queries++
			report.Grades += g.judged()
		}
	}
	fitted.Made.Queries, fitted.Made.Judgments = report.Queries, report.Grades
	fitted.Made.DataHash = data.hash()
	before, err := scoreAll(data, &prior, opts.Metric)
	if err != nil {
		return prior, nil, err
	}
	after, err := scoreAll(data, &fitted, opts.Metric)
	if err != nil {
		return prior, nil, err
	}
	report.Before, report.After = meanScores(before), meanScores(after)
	return fitted, report, nil
}

// fit is Fit without checks and without a report; trust is how far it went.
func fit(ctx context.Context, data *Dataset, prior *engine.Ranker, opts *Options) (ranker engine.Ranker, trust Trust, err error) {
	names := columns(data.Features)
	weights, err := model.Linears(prior, names)
	if err != nil {
		return *prior, trust, err
	}
	own := *opts
	opts = &own
	if opts.Known != nil {
		if opts.known, err = model.Linears(opts.Known, names); err != nil {
			return *prior, trust, err
		}
	}
	opts.trust = opts.Trust
	if opts.trust == (Trust{}) && !opts.Boost.Plain {
		if opts.trust, err = chooseTrust(ctx, data, weights, opts); err != nil {
			return *prior, trust, err
		}
	}
	made := engine.Ranker{Name: prior.Name, Kind: opts.Kind, Made: engine.Provenance{
		From: prior.Label(), Seed: opts.Seed, Metric: opts.Metric.String(),
	}}
	if opts.Kind != engine.Linear {
		made.Weights, made.Model, err = fitRounds(ctx, data, weights, opts)
		return made, opts.trust, err
	}
	var start model.Linear
	if opts.Start != nil {
		if start, err = model.Linears(opts.Start, names); err != nil {
			return *prior, trust, err
		}
	}
	made.Weights, err = fitSum(ctx, data, weights, start, opts)
	return made, opts.trust, err
}

// fitSum fits a weighted sum and goes as far with it as opts.trust says.
func fitSum(ctx context.Context, data *Dataset, prior, start model.Linear, opts *Options) (model.Linear, error) {
	t := opts.trust
	target := opts.begin(data, prior, t.Toward)
	if t.Step == 0 {
		return slices.Clone(target), nil
	}
	if start != nil && t.Step < 1 { // the last fit before its step was cut short
		start = between(target, start, 1/t.Step)
	}
	fitted, err := fitLinear(ctx, data, target, start, opts)
	if err != nil {
		return nil, err
	}
	return between(target, fitted, t.Step), nil
}

// hash identifies the grades and features that a ranker was made from.
func (d *Dataset) hash() string {
	sum := sha256.New()
	h := bufio.NewWriter(sum) // a hash is never full: nothing to fail
	number := func(v float64) {
		_, _ = h.Write(binary.LittleEndian.AppendUint64(h.AvailableBuffer(), math.Float64bits(v)))
	}
	text := func(s string) {
		number(float64(len(s)))
		_, _ = h.WriteString(s)
	}
	for _, f := range d.Features {
		text(f.Name)
	}
	for i := range d.Groups {
		g := &d.Groups[i]
		text(g.Query)
		for j, id := range g.Products {
			text(id)
			number(g.Grades[j])
			if grade, trust := g.grade(j); trust > 0 && trust < 1 {
				number(grade)
				number(trust)
			}
			for _, v := range g.row(j, len(d.Features)) {
				number(v)
			}
		}
	}
	_ = h.Flush()
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

// columns lists the names of features.
func columns(features []engine.Feature) []string {
	names := make([]string, len(features))
	for i, f := range features {
		names[i] = f.Name
	}
	return names
}

// scoreAll measures a ranker on each group; ok is false where the group has no
// grade above 0.
func scoreAll(data *Dataset, r *engine.Ranker, metric measure.Metric) ([]scored, error) {
	m, err := model.New(r, columns(data.Features))
	if err != nil {
		return nil, err
	}
	return data.scores(m, metric), nil
}
