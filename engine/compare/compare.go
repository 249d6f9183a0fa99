package compare

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"touchstone/engine"
	"touchstone/engine/measure"
)

// Side is one of the two rankings.
type Side struct {
	Name string              // as people know it: "learned v7"
	Runs map[string][]string // query → different product IDs, best first
}

// Input is two rankings of the same queries and what is known of their products.
type Input struct {
	A, B   Side
	Qrels  engine.Qrels
	Metric measure.Metric   // decides
	Beside []measure.Metric // shown beside it; none of them decides
	Seed   int64            // same seed, same numbers
	// Weights is how often each query is asked: the means and the tests follow
	// it. nil counts every query once.
	Weights map[string]float64
}

// Depth is how far down the runs are read; 0 is all the way.
func (in *Input) Depth() int {
	depth := pageDepth
	for _, m := range append([]measure.Metric{in.Metric}, in.Beside...) {
		if m.K == 0 {
			return 0
		}
		depth = max(depth, m.K)
	}
	return depth
}

// Comparison is what two rankings of the same queries say of each other. B is
// measured against A: a difference above 0 is in favour of B.
type Comparison struct {
	Metric   measure.Metric
	A, B     Standing
	Verdict  measure.Verdict
	Sentence string   // the answer in plain words
	Warnings []string // what speaks against taking the answer as it is

	measure.Comparison         // of Metric over Queries
	Queries            []Query // every compared query, most gained first
	Skipped            int     // judged queries with nothing above grade 0
	Metrics            []Row   // Metric, then those beside it
	Unjudged           int     // pairs on the first pages that nobody has judged
	Unsettled          []Pair  // those of them that could move the answer most
	Jaccard, RBO       float64 // of the first pages, means over Queries
	in                 Input
}

// Standing is how one side did.
type Standing struct {
	Name     string
	Mean     float64
	Bounds   [2]float64 // if all unjudged were grade 0, or the highest grade
	Coverage float64    // share of the products shown that is judged
}

// Query is one query under both sides.
type Query struct {
	Query        string
	A, B         measure.Score
	Delta        float64
	Jaccard, RBO float64 // of the two first pages
}

// Row is one metric under both sides.
type Row struct {
	Metric measure.Metric
	A, B   float64
	measure.Comparison
	Corrected float64 // P by Holm's correction for all rows of the table
}

// Shown says whether the metric shows a difference, beside all others of the table.
func (r *Row) Shown() bool { return r.Corrected < measure.Alpha }

// pageDepth is how many products a first page shows where the metric looks at
// all of them.
const pageDepth = 10

// persistence weighs the ranks for the overlap of two pages.
const persistence = 0.9

// equal is the difference below which a query counts as equal: sums of the same
// gains in another order differ in their last bits.
const equal = 1e-12

// Compare compares. A judged query that is missing from a side's runs counts as
// an empty page there.
func Compare(in Input) *Comparison {
	a, b := in.evaluate(in.Metric, in.A), in.evaluate(in.Metric, in.B)
	c := &Comparison{
		Metric:  in.Metric,
		A:       standing(in.A.Name, a),
		B:       standing(in.B.Name, b),
		Skipped: len(a.Skipped),
		Queries: make([]Query, len(a.Scores)),
		in:      in,
	}
	deltas := differences(a, b)
	for i, score := range a.Scores {
		first, second := c.page(in.A, score.Query), c.page(in.B, score.Query)
		q := Query{Query: score.Query, A: score, B: b.Scores[i], Delta: deltas[i],
			Jaccard: measure.Jaccard(first, second), RBO: measure.RBO(first, second, persistence)}
		c.Queries[i] = q
		c.Jaccard += q.Jaccard
		c.RBO += q.RBO
	}
	if n := float64(len(deltas)); n > 0 {
		c.Jaccard, c.RBO = c.Jaccard/n, c.RBO/n
	}
	c.Metrics = table(in, a, b)
	c.Comparison = c.Metrics[0].Comparison
	c.Verdict = c.Comparison.Verdict()
	slices.SortStableFunc(c.Queries, func(x, y Query) int { return cmp.Compare(y.Delta, x.Delta) })
	c.settle()
	c.Sentence = c.sentence()
	c.Warnings = c.warnings()
	return c
}

// table computes the metrics side by side, each with a test of its own.
func table(in Input, a, b measure.Evaluation) []Row {
	rows := make([]Row, 1+len(in.Beside))
	var wait sync.WaitGroup
	for i := range rows {
		wait.Go(func() {
			a, b := a, b
			if i > 0 {
				a, b = in.evaluate(in.Beside[i-1], in.A), in.evaluate(in.Beside[i-1], in.B)
			}
			d := differences(a, b)
			if in.Weights != nil {
				d = a.WeighDifferences(d, in.Weights)
			}
			rows[i] = Row{Metric: a.Metric, A: a.Mean, B: b.Mean, Comparison: measure.Compare(d, in.Seed)}
		})
	}
	wait.Wait()
	p := make([]float64, len(rows))
	for i, row := range rows {
		p[i] = row.P
	}
	for i, corrected := range measure.Holm(p) {
		rows[i].Corrected = corrected
	}
	return rows
}

// evaluate measures one side, down to the metric's depth: the rest of a run
// counts under no convention.
func (in *Input) evaluate(m measure.Metric, side Side) measure.Evaluation {
	runs := side.Runs
	if m.K > 0 {
		runs = make(map[string][]string, len(side.Runs))
		for query, run := range side.Runs {
			runs[query] = run[:min(len(run), m.K)]
		}
	}
	e := m.Evaluate(runs, in.Qrels)
	if in.Weights != nil {
		e = e.Weighted(in.Weights)
	}
	return e
}

func standing(name string, e measure.Evaluation) Standing {
	return Standing{Name: name, Mean: e.Mean, Bounds: [2]float64{e.Worst, e.Best}, Coverage: e.Coverage}
}

// differences is B − A of each query. Which queries are measured depends on the
// judgments alone, so both evaluations hold the same ones in the same order.
func differences(a, b measure.Evaluation) []float64 {
	d := make([]float64, len(a.Scores))
	for i := range d {
		if v := b.Scores[i].Value - a.Scores[i].Value; math.Abs(v) > equal {
			d[i] = v
		}
	}
	return d
}

// page is the first page of a side.
func (c *Comparison) page(side Side, query string) []string {
	run, depth := side.Runs[query], c.Metric.K
	if depth == 0 {
		depth = pageDepth
	}
	return run[:min(len(run), depth)]
}
