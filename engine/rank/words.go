package rank

import (
	"math/bits"

	"touchstone/engine"
)

// words says how much each word of a query counts and which terms stand for
// it. Bit i of every mask is term i of the analysis; terms past the 64th are
// left out, as in engine.Candidate.Matched.
type words struct {
	typed  []uint32 // the distinct words, as Document keeps them
	models uint64   // the typed model numbers
	all    []word
	mass   float64 // sum of the words' weights
}

// word is one word of the query: its own term, or any that stands for it.
type word struct {
	terms  uint64  // the whole term and what was added for it
	parts  uint64  // pieces of it: each counts for as much as it is of the word
	pieces float64 // how many
	weight float64 // its idf
}

// newWords groups terms by the word that they came from. idf may be nil: then
// all words count the same.
func newWords(terms []engine.Term, idf func(term string) float64) words {
	w := words{typed: distinct(terms)}
	at := map[int]int{}           // position → index in w.all
	span := map[int]engine.Term{} // position → the word's own term
	for i, t := range terms[:min(64, len(terms))] {
		k, known := at[t.Pos]
		if !known {
			k = len(w.all)
			at[t.Pos] = k
			w.all = append(w.all, word{})
		}
		group, bit := &w.all[k], uint64(1)<<i
		if t.Part {
			group.parts |= bit
			group.pieces++
			continue
		}
		group.terms |= bit
		first := isWord(terms, i)
		if first && t.Kind == engine.ModelNumber {
			w.models |= bit
		}
		if first {
			span[t.Pos] = t
		} else if own := span[t.Pos]; t.Added != engine.Synonym || t.Start != own.Start || t.End != own.End {
			continue // a guess, or what several words mean
		}
		weight := 1.0
		if idf != nil {
			weight = idf(t.Text)
		}
		if first || weight < group.weight {
			group.weight = weight // a word tells as much as the most frequent that means the same
		}
	}
	for _, group := range w.all {
		w.mass += group.weight
	}
	return w
}

// isWord reports whether term i stands for a word of its own: it is no part,
// and the first at its place. What follows it there was added.
func isWord(terms []engine.Term, i int) bool {
	if terms[i].Part {
		return false
	}
	for _, t := range terms[:i] {
		if t.Pos == terms[i].Pos && !t.Part {
			return false
		}
	}
	return true
}

// covered is the share of the query's weight whose words are among matched.
func (w *words) covered(matched uint64) float64 {
	var sum float64
	for _, word := range w.all {
		switch {
		case matched&word.terms != 0:
			sum += word.weight
		case word.pieces > 0:
			sum += word.weight * ones(matched&word.parts) / word.pieces
		}
	}
	return share(sum, w.mass)
}

// ones counts the terms in a mask.
func ones(mask uint64) float64 { return float64(bits.OnesCount64(mask)) }
