package learn

import "math"

// adamW is Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019,
// algorithm 2), where the decay pulls toward a prior instead of 0.
//
// With one query a step, m/√v is the mean of the queries' gradients over their
// root mean square: near ±1 where queries agree about the direction, near 0
// where they do not. The pull therefore holds a weight at the prior unless
// queries agree: it settles at most 1/pull away from it.
type adamW struct {
	prior []float64
	low   []float64 // the weights stay between low and high
	high  []float64
	pull  []float64 // λ of each weight, per unit of the learning rate

	m, v []float64
	step int
}

const (
	beta1   = 0.9
	beta2   = 0.999
	epsilon = 1e-8
)

func newAdamW(prior, low, high, pull []float64) *adamW {
	return &adamW{prior: prior, low: low, high: high, pull: pull, m: make([]float64, len(prior)), v: make([]float64, len(prior))}
}

// update moves the weights w against the gradient.
func (a *adamW) update(w, gradient []float64, rate float64) {
	a.step++
	c1 := 1 - math.Pow(beta1, float64(a.step))
	c2 := 1 - math.Pow(beta2, float64(a.step))
	for i, g := range gradient {
		a.m[i] += (1 - beta1) * (g - a.m[i])
		a.v[i] += (1 - beta2) * (g*g - a.v[i])
		moved := w[i] - rate*(a.m[i]/c1)/(math.Sqrt(a.v[i]/c2)+epsilon)
		// Taken implicitly, so that a strong pull stops at the prior instead of
		// overshooting it.
		keep := 1 / (1 + rate*a.pull[i])
		w[i] = min(max(a.prior[i]+(moved-a.prior[i])*keep, a.low[i]), a.high[i])
	}
}
