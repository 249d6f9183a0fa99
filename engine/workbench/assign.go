package workbench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"touchstone/engine"
)

// AssignRequest asks for work to be shared out: what any of several rankers
// finds among its first Depth products, each pair by Overlap judges.
type AssignRequest struct {
	Judges  []string
	Overlap int // judges a pair; 0 is 1
	Depth   int // of each ranker; 0 is 10
	Tag     string
	Seed    int64
}

// Assign shares out what is to be judged, in place of what was shared out
// before. It returns how many pairs each judge has. Every judge gets as many as
// any other, give or take one, shares about as many with each of them, and has
// an order of their own.
func (b *Bench) Assign(ctx context.Context, req AssignRequest, progress engine.OnProgress) (map[string]int, error) {
	var judges []string
	for _, name := range req.Judges {
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(judges, name) {
			judges = append(judges, name)
		}
	}
	if len(judges) == 0 {
		return nil, fmt.Errorf("share out the judging: name the judges")
	}
	overlap := max(req.Overlap, 1)
	if overlap > len(judges) {
		return nil, fmt.Errorf("share out the judging: %d judges cannot grade each pair %d times", len(judges), overlap)
	}
	pairs, err := b.pooledPairs(ctx, req.Depth, req.Tag, req.Seed, progress)
	if err != nil {
		return nil, err
	}
	if len(pairs) == 0 {
		return nil, fmt.Errorf("share out the judging: no query of the set brings anything up; import queries first")
	}
	of := make(map[string][]pairToJudge, len(judges))
	next := dealer(len(judges), overlap)
	for _, pair := range pairs {
		for _, k := range next() {
			of[judges[k]] = append(of[judges[k]], pair)
		}
	}
	var assignments []Assignment
	counts := map[string]int{}
	for i, judge := range judges {
		assignments = append(assignments, shuffled(of[judge], judge, req.Seed+int64(i))...)
		counts[judge] = len(of[judge])
	}
	if err := b.store.SetAssignments(assignments); err != nil {
		return nil, err
	}
	return counts, b.readAssignments()
}

// dealer names the judges of one pair after the other, by their places: those who
// have the fewest so far, and of them those who have shared the fewest with the
// pair's other judges, so that any two can be compared.
func dealer(judges, overlap int) func() []int {
	have := make([]int, judges)
	together := make([][]int, judges)
	for k := range together {
		together[k] = make([]int, judges)
	}
	return func() []int {
		var chosen []int
		shared := func(k int) int {
			n := 0
			for _, other := range chosen {
				n += together[k][other]
			}
			return n
		}
		for range overlap {
			best := -1
			for k := range judges {
				if slices.Contains(chosen, k) {
					continue
				}
				if best < 0 || have[k] < have[best] || have[k] == have[best] && shared(k) < shared(best) {
					best = k
				}
			}
			for _, other := range chosen {
				together[best][other]++
				together[other][best]++
			}
			chosen = append(chosen, best)
			have[best]++
		}
		return chosen
	}
}

// shuffled groups a judge's pairs by query, both in an order of chance.
func shuffled(pairs []pairToJudge, judge string, seed int64) []Assignment {
	at := map[string]int{}
	var all []Assignment
	for _, pair := range pairs {
		i, ok := at[pair.query]
		if !ok {
			i = len(all)
			at[pair.query] = i
			all = append(all, Assignment{Judge: judge, Query: pair.query})
		}
		all[i].Products = append(all[i].Products, pair.product)
	}
	rng := rand.New(rand.NewPCG(uint64(seed), 2))
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, a := range all {
		rng.Shuffle(len(a.Products), func(i, j int) { a.Products[i], a.Products[j] = a.Products[j], a.Products[i] })
	}
	return all
}

// pooledPairs is what any of several rankers puts first of every query of the
// set, or of those with a tag, whoever has graded it already.
func (b *Bench) pooledPairs(ctx context.Context, depth int, tag string, seed int64, progress engine.OnProgress) ([]pairToJudge, error) {
	if depth <= 0 {
		depth = queueDepth
	}
	queries, err := b.Queries()
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, q := range queries {
		if tag == "" || slices.Contains(q.Tags, tag) {
			texts = append(texts, q.Text)
		}
	}
	return b.pooled(ctx, texts, QueueRequest{Depth: depth, Limit: len(texts), Seed: seed}, progress)
}

// pairKey names a pair.
type pairKey struct{ query, product string }

// assigned is what is shared out, kept in memory.
type assigned struct {
	list    []Assignment
	byJudge map[string]map[pairKey]bool
}

func (b *Bench) readAssignments() error {
	list, err := b.store.Assignments()
	if err != nil {
		return err
	}
	a := &assigned{list: list, byJudge: map[string]map[pairKey]bool{}}
	for _, of := range list {
		if a.byJudge[of.Judge] == nil {
			a.byJudge[of.Judge] = map[pairKey]bool{}
		}
		for _, product := range of.Products {
			a.byJudge[of.Judge][pairKey{of.Query, product}] = true
		}
	}
	b.assigned.Store(a)
	return nil
}

// mine reports whether a pair is shared out to a judge.
func (a *assigned) mine(judge string, pair pairKey) bool {
	return a.byJudge[judge][pair] || a.byJudge[""][pair]
}

// Share is how far a judge has come with what was shared out.
type Share struct {
	Judge     string
	Pairs, To int // in all, and still to grade
}

// Shares says how far each judge has come, in the order of the assignments. A
// pair whose product has left the catalogue counts where it was graded: nobody
// can grade it any more.
func (b *Bench) Shares() ([]Share, error) {
	settings := b.store.Settings()
	var shares []Share
	at := map[string]int{}
	for _, of := range b.assigned.Load().list {
		i, ok := at[of.Judge]
		if !ok {
			i = len(shares)
			at[of.Judge] = i
			name := of.Judge
			if name == "" {
				name = settings.judge()
			}
			shares = append(shares, Share{Judge: name})
		}
		for _, product := range of.Products {
			if _, graded := b.grades.judgment(shares[i].Judge, of.Query, product); graded {
				shares[i].Pairs++
				continue
			}
			there, err := b.inCatalogue(product)
			if err != nil {
				return nil, err
			}
			if there {
				shares[i].Pairs++
				shares[i].To++
			}
		}
	}
	return shares, nil
}

// blind reports whether the judge must not see what others said of a pair: it
// is shared out to them and they have not graded it yet.
func (b *Bench) blind(judge, query, product string) bool {
	if !b.assigned.Load().mine(judge, pairKey{query, product}) {
		return false
	}
	_, graded := b.grades.judgment(judge, query, product)
	return !graded
}

// assignedPairs are those shared out to a judge, in their order.
func (b *Bench) assignedPairs(judge string) []pairToJudge {
	var pairs []pairToJudge
	for _, of := range b.assigned.Load().list {
		if of.Judge != judge && of.Judge != "" {
			continue
		}
		for _, product := range of.Products {
			pairs = append(pairs, pairToJudge{of.Query, product, "It is among those shared out to you; the order is shuffled, so that neither rank nor ranker sways you."})
		}
	}
	return pairs
}
