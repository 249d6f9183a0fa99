package retrieve

import (
	"context"
	"slices"

	"touchstone/engine"
)

// term is a term of the query on its way through the index.
type term struct {
	text   string
	weight float64 // idf, less for parts and what was added
	bits   uint64  // its places in the analysis
}

// terms reads the query's terms; a term that was typed twice counts once.
// Terms that no product has are left out.
func (x *Index) terms(analysis *engine.Analysis) ([]term, error) {
	var list []term
	for i, t := range analysis.Terms {
		var bit uint64
		if i < 64 {
			bit = 1 << i
		}
		weight := 1.0
		if t.Weight > 0 {
			weight = t.Weight
		}
		if t.Part {
			weight *= partWeight
		}
		if k := slices.IndexFunc(list, func(o term) bool { return o.text == t.Text }); k >= 0 {
			list[k].bits |= bit
			list[k].weight = max(list[k].weight, weight)
			continue
		}
		list = append(list, term{t.Text, weight, bit})
	}
	kept := list[:0]
	for _, t := range list {
		df, err := x.df(t.text)
		if err != nil {
			return nil, err
		}
		if df > 0 {
			t.weight *= idf(df, x.docs)
			kept = append(kept, t)
		}
	}
	return kept, nil
}

// open sets a cursor for each term that the segment has; the others stand at
// the end.
func (s *Segment) cursors(terms []term) ([]cursor, error) {
	list := make([]cursor, len(terms))
	for i, t := range terms {
		found, err := s.open(&list[i], t.text)
		if err != nil {
			return nil, err
		}
		if !found {
			list[i].doc = noDoc
		}
	}
	return list, nil
}

// patience is how many steps a search takes between two looks at its context.
const patience = 1 << 12

// best offers to t the documents of the segment with the highest scores, by
// block-max WAND (Ding and Suel, Faster top-k document retrieval using block-max
// indexes, 2011): documents are visited in order, and what cannot reach the
// floor by the bounds of its terms, or of its blocks, is skipped.
func (s *Segment) best(ctx context.Context, terms []term, allowed bitmap, t *top) error {
	list, err := s.cursors(terms)
	if err != nil {
		return err
	}
	order := make([]int, len(list)) // of the cursors, by their document
	for i := range order {
		order[i] = i
	}
	for step := 0; ; step++ {
		if step%patience == patience-1 && ctx.Err() != nil {
			return ctx.Err()
		}
		for i := 1; i < len(order); i++ { // nearly sorted already
			for k := i; k > 0 && list[order[k]].doc < list[order[k-1]].doc; k-- {
				order[k], order[k-1] = order[k-1], order[k]
			}
		}
		floor := t.floor()
		pivot, sum := 0, 0.0
		for ; pivot < len(order); pivot++ {
			c := order[pivot]
			if list[c].doc == noDoc {
				return nil
			}
			if sum += terms[c].weight * list[c].most; sum > floor {
				break
			}
		}
		if pivot == len(order) {
			return nil
		}
		doc := list[order[pivot]].doc
		for pivot+1 < len(order) && list[order[pivot+1]].doc == doc {
			pivot++
		}

		bound, next := 0.0, uint32(noDoc)
		if pivot+1 < len(order) {
			next = list[order[pivot+1]].doc
		}
		for _, c := range order[:pivot+1] {
			block := list[c].blockOf(doc)
			bound += terms[c].weight * list[c].bound(block)
			if last := list[c].lastOf(block); last != noDoc {
				next = min(next, last+1)
			}
		}
		switch {
		case bound <= floor:
			for _, c := range order[:pivot+1] {
				list[c].seek(next)
			}
		case list[order[0]].doc == doc:
			if row := s.row(doc); allowed.has(row) {
				t.offer(scored{row, s.score(terms, list, doc)})
			}
			for _, c := range order[:pivot+1] {
				list[c].next()
			}
		default:
			for _, c := range order[:pivot+1] {
				list[c].seek(doc)
			}
		}
	}
}

// score is BM25F of a document, from the cursors that stand at it, summed in
// the order of the terms.
func (s *Segment) score(terms []term, list []cursor, doc uint32) float64 {
	codes := s.codes(doc)
	score := 0.0
	for i := range list {
		if list[i].doc == doc {
			tf := list[i].occurrences()
			score += terms[i].weight * float64(s.norms.impact(&tf, codes))
		}
	}
	return score
}

// matching marks the rows of the segment's documents that have any of the terms,
// allowed or not.
func (s *Segment) matching(ctx context.Context, terms []term, rows bitmap) error {
	var c cursor
	for _, t := range terms {
		found, err := s.open(&c, t.text)
		if err != nil {
			return err
		}
		for step := 0; found && c.doc != noDoc; step++ {
			if s.straight {
				for _, doc := range c.docs[:c.n] {
					rows.set(doc)
				}
			} else {
				for _, doc := range c.docs[:c.n] {
					rows.set(s.row(doc))
				}
			}
			c.enter(c.block + 1)
			if step%patience == patience-1 && ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return ctx.Err()
}

// describe fills in how the words match candidates of this segment; docs are
// their documents, in order.
func (s *Segment) describe(terms []term, docs []uint32, items []*engine.Candidate) error {
	list, err := s.cursors(terms)
	if err != nil {
		return err
	}
	for k, doc := range docs {
		item := items[k]
		codes := s.codes(doc)
		var lexical [engine.TextFields]float64
		for i := range list {
			c := &list[i]
			if c.seek(doc); c.doc != doc {
				continue
			}
			for f, halves := range c.occurrences() {
				if halves > 0 {
					lexical[f] += terms[i].weight * float64(s.norms.fieldImpact(f, halves, codes))
					item.Matched[f] |= terms[i].bits
				}
			}
		}
		for f := range lexical {
			item.Lexical[f] = float32(lexical[f])
		}
		item.BM25 = float32(s.score(terms, list, doc))
	}
	return nil
}
