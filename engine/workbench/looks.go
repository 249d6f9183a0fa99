package workbench

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"touchstone/engine"
)

// This file holds the queues of what a page does not show and of what was
// graded before.

// beyond is what the search brings up below the first page: words and meaning
// each in their own order, one of the one and one of the other, so that what a
// ranker would never show is seen, too.
func (b *Bench) beyond(ctx context.Context, queries []string, req QueueRequest, progress engine.OnProgress) ([]pairToJudge, error) {
	if req.Query == "" {
		queries = queries[:min(len(queries), req.Limit)]
	}
	why := fmt.Sprintf("The search brings it up, and it is not among the first %d.", req.Depth)
	return b.eachPool(ctx, queries, noRules, progress, func(query string, p *pool) ([]pairToJudge, error) {
		order, err := p.rank(b.ranker.Load())
		if err != nil {
			return nil, err
		}
		page := map[string]bool{}
		for _, id := range p.top(order, req.Depth) {
			page[id] = true
		}
		var lists [2][]string
		for i, name := range baselines {
			ranker, err := b.Named(name)
			if err != nil {
				return nil, err
			}
			if order, err = p.rank(&ranker); err != nil {
				return nil, err
			}
			lists[i%2] = p.top(order, 0)
		}
		var pairs []pairToJudge
		for i := range max(len(lists[0]), len(lists[1])) {
			for _, list := range lists {
				if i < len(list) && !page[list[i]] && len(pairs) < req.Depth {
					page[list[i]] = true
					pairs = append(pairs, pairToJudge{query, list[i], why})
				}
			}
		}
		return pairs, nil
	})
}

// old are the judge's grades of products whose text is not what they saw, and
// after those the ones given long ago, oldest first.
func (b *Bench) old(queries []string, req QueueRequest, now time.Time) ([]pairToJudge, error) {
	age := cmp.Or(req.Age, longAgo)
	settings := b.store.Settings()
	type grade struct {
		pairToJudge
		changed bool
		looked  time.Time
	}
	var found []grade
	for _, query := range queries {
		for product, of := range b.grades.pairs(query) {
			i := slices.IndexFunc(of, func(j engine.Judgment) bool { return j.Judge == settings.judge() })
			if i < 0 {
				continue
			}
			looked := of[i].Looked()
			changed := false
			if of[i].Seen != 0 {
				shown, ok, err := b.store.Product(product)
				if err != nil {
					return nil, err
				}
				changed = ok && shown.TextHash() != of[i].Seen
			}
			switch {
			case changed:
				found = append(found, grade{pairToJudge{query, product, "The product's text has changed since you graded it. The same grade again confirms it."}, true, looked})
			case now.Sub(looked) > age:
				found = append(found, grade{pairToJudge{query, product, fmt.Sprintf("You graded it %d days ago. The same grade again confirms it.", int(now.Sub(looked).Hours()/24))}, false, looked})
			}
		}
	}
	slices.SortFunc(found, func(a, b grade) int {
		if a.changed != b.changed {
			if a.changed {
				return -1
			}
			return 1
		}
		return cmp.Or(a.looked.Compare(b.looked), strings.Compare(a.query, b.query), strings.Compare(a.product, b.product))
	})
	pairs := make([]pairToJudge, len(found))
	for i := range found {
		pairs[i] = found[i].pairToJudge
	}
	return pairs, nil
}

// secondLooks are pairs that the judge has graded once, in an order of chance
// and as if they were new.
func (b *Bench) secondLooks(queries []string, req QueueRequest) []pairToJudge {
	settings := b.store.Settings()
	var pairs []pairToJudge
	for _, query := range queries {
		for product := range b.grades.pairs(query) {
			_, first := b.grades.judgment(settings.judge(), query, product)
			_, second := b.grades.judgment(engine.Again(settings.judge()), query, product)
			if first && !second {
				pairs = append(pairs, pairToJudge{query, product, "You graded it before. What you say now is kept beside that, to tell how far you agree with yourself."})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pairToJudge) int {
		return cmp.Or(strings.Compare(a.query, b.query), strings.Compare(a.product, b.product))
	})
	rng := rand.New(rand.NewPCG(uint64(req.Seed), 3))
	rng.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	return pairs
}

// others is what everybody but one judge said of a pair, and what was settled.
func (b *Bench) others(judge, query, product string) []engine.Judgment {
	var others []engine.Judgment
	for _, j := range b.grades.pairs(query)[product] {
		if j.Judge != judge && j.Judge != engine.Again(judge) && (j.Opinion() || j.Settles()) {
			others = append(others, j)
		}
	}
	slices.SortFunc(others, func(a, b engine.Judgment) int { return strings.Compare(a.Judge, b.Judge) })
	return others
}

// Others is what the other judges said of a pair, and what was settled; nothing
// while the judge of the workspace has not graded it.
func (b *Bench) Others(query, product string) []engine.Judgment {
	settings := b.store.Settings()
	if _, graded := b.grades.judgment(settings.judge(), query, product); !graded {
		return nil
	}
	return b.others(settings.judge(), query, product)
}

// Discussion lists the pairs that judges grade differently and on which nobody
// has settled yet, the farthest apart first, with what each of them said. With
// settled it lists those that are settled.
func (b *Bench) Discussion(settled bool) ([]Dispute, error) {
	var list []Dispute
	for _, query := range b.grades.queries() {
		for product, all := range b.grades.pairs(query) {
			d := Dispute{Query: query, Product: product, Judgments: b.others("", query, product)}
			i := slices.IndexFunc(d.Judgments, func(j engine.Judgment) bool { return j.Judge == engine.Adjudicated })
			if i >= 0 {
				d.Settled = &d.Judgments[i]
			}
			if (i >= 0) != settled || i < 0 && (len(d.Judgments) < 2 || spread(d.Judgments) == 0) || len(all) == 0 {
				continue
			}
			shown, _, err := b.store.Product(product)
			if err != nil {
				return nil, err
			}
			d.Title = shown.Title
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b Dispute) int {
		return cmp.Or(-cmp.Compare(spread(a.Judgments), spread(b.Judgments)), strings.Compare(a.Query, b.Query), strings.Compare(a.Product, b.Product))
	})
	return list, nil
}
