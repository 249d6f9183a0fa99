package workbench

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"touchstone/engine"
	"touchstone/engine/measure"
	"touchstone/engine/rank"
)

// Queue is a way to choose what to judge next.
type Queue string

// The queues.
const (
	NextBest      Queue = "next"          // what would tell most: see nextBest
	PageQueue     Queue = "page"          // the first page of a query, as it stands
	PoolQueue     Queue = "pool"          // what any of several rankers puts first, shuffled, so that no one can tell which did
	NeverJudged   Queue = "unjudged"      // the first pages of queries without any grade
	Disagreements Queue = "disagreements" // what judges grade differently, the farthest apart first
	SuspectGrades Queue = "suspects"      // the judge's own grades that look wrong, worst first
	BeyondPage    Queue = "beyond"        // what the search brings up below the first Depth, by search and not by ranker
	OldGrades     Queue = "old"           // the judge's grades of products that changed since, and those given long ago
	SecondLook    Queue = "again"         // pairs that the judge has graded, shown as if new: see Bench.GradeAgain
	AssignedPairs Queue = "assigned"      // what is shared out to the judge
)

// Queues are all queues.
var Queues = []Queue{NextBest, PageQueue, PoolQueue, NeverJudged, Disagreements, SuspectGrades, BeyondPage, OldGrades, SecondLook, AssignedPairs}

// QueueRequest asks for a queue. Zero values: every query, a depth of 10, 100
// pairs.
type QueueRequest struct {
	Queue Queue
	Query string // one query only; PageQueue needs one
	Depth int    // how many of each ranker's first products
	Limit int
	Seed  int64         // same seed, same order
	Age   time.Duration // OldGrades: how long ago is long ago; 0 is half a year
	// Among narrows NextBest to pairs that it accepts; nil accepts all.
	Among func(query, product string) bool
}

// QueueItem is one pair to judge.
type QueueItem struct {
	Query   engine.Query
	Product engine.Product
	Grade   *engine.Grade // the judge's own, nil for none; other judges' are not shown
	Note    string        // the judge's own
	Why     string        // why this pair, in plain words
	// Others is what the others said, and what was settled, of a pair that judges
	// disagree about and that this judge has graded too.
	Others []engine.Judgment
}

const (
	queueDepth = 10
	queueLimit = 100
	longAgo    = 182 * 24 * time.Hour
)

// Queue lists pairs to judge, in the order to judge them. Pairs that the judge
// has graded are left out, save where the queue is about them.
func (b *Bench) Queue(ctx context.Context, req QueueRequest, progress engine.OnProgress) ([]QueueItem, error) {
	if req.Depth <= 0 {
		req.Depth = queueDepth
	}
	if req.Limit <= 0 {
		req.Limit = queueLimit
	}
	queries, err := b.Queries()
	if err != nil {
		return nil, err
	}
	needs := make(map[string]engine.Query, len(queries))
	texts := make([]string, len(queries))
	for i, q := range queries {
		needs[q.Text], texts[i] = q, q.Text
	}
	if req.Query != "" {
		texts = []string{req.Query}
	}
	settings := b.store.Settings()
	var pairs []pairToJudge
	switch req.Queue {
	case NextBest:
		pairs, err = b.nextBest(ctx, texts, req, progress)
	case PageQueue:
		if req.Query == "" {
			return nil, fmt.Errorf("judge a page: there is no query; search for one first")
		}
		pairs, err = b.pages(ctx, texts, req, progress)
	case NeverJudged:
		texts = slices.DeleteFunc(texts, func(q string) bool { return len(b.grades.pairs(q)) > 0 })
		pairs, err = b.pages(ctx, texts, req, progress)
	case PoolQueue:
		pairs, err = b.pooled(ctx, texts, req, progress)
	case Disagreements:
		pairs, err = b.disputed(texts)
	case SuspectGrades:
		pairs, err = b.suspected(ctx, req, progress)
	case BeyondPage:
		pairs, err = b.beyond(ctx, texts, req, progress)
	case OldGrades:
		pairs, err = b.old(texts, req, time.Now())
	case SecondLook:
		pairs = b.secondLooks(texts, req)
	case AssignedPairs:
		pairs = b.assignedPairs(settings.judge())
	default:
		err = fmt.Errorf("queue %q: unknown; the queues are %v", req.Queue, Queues)
	}
	if err != nil {
		return nil, err
	}
	again := slices.Contains([]Queue{Disagreements, SuspectGrades, OldGrades, SecondLook}, req.Queue)
	var items []QueueItem
	for _, pair := range pairs {
		own, graded := b.grades.judgment(settings.judge(), pair.query, pair.product)
		if graded && !again {
			continue
		}
		product, ok, err := b.store.Product(pair.product)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue // judged once, and no longer in the catalogue
		}
		item := QueueItem{Query: needs[pair.query], Product: product, Why: pair.why}
		item.Query.Text = pair.query
		if graded && req.Queue != SecondLook {
			item.Grade, item.Note = &own.Grade, own.Note
		}
		if graded && req.Queue == Disagreements {
			item.Others = b.others(settings.judge(), pair.query, pair.product)
		}
		if items = append(items, item); len(items) == req.Limit {
			break
		}
	}
	return items, nil
}

