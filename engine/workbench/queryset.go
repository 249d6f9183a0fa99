package workbench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/cases"

	"touchstone/engine"
	"touchstone/engine/text"
)

// QueryRow is one query of the set with how it stands.
type QueryRow struct {
	engine.Query
	QueryScore          // of the ranker in use; where nothing is judged, Judged is 0
	Pairs      int      // products that anybody has graded for it
	Twins      []string // other queries that are the same but for case, width and spaces
	// Ranked reports whether its first page is known: QuerySet ranks what is not.
	Ranked bool
	// Good reports whether any of those products is above grade 0. Where none is, no
	// order is better than another: the value means nothing, and averages leave it
	// out, as an evaluation does.
	Good bool
	// Gone is how many products above grade 0 the catalogue lacks, such as those that
	// an import removed: no ranking can show them, and the ideal page counts them.
	// 0 where the catalogue is elsewhere.
	Gone int
}

// Measured reports whether the value means something.
func (r *QueryRow) Measured() bool { return r.Ranked && r.Good }

// QuerySet scores every query of the set by NDCG@10 of the ranker in use. The
// first pages of queries are kept until the ranker, the rules or the catalogue
// change: after a grade only scores are worked out again. With rank false
// nothing is searched, and queries whose page is not known lack a score.
func (b *Bench) QuerySet(ctx context.Context, rank bool, progress engine.OnProgress) ([]QueryRow, error) {
	queries, err := b.Queries()
	if err != nil {
		return nil, err
	}
	metric, err := b.metric(defaultMetric)
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(queries))
	for i, q := range queries {
		texts[i] = q.Text
	}
	pages, err := b.knownPages(ctx, texts, rank, progress)
	if err != nil {
		return nil, err
	}
	twins := twinsOf(texts)
	rows := make([]QueryRow, len(queries))
	by := b.Consensus()
	for i, q := range queries {
		row := &rows[i]
		row.Query, row.Twins = q, twins[q.Text]
		row.QueryScore.Query = q.Text
		judged, err := b.grades.agreed(q.Text, by)
		if err != nil {
			return nil, err
		}
		row.Pairs = len(judged)
		page, ok := pages[q.Text]
		row.Ranked = ok
		for product, grade := range judged {
			if grade <= 0 {
				continue
			}
			row.Good = true
			kept, err := b.inCatalogue(product)
			if err != nil {
				return nil, err
			}
			if !kept {
				row.Gone++
			}
		}
		if ok && len(judged) > 0 {
			row.QueryScore = queryScore(metric.Score(q.Text, page[:min(len(page), metric.K)], judged))
		}
	}
	return rows, nil
}

// kept remembers which products the catalogue of a generation has, since the query
// set and what is left to do are read anew after each grade.
type kept struct {
	mu         sync.Mutex
	generation uint64
	products   map[string]bool
}

// inCatalogue reports whether the catalogue has a product. One that is elsewhere
// would have to be asked, and is taken to have it.
func (b *Bench) inCatalogue(product string) (bool, error) {
	if b.store.Settings().Home != "" {
		return true, nil
	}
	k := &b.kept
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := b.store.Generation(); k.products == nil || k.generation != now {
		k.generation, k.products = now, map[string]bool{}
	}
	ok, known := k.products[product]
	if !known {
		var err error
		if _, ok, err = b.store.Row(product); err != nil {
			return false, err
		}
		k.products[product] = ok
	}
	return ok, nil
}

var fold = cases.Fold()

// normal is a query as a shopper would not tell it from others: letters of one
// case and one width, single spaces.
func normal(query string) string { return fold.String(text.Clean(query)) }

// twinsOf finds queries that are the same once normalised: each one's others.
func twinsOf(queries []string) map[string][]string {
	groups := map[string][]string{}
	for _, q := range queries {
		groups[normal(q)] = append(groups[normal(q)], q)
	}
	twins := map[string][]string{}
	for _, group := range groups {
		if len(group) < 2 {
			continue
		}
		for _, q := range group {
			for _, other := range group {
				if other != q {
					twins[q] = append(twins[q], other)
				}
			}
		}
	}
	return twins
}

// readListed keeps the texts of the query set in memory, to be counted with
// each grade.
func (b *Bench) readListed() error {
	b.listing.Lock()
	defer b.listing.Unlock()
	queries, err := b.store.Queries()
	if err != nil {
		return err
	}
	listed := make(map[string]bool, len(queries))
	for _, q := range queries {
		listed[q.Text] = true
	}
	b.listed.Store(&listed)
	return nil
}

// putQueries adds queries to the set or changes them there.
func (b *Bench) putQueries(queries []engine.Query) error {
	if err := b.store.PutQueries(queries); err != nil {
		return err
	}
	return b.readListed()
}

// setQueries makes these the query set.
func (b *Bench) setQueries(queries []engine.Query) error {
	if err := b.store.SetQueries(queries); err != nil {
		return err
	}
	return b.readListed()
}

// PutQuery adds or changes one query of the set. Its text names it.
func (b *Bench) PutQuery(q engine.Query) error {
	if q.Text = strings.TrimSpace(q.Text); q.Text == "" {
		return errors.New("a query of the set needs words")
	}
	q.Need, q.Note = strings.TrimSpace(q.Need), strings.TrimSpace(q.Note)
	q.Tags = tagsOf(q.Tags)
	return b.putQueries([]engine.Query{q})
}

// tagsOf are tags sorted, each once, without spaces around them.
func tagsOf(tags []string) []string {
	var out []string
	for _, t := range tags {
		if t = strings.TrimSpace(t); t != "" {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// RemovedQuery is a query that was taken out of the set, and its place there from 0.
type RemovedQuery struct {
	engine.Query
	Place int
}

// RemoveQueries takes queries out of the set and returns them in its order, for
// RestoreQueries. Their grades stay, and with them the queries, as judged ones.
func (b *Bench) RemoveQueries(texts ...string) ([]RemovedQuery, error) {
	queries, err := b.store.Queries()
	if err != nil {
		return nil, err
	}
	for _, text := range texts {
		if !hasQuery(queries, text) {
			return nil, noQuery(text)
		}
	}
	var removed []RemovedQuery
	var left []engine.Query
	for i, q := range queries {
		if slices.Contains(texts, q.Text) {
			removed = append(removed, RemovedQuery{q, i})
		} else {
			left = append(left, q)
		}
	}
	return removed, b.setQueries(left)
}

// RestoreQueries puts removed queries back into their places, as far as the set
// still reaches there. One that was added anew meanwhile stays as it is.
func (b *Bench) RestoreQueries(removed ...RemovedQuery) error {
	queries, err := b.store.Queries()
	if err != nil {
		return err
	}
	for _, r := range removed {
		if !hasQuery(queries, r.Text) {
			queries = slices.Insert(queries, min(r.Place, len(queries)), r.Query)
		}
	}
	return b.setQueries(queries)
}

func hasQuery(queries []engine.Query, text string) bool {
	return slices.ContainsFunc(queries, func(q engine.Query) bool { return q.Text == text })
}

func noQuery(text string) error {
	return fmt.Errorf("the query set has no query %q; write it as Queries shows it, or as touchstone queries list prints it", text)
}
