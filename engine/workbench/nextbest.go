package workbench

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"touchstone/engine"
	"touchstone/engine/learn"
	"touchstone/engine/measure"
	"touchstone/engine/rank"
)

// surveyLimit is how many queries are looked at for what to judge next; of more,
// a sample by seed.
const surveyLimit = 200

// nextBest orders unjudged pairs by how much their grade would tell: the mean,
// over the grades that they may get, of how far NDCG of the ranker in use would
// move, and of how far its lead over a challenger would. This is the greedy choice
// for the least uncertain verdict (expected change of the metric: Carterette,
// Allan and Sitaraman, SIGIR 2006; expected loss of DCG: Long et al., SIGIR 2010).
// A challenger is what the grades so far would make of the weights if nothing held
// them: where it and the ranker in use part, a grade says whether the weights
// should move, as with two that disagree in a committee (Seung, Opper and
// Sompolinsky, COLT 1992). Each pair of a query that is taken or graded makes its
// next worth less, and so does each of a category there, so that the grades are
// spread.
func (b *Bench) nextBest(ctx context.Context, queries []string, req QueueRequest, progress engine.OnProgress) ([]pairToJudge, error) {
	if len(queries) > surveyLimit {
		queries = slices.Clone(queries)
		rng := rand.New(rand.NewPCG(uint64(req.Seed), 1))
		rng.Shuffle(len(queries), func(i, j int) { queries[i], queries[j] = queries[j], queries[i] })
		queries = queries[:surveyLimit]
	}
	of, err := b.survey(ctx, queries, b.ranker.Load(), false, progress)
	if err != nil {
		return nil, err
	}
	challengers, err := b.challengers(ctx, of)
	if err != nil {
		return nil, err
	}
	guesses := newGuesser(of, b.Scale().Max())
	var all []*prospect
	for _, s := range of {
		rivals := make([][]int, len(challengers))
		for i := range challengers {
			order, err := s.pool.rank(&challengers[i])
			if err != nil {
				return nil, err
			}
			rivals[i] = places(order)
		}
		for _, p := range b.prospects(s, rivals, guesses, beyond*req.Depth) {
			if req.Among == nil || req.Among(s.query, s.pool.items[p.candidate].Product) {
				all = append(all, p)
			}
		}
	}
	return b.spreadOut(all, req.Limit), nil
}

// beyond is how much deeper than the page is looked: what stands just below it
// is on it when weights move.
const beyond = 2

// challengers are the rankers that the one in use is held against: the loosest
// fit to the grades so far, and the default ranker where it is another; before
// there is anything to learn from, the default ranker and each search alone.
func (b *Bench) challengers(ctx context.Context, of []*surveyed) ([]engine.Ranker, error) {
	data := &learn.Dataset{Features: b.Features()}
	good := false
	for _, s := range of {
		if len(s.judged) == 0 {
			continue
		}
		data.Groups = append(data.Groups, group(s.query, s.judged, s.pool, s.pool))
		for _, grade := range s.judged {
			good = good || grade > 0
		}
	}
	if !good {
		rankers, err := b.judgedRankers()
		if len(rankers) > 1 {
			rankers = rankers[1:]
		}
		return rankers, err
	}
	prior := *b.ranker.Load()
	if prior.Kind != engine.Linear {
		prior = rank.Default()
	}
	fitted, _, err := learn.Fit(ctx, data, prior, learn.Options{Metric: measure.Metric{Kind: measure.NDCG, K: queueDepth}, Seed: 1, Trust: learn.Most})
	all := []engine.Ranker{fitted}
	if shipped := rank.Default(); b.ranker.Load().Name != shipped.Name {
		all = append(all, shipped)
	}
	return all, err
}

// prospect is an unjudged candidate and what its grade would change.
type prospect struct {
	s         *surveyed
	candidate int
	category  string
	chances   []float64
	metric    float64 // expected |ΔNDCG| of the ranker in use
	lead      float64 // expected |change| of its lead over a challenger, on average
	apart     int     // places between it and a challenger, at most
	fresh     bool    // nobody has graded its category for this query
}

// prospects are the candidates of a query among the first depth of any ranker,
// and those that would be if they are what they are thought to be.
func (b *Bench) prospects(s *surveyed, rivals [][]int, guesses *guesser, depth int) []*prospect {
	n := len(s.pool.items)
	gains := make([]float64, n) // expected
	chances := make([][]float64, n)
	judgedKinds := map[string]bool{}
	for i := range n {
		if g, ok := s.judged[s.pool.items[i].Product]; ok {
			gains[i] = gain(float64(g))
			judgedKinds[s.categories[i]] = true
			continue
		}
		chances[i] = guesses.chances(s, i)
		for grade, p := range chances[i] {
			gains[i] += p * gain(float64(grade))
		}
	}
	expected := make([]*expectation, len(rivals))
	for k := range rivals {
		expected[k] = newExpectation(gains, s.place, rivals[k], depth)
	}
	var all []*prospect
	for i := range n {
		if chances[i] == nil {
			continue
		}
		first := s.place[i]
		for _, places := range rivals {
			first = min(first, places[i])
		}
		if first >= depth && gains[i] < expected[0].last() {
			continue // its most probable grades change nothing
		}
		p := &prospect{s: s, candidate: i, category: s.categories[i], chances: chances[i]}
		for k, e := range expected {
			p.apart = max(p.apart, s.place[i]-rivals[k][i], rivals[k][i]-s.place[i])
			own, rival := e.ndcg(i, gains[i])
			for grade, chance := range chances[i] {
				a, b := e.ndcg(i, gain(float64(grade)))
				share := chance / float64(len(expected))
				p.metric += share * math.Abs(a-own)
				p.lead += share * math.Abs((a-b)-(own-rival))
			}
		}
		all = append(all, p)
	}
	for _, p := range all {
		p.fresh = p.category != "" && !judgedKinds[p.category]
	}
	return all
}

