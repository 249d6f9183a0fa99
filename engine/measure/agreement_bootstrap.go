package measure

import (
	"math"
	"math/rand/v2"
	"slices"
)

// resamples is how many bootstrap samples an interval is made of.
const resamples = 1000

// bootstrap draws the same samples of queries for every coefficient.
type bootstrap struct{ times [][]int32 } // [sample][query]: how often the query was drawn

func newBootstrap(queries int, seed int64) *bootstrap {
	b := &bootstrap{}
	if queries < 2 {
		return b
	}
	rng := rand.New(rand.NewPCG(uint64(seed), 0))
	for range resamples {
		times := make([]int32, queries)
		for range queries {
			times[rng.IntN(queries)]++
		}
		b.times = append(b.times, times)
	}
	return b
}

// interval computes a coefficient that depends only on the sum of what each
// query contributes, with the percentile interval of the samples in which it is
// defined (Efron and Tibshirani 1993, section 13.3).
func (b *bootstrap) interval(parts [][]float64, of func(sum []float64) float64) Coefficient {
	c := Coefficient{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
	if len(parts) == 0 {
		return c
	}
	sum := make([]float64, len(parts[0]))
	for _, part := range parts {
		for i, v := range part {
			sum[i] += v
		}
	}
	c.Value = of(sum)
	if math.IsNaN(c.Value) {
		return c
	}
	var values []float64
	for _, times := range b.times {
		clear(sum)
		for q, n := range times {
			if n == 0 {
				continue
			}
			for i, v := range parts[q] {
				sum[i] += float64(n) * v
			}
		}
		if v := of(sum); !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	if n := len(values); n > 0 {
		slices.Sort(values)
		c.Low, c.High = values[int(0.025*float64(n-1))], values[int(math.Ceil(0.975*float64(n-1)))]
	}
	return c
}
