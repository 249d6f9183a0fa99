package measure

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"touchstone/engine"
)

// Ratings are the grades of several judges, one row a judged pair.
type Ratings struct {
	Judges []string    // sorted
	Pairs  []RatedPair // sorted by query and product
}

// RatedPair is one product for one query and what each judge said.
type RatedPair struct {
	Query, Product string
	Grades         []float64 // one a judge, in the order of Ratings.Judges; NaN where the judge gave none
}

// NewRatings gathers judgments. Of two by one judge for the same pair the later
// in the list counts.
func NewRatings(judgments []engine.Judgment) *Ratings {
	type key struct{ query, product string }
	column := map[string]int{}
	for _, j := range judgments {
		column[j.Judge] = 0
	}
	r := &Ratings{Judges: slices.Sorted(maps.Keys(column))}
	for i, name := range r.Judges {
		column[name] = i
	}
	row := map[key]int{}
	for _, j := range judgments {
		k := key{j.Query, j.Product}
		i, ok := row[k]
		if !ok {
			i = len(r.Pairs)
			row[k] = i
			grades := make([]float64, len(r.Judges))
			for g := range grades {
				grades[g] = math.NaN()
			}
			r.Pairs = append(r.Pairs, RatedPair{j.Query, j.Product, grades})
		}
		r.Pairs[i].Grades[column[j.Judge]] = float64(j.Grade)
	}
	slices.SortFunc(r.Pairs, func(a, b RatedPair) int {
		return cmp.Or(cmp.Compare(a.Query, b.Query), cmp.Compare(a.Product, b.Product))
	})
	return r
}

// Given is the pair's grades without the missing ones, in the order of judges.
func (p *RatedPair) Given() []float64 {
	var given []float64
	for _, g := range p.Grades {
		if !math.IsNaN(g) {
			given = append(given, g)
		}
	}
	return given
}

