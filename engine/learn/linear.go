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
	evidence  float64 // judged queries; one with few grades counts for a part
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
		rng := rand.New(rand.NewPCG(uint64(opts.Seed), hash(g.Query)))
		if c, ok := p.objective.arrange(g, i, scores, &opts.tuning, rng); ok {
			p.queries = append(p.queries, c)
			sum := 0.0
			for _, trust := range c.trust {
				sum += trust
			}
			p.evidence += min(1, sum/enough)
		}
	}
	return p
}

// fitLinear fits a weighted sum, pulled toward the prior's weights as hard as
// opts.trust says.
func fitLinear(ctx context.Context, data *Dataset, prior, start model.Linear, opts *Options) (model.Linear, error) {
	t := &opts.tuning
	p := newProblem(data, prior, opts)
	learned := slices.Clone(prior)
	if len(p.queries) == 0 {
		return learned, nil
	}
	sp := newSpace(data, prior, t)
	all := make([]float64, len(prior))
	for i := range all {
		all[i] = sp.into(i, prior[i].Weight)
	}
	pull := pulls(all, opts.trust.Pull/p.evidence, t.unused)
	// A feature that is the same for all candidates of every query pushes no
	// weight: it is left out of the steps.
	d := len(sp.varying)
	target, w, held := make([]float64, d), make([]float64, d), make([]float64, d)
	low, high := make([]float64, d), make([]float64, d)
	for v, i := range sp.varying {
		target[v], held[v] = all[i], pull[i]
		w[v] = target[v]
		if start != nil {
			w[v] = sp.into(i, start[i].Weight*sp.scale[i]/start[i].Scale)
		}
		low[v], high[v] = math.Inf(-1), math.Inf(1)
		// Where a person has dragged a weight over to the wrong side, it may stay.
		if sign := data.Features[i].Sign; sign > 0 {
			low[v] = min(0, target[v])
		} else if sign < 0 {
			high[v] = max(0, target[v])
		}
	}
	for q := range p.queries {
		c := &p.queries[q]
		g := &data.Groups[c.source]
		c.z = make([]float64, 0, len(c.rows)*d)
		for _, row := range c.rows {
			x := g.row(int(row), len(prior))
			for _, i := range sp.varying {
				c.z = append(c.z, known(x[i])/sp.spread[i])
			}
		}
	}

	steps := max(t.steps, t.epochs*len(p.queries))
	rate := t.rate
	if start != nil {
		steps, rate = int(float64(steps)*t.warm), rate*t.warm
	}
	adam := newAdamW(target, low, high, held)
	rng := rand.New(rand.NewPCG(uint64(opts.Seed), 0))
	order := make([]int, len(p.queries))
	for i := range order {
		order[i] = i
	}
	gradient := make([]float64, d)
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
		c := &p.queries[order[at]]
		p.objective.gradient(c, w, &l, gradient)
		adam.update(w, gradient, rate*(1-float64(step)/float64(steps)))
	}
	for v, i := range sp.varying {
		// A weight that did not move keeps its last bit.
		if w[v] != target[v] {
			learned[i].Weight = sp.outOf(i, w[v])
		}
	}
	return learned, nil
}

// pulls is how hard each weight is pulled: the less, the more the prior uses it
// against the mean of those that it uses. That the prior gives a feature no
// weight is knowledge too.
func pulls(prior []float64, pull, unused float64) []float64 {
	size, used := 0.0, 0
	for _, w := range prior {
		if w != 0 {
			size += math.Abs(w)
			used++
		}
	}
	out := make([]float64, len(prior))
	for i, w := range prior {
		reach := 1.0
		if used > 0 {
			reach = math.Abs(w)/(size/float64(used)) + unused
		}
		out[i] = pull / reach
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
