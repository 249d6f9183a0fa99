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
}

func readGrades(ctx context.Context, store Store) (*grades, error) {
	g := &grades{byQuery: map[string]map[string][]engine.Judgment{}}
	err := store.EachJudgment(ctx, func(j engine.Judgment) error {
		g.put(j)
		return nil
	})
	return g, err
}

func (g *grades) put(j engine.Judgment) {
	g.mu.Lock()
	defer g.mu.Unlock()
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

func (g *grades) counts() (queries, judgments int) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return len(g.byQuery), g.n
}

// agreed is the one grade of each judged product of a query.
func (g *grades) agreed(query string) (map[string]engine.Grade, error) {
	g.mu.RLock()
	var all []engine.Judgment
	for _, of := range g.byQuery[query] {
		all = append(all, of...)
	}
	g.mu.RUnlock()
	qrels, err := measure.Agree(all, measure.Median)
	return qrels[query], err
}

// of is the grade that one judge gave.
func (g *grades) of(judge, query, product string) (engine.Grade, bool) {
	j, ok := g.judgment(judge, query, product)
	return j.Grade, ok
}

// qrels is the one grade of every judged pair.
func (g *grades) qrels() (engine.Qrels, error) {
	g.mu.RLock()
	all := make([]engine.Judgment, 0, g.n)
	for _, products := range g.byQuery {
		for _, of := range products {
			all = append(all, of...)
		}
	}
	g.mu.RUnlock()
	return measure.Agree(all, measure.Median)
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
	query = strings.TrimSpace(query)
	if query == "" {
		return fmt.Errorf("grade %s: there is no query; type one first", product)
	}
	if top := b.Scale().Max(); !(grade >= 0 && grade <= top) || float64(grade) != math.Trunc(float64(grade)) {
		return fmt.Errorf("grade %s for %q: %v is not on the scale of 0 to %v", product, query, grade, top)
	}
	if _, ok, err := b.store.Row(product); err != nil {
		return err
	} else if !ok {
		return fmt.Errorf("grade %s for %q: the catalogue has no such product", product, query)
	}
	settings := b.store.Settings()
	j := engine.Judgment{Query: query, Product: product, Grade: grade, Judge: settings.judge(), Time: time.Now().UTC(), Note: strings.TrimSpace(note)}
	return b.record(engine.Change{Time: j.Time, After: &j})
}

// Clear removes the judge's grade of a product for a query.
func (b *Bench) Clear(query, product string) error {
	settings := b.store.Settings()
	return b.record(engine.Change{Time: time.Now().UTC(), Before: &engine.Judgment{Query: query, Product: product, Judge: settings.judge()}})
}

// Undo takes back the judge's newest change, over sessions; false when there is
// nothing left to undo.
func (b *Bench) Undo() (engine.Change, bool, error) {
	settings := b.store.Settings()
	b.unsaved.mu.Lock()
	defer b.unsaved.mu.Unlock()
	if err := b.saveUnsaved(); err != nil {
		return engine.Change{}, false, fmt.Errorf("undo: %w", err)
	}
	change, ok, err := b.store.UndoJudgment(settings.judge())
	if err != nil || !ok {
		return change, false, err
	}
	if change.After != nil {
		b.grades.put(*change.After)
	} else if change.Before != nil {
		b.grades.clear(change.Before.Query, change.Before.Product, change.Before.Judge)
	}
	return change, true, nil
}
