package clicks

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"touchstone/engine"
)

// Agreement says how far an order by clicks is that of people's grades.
type Agreement struct {
	Pairs int     // of products of one query with different grades and both with clicks counted
	Right float64 // share of them that the clicks order alike; ties count half
}

// Agree compares what a model found with people's grades.
func (f *Fitted) Agree(grades engine.Qrels) Agreement {
	byQuery := map[string][]Pair{}
	for _, p := range f.Pairs {
		if _, ok := grades[p.Query][p.Product]; ok {
			byQuery[p.Query] = append(byQuery[p.Query], p)
		}
	}
	var a Agreement
	right := 0.0
	for query, pairs := range byQuery {
		for i, p := range pairs {
			for _, o := range pairs[:i] {
				people := cmp.Compare(grades[query][p.Product], grades[query][o.Product])
				if people == 0 {
					continue
				}
				a.Pairs++
				switch cmp.Compare(p.Attraction, o.Attraction) {
				case people:
					right++
				case 0:
					right += 0.5
				}
			}
		}
	}
	if a.Pairs > 0 {
		a.Right = right / float64(a.Pairs)
	}
	return a
}

// Correlation is Spearman's rank correlation of two models' attractions over
// the same counts; NaN where one of them is the same for all pairs.
func Correlation(a, b *Fitted) float64 {
	if len(a.Pairs) != len(b.Pairs) || len(a.Pairs) < 2 {
		return math.NaN()
	}
	of := func(f *Fitted) []float64 {
		v := make([]float64, len(f.Pairs))
		for i, p := range f.Pairs {
			v[i] = p.Attraction
		}
		return ranks(v)
	}
	return stat.Correlation(of(a), of(b), nil)
}

// ranks are the places of values in rising order; equal ones share their mean.
func ranks(v []float64) []float64 {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(v[a], v[b]) })
	out := make([]float64, len(v))
	for from := 0; from < len(order); {
		to := from
		for to < len(order) && v[order[to]] == v[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			out[i] = float64(from+to-1) / 2
		}
		from = to
	}
	return out
}

// Judged is a grade that clicks give, with how far it can be trusted.
type Judged struct {
	Query, Product string
	Grade          float64 // 0 to the scale's maximum, in between too
	Trust          float64 // 0 to 1: against a person's grade
}

// enoughViews is how many views, counted as if at the first position, make half
// of the trust that clicks can have.
const enoughViews = 20

// Grades makes a grade of each pair that was looked at: its attraction on the
// scale, trusted the more the oftener it was looked at, at most weight. A pair
// of a query on which nothing was clicked says nothing.
func (f *Fitted) Grades(top engine.Grade, weight float64) []Judged {
	clicked := map[string]int{}
	for _, p := range f.Pairs {
		clicked[p.Query] += p.Clicked
	}
	var out []Judged
	for _, p := range f.Pairs {
		if p.Views > 0 && clicked[p.Query] > 0 {
			out = append(out, Judged{p.Query, p.Product, float64(top) * p.Attraction, weight * p.Views / (p.Views + enoughViews)})
		}
	}
	return out
}
