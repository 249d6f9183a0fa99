package workbench

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/cases"

	"touchstone/engine"
	"touchstone/engine/exchange"
	"touchstone/engine/measure"
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
}

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
		if ok && len(judged) > 0 {
			row.QueryScore = queryScore(metric.Score(q.Text, page[:min(len(page), metric.K)], judged))
		}
	}
	return rows, nil
}

// keptPages is the name under which first pages are stored, with what they
// depend on.
const keptPages = "pages"

type storedPages struct {
	Of    string       `json:"of"`
	Pages []storedPage `json:"pages"`
}

type storedPage struct {
	Query    string   `json:"q"`
	Plan     string   `json:"r,omitempty"`
	Products []string `json:"p"`
}

// pagesDependOn names all that first pages depend on, beside query and rules.
func (b *Bench) pagesDependOn(ranker *engine.Ranker) (string, error) {
	weights, err := json.Marshal(ranker)
	return fmt.Sprintf("%d %d %s %x", text.Version, b.store.Generation(), b.Status().Model, hashed(string(weights))), err
}

// knownPages are the first pages of queries under the ranker and the rules in
// use. With search those that are not known are searched and kept for the next
// session, too.
func (b *Bench) knownPages(ctx context.Context, queries []string, search bool, progress engine.OnProgress) (map[string][]string, error) {
	ranker := b.ranker.Load()
	kept := b.pagesKept.of(b.view.Load(), ranker)
	depend, err := b.pagesDependOn(ranker)
	if err != nil {
		return nil, err
	}
	b.pagesKept.mu.Lock()
	empty := len(kept.pages) == 0
	b.pagesKept.mu.Unlock()
	if empty {
		if err := b.loadPages(kept, depend); err != nil {
			return nil, err
		}
	}
	rules := b.rulesInUse()
	pages := make(map[string][]string, len(queries))
	b.pagesKept.mu.Lock()
	for _, query := range queries {
		if page, ok := kept.pages[b.keyOf(rules, query)]; ok {
			pages[query] = page
		}
	}
	b.pagesKept.mu.Unlock()
	if !search || len(pages) == len(queries) {
		return pages, nil
	}
	if pages, err = b.pagesOf(ctx, queries, rules, progress); err != nil {
		return nil, err
	}
	stored := storedPages{Of: depend}
	for _, query := range queries {
		stored.Pages = append(stored.Pages, storedPage{query, b.keyOf(rules, query).plan, pages[query]})
	}
	data, err := json.Marshal(stored)
	if err != nil {
		return nil, err
	}
	return pages, b.store.PutDerived(keptPages, data)
}

// keyOf is what the first page of a query depends on, beside the catalogue and
// the ranker.
func (b *Bench) keyOf(rules *RuleSet, query string) pageKey {
	plan := rules.plan(query)
	key := pageKey{query, plan.Key()}
	if depth, fusion := b.searching(0, ""); depth != 0 || fusion != "" {
		key.plan += fmt.Sprintf(" depth %d %s", depth, fusion)
	}
	return key
}

