package learn

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/engine"
	"touchstone/engine/model"
)

// space is the coordinates in which linear weights are learned: every feature
// divided by its spread within a query, and all scores stretched so that the
// prior's differ within a query by what the logistic loss calls clear. Learning
// then neither depends on a feature's unit nor spends the pull toward the prior
// on making all weights larger, which changes no order.
type space struct {
	spread  []float64 // of each feature
	varying []int     // the features that differ within some query
	scale   []float64 // of the prior's weights
	stretch float64
}

// minSpread keeps a feature that hardly varies from getting a huge weight.
const minSpread = 0.01

func newSpace(data *Dataset, weights model.Linear, t *tuning) space {
	d := len(data.Features)
	sp := space{scale: make([]float64, d), stretch: 1}
	for i, w := range weights {
		sp.scale[i] = w.Scale
	}
	sp.spread = spreads(data, d, func(x, into []float64) {
		for i, v := range x {
			into[i] = known(v)
		}
	})
	for i := range sp.spread {
		if sp.spread[i] > 0 {
			sp.varying = append(sp.varying, i)
		}
		sp.spread[i] = max(sp.spread[i], minSpread)
	}
	if s := spreads(data, 1, func(x, into []float64) { into[0] = weights.Score(x) })[0]; s > 1e-9 {
		sp.stretch = t.spread / s
	}
	return sp
}

// spreads is the pooled standard deviation within the groups of the n values
// that of computes for each row.
func spreads(data *Dataset, n int, of func(x, into []float64)) []float64 {
	square, mean, sum, value := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	free := 0
	for i := range data.Groups {
		g := &data.Groups[i]
		rows := len(g.Products)
		if rows < 2 {
			continue
		}
		free += rows - 1
		clear(sum)
		for r := range rows {
			of(g.row(r, len(data.Features)), value)
			for j, v := range value {
				sum[j] += v
			}
		}
		for j := range mean {
			mean[j] = sum[j] / float64(rows)
		}
		for r := range rows {
			of(g.row(r, len(data.Features)), value)
			for j, v := range value {
				square[j] += (v - mean[j]) * (v - mean[j])
			}
		}
	}
	for j := range square {
		square[j] = math.Sqrt(square[j] / float64(max(1, free)))
	}
	return square
}

// into turns a ranker's weight of feature i into a learned one, out of back.
func (sp *space) into(i int, weight float64) float64 {
	return weight * sp.spread[i] / sp.scale[i] * sp.stretch
}

func (sp *space) outOf(i int, weight float64) float64 {
	return weight / (sp.spread[i] / sp.scale[i] * sp.stretch)
}

// problem is a dataset made ready for one fit.
type problem struct {
	data      *Dataset
	objective *objective
	queries   []candidates
	room      [][]float64 // of each group (Group.room)
}

// all are the indices of the queries.
func (p *problem) all() []int {
	all := make([]int, len(p.queries))
	for q := range all {
		all[q] = q
	}
	return all
}

// evidence is what some of the queries, which are indices, count for.
func (p *problem) evidence(queries []int) float64 {
	sum := 0.0
	for _, q := range queries {
		sum += p.queries[q].evidence
	}
	return sum
}

// enough is how many grades make a query count in full as evidence.
const enough = 10

func newProblem(data *Dataset, prior model.Model, opts *Options) *problem {
	p := &problem{data: data, objective: newObjective(opts.Loss, opts.Metric.K)}
	for i := range data.Groups {
		g := &data.Groups[i]
		scores := make([]float64, len(g.Products))
		for r := range scores {
			scores[r] = prior.Score(g.row(r, len(data.Features)))
		}
		p.room = append(p.room, g.room(scores, &opts.tuning))
		rng := rand.New(rand.NewPCG(uint64(opts.Seed), hash(g.Query)))
		if c, ok := p.objective.arrange(g, i, p.room[i], &opts.tuning, rng); ok {
			sum := 0.0
			for _, trust := range c.trust {
				sum += trust
			}
			c.evidence = min(1, sum/enough)
			p.queries = append(p.queries, c)
		}
	}
	return p
}

// descent is a dataset made ready for fits of a weighted sum that begin at one
// prior and are pulled toward it. Fits may run side by side.
type descent struct {
	*problem
	space
	prior model.Linear
	// Of the features that vary, in the coordinates of the space. A feature that
	// is the same for all candidates of every query pushes no weight: it is left
	// out of the steps.
	target    []float64 // the prior
	reach     []float64 // how far each may go, against the others
	low, high []float64
}

