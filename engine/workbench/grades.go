package workbench

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"touchstone/engine"
	"touchstone/engine/measure"
)

// grades keeps the judgments of the workspace in memory, so that a page can
// show them without reading the file.
type grades struct {
	mu      sync.RWMutex
	byQuery map[string]map[string][]engine.Judgment // query → product → one a judge
	n       int
	version uint64 // counts changes

	settling sync.Mutex
	reliable engine.Qrels // by measure.Reliable, of version settled
	settled  uint64
}

// readGrades reads them all. They come ordered by query and product, so that
// each query's list is made once, and those of its products are parts of it.
func readGrades(ctx context.Context, store Store) (*grades, error) {
	g := &grades{byQuery: map[string]map[string][]engine.Judgment{}}
	var own []engine.Judgment // of one query
	flush := func() {
		if len(own) == 0 {
			return
		}
		of := slices.Clone(own)
		products := make(map[string][]engine.Judgment, len(of))
		for from := 0; from < len(of); {
			to := from + 1
			for to < len(of) && of[to].Product == of[from].Product {
				of[to].Product = of[from].Product // one string a product
				to++
			}
			products[of[from].Product] = of[from:to:to]
			from = to
		}
		g.byQuery[of[0].Query] = products
		g.n += len(of)
		own = own[:0]
	}
	names := map[string]string{} // one string a judge, not one a grade
	err := store.EachJudgment(ctx, func(j engine.Judgment) error {
		if name, ok := names[j.Judge]; ok {
			j.Judge = name
		} else {
			names[j.Judge] = j.Judge
		}
		if len(own) > 0 {
			if own[0].Query == j.Query {
				j.Query = own[0].Query
			} else {
				flush()
			}
		}
		own = append(own, j)
		return nil
	})
	flush()
	return g, err
}

func (g *grades) put(j engine.Judgment) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.version++
	products := g.byQuery[j.Query]
	if products == nil {
		products = map[string][]engine.Judgment{}
		g.byQuery[j.Query] = products
	}
	// Copy on write: readers may hold the old slice.
	of := slices.Clone(products[j.Product])
	if i := slices.IndexFunc(of, func(o engine.Judgment) bool { return o.Judge == j.Judge }); i >= 0 {
		of[i] = j
	} else {
		of = append(of, j)
		g.n++
	}
	products[j.Product] = of
}

func (g *grades) clear(query, product, judge string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.version++
	products := g.byQuery[query]
	of := slices.DeleteFunc(slices.Clone(products[product]), func(j engine.Judgment) bool { return j.Judge == judge })
	g.n -= len(products[product]) - len(of)
	switch {
	case len(of) > 0:
		products[product] = of
	case products != nil:
		delete(products, product)
		if len(products) == 0 {
			delete(g.byQuery, query)
		}
	}
}

// counts is how many queries are listed or judged, and all judgments.
func (g *grades) counts(listed map[string]bool) (queries, judgments int) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	queries = len(listed)
	for query := range g.byQuery {
		if !listed[query] {
			queries++
		}
	}
	return queries, g.n
}

// apply makes a change stand.
func (g *grades) apply(c engine.Change) {
	if c.After != nil {
		g.put(*c.After)
	} else if about := c.About(); c.Before != nil {
		g.clear(about.Query, about.Product, about.Judge)
	}
}

// all are the judgments of a query, in no order.
func (g *grades) all(query string) []engine.Judgment {
	g.mu.RLock()
	defer g.mu.RUnlock()
	var all []engine.Judgment
	for _, of := range g.byQuery[query] {
		all = append(all, of...)
	}
	return all
}

// every is all judgments, in no order, and the version that they are of.
func (g *grades) every() ([]engine.Judgment, uint64) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	all := make([]engine.Judgment, 0, g.n)
	for _, products := range g.byQuery {
		for _, of := range products {
			all = append(all, of...)
		}
	}
	return all, g.version
}

