package rank

import (
	"math"
	"time"

	"touchstone/engine"
)

// HalfLife is the time after which what a shopper did counts half.
const HalfLife = 30 * 24 * time.Hour

// actionWeight is what an event counts when it has just happened: many look,
// some take it to the basket, few buy.
var actionWeight = map[engine.Action]float64{engine.View: 1, engine.Add: 3, engine.Buy: 5}

// Shopper is the direction of what a shopper did: the sum of the products'
// vectors, each weighted by its action and by ½ for every half-life of its age,
// brought to length 1. Only the ages against each other matter, so a profile
// stays the same until something is added to it. It is nil where vector, which
// may return nil, knows none of the products.
func Shopper(p *engine.Profile, vector func(product string) []float32) []float32 {
	var newest time.Time
	for _, e := range p.Events {
		if e.Time.After(newest) {
			newest = e.Time
		}
	}
	var sum []float32
	for _, e := range p.Events {
		v := vector(e.Product)
		if len(v) == 0 {
			continue
		}
		if sum == nil {
			sum = make([]float32, len(v))
		}
		weight := float32(actionWeight[e.Action] * math.Exp2(-newest.Sub(e.Time).Hours()/HalfLife.Hours()))
		for d, x := range v {
			sum[d] += weight * x
		}
	}
	if engine.Dot(sum, sum) == 0 {
		return nil // nothing, or things that cancel out
	}
	normalise(sum)
	return sum
}
