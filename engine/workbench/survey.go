package workbench

import (
	"context"
	"maps"
	"slices"
	"sync"

	"touchstone/engine"
	"touchstone/engine/rank"
)

// surveyed is one query with its candidates as a ranker orders them and what is
// known of their grades.
type surveyed struct {
	*surveyedPool
	query   string
	order   []rank.Scored
	place   []int // candidate → its place in order, from 0
	inputs  [][]float64
	vectors [][]float32 // candidate → its product's vector, nil for none
	judged  map[string]engine.Grade
}

// surveyedPool is what of a survey no grade and no ranker changes.
type surveyedPool struct {
	pool       *pool
	categories []string // candidate → its product's
}

// surveys keeps the pools of surveyed queries, so that the next batch of pairs
// costs no searches.
type surveys struct {
	mu    sync.Mutex
	view  *view // that the pools are of
	pools map[string]*surveyedPool
}

// get is the pool of a query, false where none with these products is kept.
func (s *surveys) get(v *view, query string, products []string) (*surveyedPool, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.view != v {
		s.view, s.pools = v, map[string]*surveyedPool{}
	}
	p, ok := s.pools[query]
	if !ok {
		return nil, false
	}
	there := make(map[string]bool, len(p.pool.items))
	for i := range p.pool.items {
		there[p.pool.items[i].Product] = true
	}
	return p, !slices.ContainsFunc(products, func(id string) bool { return !there[id] })
}

func (s *surveys) put(v *view, query string, p *surveyedPool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.view == v && (len(s.pools) < surveyLimit || s.pools[query] != nil) {
		s.pools[query] = p
	}
}

// survey looks at queries under a ranker, with every judged product among the
// candidates that the catalogue still has; with judgedOnly only those are kept.
func (b *Bench) survey(ctx context.Context, queries []string, ranker *engine.Ranker, judgedOnly bool, progress engine.OnProgress) ([]*surveyed, error) {
	v := b.view.Load()
	return eachQuery(ctx, "searching", queries, progress, func(ctx context.Context, query string) (*surveyed, error) {
		judged, err := b.agreed(query)
		if err != nil {
			return nil, err
		}
		s := &surveyed{query: query, judged: judged}
		if s.surveyedPool, err = b.surveyPool(ctx, v, query, slices.Sorted(maps.Keys(judged))); err != nil {
			return nil, err
		}
		if s.order, err = s.pool.rank(ranker); err != nil {
			return nil, err
		}
		s.place = places(s.order)
		s.inputs = inputs(s)
		s.vectors = make([][]float32, len(s.pool.items))
		if len(judged) > 0 { // only then does likeness say anything
			for i := range s.pool.items {
				s.vectors[i] = v.vector(s.pool.items[i].Row)
			}
		}
		if judgedOnly {
			return s.ofJudged(), nil
		}
		return s, nil
	})
}

// ofJudged is what a survey has of the judged candidates: all that guesses are
// learned from, of thousands of queries in the memory that hundreds would take.
func (s *surveyed) ofJudged() *surveyed {
	few := &surveyed{surveyedPool: &surveyedPool{pool: &pool{}}, query: s.query, judged: s.judged}
	for i, item := range s.pool.items {
		if _, ok := s.judged[item.Product]; ok {
			few.pool.items = append(few.pool.items, item)
			few.place = append(few.place, s.place[i])
			few.inputs = append(few.inputs, s.inputs[i])
			few.vectors = append(few.vectors, s.vectors[i])
		}
	}
	return few
}

func (b *Bench) surveyPool(ctx context.Context, v *view, query string, judged []string) (*surveyedPool, error) {
	if kept, ok := b.surveys.get(v, query, judged); ok {
		return kept, nil
	}
	p, err := v.pool(ctx, poolRequest{query: query, include: judged})
	if err != nil {
		return nil, err
	}
	s := &surveyedPool{pool: p, categories: make([]string, len(p.items))}
	for i := range p.items {
		product, _, err := b.store.ProductAt(p.items[i].Row)
		if err != nil {
			return nil, err
		}
		s.categories[i] = product.Category
	}
	b.surveys.put(v, query, s)
	return s, nil
}
