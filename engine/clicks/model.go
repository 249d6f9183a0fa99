package clicks

import (
	"fmt"
	"math"
	"slices"

	"touchstone/engine"
)

// Model is a way to take the position out of clicks.
type Model string

// The models.
const (
	// PBM is the position-based model: a product is clicked when it is looked at,
	// which depends on its position alone, and attracts, which depends on query
	// and product alone (Richardson, Dominowska and Ragno, WWW 2007; Chuklin,
	// Markov and de Rijke, Click Models for Web Search, 2015, sections 3.3 and
	// 4.3). Fitted by expectation maximisation.
	PBM Model = "pbm"
	// COEC is clicks over expected clicks: those that products at the same
	// positions get on average (Zhang and Jones, 2007; Chapelle and Zhang, WWW
	// 2009).
	COEC Model = "coec"
)

// Models lists them.
var Models = []Model{PBM, COEC}

// Pair is a query and product with what its clicks say.
type Pair struct {
	Query, Product string
	Shown, Clicked int
	// Attraction is how much it attracts against what attracts most, 0 to 1.
	Attraction float64
	// Views is how often it was looked at, by the model: the evidence.
	Views float64
}

// Fitted is a model that was fitted to counts.
type Fitted struct {
	Model Model
	// Examined is how probable it is that a position is looked at, against the
	// first; of COEC how often it is clicked, against the first.
	Examined []float64
	Pairs    []Pair // in the order of the counts
}

const (
	iterations = 100
	settled    = 1e-6 // the largest change of a parameter that is none
	// caution is the views that a pair has beforehand, at the mean of all: one
	// click of one view is no proof.
	caution = 4.0
	// habit is the views that a position has beforehand, examined as 1/position
	// says: where products never change places, counts alone cannot tell a good
	// place from a good product.
	habit = 20.0
	// deepest is the last position that has an examination of its own; what
	// stands lower shares it.
	deepest = 50
	// top is the share of pairs whose attraction is below what counts as 1.
	top = 0.95
)

// cell is one count of a pair.
type cell struct {
	pair, position int
	shown, clicked float64
}

// Fit fits a model to the counts of all queries. More clicks than views at a
// position count as that many views.
func Fit(model Model, all []engine.Clicks) (*Fitted, error) {
	f := &Fitted{Model: model}
	var cells []cell
	places := 0
	for _, c := range all {
		at := map[string]int{}
		for _, t := range c.Tallies {
			i, ok := at[t.Product]
			if !ok {
				i = len(f.Pairs)
				at[t.Product] = i
				f.Pairs = append(f.Pairs, Pair{Query: c.Query, Product: t.Product})
			}
			shown := max(t.Shown, t.Clicked)
			if shown <= 0 || t.Position < 1 {
				continue
			}
			f.Pairs[i].Shown += shown
			f.Pairs[i].Clicked += t.Clicked
			position := min(t.Position, deepest) - 1
			places = max(places, position+1)
			cells = append(cells, cell{pair: i, position: position, shown: float64(shown), clicked: float64(t.Clicked)})
		}
	}
	var attraction []float64
	switch model {
	case PBM:
		attraction = f.positionBased(cells, places)
	case COEC:
		attraction = f.overExpected(cells, places)
	default:
		return nil, fmt.Errorf("clicks: there is no model %q: use %s or %s", model, PBM, COEC)
	}
	for _, c := range cells {
		f.Pairs[c.pair].Views += c.shown * f.Examined[c.position]
	}
	if highest := quantile(attraction, top); highest > 0 {
		for i := range f.Pairs {
			f.Pairs[i].Attraction = min(1, attraction[i]/highest)
		}
	}
	return f, nil
}

// rates is the share of views that were clicked, by position and over all, with
// the habit of looking at what stands high.
func rates(cells []cell, places int) (by []float64, all float64) {
	shown, clicked := make([]float64, places), make([]float64, places)
	var sumShown, sumClicked float64
	for _, c := range cells {
		shown[c.position] += c.shown
		clicked[c.position] += c.clicked
		sumShown += c.shown
		sumClicked += c.clicked
	}
	all = sumClicked / max(1, sumShown)
	usual := 0.0 // expected clicks by habit, to the scale of those that there are
	for k, n := range shown {
		usual += n / float64(k+1)
	}
	by = make([]float64, places)
	for k := range by {
		by[k] = (clicked[k] + habit*sumClicked/max(usual, 1)/float64(k+1)) / (shown[k] + habit)
	}
	return by, all
}

// overExpected is COEC, with caution toward 1.
func (f *Fitted) overExpected(cells []cell, places int) []float64 {
	rate, all := rates(cells, places)
	expected, clicked := make([]float64, len(f.Pairs)), make([]float64, len(f.Pairs))
	for _, c := range cells {
		expected[c.pair] += c.shown * rate[c.position]
		clicked[c.pair] += c.clicked
	}
	for i := range expected {
		prior := caution * all
		clicked[i] = (clicked[i] + prior) / (expected[i] + prior)
		if prior == 0 {
			clicked[i] = 0
		}
	}
	f.Examined = againstFirst(rate)
	return clicked
}

// positionBased is the position-based model. α is the attraction of a pair, θ
// the examination of a position; a view without a click was examined or
// attracted with the probabilities θ(1−α)/(1−θα) and α(1−θ)/(1−θα).
func (f *Fitted) positionBased(cells []cell, places int) []float64 {
	rate, all := rates(cells, places)
	theta := againstFirst(rate)
	alpha := make([]float64, len(f.Pairs))
	mean := min(0.5, 2*all) // attraction beforehand; the click rate is θ·α
	for i := range alpha {
		alpha[i] = mean
	}
	shown, attracted := make([]float64, len(alpha)), make([]float64, len(alpha))
	seen, examined := make([]float64, places), make([]float64, places)
	for range iterations {
		clear(shown)
		clear(attracted)
		clear(seen)
		clear(examined)
		for _, c := range cells {
			a, t := alpha[c.pair], theta[c.position]
			none := c.shown - c.clicked
			left := max(1-t*a, 1e-12)
			shown[c.pair] += c.shown
			attracted[c.pair] += c.clicked + none*a*(1-t)/left
			seen[c.position] += c.shown
			examined[c.position] += c.clicked + none*t*(1-a)/left
		}
		change := 0.0
		for i := range alpha {
			next := (attracted[i] + caution*mean) / (shown[i] + caution)
			change = max(change, math.Abs(next-alpha[i]))
			alpha[i] = next
		}
		for k := range theta {
			next := (examined[k] + habit/float64(k+1)) / (seen[k] + habit)
			change = max(change, math.Abs(next-theta[k]))
			theta[k] = next
		}
		if change < settled {
			break
		}
	}
	f.Examined = againstFirst(theta)
	return alpha
}

// againstFirst divides by the highest of the first three, so that examination
// is 1 where the eye begins; it never exceeds 1.
func againstFirst(v []float64) []float64 {
	out := slices.Clone(v)
	if len(v) == 0 {
		return out
	}
	highest := slices.Max(v[:min(3, len(v))])
	for i := range out {
		if highest > 0 {
			out[i] = min(1, out[i]/highest)
		}
	}
	return out
}

func quantile(v []float64, q float64) float64 {
	if len(v) == 0 {
		return 0
	}
	sorted := slices.Clone(v)
	slices.Sort(sorted)
	return sorted[int(math.Ceil(q*float64(len(sorted)-1)))]
}