// pairToJudge is a product for a query and why it should be judged.
type pairToJudge struct{ query, product, why string }

// pages are the first pages of queries under the ranker in use.
func (b *Bench) pages(ctx context.Context, queries []string, req QueueRequest, progress engine.OnProgress) ([]pairToJudge, error) {
	queries = queries[:min(len(queries), req.Limit)] // each gives at least one
	why := "It is on the first page of this query."
	if req.Queue == NeverJudged {
		why = "Nobody has graded anything for this query yet; this is on its first page."
	}
	return b.eachPool(ctx, queries, b.rulesInUse(), progress, func(query string, p *pool) ([]pairToJudge, error) {
		order, err := p.rank(b.ranker.Load())
		if err != nil {
			return nil, err
		}
		var pairs []pairToJudge
		for _, id := range p.top(order, req.Depth) {
			pairs = append(pairs, pairToJudge{query, id, why})
		}
		return pairs, nil
	})
}

// pooled takes the first products of several rankers together, in an order that
// says nothing of rank or ranker: depth-k pooling as in TREC (Spärck Jones and
// van Rijsbergen 1975; Voorhees and Harman 2005, chapter 2).
func (b *Bench) pooled(ctx context.Context, queries []string, req QueueRequest, progress engine.OnProgress) ([]pairToJudge, error) {
	rankers, err := b.judgedRankers()
	if err != nil {
		return nil, err
	}
	queries = slices.Clone(queries)
	rng := rand.New(rand.NewPCG(uint64(req.Seed), 0))
	rng.Shuffle(len(queries), func(i, j int) { queries[i], queries[j] = queries[j], queries[i] })
	queries = queries[:min(len(queries), req.Limit)]
	why := fmt.Sprintf("It is among the first %d of one of %d rankers; the order is shuffled, so that neither rank nor ranker sways you.", req.Depth, len(rankers))
	return b.eachPool(ctx, queries, noRules, progress, func(query string, p *pool) ([]pairToJudge, error) {
		var pairs []pairToJudge
		seen := map[string]bool{}
		for i := range rankers {
			order, err := p.rank(&rankers[i])
			if err != nil {
				return nil, err
			}
			for _, id := range p.top(order, req.Depth) {
				if !seen[id] {
					seen[id] = true
					pairs = append(pairs, pairToJudge{query, id, why})
				}
			}
		}
		// Sorted first: the order must not depend on which ranker came first.
		slices.SortFunc(pairs, func(a, b pairToJudge) int { return strings.Compare(a.product, b.product) })
		rng := rand.New(rand.NewPCG(uint64(req.Seed), hashed(query)))
		rng.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
		return pairs, nil
	})
}