func newDescent(data *Dataset, prior model.Linear, opts *Options) *descent {
	d := &descent{problem: newProblem(data, prior, opts), space: newSpace(data, prior, &opts.tuning), prior: prior}
	all := make([]float64, len(prior))
	for i := range all {
		all[i] = d.into(i, prior[i].Weight)
	}
	reach := reaches(all, opts.tuning.unused)
	for _, i := range d.varying {
		low, high := math.Inf(-1), math.Inf(1)
		// Where a person has dragged a weight over to the wrong side, it may stay.
		if sign := data.Features[i].Sign; sign > 0 {
			low = min(0, all[i])
		} else if sign < 0 {
			high = max(0, all[i])
		}
		d.target, d.reach = append(d.target, all[i]), append(d.reach, reach[i])
		d.low, d.high = append(d.low, low), append(d.high, high)
	}
	for q := range d.queries {
		c := &d.queries[q]
		g := &data.Groups[c.source]
		c.z = make([]float64, 0, len(c.rows)*len(d.varying))
		for _, row := range c.rows {
			x := g.row(int(row), len(prior))
			for _, i := range d.varying {
				c.z = append(c.z, known(x[i])/d.spread[i])
			}
		}
	}
	return d
}

// coordinates are those of a ranker in the space.
func (d *descent) coordinates(m model.Linear) []float64 {
	w := make([]float64, 0, len(d.varying))
	for _, i := range d.varying {
		w = append(w, d.into(i, m[i].Weight*d.scale[i]/m[i].Scale))
	}
	return w
}

// ranker is the one at coordinates.
func (d *descent) ranker(w []float64) model.Linear {
	m := slices.Clone(d.prior)
	for v, i := range d.varying {
		// A weight that did not move keeps its last bit.
		if w[v] != d.target[v] {
			m[i].Weight = d.outOf(i, w[v])
		}
	}
	return m
}

// fit learns from some of the queries, which are indices, and stays the nearer to
// the prior the harder the pull at one judged query. It begins at start, whose
// coordinates it then makes its own, or at the prior where start is nil. part is
// that of the usual steps and of the rate that it takes, 0 to 1.
func (d *descent) fit(ctx context.Context, queries []int, start []float64, pull, part float64, opts *Options) ([]float64, error) {
	w := start
	if w == nil {
		w = slices.Clone(d.target)
	}
	if len(queries) == 0 {
		return w, nil
	}
	evidence := d.evidence(queries)
	held := make([]float64, len(w))
	for v := range held {
		held[v] = pull / evidence / d.reach[v]
	}
	t := &opts.tuning
	steps := int(part * float64(max(t.steps, t.epochs*len(queries))))
	adam := newAdamW(d.target, d.low, d.high, held)
	rng := rand.New(rand.NewPCG(uint64(opts.Seed), 0))
	order := slices.Clone(queries)
	gradient := make([]float64, len(w))
	var l lambdas
	for step := range steps {
		at := step % len(order)
		if at == 0 {
			rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			opts.Progress.Report(engine.Progress{Stage: "learning", Done: step, Total: steps})
		}
		d.objective.gradient(&d.queries[order[at]], w, &l, gradient)
		adam.update(w, gradient, t.rate*part*(1-float64(step)/float64(steps)))
	}
	return w, nil
}

// fitLinear fits a weighted sum, pulled toward the prior's weights as hard as
// opts.trust says.
func fitLinear(ctx context.Context, data *Dataset, prior, start model.Linear, opts *Options) (model.Linear, error) {
	d := newDescent(data, prior, opts)
	var from []float64
	part := 1.0
	if start != nil {
		from, part = d.coordinates(start), opts.tuning.warm
	}
	w, err := d.fit(ctx, d.all(), from, opts.trust.Pull, part, opts)
	if err != nil {
		return nil, err
	}
	return d.ranker(w), nil
}

// reaches is how far each weight may go: the farther, the more the prior uses it
// against the mean of those that it uses. That the prior gives a feature no
// weight is knowledge too.
func reaches(prior []float64, unused float64) []float64 {
	size, used := 0.0, 0
	for _, w := range prior {
		if w != 0 {
			size += math.Abs(w)
			used++
		}
	}
	out := make([]float64, len(prior))
	for i, w := range prior {
		out[i] = 1.0
		if used > 0 {
			out[i] = math.Abs(w)/(size/float64(used)) + unused
		}
	}
	return out
}

// gradient is that of the loss of one query by the weights of a weighted sum.
func (o *objective) gradient(c *candidates, w []float64, l *lambdas, gradient []float64) {
	l.size(len(c.rows))
	if len(w) == 0 {
		return
	}
	z := matrix(c.z, len(c.rows), len(w))
	blas64.Gemv(blas.NoTrans, 1, z, vector(w), 0, vector(l.score))
	o.push(c, l)
	blas64.Gemv(blas.Trans, -1, z, vector(l.lambda), 0, vector(gradient))
}

func vector(data []float64) blas64.Vector {
	return blas64.Vector{N: len(data), Inc: 1, Data: data}
}

func dot(a, b []float64) float64 {
	b = b[:len(a)]
	sum := 0.0
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}
