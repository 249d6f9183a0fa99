package learn

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/engine"
	"touchstone/engine/model"
)

// network fits a weighted sum and a small network beside it at the same time,
// with AdamW, one query a step. The sum is pulled toward its start and the
// network toward saying nothing: its last layer starts, and is held, at 0.
//
// Where features have signs, so has the network: the weights of a signed
// feature in the first layer keep its sign, and all above keep theirs at 0 or
// more, so that more of such a feature never counts against a product (Sill
// 1997, "Monotonic Networks").
type network struct {
	problem *problem
	linear  model.Linear
	space   space
	center  []float64 // of each feature
	widths  []int     // of each layer's output; the last is 1
	theta   []float64 // the weighted sum, then each layer's weights (outputs × inputs) and biases
	adam    *adamW
	rng     *rand.Rand
	rate    float64

	// Scratch.
	order    []int
	gradient []float64
	l        lambdas
	values   [][]float64 // of each layer, rows × outputs; the first is the input
	deltas   [2][]float64
}

func newNetwork(p *problem, linear model.Linear, opts *Options) *network {
	t := &opts.tuning
	d := len(p.data.Features)
	n := &network{
		problem: p, linear: linear, space: newSpace(p.data, linear, t), center: make([]float64, d),
		widths: []int{t.hidden, 1}, rate: t.netRate,
		rng: rand.New(rand.NewPCG(uint64(opts.Seed), 3)),
	}
	rows := 0.0
	for i := range p.data.Groups {
		g := &p.data.Groups[i]
		for j, v := range g.X {
			n.center[j%d] += known(v)
		}
		rows += float64(len(g.Products))
	}
	for i := range n.center {
		n.center[i] /= max(1, rows)
	}
	for q := range p.queries {
		c := &p.queries[q]
		c.z = c.z[:0]
		for _, row := range c.rows {
			c.z = n.input(c.z, p.data.Groups[c.source].row(int(row), d))
		}
		n.order = append(n.order, q)
	}

	low, high := n.initialise()
	evidence := max(1, p.evidence(p.all()))
	pull := make([]float64, len(n.theta))
	for i, reach := range reaches(n.theta[:d], t.unused) {
		pull[i] = opts.trust.Pull / evidence / reach
	}
	for i := d; i < len(pull); i++ {
		pull[i] = t.netPull / evidence
	}
	n.adam = newAdamW(slices.Clone(n.theta), low, high, pull)
	n.gradient = make([]float64, len(n.theta))
	n.values = make([][]float64, len(n.widths)+1)
	return n
}

// initialise sets theta to the weighted sum, random first layers and a last one
// of 0, and returns between what each of its values has to stay.
func (n *network) initialise() (low, high []float64) {
	features := n.problem.data.Features
	signed := slices.ContainsFunc(features, func(f engine.Feature) bool { return f.Sign != 0 })
	add := func(value, lowest, highest float64) {
		n.theta = append(n.theta, min(max(value, lowest), highest))
		low, high = append(low, lowest), append(high, highest)
	}
	inf := math.Inf(1)
	for i, f := range features {
		w := n.space.into(i, n.linear[i].Weight)
		lowest, highest := -inf, inf
		if f.Sign > 0 {
			lowest = min(0, w)
		} else if f.Sign < 0 {
			highest = max(0, w)
		}
		add(w, lowest, highest)
	}
	in := len(features)
	for l, width := range n.widths {
		for range width {
			for i := range in {
				w := n.rng.NormFloat64() / math.Sqrt(float64(in))
				lowest, highest := -inf, inf
				sign := 0
				switch {
				case signed && l > 0:
					sign = 1
				case signed:
					sign = features[i].Sign
				}
				if sign > 0 {
					w, lowest = math.Abs(w), 0
				} else if sign < 0 {
					w, highest = -math.Abs(w), 0
				}
				if l == len(n.widths)-1 {
					w = 0
				}
				add(w, lowest, highest)
			}
		}
		for range width {
			// Spread over the range of the inputs, so that units bend at
			// different places.
			b := 0.0
			if l < len(n.widths)-1 {
				b = n.rng.NormFloat64()
			}
			add(b, -inf, inf)
		}
		in = width
	}
	return low, high
}

// input appends the scaled features of a row.
func (n *network) input(z, x []float64) []float64 {
	for i, v := range x {
		z = append(z, (known(v)-n.center[i])/n.space.spread[i])
	}
	return z
}

