package retrieve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"touchstone/engine"
)

// Retrieve finds candidates: the best by words, the nearest by meaning and the
// products of req.Include, all but those that the filter rules out. Each has
// all its scores, whichever list it came from. Total counts the products that
// have a word of the query, and the candidates that have none.
func (x *Index) Retrieve(ctx context.Context, req engine.Request) (engine.Candidates, error) {
	if err := ctx.Err(); err != nil {
		return engine.Candidates{}, err
	}
	depth := req.Depth
	if depth <= 0 {
		depth = DefaultDepth
	}
	fusion := cmp.Or(req.Fusion, x.fusion)
	if scales[fusion] == nil {
		return engine.Candidates{}, fmt.Errorf("search: no fusion is called %q; %s", fusion, engine.Among(engine.Fusions, ""))
	}
	var query *target
	if req.Vector != nil && x.vectors != nil && x.ready > 0 {
		if len(req.Vector) != x.vectors.dim {
			return engine.Candidates{}, fmt.Errorf("search: the query's vector has %d values, those of the catalogue %d; encode the catalogue with the same model", len(req.Vector), x.vectors.dim)
		}
		query = newTarget(req.Vector)
	}
	allowed, err := x.admitted(&req)
	if err != nil {
		return engine.Candidates{}, err
	}
	q, err := x.ask(&req.Analysis)
	if err != nil {
		return engine.Candidates{}, err
	}

	if x.whole != nil && !req.Only {
		return engine.Candidates{}, errors.New("search: this index holds a part of the catalogue and cannot be searched")
	}
	var byWords, byMeaning []scored
	found := newBitmap(64 * len(x.live))
	if !req.Only {
		if byWords, byMeaning, err = x.search(ctx, q, query, allowed, depth, found); err != nil {
			return engine.Candidates{}, err
		}
	}

	rows := make([]uint32, 0, len(byWords)+len(byMeaning)+len(req.Include))
	for _, s := range byWords {
		rows = append(rows, s.row)
	}
	for _, s := range byMeaning {
		rows = append(rows, s.row)
	}
	for _, id := range req.Include {
		if row, ok := x.rowOf(id); ok && allowed.has(row) {
			rows = append(rows, row)
		}
	}
	// Facets count what has a word; where nothing has, what is near in meaning.
	counted := found
	worded := found.count()
	if req.Facets && worded > 0 {
		counted = slices.Clone(found)
	}
	for _, row := range rows {
		found.set(row)
	}
	if err := ctx.Err(); err != nil { // what follows takes a while too
		return engine.Candidates{}, err
	}
	engine.GiveWay(ctx)
	slices.Sort(rows)
	slices.SortFunc(byMeaning, func(a, b scored) int { return cmp.Compare(a.row, b.row) })
	items, err := x.describe(slices.Compact(rows), q, query, byMeaning)
	if err != nil {
		return engine.Candidates{}, err
	}
	fuse(items, fusion, x.words)
	if req.Keep > 0 && len(items) > req.Keep {
		others := slices.DeleteFunc(items[req.Keep:], func(c engine.Candidate) bool { return !slices.Contains(req.Include, c.Product) })
		items = items[:req.Keep+len(others)]
	}
	out := engine.Candidates{Items: items, Total: found.count()}
	out.Near = out.Total - worded
	if req.Facets {
		if err := ctx.Err(); err != nil {
			return engine.Candidates{}, err
		}
		out.Facets = x.facets(counted)
	}
	return out, nil
}

// search lists the allowed rows that match best by words and those that are
// nearest in meaning, at most depth of each, and marks in matching all that have a
// word of the query. A query nil is by words alone.
func (x *Index) search(ctx context.Context, q *question, query *target, allowed bitmap, depth int, matching bitmap) (byWords, byMeaning []scored, err error) {
	group, ctx := errgroup.WithContext(ctx)
	side := group.Go // by side with the other search
	if engine.Processors(ctx) == 1 {
		side = func(fn func() error) { err = fn() }
	}
	side(func() (err error) {
		byWords, err = x.searchWords(ctx, q, allowed, depth, matching)
		return err
	})
	if query != nil && err == nil {
		near := slices.Clone(allowed)
		near.and(x.encoded)
		byMeaning, err = x.vectors.best(ctx, query, near, depth)
	}
	if failed := group.Wait(); failed != nil {
		err = failed
	}
	return byWords, byMeaning, err
}

// rowOf is the row of a product that can be found.
func (x *Index) rowOf(id string) (uint32, bool) {
	for _, s := range x.segments {
		if doc, ok := s.find(id); ok {
			if row := s.row(doc); s.live.has(row) {
				return row, true
			}
		}
	}
	return 0, false
}

// searchWords lists the rows that match best by words, and marks all that match.
func (x *Index) searchWords(ctx context.Context, q *question, allowed bitmap, depth int, matching bitmap) ([]scored, error) {
	if len(q.terms) == 0 {
		return nil, nil
	}
	t := newTop(depth)
	for _, s := range x.segments {
		mine := allowed
		if len(x.segments) > 1 {
			mine = slices.Clone(allowed)
			mine.and(s.live)
		}
		if err := s.best(ctx, q, mine, t); err != nil {
			return nil, err
		}
		in := matching
		if len(x.segments) > 1 {
			in = newBitmap(64 * len(x.live))
		}
		if err := s.matching(ctx, q.terms, in); err != nil {
			return nil, err
		}
		in.and(mine)
		if len(x.segments) > 1 {
			matching.or(in)
		}
	}
	return t.sorted(), nil
}

// describe makes candidates of live rows, which are in order, with all their
// scores; near has the cosines of some of them, in the same order.
func (x *Index) describe(rows []uint32, q *question, query *target, near []scored) ([]engine.Candidate, error) {
	items := make([]engine.Candidate, len(rows))
	for i, row := range rows {
		items[i].Row = row
		switch {
		case len(near) > 0 && near[0].row == row:
			items[i].Cosine = float32(near[0].score)
			near = near[1:]
		case query != nil && x.encoded.has(row):
			items[i].Cosine = float32(x.vectors.block(row).cosine(x.vectors.isa, row, query))
		}
	}
	docs, mine := make([]uint32, 0, len(rows)), make([]*engine.Candidate, 0, len(rows))
	for _, s := range x.segments {
		docs, mine = docs[:0], mine[:0]
		for i, row := range rows {
			if !s.live.has(row) {
				continue
			}
			doc := s.docOf(row)
			items[i].Product = s.ids.at(int(doc))
			docs, mine = append(docs, doc), append(mine, &items[i])
		}
		if err := s.describe(q, docs, mine); err != nil {
			return nil, err
		}
	}
	return items, nil
}