// agreed is the one grade of each judged product of a query.
func (g *grades) agreed(query string, by measure.Consensus) (map[string]engine.Grade, error) {
	if by == measure.Reliable {
		qrels, err := g.qrels(by)
		return qrels[query], err
	}
	qrels, err := measure.Agree(g.all(query), by)
	return qrels[query], err
}

// qrels is the one grade of every judged pair. Nobody may change what it returns.
func (g *grades) qrels(by measure.Consensus) (engine.Qrels, error) {
	if by != measure.Reliable {
		all, _ := g.every()
		return measure.Agree(all, by)
	}
	// How reliable judges are is a question to all grades at once.
	g.settling.Lock()
	defer g.settling.Unlock()
	g.mu.RLock()
	current := g.reliable != nil && g.settled == g.version
	g.mu.RUnlock()
	if current {
		return g.reliable, nil
	}
	all, version := g.every()
	qrels, err := measure.Agree(all, by)
	if err == nil {
		g.reliable, g.settled = qrels, version
	}
	return qrels, err
}

// of is the grade that one judge gave.
func (g *grades) of(judge, query, product string) (engine.Grade, bool) {
	j, ok := g.judgment(judge, query, product)
	return j.Grade, ok
}

// queries lists what was judged, sorted.
func (g *grades) queries() []string {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return slices.Sorted(maps.Keys(g.byQuery))
}

// Grade stores the judge's grade of a product for a query; when it returns nil
// the grade is on disk. When the disk refuses it (ErrNotWritten), it stands
// nevertheless and is tried again.
func (b *Bench) Grade(ctx context.Context, query, product string, grade engine.Grade) error {
	settings := b.store.Settings()
	stands, _ := b.grades.judgment(settings.judge(), query, product)
	return b.GradeNoted(ctx, query, product, grade, stands.Note)
}

// GradeNoted is Grade with what the judge notes beside it, "" for nothing.
func (b *Bench) GradeNoted(_ context.Context, query, product string, grade engine.Grade, note string) error {
	settings := b.store.Settings()
	j, err := b.judgment(query, product, grade, settings.judge(), note)
	if err != nil {
		return err
	}
	return b.record(engine.Change{Time: time.Now().UTC(), After: &j})
}

// GradeAgain stores what the judge says when a pair comes by a second time. It
// stands beside the first grade and only tells how far a judge agrees with
// themselves.
func (b *Bench) GradeAgain(query, product string, grade engine.Grade, note string) error {
	settings := b.store.Settings()
	j, err := b.judgment(query, product, grade, engine.Again(settings.judge()), note)
	if err != nil {
		return err
	}
	return b.record(engine.Change{Time: time.Now().UTC(), After: &j})
}

// Settle stores the grade on which judges who disagreed have settled, with what
// was said about it. What each of them said stays as it is.
func (b *Bench) Settle(query, product string, grade engine.Grade, discussion string) error {
	settings := b.store.Settings()
	j, err := b.judgment(query, product, grade, engine.Adjudicated, discussion)
	if err != nil {
		return err
	}
	j.By = settings.judge()
	return b.record(engine.Change{Time: time.Now().UTC(), After: &j})
}

// GradeMany gives a selection of a query's products one grade, as one durable
// transaction and one step to undo. Notes that are there stay.
func (b *Bench) GradeMany(query string, products []string, grade engine.Grade) error {
	settings := b.store.Settings()
	var changes []engine.Change
	for _, product := range products {
		stands, _ := b.grades.judgment(settings.judge(), query, product)
		j, err := b.judgment(query, product, grade, settings.judge(), stands.Note)
		if err != nil {
			return err
		}
		changes = append(changes, engine.Change{Time: time.Now().UTC(), After: &j})
	}
	return b.record(changes...)
}

