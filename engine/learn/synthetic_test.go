package learn

import (
	"fmt"
	"math"
	"math/rand/v2"

	"touchstone/engine"
)

// world makes datasets whose truth is known: grades follow a weighted sum of
// the features, with noise.
type world struct {
	truth []float64 // weight of each feature
	noise float64   // standard deviation of what judges see differently, on the score
	rows  int       // candidates a query
	grade int       // judged candidates a query, the best by truth among them
	signs []int
}

// dataset draws queries. Features lie in [0, 1], the first two correlated.
func (w world) dataset(queries int, seed uint64) *Dataset {
	rng := rand.New(rand.NewPCG(seed, 99))
	d := len(w.truth)
	data := &Dataset{}
	for i := range d {
		f := engine.Feature{Name: fmt.Sprintf("f%d", i)}
		if w.signs != nil {
			f.Sign = w.signs[i]
		}
		data.Features = append(data.Features, f)
	}
	for q := range queries {
		g := Group{Query: fmt.Sprintf("query %d", q)}
		// Truth and judges look at the score against the query's own level.
		scores := make([]float64, w.rows)
		for r := range w.rows {
			g.Products = append(g.Products, fmt.Sprintf("p%d-%d", q, r))
			shared := rng.Float64()
			for i := range d {
				v := rng.Float64()
				if i < 2 {
					v = 0.6*shared + 0.4*v
				}
				g.X = append(g.X, v)
				scores[r] += w.truth[i] * v
			}
			scores[r] += w.noise * rng.NormFloat64()
			g.Grades = append(g.Grades, math.NaN())
		}
		for n, r := range rng.Perm(w.rows) {
			if n < w.grade {
				g.Grades[r] = w.gradeOf(scores[r])
			}
		}
		data.Groups = append(data.Groups, g)
	}
	return data
}

// gradeOf cuts the score, whose mean and spread the weights give, into 0 to 3.
func (w world) gradeOf(score float64) float64 {
	mean, variance := 0.0, w.noise*w.noise
	for _, t := range w.truth {
		mean += t / 2
		variance += t * t / 12
	}
	z := (score - mean) / math.Sqrt(variance)
	switch {
	case z > 1.6:
		return 3
	case z > 1:
		return 2
	case z > 0.4:
		return 1
	}
	return 0
}

// ranker is a linear ranker with these weights.
func (d *Dataset) ranker(weights ...float64) engine.Ranker {
	r := engine.Ranker{Name: "test", Version: 1, Kind: engine.Linear}
	for i, f := range d.Features {
		r.Weights = append(r.Weights, engine.Weight{Feature: f.Name, Weight: weights[i]})
	}
	return r
}

// cosine of two lists of weights.
func cosine(a []engine.Weight, b []float64) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab += a[i].Weight * b[i]
		aa += a[i].Weight * a[i].Weight
		bb += b[i] * b[i]
	}
	return ab / math.Sqrt(aa*bb)
}
