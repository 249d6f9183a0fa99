package model

import (
	"fmt"
	"math"

	"touchstone/engine"
)

// Network is the form in which a ranker of kind dnn keeps its parameters: a
// weighted sum, and what a small network adds to it.
type Network struct {
	Linear []engine.Weight `json:"linear"`
	// Layers turn the ranker's features, each as (value − Offset) / Scale, into
	// one number. All but the last end in tanh.
	Layers []Layer `json:"layers"`
}

// Layer computes Weights·x + Bias. Weights has one row an output.
type Layer struct {
	Weights [][]float64 `json:"weights"`
	Bias    []float64   `json:"bias"`
}

// dnn is a Network made ready. The network counts from the row whose features
// are all 0, that of a product about which nothing is known, so that the parts
// of a score leave no remainder.
type dnn struct {
	linear Linear
	layers []Layer
	at     []int // column of each input
	offset []float64
	scale  []float64
	// Of the row of zeros: the input of each layer, and what each layer computes
	// before tanh.
	zeroIn, zeroOut [][]float64
}

func newDNN(linear Linear, n *Network, inputs []engine.Weight, at []int) (*dnn, error) {
	m := &dnn{linear: linear, layers: n.Layers, at: at}
	for _, w := range inputs {
		if w.Scale == 0 {
			w.Scale = 1
		}
		m.offset = append(m.offset, w.Offset)
		m.scale = append(m.scale, w.Scale)
	}
	width := len(at)
	for i, l := range n.Layers {
		if len(l.Weights) == 0 || len(l.Bias) != len(l.Weights) {
			return nil, fmt.Errorf("layer %d has %d rows of weights and %d biases", i+1, len(l.Weights), len(l.Bias))
		}
		for o, row := range l.Weights {
			if len(row) != width {
				return nil, fmt.Errorf("layer %d reads %d values of %d", i+1, len(row), width)
			}
			for _, w := range append([]float64{l.Bias[o]}, row...) {
				if !finite(w) {
					return nil, fmt.Errorf("layer %d has a weight %v", i+1, w)
				}
			}
		}
		width = len(l.Weights)
	}
	if len(n.Layers) == 0 || width != 1 {
		return nil, fmt.Errorf("the last layer must have one output, not %d", width)
	}
	m.zeroIn, m.zeroOut = m.run(make([]float64, len(linear)))
	return m, nil
}

// run computes the input of each layer and its output before tanh.
func (m *dnn) run(x []float64) (in, out [][]float64) {
	v := make([]float64, len(m.at))
	for i, column := range m.at {
		value := x[column]
		if math.IsNaN(value) {
			value = 0
		}
		v[i] = (value - m.offset[i]) / m.scale[i]
	}
	for _, l := range m.layers {
		in = append(in, v)
		sum := make([]float64, len(l.Weights))
		for o, row := range l.Weights {
			s := l.Bias[o]
			for i, w := range row {
				s += w * v[i]
			}
			sum[o] = s
		}
		out = append(out, sum)
		v = make([]float64, len(sum))
		for o, s := range sum {
			v[o] = math.Tanh(s)
		}
	}
	return in, out
}

// Score implements Model.
func (m *dnn) Score(x []float64) float64 {
	_, out := m.run(x)
	last := len(out) - 1
	return m.linear.Score(x) + out[last][0] - m.zeroOut[last][0]
}

// Explain implements Model. The network's part is shared out by the rescale rule
// of DeepLIFT (Shrikumar, Greenside and Kundaje, ICML 2017, section 3.5.1)
// against the row of zeros. With one hidden layer these are the Aumann-Shapley
// values: the gradient's mean on the straight way from that row to x.
func (m *dnn) Explain(x, parts []float64) {
	m.linear.Explain(x, parts)
	in, out := m.run(x)
	share := []float64{1} // of each output of a layer in the score, per unit
	for l := len(m.layers) - 1; l >= 0; l-- {
		layer := m.layers[l]
		below := make([]float64, len(in[l]))
		for o, row := range layer.Weights {
			for i, w := range row {
				below[i] += share[o] * w
			}
		}
		if l > 0 {
			for i := range below {
				below[i] *= slope(out[l-1][i], m.zeroOut[l-1][i])
			}
		}
		share = below
	}
	for i, column := range m.at {
		parts[column] += share[i] * (in[0][i] - m.zeroIn[0][i])
	}
}

// slope is that of the line through tanh at a and b.
func slope(a, b float64) float64 {
	if math.Abs(a-b) < 1e-7 {
		t := math.Tanh((a + b) / 2)
		return 1 - t*t
	}
	return (math.Tanh(a) - math.Tanh(b)) / (a - b)
}