// judgedRankers are the rankers whose pages are pooled: the one in use, the one
// that needs no grades, and the two searches alone.
func (b *Bench) judgedRankers() ([]engine.Ranker, error) {
	rankers := []engine.Ranker{*b.ranker.Load()}
	for _, name := range append([]string{"default"}, baselines...) {
		r, err := b.Named(name)
		if err != nil {
			return nil, err
		}
		if r.Name != rankers[0].Name {
			rankers = append(rankers, r)
		}
	}
	return rankers, nil
}

// eachPool makes pairs of the candidates of each query under some rules.
func (b *Bench) eachPool(ctx context.Context, queries []string, rules *RuleSet, progress engine.OnProgress, fn func(string, *pool) ([]pairToJudge, error)) ([]pairToJudge, error) {
	parts, err := eachQuery(ctx, "searching", queries, progress, func(ctx context.Context, query string) ([]pairToJudge, error) {
		p, err := b.pool(ctx, poolRequest{query: query, rules: rules})
		if err != nil {
			return nil, err
		}
		return fn(query, p)
	})
	return slices.Concat(parts...), err
}

// disputed are the pairs that judges grade differently.
func (b *Bench) disputed(queries []string) ([]pairToJudge, error) {
	type dispute struct {
		pairToJudge
		spread engine.Grade
	}
	var found []dispute
	for _, query := range queries {
		for product, all := range b.grades.pairs(query) {
			of, settled := measure.Opinions(all)
			if len(of) == 0 || len(settled) > 0 {
				continue
			}
			if s := spread(of); s > 0 {
				found = append(found, dispute{pairToJudge{query, product, fmt.Sprintf("%d judges disagree about it. Look at it afresh; what they said is shown once you have graded it.", len(of))}, s})
			}
		}
	}
	slices.SortFunc(found, func(a, b dispute) int {
		return cmp.Or(-cmp.Compare(a.spread, b.spread), strings.Compare(a.query, b.query), strings.Compare(a.product, b.product))
	})
	pairs := make([]pairToJudge, len(found))
	for i := range found {
		pairs[i] = found[i].pairToJudge
	}
	return pairs, nil
}

// spread is how far the grades of one pair are apart.
func spread(of []engine.Judgment) engine.Grade {
	low, high := of[0].Grade, of[0].Grade
	for _, j := range of {
		low, high = min(low, j.Grade), max(high, j.Grade)
	}
	return high - low
}

func hashed(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

// pairs are the judgments of a query by product.
func (g *grades) pairs(query string) map[string][]engine.Judgment {
	g.mu.RLock()
	defer g.mu.RUnlock()
	out := make(map[string][]engine.Judgment, len(g.byQuery[query]))
	for product, of := range g.byQuery[query] {
		out[product] = of // never changed in place: see put
	}
	return out
}

// judgment is what one judge said of a pair; false for nothing.
func (g *grades) judgment(judge, query, product string) (engine.Judgment, bool) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	for _, j := range g.byQuery[query][product] {
		if j.Judge == judge {
			return j, true
		}
	}
	return engine.Judgment{}, false
}

// Matches are the words of a text that a query asks for, in the forms in which
// they stand there: byte ranges of the text, in order.
func (b *Bench) Matches(query, text string) [][2]int {
	analyzer := b.view.Load().analyzer
	asked := map[string]bool{}
	for _, t := range analyzer.Analyze(query).Terms {
		asked[t.Text] = true
	}
	of := analyzer.Analyze(text)
	var marks [][2]int
	from, end := 0, 0 // searched so far in the text and in its cleaned form
	for _, t := range of.Terms {
		if !asked[t.Text] || t.Added != "" || t.Start < end {
			continue
		}
		// The cleaned text may be shorter or longer than the one on screen.
		form := of.Clean[t.Start:t.End]
		if of.Clean == text {
			marks = append(marks, [2]int{t.Start, t.End})
		} else if i := strings.Index(text[from:], form); i >= 0 {
			marks = append(marks, [2]int{from + i, from + i + len(form)})
			from += i + len(form)
		}
		end = t.End
	}
	return marks
}

// places is where each candidate stands in an order, from 0.
func places(order []rank.Scored) []int {
	at := make([]int, len(order))
	for i, o := range order {
		at[o.Index] = i
	}
	return at
}
