package workbench

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"touchstone/engine"
)

// MergedQueries says what MergeQueries brought, and holds what UnmergeQueries needs.
type MergedQueries struct {
	Merged
	moved, came   []engine.Judgment // of the other queries, and what became of them
	before, after engine.Query      // the one that stays
	listed        bool              // it was in the set before
	removed       []RemovedQuery
	others        []string // that came into it
}

// MergeQueries makes one query of several: what was judged for the others is
// judged for keep from then on, their weights add up, and they leave the set.
// Where a judge has graded a product for both, what was said for keep stands,
// and a different grade is kept as of another judge. A backup is kept first.
func (b *Bench) MergeQueries(ctx context.Context, keep string, others ...string) (*MergedQueries, error) {
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
	done := &MergedQueries{before: into, listed: at >= 0, others: others}
	for _, other := range others {
		if i := slices.IndexFunc(queries, func(q engine.Query) bool { return q.Text == other }); i >= 0 {
			done.removed = append(done.removed, RemovedQuery{queries[i], i})
			into.Weight += queries[i].Weight
			into.Tags = tagsOf(append(slices.Clone(into.Tags), queries[i].Tags...))
			into.Need = cmp.Or(into.Need, queries[i].Need)
			into.Note = cmp.Or(into.Note, queries[i].Note)
		}
		theirs.name, theirs.judgments = other, nil
		for _, j := range b.grades.all(other) {
			done.moved = append(done.moved, j)
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
		done.came = append(done.came, theirs.news...)
	}
	if err := b.clearAll(done.moved); err != nil {
		return nil, err
	}
	if at >= 0 {
		queries[at] = into
	} else {
		queries = append(queries, into)
	}
	if err := b.noteMerged(func(into map[string]string) {
		delete(into, keep)
		for _, other := range others {
			into[other] = keep
		}
	}); err != nil {
		return nil, err
	}
	done.Merged, done.after = *theirs.Merged, into
	slices.SortFunc(done.removed, func(a, b RemovedQuery) int { return cmp.Compare(a.Place, b.Place) })
	return done, b.setQueries(slices.DeleteFunc(queries, func(q engine.Query) bool { return slices.Contains(others, q.Text) }))
}

// UnmergeQueries takes a merge back: the queries and their grades are as they were.
// What was said or written of the query since then stays.
func (b *Bench) UnmergeQueries(ctx context.Context, m *MergedQueries) error {
	if len(m.moved) > 0 {
		if err := b.store.BringJudgments(ctx, m.moved); err != nil {
			return err
		}
		for _, j := range m.moved {
			b.grades.put(j)
		}
	}
	var came []engine.Judgment
	for _, j := range m.came {
		if stands, ok := b.grades.judgment(j.Judge, j.Query, j.Product); ok && stands.Same(&j) && j.Same(&stands) {
			came = append(came, j)
		}
	}
	if err := b.clearAll(came); err != nil {
		return err
	}
	queries, err := b.store.Queries()
	if err != nil {
		return err
	}
	if at := slices.IndexFunc(queries, m.after.Equal); at >= 0 && m.listed {
		queries[at] = m.before
	} else if at >= 0 {
		queries = slices.Delete(queries, at, at+1)
	}
	if err := b.setQueries(queries); err != nil {
		return err
	}
	if err := b.RestoreQueries(m.removed...); err != nil {
		return err
	}
	return b.noteMerged(func(into map[string]string) {
		for _, other := range m.others {
			delete(into, other)
		}
	})
}

// noteMerged changes which queries came into which.
func (b *Bench) noteMerged(change func(into map[string]string)) error {
	settings := b.store.Settings()
	into := maps.Clone(settings.Merged)
	if into == nil {
		into = map[string]string{}
	}
	change(into)
	settings.Merged = into
	return b.store.PutSettings(settings)
}

// rename gives what was judged elsewhere, before queries were made one here, to the
// query that stayed; one that is in the set again is what it says.
func (b *Bench) rename(theirs *returned) error {
	into := b.store.Settings().Merged
	if len(into) == 0 {
		return nil
	}
	listed, err := b.store.Queries()
	if err != nil {
		return err
	}
	now := func(query string) string {
		for range len(into) { // one that stayed may have come into another later
			keep, ok := into[query]
			if !ok || hasQuery(listed, query) {
				break
			}
			query = keep
		}
		return query
	}
	for i := range theirs.judgments {
		theirs.judgments[i].Query = now(theirs.judgments[i].Query)
	}
	past := make(map[factKey][]engine.Judgment, len(theirs.past))
	for key, stood := range theirs.past {
		key.query = now(key.query)
		past[key] = append(past[key], stood...)
	}
	theirs.past = past
	theirs.queries = slices.DeleteFunc(theirs.queries, func(q engine.Query) bool { return now(q.Text) != q.Text })
	return nil
}

// clearAll takes judgments away, in the file and in memory.
func (b *Bench) clearAll(of []engine.Judgment) error {
	if len(of) == 0 {
		return nil
	}
	if err := b.store.ClearJudgments(of); err != nil {
		return err
	}
	for _, j := range of {
		b.grades.clear(j.Query, j.Product, j.Judge)
	}
	return nil
}
