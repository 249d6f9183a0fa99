package compare

import (
	"cmp"
	"math"
	"slices"

	"touchstone/engine"
)

// Pair is a query and a product on one of its pages that nobody has judged.
type Pair struct {
	Query        string
	Product      engine.Product // only its ID, as in Line
	RankA, RankB int            // on the pages, 0 where it is not there
	// Swing is how far the mean difference moves if the product has the highest
	// grade rather than 0.
	Swing float64
}

// mostUnsettled is how many pairs are asked for: a few minutes of judging.
const mostUnsettled = 20

// settle finds the unjudged pairs on the pages and which of them could move the
// answer most, each taken alone.
func (c *Comparison) settle() {
	for i := range c.Queries {
		pairs := c.unjudged(&c.Queries[i])
		c.Unjudged += len(pairs)
		for _, p := range pairs {
			if math.Abs(p.Swing) > equal {
				c.Unsettled = append(c.Unsettled, p)
			}
		}
	}
	slices.SortFunc(c.Unsettled, func(x, y Pair) int {
		return cmp.Or(cmp.Compare(math.Abs(y.Swing), math.Abs(x.Swing)), cmp.Compare(x.Query, y.Query), cmp.Compare(x.Product.ID, y.Product.ID))
	})
	c.Unsettled = slices.Clone(c.Unsettled[:min(len(c.Unsettled), mostUnsettled)])
}

// unjudged lists the pairs of one query.
func (c *Comparison) unjudged(q *Query) []Pair {
	grades := c.in.Qrels[q.Query]
	a, b := c.page(c.in.A, q.Query), c.page(c.in.B, q.Query)
	var pairs []Pair
	for i, id := range a {
		if _, judged := grades[id]; !judged {
			pairs = append(pairs, Pair{Query: q.Query, Product: engine.Product{ID: id}, RankA: i + 1, RankB: slices.Index(b, id) + 1})
		}
	}
	for i, id := range b {
		if _, judged := grades[id]; !judged && !slices.Contains(a, id) {
			pairs = append(pairs, Pair{Query: q.Query, Product: engine.Product{ID: id}, RankB: i + 1})
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	top := cmp.Or(c.Metric.Max, float64(engine.DefaultScale().Max()))
	judged := make([]float64, 0, len(grades)+1)
	for _, g := range grades {
		judged = append(judged, float64(g))
	}
	slices.Sort(judged) // the order of a map would show in the last bits
	judged = append(judged, top)
	gradesA, gradesB := gradesOf(a, grades), gradesOf(b, grades)
	with := func(page []float64, rank int) float64 {
		if rank == 0 {
			return c.Metric.Of(page, judged)
		}
		page[rank-1] = top
		value := c.Metric.Of(page, judged)
		page[rank-1] = math.NaN()
		return value
	}
	for i := range pairs {
		p := &pairs[i]
		p.Swing = (with(gradesB, p.RankB) - with(gradesA, p.RankA) - q.Delta) / float64(len(c.Queries))
	}
	return pairs
}

// gradesOf is the grades of a page, NaN where nobody has judged.
func gradesOf(page []string, grades map[string]engine.Grade) []float64 {
	of := make([]float64, len(page))
	for i, id := range page {
		of[i] = math.NaN()
		if g, ok := grades[id]; ok {
			of[i] = float64(g)
		}
	}
	return of
}