// loadPages reads the pages that an earlier session kept, if they still hold.
func (b *Bench) loadPages(into *firstPages, depend string) error {
	_, err := b.store.Derived(keptPages, func(data []byte) error {
		var stored storedPages
		if json.Unmarshal(data, &stored) != nil || stored.Of != depend {
			return nil // of another time: they are made again
		}
		b.pagesKept.mu.Lock()
		defer b.pagesKept.mu.Unlock()
		for _, p := range stored.Pages {
			into.pages[pageKey{p.Query, p.Plan}] = p.Products
		}
		return nil
	})
	return err
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

// MergeQueries makes one query of several: what was judged for the others is
// judged for keep from then on, their weights add up, and they leave the set.
// Where a judge has graded a product for both, what was said for keep stands,
// and a different grade is kept as of another judge. A backup is kept first.
func (b *Bench) MergeQueries(ctx context.Context, keep string, others ...string) (*Merged, error) {
	others = slices.DeleteFunc(slices.Clone(others), func(q string) bool { return q == keep })
	queries, err := b.store.Queries()
	if err != nil {
		return nil, err
	}
	into := engine.Query{Text: keep}
	at := slices.IndexFunc(queries, func(q engine.Query) bool { return q.Text == keep })
	if at >= 0 {
		into = queries[at]
	}
	for _, text := range append(slices.Clone(others), keep) {
		if !hasQuery(queries, text) && len(b.grades.all(text)) == 0 {
			return nil, noQuery(text)
		}
	}
	if err := b.keepBackup(ctx, "merge"); err != nil {
		return nil, err
	}
	theirs := &returned{Merged: &Merged{}}
	var moved []engine.Judgment
	for _, other := range others {
		if i := slices.IndexFunc(queries, func(q engine.Query) bool { return q.Text == other }); i >= 0 {
			into.Weight += queries[i].Weight
			into.Tags = tagsOf(append(slices.Clone(into.Tags), queries[i].Tags...))
			into.Need = cmp.Or(into.Need, queries[i].Need)
			into.Note = cmp.Or(into.Note, queries[i].Note)
		}
		theirs.name, theirs.judgments = other, nil
		for _, j := range b.grades.all(other) {
			moved = append(moved, j)
			j.Query = keep
			theirs.judgments = append(theirs.judgments, j)
		}
		slices.SortFunc(theirs.judgments, func(a, b engine.Judgment) int {
			return cmp.Or(strings.Compare(a.Product, b.Product), strings.Compare(a.Judge, b.Judge))
		})
		read := theirs.Read
		if err := b.merge(ctx, theirs); err != nil {
			return nil, err
		}
		theirs.Read += read
	}
	if len(moved) > 0 {
		if err := b.store.ClearJudgments(moved); err != nil {
			return nil, err
		}
		for _, j := range moved {
			b.grades.clear(j.Query, j.Product, j.Judge)
		}
	}
	if at >= 0 {
		queries[at] = into
	} else {
		queries = append(queries, into)
	}
	return theirs.Merged, b.setQueries(slices.DeleteFunc(queries, func(q engine.Query) bool { return slices.Contains(others, q.Text) }))
}

// SampleRequest asks for queries out of a log.
type SampleRequest struct {
	File string
	N    int
	How  Sampling
	Seed int64
}

// Sampling is a way to choose queries from a log.
type Sampling = measure.Sampling

// Sampled says what a sample of a log did to the query set.
type Sampled struct {
	Added []string // in the order of the log
	Known int      // chosen and there already: they got weight and tag
}

// SampleLog adds queries of a log to the set: as often as they were asked is
// their weight, and where in the log they stand a tag, head, torso or tail.
func (b *Bench) SampleLog(_ context.Context, req SampleRequest) (sampled Sampled, err error) {
	read, err := exchange.OpenQueries(req.File)
	if err != nil {
		return sampled, err
	}
	if req.N <= 0 {
		return sampled, fmt.Errorf("sample %s: ask for one query or more", req.File)
	}
	asked := make([]float64, len(read.Queries))
	for i, q := range read.Queries {
		asked[i] = max(q.Weight, 1)
	}
	chosen, err := measure.Sample(asked, req.N, req.How, req.Seed)
	if err != nil {
		return sampled, fmt.Errorf("sample %s: %w", req.File, err)
	}
	part := measure.Parts(asked)
	listed, err := b.store.Queries()
	if err != nil {
		return sampled, err
	}
	have := make(map[string]engine.Query, len(listed))
	for _, q := range listed {
		have[q.Text] = q
	}
	var put []engine.Query
	for _, i := range chosen {
		q := read.Queries[i]
		if old, ok := have[q.Text]; ok {
			sampled.Known++
			old.Need = cmp.Or(old.Need, q.Need)
			q.Need, q.Note, q.Tags = old.Need, old.Note, old.Tags
		} else {
			sampled.Added = append(sampled.Added, q.Text)
		}
		q.Weight = asked[i]
		q.Tags = slices.DeleteFunc(slices.Clone(q.Tags), func(t string) bool { return slices.Contains(measure.PartNames, t) })
		q.Tags = tagsOf(append(q.Tags, part[i]))
		put = append(put, q)
	}
	return sampled, b.putQueries(put)
}

func hasQuery(queries []engine.Query, text string) bool {
	return slices.ContainsFunc(queries, func(q engine.Query) bool { return q.Text == text })
}

func noQuery(text string) error {
	return fmt.Errorf("the query set has no query %q; write it as Queries shows it, or as touchstone queries list prints it", text)
}