// scale is the distinct grades that were given, ascending.
func (r *Ratings) scale() []float64 {
	seen := map[float64]bool{}
	for i := range r.Pairs {
		for _, g := range r.Pairs[i].Given() {
			seen[g] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// Coefficient is an agreement beyond chance: 1 is perfect, 0 what chance gives,
// less is worse than chance. Low and High are its 95 % interval. All are NaN
// where they are not defined: Value where all grades are the same or no two
// judges share a pair, the interval with fewer than two queries as well.
type Coefficient struct{ Value, Low, High float64 }

// Agreement is how far judges say the same.
type Agreement struct {
	Judges []string
	Grades []float64 // the distinct grades given, ascending
	Shared int       // pairs graded by two judges or more
	Full   int       // pairs graded by every judge

	// Over the Shared pairs: Fleiss' kappa, and Krippendorff's alpha.
	Fleiss                     Coefficient
	Nominal, Ordinal, Interval Coefficient
	Between                    []PairAgreement
}

// PairAgreement is how far two judges say the same, over the pairs that both
// graded.
type PairAgreement struct {
	A, B      string
	Shared    int
	Same      float64 // share of them with the same grade, 0 to 1
	Confusion [][]int // [grade of A][grade of B], in the order of Agreement.Grades

	Kappa, Linear, Quadratic Coefficient // Cohen's, unweighted and weighted
}

// Agree measures how far judges say the same. Intervals are percentiles of
// bootstrap samples of whole queries, because grades within a query hang
// together (Field and Welsh, JRSS B 2007); the same seed gives the same ones.
func (r *Ratings) Agree(seed int64) Agreement {
	grades := r.scale()
	out := Agreement{Judges: r.Judges, Grades: grades}
	place := make(map[float64]int, len(grades))
	for i, g := range grades {
		place[g] = i
	}
	byQuery := r.queries()
	coincidences := make([][]float64, len(byQuery))
	fleiss := make([][]float64, len(byQuery))
	for q, pairs := range byQuery {
		coincidences[q] = make([]float64, len(grades)*len(grades))
		fleiss[q] = make([]float64, len(grades)+2)
		for i := range pairs {
			given := pairs[i].Given()
			if len(given) < 2 {
				continue
			}
			out.Shared++
			coincide(coincidences[q], given, place)
			fleissTally(fleiss[q], given, place)
			if len(given) == len(r.Judges) {
				out.Full++
			}
		}
	}
	boot := newBootstrap(len(byQuery), seed)
	alpha := func(delta difference) Coefficient {
		return boot.interval(coincidences, func(sum []float64) float64 { return alphaOf(sum, grades, delta) })
	}
	out.Nominal, out.Ordinal, out.Interval = alpha(nominal), alpha(ordinal), alpha(interval)
	out.Fleiss = boot.interval(fleiss, fleissOf)
	for a := range r.Judges {
		for b := a + 1; b < len(r.Judges); b++ {
			out.Between = append(out.Between, r.between(a, b, byQuery, grades, place, boot))
		}
	}
	return out
}

// rest is what a pair's other judges are called beside one of them.
const rest = "the others"

// WithRest holds one judge against the median of the others, over the pairs
// that both graded; false where there are none.
func (r *Ratings) WithRest(judge string, seed int64) (PairAgreement, bool) {
	at := slices.Index(r.Judges, judge)
	two := &Ratings{Judges: []string{judge, rest}}
	for _, p := range r.Pairs {
		others := slices.Clone(p.Grades)
		others[at] = math.NaN()
		given := (&RatedPair{Grades: others}).Given()
		if math.IsNaN(p.Grades[at]) || len(given) == 0 {
			continue
		}
		slices.Sort(given)
		two.Pairs = append(two.Pairs, RatedPair{p.Query, p.Product, []float64{p.Grades[at], (given[(len(given)-1)/2] + given[len(given)/2]) / 2}})
	}
	if len(two.Pairs) == 0 {
		return PairAgreement{}, false
	}
	return two.Agree(seed).Between[0], true
}

// QueryAgreement is how far judges say the same of one query's products.
type QueryAgreement struct {
	Query   string
	Shared  int     // pairs graded by two judges or more
	Same    float64 // share of them that all grade alike
	Ordinal float64 // Krippendorff's alpha; NaN where it is not defined
}

// PerQuery measures each query that has shared pairs, by query.
func (r *Ratings) PerQuery() []QueryAgreement {
	grades := r.scale()
	place := make(map[float64]int, len(grades))
	for i, g := range grades {
		place[g] = i
	}
	var out []QueryAgreement
	for _, pairs := range r.queries() {
		q := QueryAgreement{Query: pairs[0].Query}
		same := 0
		sum := make([]float64, len(grades)*len(grades))
		for i := range pairs {
			given := pairs[i].Given()
			if len(given) < 2 {
				continue
			}
			q.Shared++
			coincide(sum, given, place)
			if slices.Min(given) == slices.Max(given) {
				same++
			}
		}
		if q.Shared > 0 {
			q.Same, q.Ordinal = share(float64(same), q.Shared), alphaOf(sum, grades, ordinal)
			out = append(out, q)
		}
	}
	return out
}

func (r *Ratings) between(a, b int, byQuery [][]RatedPair, grades []float64, place map[float64]int, boot *bootstrap) PairAgreement {
	n := len(grades)
	p := PairAgreement{A: r.Judges[a], B: r.Judges[b], Confusion: make([][]int, n)}
	for i := range p.Confusion {
		p.Confusion[i] = make([]int, n)
	}
	tables := make([][]float64, len(byQuery))
	same := 0
	for q, pairs := range byQuery {
		tables[q] = make([]float64, n*n)
		for i := range pairs {
			x, y := pairs[i].Grades[a], pairs[i].Grades[b]
			if math.IsNaN(x) || math.IsNaN(y) {
				continue
			}
			tables[q][place[x]*n+place[y]]++
			p.Confusion[place[x]][place[y]]++
			p.Shared++
			if x == y {
				same++
			}
		}
	}
	p.Same = share(float64(same), p.Shared)
	kappa := func(w Weighting) Coefficient {
		return boot.interval(tables, func(sum []float64) float64 { return kappaOf(sum, grades, w) })
	}
	p.Kappa, p.Linear, p.Quadratic = kappa(Unweighted), kappa(Linear), kappa(Quadratic)
	return p
}

// queries are the pairs of each query.
func (r *Ratings) queries() [][]RatedPair {
	var out [][]RatedPair
	for pair := range slices.Values(r.Pairs) {
		if n := len(out); n > 0 && out[n-1][0].Query == pair.Query {
			out[n-1] = append(out[n-1], pair)
		} else {
			out = append(out, []RatedPair{pair})
		}
	}
	return out
}