// round implements learner.
func (n *network) round() {
	n.rng.Shuffle(len(n.order), func(i, j int) { n.order[i], n.order[j] = n.order[j], n.order[i] })
	for _, q := range n.order {
		c := &n.problem.queries[q]
		n.l.size(len(c.rows))
		copy(n.l.score, n.forward(c.z, len(c.rows)))
		n.problem.objective.push(c, &n.l)
		n.backward(n.l.lambda)
		n.adam.update(n.theta, n.gradient, n.rate)
	}
}

// layer cuts the weights and biases of layer l out of a list shaped like theta.
func (n *network) layer(list []float64, l int) (weights blas64.General, bias []float64) {
	in, at := len(n.center), len(n.center)
	for i, out := range n.widths {
		if i == l {
			return blas64.General{Rows: out, Cols: in, Stride: in, Data: list[at : at+out*in]}, list[at+out*in : at+out*in+out]
		}
		at += out*in + out
		in = out
	}
	panic("no such layer")
}

// forward computes the scores of rows of scaled features. The result is valid
// until the next call.
func (n *network) forward(z []float64, rows int) []float64 {
	d := len(n.center)
	n.values[0] = z
	for l, width := range n.widths {
		weights, bias := n.layer(n.theta, l)
		out := resize(&n.values[l+1], rows*width)
		for r := range rows {
			copy(out[r*width:], bias)
		}
		blas64.Gemm(blas.NoTrans, blas.Trans, 1, matrix(n.values[l], rows, weights.Cols), weights, 1, matrix(out, rows, width))
		if l < len(n.widths)-1 {
			for i, v := range out {
				out[i] = math.Tanh(v)
			}
		}
	}
	scores := n.values[len(n.widths)]
	for r := range scores {
		scores[r] += dot(n.theta[:d], z[r*d:(r+1)*d])
	}
	return scores
}

// backward sets the gradient of the loss whose derivative by the scores of the
// last forward is −lambda.
func (n *network) backward(lambda []float64) {
	clear(n.gradient)
	rows, d := len(lambda), len(n.center)
	delta := resize(&n.deltas[0], rows)
	for r, v := range lambda {
		delta[r] = -v
		for i, z := range n.values[0][r*d : (r+1)*d] {
			n.gradient[i] -= v * z
		}
	}
	for l := len(n.widths) - 1; l >= 0; l-- {
		weights, _ := n.layer(n.theta, l)
		byWeight, byBias := n.layer(n.gradient, l)
		width := weights.Rows
		blas64.Gemm(blas.Trans, blas.NoTrans, 1, matrix(delta, rows, width), matrix(n.values[l], rows, weights.Cols), 0, byWeight)
		for r := range rows {
			for o, v := range delta[r*width : (r+1)*width] {
				byBias[o] += v
			}
		}
		if l == 0 {
			return
		}
		below := resize(&n.deltas[(len(n.widths)-l)%2], rows*weights.Cols)
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, matrix(delta, rows, width), weights, 0, matrix(below, rows, weights.Cols))
		for i, v := range n.values[l] {
			below[i] *= 1 - v*v
		}
		delta = below
	}
}

// scores implements learner.
func (n *network) scores(g *Group) []float64 {
	d := len(n.center)
	var z []float64
	for r := range g.Products {
		z = n.input(z, g.row(r, d))
	}
	if len(z) == 0 {
		return make([]float64, len(g.Products))
	}
	return slices.Clone(n.forward(z, len(g.Products)))
}

// parameters implements learner: scores go back to the scale of the prior's.
func (n *network) parameters() ([]engine.Weight, any) {
	inputs := make([]engine.Weight, len(n.center))
	net := &model.Network{Linear: slices.Clone(n.linear)}
	for i, f := range n.problem.data.Features {
		inputs[i] = engine.Weight{Feature: f.Name, Offset: n.center[i], Scale: n.space.spread[i]}
		net.Linear[i].Weight = n.space.outOf(i, n.theta[i])
	}
	for l := range n.widths {
		weights, bias := n.layer(n.theta, l)
		layer := model.Layer{Bias: slices.Clone(bias)}
		for o := range weights.Rows {
			layer.Weights = append(layer.Weights, slices.Clone(weights.Data[o*weights.Stride:(o+1)*weights.Stride]))
		}
		if l == len(n.widths)-1 {
			for i := range layer.Weights[0] {
				layer.Weights[0][i] /= n.space.stretch
			}
			layer.Bias[0] /= n.space.stretch
		}
		net.Layers = append(net.Layers, layer)
	}
	return inputs, net
}

func matrix(data []float64, rows, cols int) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: data[:rows*cols]}
}

// resize makes a slice of length n out of the memory of one that is no longer
// needed.
func resize(v *[]float64, n int) []float64 {
	*v = slices.Grow((*v)[:0], n)[:n]
	return *v
}
