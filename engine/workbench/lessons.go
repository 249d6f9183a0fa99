package workbench

import (
	"context"
	"maps"
	"math"
	"slices"
	"sync"

	"touchstone/engine"
	"touchstone/engine/learn"
)

// notGraded is the grade of what nobody has judged.
var notGraded = math.NaN()

// lessons keeps the candidates of judged queries and their features between
// fits, so that one more grade costs no searches.
type lessons struct {
	mu     sync.Mutex
	view   *view // that the groups are of
	groups map[string]learn.Group
}

// mostLessons is how many queries are kept: some 70 KB each.
const mostLessons = 1000

// get is the group of a query with the grades as they are now; false where it
// must be searched for: nothing is kept, a judged product is not among the rows,
// or one is there only for a grade that is gone.
func (l *lessons) get(v *view, query string, judged map[string]engine.Grade) (learn.Group, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.view != v {
		l.view, l.groups = v, map[string]learn.Group{}
	}
	g, ok := l.groups[query]
	if !ok {
		return g, false
	}
	grades := make([]float64, len(g.Products))
	there := 0
	for i, product := range g.Products {
		grade, graded := judged[product]
		switch {
		case graded:
			grades[i] = float64(grade)
			there++
		case g.Added[i]:
			return g, false
		default:
			grades[i] = notGraded
		}
	}
	if there+len(g.Missing) != len(judged) {
		return g, false
	}
	if len(g.Missing) > 0 { // their grades may have changed
		g.Missing = nil
		rows := make(map[string]bool, len(g.Products))
		for _, product := range g.Products {
			rows[product] = true
		}
		for product, grade := range judged {
			if !rows[product] {
				g.Missing = append(g.Missing, float64(grade))
			}
		}
		slices.Sort(g.Missing)
	}
	g.Grades = grades
	return g, true
}

func (l *lessons) put(v *view, g learn.Group) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.view == v && (len(l.groups) < mostLessons || l.groups[g.Query].Products != nil) {
		l.groups[g.Query] = g
	}
}

// Dataset is what learning reads of this workspace now: the candidates of every
// judged query with their features, the agreed grades, and what clicks say.
func (b *Bench) Dataset(ctx context.Context, progress engine.OnProgress) (*learn.Dataset, error) {
	qrels, err := b.qrels()
	if err != nil {
		return nil, err
	}
	return b.dataset(ctx, qrels, progress)
}

// dataset gathers the candidates of every judged query: what the search brings
// up, and the judged products that it does not.
func (b *Bench) dataset(ctx context.Context, qrels engine.Qrels, progress engine.OnProgress) (*learn.Dataset, error) {
	clicked, err := b.clickGrades()
	if err != nil {
		return nil, err
	}
	named := maps.Clone(qrels)
	for query := range clicked {
		if named[query] == nil {
			named[query] = nil
		}
	}
	v := b.view.Load()
	queries := slices.Sorted(maps.Keys(named))
	groups, err := eachQuery(ctx, "searching the judged queries", queries, progress, func(ctx context.Context, query string) (learn.Group, error) {
		g, ok := b.lessons.get(v, query, qrels[query])
		if !ok {
			var err error
			if g, err = v.group(ctx, query, qrels[query]); err != nil {
				return g, err
			}
			b.lessons.put(v, g)
		}
		addClicks(&g, clicked[query])
		return g, nil
	})
	if err != nil {
		return nil, err
	}
	return &learn.Dataset{Features: b.Features(), Groups: groups}, nil
}

// group searches a query.
func (v *view) group(ctx context.Context, query string, judged map[string]engine.Grade) (learn.Group, error) {
	found, err := v.pool(ctx, poolRequest{query: query})
	if err != nil {
		return learn.Group{}, err
	}
	p, err := v.pool(ctx, poolRequest{query: query, include: slices.Sorted(maps.Keys(judged))})
	if err != nil {
		return learn.Group{}, err
	}
	return group(query, judged, p, found), nil
}

// group makes what learning reads of one query. found is what the search brings
// up by itself, p that and the judged products.
func group(query string, judged map[string]engine.Grade, p, found *pool) learn.Group {
	byItself := make(map[string]bool, len(found.items))
	for i := range found.items {
		byItself[found.items[i].Product] = true
	}
	g := learn.Group{Query: query, X: p.features.Values}
	rows := make(map[string]bool, len(p.items))
	for i := range p.items {
		id := p.items[i].Product
		rows[id] = true
		grade, ok := judged[id]
		if !ok {
			grade = engine.Grade(notGraded)
		}
		g.Products = append(g.Products, id)
		g.Grades = append(g.Grades, float64(grade))
		g.Added = append(g.Added, !byItself[id])
	}
	for id, grade := range judged {
		if !rows[id] {
			g.Missing = append(g.Missing, float64(grade))
		}
	}
	slices.Sort(g.Missing)
	return g
}