// judgment is a grade that may be stored.
func (b *Bench) judgment(query, product string, grade engine.Grade, judge, note string) (engine.Judgment, error) {
	query = strings.TrimSpace(query)
	if query == "" {
		return engine.Judgment{}, fmt.Errorf("grade %s: there is no query; type one first", product)
	}
	if top := b.Scale().Max(); !(grade >= 0 && grade <= top) || float64(grade) != math.Trunc(float64(grade)) {
		return engine.Judgment{}, fmt.Errorf("grade %s for %q: %v is not on the scale of 0 to %v", product, query, grade, top)
	}
	shown, ok, err := b.store.Product(product)
	if err != nil {
		return engine.Judgment{}, err
	}
	if !ok {
		return engine.Judgment{}, fmt.Errorf("grade for %q: %w", query, &NoProductError{ID: product})
	}
	j := engine.Judgment{Query: query, Product: product, Grade: grade, Judge: judge, Time: time.Now().UTC(), Note: strings.TrimSpace(note), Seen: shown.TextHash()}
	if stands, ok := b.grades.judgment(judge, query, product); ok && stands.Grade == grade {
		j.Time, j.Confirmed = stands.Time, j.Time
	}
	return j, nil
}

// Clear removes the judge's grades of products for a query, as one step.
func (b *Bench) Clear(query string, products ...string) error {
	settings := b.store.Settings()
	changes := make([]engine.Change, len(products))
	for i, product := range products {
		changes[i] = engine.Change{Time: time.Now().UTC(), Before: &engine.Judgment{Query: query, Product: product, Judge: settings.judge()}}
	}
	return b.record(changes...)
}

// Forget removes judgments, whoever gave them, as one step. The history keeps
// them.
func (b *Bench) Forget(of []engine.Judgment) error {
	if len(of) == 0 {
		return nil
	}
	changes := make([]engine.Change, len(of))
	for i := range of {
		changes[i] = engine.Change{Time: time.Now().UTC(), Before: &of[i]}
	}
	return b.record(changes...)
}

// Undo takes back the judge's newest step, over sessions, and returns what that
// changed; nothing when nothing is left to undo.
func (b *Bench) Undo() ([]engine.Change, error) {
	settings := b.store.Settings()
	return b.UndoOf(settings.judge())
}

// UndoOf is Undo for another judge.
func (b *Bench) UndoOf(judge string) ([]engine.Change, error) {
	b.unsaved.mu.Lock()
	defer b.unsaved.mu.Unlock()
	if err := b.saveUnsaved(); err != nil {
		return nil, fmt.Errorf("undo: %w", err)
	}
	undone, err := b.store.UndoJudgment(judge)
	for _, change := range undone {
		b.grades.apply(change)
	}
	return undone, err
}

// PutBack makes what Undo took back stand again, as one step.
func (b *Bench) PutBack(undone []engine.Change) error {
	now := time.Now().UTC()
	var changes []engine.Change
	for _, c := range undone {
		switch {
		case c.Before != nil && (c.After == nil || !c.Before.Same(c.After)):
			changes = append(changes, engine.Change{Time: now, After: c.Before, Brought: c.Brought})
		case c.Before == nil && c.After != nil: // it had been cleared
			changes = append(changes, engine.Change{Time: now, Before: c.After})
		}
	}
	if len(changes) == 0 {
		return nil
	}
	return b.record(changes...)
}

// Consensus is how several judges' grades of a pair become one.
func (b *Bench) Consensus() measure.Consensus {
	if c := b.store.Settings().Consensus; c != "" {
		return c
	}
	return measure.Median
}

// agreed is the one grade of each judged product of a query.
func (b *Bench) agreed(query string) (map[string]engine.Grade, error) {
	return b.grades.agreed(query, b.Consensus())
}

// qrels is the one grade of every judged pair.
func (b *Bench) qrels() (engine.Qrels, error) { return b.grades.qrels(b.Consensus()) }

// SetConsensus chooses it.
func (b *Bench) SetConsensus(by measure.Consensus) error {
	if !slices.Contains(measure.Consensuses, by) {
		return fmt.Errorf("one grade from many by %q: unknown; use median, mean, majority or reliable", by)
	}
	settings := b.store.Settings()
	settings.Consensus = by
	return b.store.PutSettings(settings)
}
