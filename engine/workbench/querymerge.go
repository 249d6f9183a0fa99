package workbench

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"touchstone/engine"
)

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
