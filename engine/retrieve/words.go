package retrieve

import (
	"context"
	"math/bits"
	"slices"

	"touchstone/engine"
)

// term is a term of the query on its way through the index.
type term struct {
	text   string
	weight float64 // idf, less for parts and what was added
	bits   uint64  // its places in the analysis
	words  uint64  // the words of the query that it stands for, as bits; 0 of a part, which adds to its word
	piece  bool    // one of several words that stand for them together
}

// question is a query's terms and how their scores make one. Terms that stand for
// different words add up. Of those that stand for one word, as synonyms do, the
// best counts: a product that says both sofa and couch is no better an answer than
// one that says sofa twice (dis-max). Who stands for several words counts in equal
// shares at each of them.
type question struct {
	terms []term
	words int // of the query, where any of them has several terms; 0: all terms add up
}

// ask reads the query's terms; a term that was typed twice counts once. Terms
// that no product has are left out.
func (x *Index) ask(analysis *engine.Analysis) (*question, error) {
	var list []term
	var kin []bool          // beside a term: it means its words, and is no mere guess
	places := map[int]int{} // position → word of the query
	for i, t := range analysis.Terms {
		var bit, word uint64
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
		if !t.Part || t.Added != "" {
			place, known := places[t.Pos]
			if !known {
				place = len(places)
				places[t.Pos] = place
			}
			word = 1 << min(place, 63)
		}
		k := slices.IndexFunc(list, func(o term) bool { return o.text == t.Text })
		if k < 0 {
			list, kin = append(list, term{t.Text, weight, bit, word, t.Part}), append(kin, !t.Part && weight > besideWeight)
			continue
		}
		had := &list[k]
		had.bits |= bit
		had.weight = max(had.weight, weight)
		if had.piece && !t.Part { // what counts is the whole word
			had.words, had.piece = word, false
		} else if had.piece == t.Part {
			had.words |= word
		}
		kin[k] = kin[k] || !t.Part && weight > besideWeight
	}
	return x.weigh(list, kin)
}

// weigh gives terms their idf. Those that mean the same words tell as much as the
// most frequent of them (as Lucene's SynonymQuery has it): a rare synonym is no
// better a match than a common one.
func (x *Index) weigh(list []term, kin []bool) (*question, error) {
	dfs := make([]int, len(list))
	most := map[uint64]int{} // words → products that have the most frequent term for them
	for i, t := range list {
		var err error
		if dfs[i], err = x.df(t.text); err != nil {
			return nil, err
		}
		if kin[i] && t.words != 0 {
			most[t.words] = max(most[t.words], dfs[i])
		}
	}
	q := &question{}
	all, several := uint64(0), false
	for i, t := range list {
		if dfs[i] == 0 {
			continue
		}
		df := dfs[i]
		if kin[i] {
			df = max(df, most[t.words])
		}
		t.weight *= idf(df, x.docs)
		several = several || all&t.words != 0
		all |= t.words
		q.terms = append(q.terms, t)
	}
	if several {
		q.words = bits.Len64(all)
	}
	return q, nil
}

// sum is the score of one document, or of one of its fields, in the making. Its
// zero value serves one question after another.
type sum struct {
	total        float64
	best, pieces [64]float64 // by word of the query
}

// add puts in what term i scores.
func (s *sum) add(q *question, i int, score float64) {
	t := &q.terms[i]
	if q.words == 0 || t.words == 0 {
		s.total += score
		return
	}
	share := score / float64(bits.OnesCount64(t.words))
	for words := t.words; words != 0; words &= words - 1 {
		word := bits.TrailingZeros64(words)
		if t.piece {
			s.pieces[word] += share
		} else {
			s.best[word] = max(s.best[word], share)
		}
	}
}

// take is the sum, which begins anew.
func (s *sum) take(q *question) float64 {
	total := s.total
	s.total = 0
	for word := range q.words {
		total += max(s.best[word], s.pieces[word])
		s.best[word], s.pieces[word] = 0, 0
	}
	return total
}

// cursors sets a cursor for each term that the segment has; the others stand at
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
// floor by the bounds of its terms, or of its blocks, is skipped. Bounds add up: no
// question scores more than that.
func (s *Segment) best(ctx context.Context, q *question, allowed bitmap, t *top) error {
	terms := q.terms
	list, err := s.cursors(terms)
	if err != nil {
		return err
	}
	order := make([]int, len(list)) // of the cursors, by their document
	for i := range order {
		order[i] = i
	}
	var score sum
	for step := 0; ; step++ {
		if step%patience == patience-1 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			engine.GiveWay(ctx)
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
				t.offer(scored{row, s.score(q, list, doc, &score)})
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
func (s *Segment) score(q *question, list []cursor, doc uint32, score *sum) float64 {
	codes := s.codes(doc)
	for i := range list {
		if list[i].doc == doc {
			tf := list[i].occurrences()
			score.add(q, i, q.terms[i].weight*float64(s.norms.impact(&tf, codes)))
		}
	}
	return score.take(q)
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
			if step%patience == patience-1 {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				engine.GiveWay(ctx)
			}
		}
	}
	return ctx.Err()
}

// describe fills in how the words match candidates of this segment; docs are
// their documents, in order.
func (s *Segment) describe(q *question, docs []uint32, items []*engine.Candidate) error {
	terms := q.terms
	list, err := s.cursors(terms)
	if err != nil {
		return err
	}
	var score sum
	var lexical [engine.TextFields]sum
	for k, doc := range docs {
		item := items[k]
		codes := s.codes(doc)
		for i := range list {
			c := &list[i]
			if c.seek(doc); c.doc != doc {
				continue
			}
			for f, halves := range c.occurrences() {
				if halves > 0 {
					lexical[f].add(q, i, terms[i].weight*float64(s.norms.fieldImpact(f, halves, codes)))
					item.Matched[f] |= terms[i].bits
				}
			}
		}
		for f := range lexical {
			item.Lexical[f] = float32(lexical[f].take(q))
		}
		item.BM25 = float32(s.score(q, list, doc, &score))
	}
	return nil
}
