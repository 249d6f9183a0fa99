package workbench

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"touchstone/engine"
	"touchstone/engine/rank"
)

// contender is one way to answer queries: what is measured, compared or swept.
type contender struct {
	ranker  *engine.Ranker
	rules   *RuleSet      // nil is the set in use
	view    *view         // nil is the present one
	depth   int           // candidates of each search; 0 is defaultDepth
	fusion  engine.Fusion // "" ranks all that either search brings up
	encoder string        // another than the view's, by name; "" is the view's
	earlier *earlier      // notes the answers that are not of now; nil does not
	from    string        // the remote engine of the candidates; "" is the one in use. Without a ranker they stay in its order
}

// earlier are the answers of remote engines, which could not be reached, that are
// not of now. It is safe for concurrent use.
type earlier struct {
	mu     sync.Mutex
	n      int
	engine string
	oldest time.Time
}

func (e *earlier) add(v *view, p *pool) {
	if e == nil || p.recorded.IsZero() {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.n++
	if e.engine = v.far.remote.Name; e.oldest.IsZero() || p.recorded.Before(e.oldest) {
		e.oldest = p.recorded
	}
}

// notes says so in a sentence; nothing where all answers are of now.
func (e *earlier) notes() []string {
	if e.n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s cannot be reached: %d candidate lists are those of earlier answers, the oldest of %s", e.engine, e.n, e.oldest.Local().Format("2006-01-02 15:04"))}
}

// runs orders what each judged query brings up for each contender: for each of
// them, query → the first depth product IDs, all of them for 0. A query is
// searched once for all contenders that search alike, and then ranked by each.
func (b *Bench) runs(ctx context.Context, contenders []contender, qrels engine.Qrels, scope Scope, depth int, progress engine.OnProgress) ([]map[string][]string, error) {
	contenders = slices.Clone(contenders)
	scorers := make([]*rank.Scorer, len(contenders))
	for i := range contenders {
		c := &contenders[i]
		c.rules = b.ruled(c.rules)
		c.depth, c.fusion = b.searching(c.depth, c.fusion)
		var err error
		if c.view, err = b.viewFor(ctx, c, progress); err != nil {
			return nil, err
		}
		if c.ranker == nil {
			c.rules = nil // what the engine answers is as it is
			continue
		}
		if scorers[i], err = rank.NewScorer(c.ranker); err != nil {
			return nil, err
		}
	}
	queries := slices.Sorted(maps.Keys(qrels))
	orders, err := eachQuery(ctx, "measuring", queries, progress, func(ctx context.Context, query string) ([][]string, error) {
		pools := map[search]*pool{}
		orders := make([][]string, len(contenders))
		for i := range contenders {
			c := &contenders[i]
			ask := poolRequest{query: query, rules: c.rules, depth: c.depth, fusion: c.fusion}
			if scope == Judged {
				ask.include = slices.Sorted(maps.Keys(qrels[query]))
			}
			how := c.search(query)
			p := pools[how]
			if p == nil {
				var err error
				if p, err = c.view.pool(ctx, ask); err != nil {
					return nil, err
				}
				pools[how] = p
				c.earlier.add(c.view, p)
			}
			if scorers[i] == nil {
				ids := p.asBrought()
				if scope == Judged {
					ids = slices.DeleteFunc(ids, func(id string) bool { _, judged := qrels[query][id]; return !judged })
				}
				if depth > 0 && len(ids) > depth {
					ids = ids[:depth]
				}
				orders[i] = ids
				continue
			}
			order, _ := p.order(scorers[i])
			if scope == Judged {
				// Scored among all candidates, as in a search, and then alone.
				order = slices.DeleteFunc(order, func(o rank.Scored) bool {
					_, judged := qrels[query][p.items[o.Index].Product]
					return !judged
				})
			}
			orders[i] = p.top(order, depth)
		}
		return orders, nil
	})
	if err != nil {
		return nil, err
	}
	runs := make([]map[string][]string, len(contenders))
	for i := range runs {
		runs[i] = make(map[string][]string, len(queries))
		for q, query := range queries {
			runs[i][query] = orders[q][i]
		}
	}
	return runs, nil
}

// viewFor is what a contender searches in.
func (b *Bench) viewFor(ctx context.Context, c *contender, progress engine.OnProgress) (*view, error) {
	switch {
	case c.from != "":
		return b.viewOf(c.from)
	case c.encoder != "":
		return b.encodedBy(ctx, cmp.Or(c.view, b.view.Load()), c.encoder, progress)
	}
	return cmp.Or(c.view, b.view.Load()), nil
}

// search is what brings up the candidates of a query: contenders that agree in
// it share them.
type search struct {
	view   *view
	plan   string
	depth  int
	fusion engine.Fusion
}

func (c *contender) search(query string) search {
	plan := c.rules.plan(query)
	return search{c.view, plan.Key(), c.depth, c.fusion}
}
