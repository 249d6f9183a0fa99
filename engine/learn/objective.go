package learn

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"touchstone/engine/measure"
)

// Loss is what a fit makes small.
type Loss string

// The losses. Both add up log(1 + exp(−(s_i − s_j))) over pairs of products of
// one query where i has the higher grade.
const (
	// LambdaRank weighs each pair by how much NDCG@k would change if the two
	// swapped places (Burges 2010, "From RankNet to LambdaRank to LambdaMART",
	// section 4).
	LambdaRank Loss = "lambdarank"
	// Pairwise weighs each pair by the difference of the two gains (RankNet,
	// Burges et al. 2005, with graded pairs).
	Pairwise Loss = "pairwise"
)

// objective turns the scores of one query's candidates into the push that each
// candidate gets. It knows two pages: the judged products alone, where every
// grade is known, and all candidates, where an unjudged product is an unknown
// that counts as a weak negative.
type objective struct {
	loss  Loss
	k     int // depth of NDCG
	discs []float64
}

// candidates is one group made ready: judged rows first, by grade descending,
// then the unjudged ones that serve as negatives.
type candidates struct {
	source   int       // index in Dataset.Groups
	rows     []int32   // row in the group, in this order
	judged   int       // how many of rows are judged
	gain     []float64 // 2^grade−1; 0 of the unjudged rows
	added    []bool    // of the judged rows: Group.Added; nil: none
	lower    []int32   // for each judged row the first one with a lower grade
	weight   []float64 // as something that should stand lower: 1 of rows that people judged
	trust    []float64 // of the judged rows, as something that should stand higher
	ideal    float64   // ideal DCG@k of all judged products of the query
	pairs    float64   // Σ gain differences over judged pairs, and with unjudged ones
	unknown  float64
	z        []float64 // len(rows) × features, scaled
	evidence float64   // what the query counts as evidence, 0 to 1: one with few grades counts for a part
}

func newObjective(loss Loss, k int) *objective {
	o := &objective{loss: loss, k: k, discs: make([]float64, k)}
	for i := range o.discs {
		o.discs[i] = 1 / math.Log2(float64(i+2))
	}
	return o
}

// arrange makes a group ready; false when it holds nothing to learn from: no
// judged product with anything to stand above. room is what the group's rows
// count as something that should stand lower (Group.room).
func (o *objective) arrange(g *Group, source int, room []float64, t *tuning, rng *rand.Rand) (candidates, bool) {
	c := candidates{source: source}
	var unjudged []int32
	grades := make([]float64, len(g.Grades))
	for i := range grades {
		grade, trust := g.grade(i)
		grades[i] = grade
		if trust == 0 {
			unjudged = append(unjudged, int32(i))
		} else {
			c.rows = append(c.rows, int32(i))
		}
	}
	c.judged = len(c.rows)
	slices.SortStableFunc(c.rows, func(a, b int32) int { return cmp.Compare(grades[b], grades[a]) })
	c.gain = make([]float64, c.judged)
	if slices.Contains(g.Added, true) {
		c.added = make([]bool, c.judged)
	}
	all := slices.Clone(g.Missing)
	for i, row := range c.rows {
		c.gain[i] = math.Exp2(grades[row]) - 1
		if c.added != nil {
			c.added[i] = g.Added[row]
		}
		all = append(all, grades[row])
		_, trust := g.grade(int(row))
		c.trust = append(c.trust, trust)
	}
	c.ideal = measure.Metric{Kind: measure.DCG, K: o.k}.Of(descending(all), nil)
	if c.ideal == 0 || c.judged == 0 || c.gain[0] == 0 {
		return c, false
	}
	c.weight = slices.Clone(c.trust)
	c.lower = make([]int32, c.judged)
	for i := range c.lower {
		c.lower[i] = int32(sort.Search(c.judged, func(j int) bool { return c.gain[j] < c.gain[i] }))
		for j := int(c.lower[i]); j < c.judged; j++ {
			c.pairs += (c.gain[i] - c.gain[j]) * c.trust[i] * c.trust[j]
		}
	}

	if t.unjudged > 0 {
		if len(unjudged) > t.negatives {
			rng.Shuffle(len(unjudged), func(i, j int) { unjudged[i], unjudged[j] = unjudged[j], unjudged[i] })
			unjudged = unjudged[:t.negatives]
		}
		slices.Sort(unjudged)
		gains := 0.0
		for i, gain := range c.gain {
			gains += gain * c.trust[i]
		}
		for _, row := range unjudged {
			c.gain = append(c.gain, 0)
			c.weight = append(c.weight, room[row])
			c.unknown += room[row] * gains
		}
		c.rows = append(c.rows, unjudged...)
	}
	return c, c.pairs > 0 || c.unknown > 0
}

// eachPair calls fn for every pair that has a weight at the scores: i should
// stand above j. A pair of judged products counts on both pages.
func (o *objective) eachPair(c *candidates, l *lambdas, fn func(i, j int, weight float64)) {
	o.onPage(c, l, c.judged, nil, c.pairs, fn)
	if len(c.rows) > c.judged {
		o.onPage(c, l, len(c.rows), c.added, c.pairs+c.unknown, fn)
	}
}

// onPage is eachPair for the page of the first n rows without those to leave
// out.
func (o *objective) onPage(c *candidates, l *lambdas, n int, leaveOut []bool, pairs float64, fn func(i, j int, weight float64)) {
	o.discounts(l, n, leaveOut)
	for i, gain := range c.gain[:c.judged] {
		switch lower := c.lower[i]; {
		case gain == 0:
			return
		case leaveOut != nil && leaveOut[i]:
		case o.loss == LambdaRank && l.disc[i] == 0:
			// Below the first k only a swap with one of those changes NDCG@k.
			for _, j := range l.top {
				if j >= lower {
					fn(i, int(j), o.weight((gain-c.gain[j])*c.trust[i]*c.weight[j], l.disc[i], l.disc[j], c.ideal, pairs))
				}
			}
		default:
			for j := int(lower); j < n; j++ {
				if leaveOut == nil || j >= len(leaveOut) || !leaveOut[j] {
					fn(i, j, o.weight((gain-c.gain[j])*c.trust[i]*c.weight[j], l.disc[i], l.disc[j], c.ideal, pairs))
				}
			}
		}
	}
}

// weight is that of one pair in the loss, whose grades differ by gain.
func (o *objective) weight(gain, discI, discJ, ideal, pairs float64) float64 {
	if o.loss == Pairwise {
		return gain / pairs
	}
	return gain * math.Abs(discI-discJ) / ideal
}

// discounts sets l.disc for the order of the first n scores: 1/log2(rank+1) for
// the top k, 0 below and for the rows to leave out.
func (o *objective) discounts(l *lambdas, n int, leaveOut []bool) {
	l.top = l.top[:0]
	for i, s := range l.score[:n] {
		l.disc[i] = 0
		if i < len(leaveOut) && leaveOut[i] {
			continue
		}
		at := len(l.top)
		for at > 0 && l.score[l.top[at-1]] < s {
			at--
		}
		if at == o.k {
			continue
		}
		if len(l.top) < o.k {
			l.top = append(l.top, 0)
		}
		copy(l.top[at+1:], l.top[at:])
		l.top[at] = int32(i)
	}
	for rank, i := range l.top {
		l.disc[i] = o.discs[rank]
	}
}

func descending(v []float64) []float64 {
	slices.SortFunc(v, func(a, b float64) int { return cmp.Compare(b, a) })
	return v
}