// gain is that of NDCG's standard convention.
func gain(grade float64) float64 { return math.Exp2(grade) - 1 }

// expectation is what NDCG of two orders is thought to be, and would be if one
// gain were another.
type expectation struct {
	gains  []float64
	places [2][]int
	dcg    [2]float64
	ideal  []float64 // the largest gains, one more than the depth
	depth  int
}

func newExpectation(gains []float64, own, rival []int, depth int) *expectation {
	e := &expectation{gains: gains, places: [2][]int{own, rival}, depth: depth}
	for side, places := range e.places {
		for i, gain := range gains {
			e.dcg[side] += gain * e.discount(places[i])
		}
	}
	e.ideal = slices.Clone(gains)
	slices.Sort(e.ideal)
	slices.Reverse(e.ideal)
	e.ideal = e.ideal[:min(len(e.ideal), depth+1)]
	return e
}

func (e *expectation) discount(place int) float64 {
	if place >= e.depth {
		return 0
	}
	return 1 / math.Log2(float64(place)+2)
}

// last is the smallest gain on the ideal page.
func (e *expectation) last() float64 { return e.ideal[min(len(e.ideal), e.depth)-1] }

// ndcg is that of both orders if candidate i had another gain.
func (e *expectation) ndcg(i int, gain float64) (own, rival float64) {
	ideal, at := 0.0, 0
	placed, removed := false, false
	for k := 0; at < e.depth; {
		switch {
		case k < len(e.ideal) && !removed && e.ideal[k] == e.gains[i]:
			removed = true
			k++
			continue
		case !placed && (k >= len(e.ideal) || gain >= e.ideal[k]):
			placed = true
			ideal += gain * e.discount(at)
		case k < len(e.ideal):
			ideal += e.ideal[k] * e.discount(at)
			k++
		default:
			at = e.depth
			continue
		}
		at++
	}
	if ideal == 0 {
		return 0, 0
	}
	value := func(side int) float64 {
		return (e.dcg[side] + (gain-e.gains[i])*e.discount(e.places[side][i])) / ideal
	}
	return value(0), value(1)
}

// spreadOut picks the most useful pairs one after the other and puts those of a
// query beside each other, because a judge thinks of one need at a time.
func (b *Bench) spreadOut(all []*prospect, limit int) []pairToJudge {
	type kind struct{ query, category string }
	taken, kinds := map[string]int{}, map[kind]int{}
	worth := func(p *prospect) float64 {
		return (p.metric + p.lead) / math.Sqrt(float64(1+taken[p.s.query]+len(p.s.judged))*float64(1+kinds[kind{p.s.query, p.category}]))
	}
	label := measure.Metric{Kind: measure.NDCG, K: beyond * queueDepth}.Label()
	var order []string
	chosen := map[string][]pairToJudge{}
	// What is worth a pair falls only by what is taken of its query: those of the
	// others keep theirs.
	worths := make([]float64, len(all))
	for i, p := range all {
		worths[i] = worth(p)
	}
	for range min(limit, len(all)) {
		best := 0
		for i := range all {
			if worths[i] > worths[best] {
				best = i
			}
		}
		p := all[best]
		last := len(all) - 1
		all[best], worths[best] = all[last], worths[last]
		all, worths = all[:last], worths[:last]
		if taken[p.s.query] == 0 {
			order = append(order, p.s.query)
		}
		taken[p.s.query]++
		kinds[kind{p.s.query, p.category}]++
		for i, other := range all {
			if other.s == p.s {
				worths[i] = worth(other)
			}
		}
		chosen[p.s.query] = append(chosen[p.s.query], pairToJudge{p.s.query, p.s.pool.items[p.candidate].Product, b.whyNext(p, label)})
	}
	var pairs []pairToJudge
	for _, query := range order {
		pairs = append(pairs, chosen[query]...)
	}
	return pairs
}

// whyNext says why a pair is worth a grade, without saying where it stands.
func (b *Bench) whyNext(p *prospect, metric string) string {
	why := ""
	switch {
	case p.apart >= 5 && p.lead >= p.metric/2:
		why = fmt.Sprintf("Two rankers disagree by %d places about it", p.apart)
	case p.s.place[p.candidate] >= queueDepth:
		why = "It may deserve the first page and is not on it"
	default:
		why = "It is on the first page, and what is graded so far does not settle how good it is"
	}
	if p.fresh {
		why += fmt.Sprintf("; no one has graded “%s” for this query", p.category)
	}
	return why + fmt.Sprintf(". Its grade moves %s of this query by %.3f on average.", metric, max(p.metric, p.lead))
}
