package learn

import (
	"math"
	"slices"
)

// lambdas is the memory that one fit works in.
type lambdas struct {
	score  []float64 // of each of the candidates' rows: set before push is called
	odds   []float64 // e^score but for a factor that all share; set by exponentials
	lambda []float64 // what push found: −∂loss/∂score
	hess   []float64 // and the second derivative of the loss
	disc   []float64
	top    []int32
}

func (l *lambdas) size(rows int) {
	l.score = slices.Grow(l.score[:0], rows)[:rows]
	l.odds = slices.Grow(l.odds[:0], rows)[:rows]
	l.lambda = slices.Grow(l.lambda[:0], rows)[:rows]
	l.hess = slices.Grow(l.hess[:0], rows)[:rows]
	l.disc = slices.Grow(l.disc[:0], rows)[:rows]
}

// exponentials sets l.odds: one exponential a row, where the pairs would take
// many of each.
func (l *lambdas) exponentials() {
	highest := slices.Max(l.score)
	for i, s := range l.score {
		l.odds[i] = math.Exp(s - highest)
	}
}

// up is how hard a pair of this weight pushes i up and j down: the derivative of
// its logistic loss. It needs l.odds.
func (l *lambdas) up(i, j int, weight float64) float64 {
	if l.odds[i] < tiny { // too far below the best to be told from 0
		return weight / (1 + math.Exp(l.score[i]-l.score[j]))
	}
	return weight * l.odds[j] / (l.odds[i] + l.odds[j])
}

const tiny = 1e-250

// push computes λ and the second derivatives for the scores. The weights of the
// pairs are those of the present order and are held fixed, as LambdaRank has it.
func (o *objective) push(c *candidates, l *lambdas) {
	clear(l.lambda)
	clear(l.hess)
	l.exponentials()
	o.pushPage(c, l, c.judged, nil, c.pairs)
	if len(c.rows) > c.judged {
		o.pushPage(c, l, len(c.rows), c.added, c.pairs+c.unknown)
	}
}

// pushPage adds what onPage's pairs push. Most of a fit's time is spent here.
func (o *objective) pushPage(c *candidates, l *lambdas, n int, leaveOut []bool, pairs float64) {
	o.discounts(l, n, leaveOut)
	for i, gain := range c.gain[:c.judged] {
		if gain == 0 {
			return
		}
		if leaveOut != nil && leaveOut[i] {
			continue
		}
		lower := int(c.lower[i])
		if o.loss == LambdaRank && l.disc[i] == 0 {
			for _, j := range l.top {
				if int(j) >= lower {
					o.pushRow(c, l, i, int(j), int(j)+1, pairs)
				}
			}
			continue
		}
		if leaveOut == nil {
			o.pushRow(c, l, i, lower, n, pairs)
			continue
		}
		for j := lower; j < c.judged; j++ {
			if !leaveOut[j] {
				o.pushRow(c, l, i, j, j+1, pairs)
			}
		}
		o.pushRow(c, l, i, c.judged, n, pairs)
	}
}

// pushRow adds what the pairs of row i with those from one row to before another
// push.
func (o *objective) pushRow(c *candidates, l *lambdas, i, from, to int, pairs float64) {
	share := c.trust[i] / c.ideal
	if o.loss == Pairwise {
		share = c.trust[i] / pairs
	}
	odds := l.odds[i]
	if odds < tiny {
		for j := from; j < to; j++ {
			p := l.up(i, j, 1)
			push := p * o.weight((c.gain[i]-c.gain[j])*c.trust[i]*c.weight[j], l.disc[i], l.disc[j], c.ideal, pairs)
			l.lambda[i] += push
			l.lambda[j] -= push
			l.hess[i] += push - push*p
			l.hess[j] += push - push*p
		}
		return
	}
	gains, weights, discs, others := c.gain[from:to], c.weight[from:to], l.disc[from:to], l.odds[from:to]
	lambdas, curves := l.lambda[from:to], l.hess[from:to]
	gain, disc, lambda, curve := c.gain[i], l.disc[i], l.lambda[i], l.hess[i]
	for j, other := range others {
		weight := (gain - gains[j]) * weights[j] * share
		if o.loss == LambdaRank {
			weight *= math.Abs(disc - discs[j])
		}
		p := other / (odds + other)
		push := weight * p
		more := push - push*p
		lambda += push
		lambdas[j] -= push
		curve += more
		curves[j] += more
	}
	l.lambda[i], l.hess[i] = lambda, curve
}
