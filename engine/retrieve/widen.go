package retrieve

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/vellum"
	"github.com/blevesearch/vellum/levenshtein"

	"touchstone/engine"
	"touchstone/engine/text"
)

// What matches of added terms count, against 1 of a typed word.
const (
	oneEditWeight  = 0.8 // for a word that the catalogue lacks
	twoEditsWeight = 0.6
	prefixWeight   = 0.8
	besideWeight   = 0.3 // beside a typed word that the catalogue has
)

// How much is added for one word.
const (
	mostCorrections = 3
	mostCompletions = 8
)

// A word that the catalogue has is corrected too where it is in fewer than one
// product of rareIn and the correction in at least muchMore times as many. A word
// of the language that the catalogue lacks is what was meant; what one edit makes
// of it stands beside it only where that is in muchMore products and in one of
// frequentIn: who types cannon in a shop of cameras may mean Canon.
const (
	rareIn     = 5000
	muchMore   = 50
	frequentIn = 500
)

// Widen adds to an analysed query the words that the catalogue has in place of
// those that it lacks, with the reason and a lower weight: corrections of typing
// mistakes, and, while the query is being typed, what its last word may become.
// The best of them takes the place of the word that is lacking; the others follow
// behind all terms. Model numbers and words with digits are never corrected: the
// next one is another product.
func (x *Index) Widen(a *engine.Analysis, typing bool) error {
	typed := len(a.Terms)
	for i := range typed {
		t := a.Terms[i]
		if t.Part || t.Added != "" || hasSynonym(a, t.Pos) {
			continue
		}
		df, err := x.df(t.Text)
		if err != nil {
			return err
		}
		var found []alternative
		if typing && t.End == len(a.Clean) && !strings.HasSuffix(a.Input, " ") {
			found, err = x.completions(t.Text, df)
		}
		if err == nil && len(found) == 0 && t.Kind == engine.Word {
			found, err = x.corrections(t.Text, strings.ToLower(a.Clean[t.Start:t.End]), df)
		}
		if err != nil {
			return err
		}
		for k, f := range found {
			t.Text, t.Added, t.Weight = f.text, f.why, f.weight
			switch {
			case k == 0 && !f.isBeside:
				a.Terms[i] = t
			case len(a.Terms) < text.MaxTerms:
				a.Terms = append(a.Terms, t)
			}
		}
	}
	return nil
}

// hasSynonym reports whether a rule has said what a word means: then it is no
// mistake, though the catalogue may lack it.
func hasSynonym(a *engine.Analysis, pos int) bool {
	return slices.ContainsFunc(a.Terms, func(t engine.Term) bool { return t.Pos == pos && t.Added == engine.Synonym })
}

// alternative is a term of the catalogue that may stand for a word.
type alternative struct {
	text   string
	df     int
	cost   int // twice the edits, one more where the first letter differs; 0 for completions
	why    string
	weight float64

	isBeside bool // the word stays
}

// best keeps the n alternatives of lowest cost, the most frequent first, each
// text once.
func best(list []alternative, n int) []alternative {
	slices.SortFunc(list, func(a, b alternative) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(b.df, a.df), strings.Compare(a.text, b.text))
	})
	seen := map[string]bool{}
	list = slices.DeleteFunc(list, func(a alternative) bool {
		again := seen[a.text]
		seen[a.text] = true
		return again
	})
	return list[:min(n, len(list))]
}

// completions lists the most frequent longer terms that begin like a word.
func (x *Index) completions(word string, df int) ([]alternative, error) {
	first, size := utf8.DecodeRuneInString(word)
	if size == len(word) && !unicode.Is(unicode.Han, first) {
		return nil, nil // one letter says nothing yet
	}
	end := []byte(word)
	end[len(end)-1]++ // no byte of UTF-8 is 255
	found, err := x.collect(func(terms *vellum.FST) (*vellum.FSTIterator, error) { return terms.Iterator([]byte(word), end) })
	if err != nil {
		return nil, err
	}
	delete(found, word)
	weight := prefixWeight
	if df > 0 {
		weight = besideWeight
	}
	var list []alternative
	for term, n := range found {
		list = append(list, alternative{text: term, df: n, why: engine.Prefix, weight: weight, isBeside: df > 0})
	}
	return best(list, mostCompletions), nil
}

// edits is how many typing mistakes a word may have: short words are too near
// to each other, and what is longer than longestWord is none.
func edits(word string) int {
	switch n := utf8.RuneCountInString(word); {
	case n < 4 || n > longestWord || strings.ContainsFunc(word, unspelt):
		return 0
	case n < 8:
		return 1
	}
	return 2
}

// longestWord is the length in letters above which nothing is corrected: automata
// of longer words grow too large.
const longestWord = 40

// sureStart is the length below which the first letter of a word is taken to be
// right, unless it changed places with the second.
const sureStart = 6

// unspelt reports characters of no alphabet: digits, and scripts in which
// another character is another word.
func unspelt(r rune) bool {
	return !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew)
}

// automata builds Levenshtein automata, in which two letters that changed places
// are one edit (Schulz and Mihov, Fast string correction with
// Levenshtein automata, 2002).
var automata = sync.OnceValues(func() (*levenshtein.LevenshteinAutomatonBuilder, error) {
	return levenshtein.NewLevenshteinAutomatonBuilder(2, true)
})

// corrections lists terms of the catalogue that a word was probably meant to be:
// those with the fewest edits, the most frequent first. Edits count from the
// word's stem or from how it was typed: what looks like a plural ("wireles") may
// be none.
func (x *Index) corrections(word, typed string, df int) ([]alternative, error) {
	most, least := 2, 1
	isBeside := df > 0
	isKnown := x.lexicon != nil && (x.lexicon.Knows(typed) || x.lexicon.Knows(word))
	switch {
	case isBeside && (isKnown || df*rareIn >= x.docs):
		return nil, nil
	case isBeside:
		most, least = 1, muchMore*df
	case isKnown:
		most, least, isBeside = 1, max(muchMore, x.docs/frequentIn), true
	}
	spellings := []string{typed}
	if typed != word {
		spellings = append(spellings, word)
	}
	for away := 1; away <= most; away++ {
		var list []alternative
		for _, spelling := range spellings {
			if away > edits(spelling) {
				continue
			}
			near, err := x.within(spelling, uint8(away))
			if err != nil {
				return nil, err
			}
			list = append(list, near...)
		}
		if i := slices.IndexFunc(list, func(a alternative) bool { return isKnown && otherNumber(a.text, typed) }); i >= 0 {
			list, isBeside = list[i:i+1], false // the same word
		}
		list = slices.DeleteFunc(list, func(a alternative) bool { return a.df < least && isBeside })
		if len(list) == 0 {
			continue
		}
		for i := range list {
			list[i].isBeside = isBeside
			switch {
			case isBeside:
				list[i].weight = besideWeight
			case list[i].cost <= 3:
				list[i].weight = oneEditWeight
			default:
				list[i].weight = twoEditsWeight
			}
		}
		list = best(list, mostCorrections)
		same := slices.IndexFunc(list, func(a alternative) bool { return a.cost > list[0].cost })
		if same > 0 {
			list = list[:same]
		}
		return list, nil
	}
	return nil, nil
}

// otherNumber reports whether one word is the plural in s of the other. The two
// are one term, but for names that look like plurals: Vans.
func otherNumber(a, b string) bool { return a+"s" == b || b+"s" == a }

// within lists the terms that differ from a word by 1 to most edits, those with
// digits left out. Two edits must leave the first letter as it is, and so must
// one of a short word.
func (x *Index) within(word string, most uint8) ([]alternative, error) {
	builder, err := automata()
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	dfa, err := builder.BuildDfa(word, most)
	if err != nil {
		return nil, fmt.Errorf("index: correct %q: %w", word, err)
	}
	found, err := x.collect(func(terms *vellum.FST) (*vellum.FSTIterator, error) { return terms.Search(dfa, nil, nil) })
	if err != nil {
		return nil, err
	}
	typed := []rune(word)
	var list []alternative
	for term, n := range found {
		if term == word || strings.ContainsFunc(term, unspelt) {
			continue
		}
		meant := []rune(term)
		away := distance(typed, meant) // the automaton lets a few pass that are too far
		if away > int(most) {
			continue
		}
		a := alternative{text: term, df: n, cost: 2 * away, why: engine.Typo}
		if meant[0] != typed[0] {
			swapped := len(meant) > 1 && len(typed) > 1 && meant[0] == typed[1] && meant[1] == typed[0]
			if away > 1 || len(typed) < sureStart && !swapped {
				continue
			}
			a.cost++
		}
		list = append(list, a)
	}
	return list, nil
}

// distance counts the edits between two words: letters put in, left out,
// replaced, or neighbours that changed places (Damerau 1964; no letter is
// edited twice).
func distance(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

// collect counts the products of each term that a walk through the dictionary
// of every segment, or of the whole catalogue, meets.
func (x *Index) collect(walk func(*vellum.FST) (*vellum.FSTIterator, error)) (map[string]int, error) {
	found := map[string]int{}
	each := func(terms *vellum.FST, df func(value uint64) int) error {
		it, err := walk(terms)
		for err == nil {
			term, value := it.Current()
			found[string(term)] += df(value)
			err = it.Next()
		}
		if !errors.Is(err, vellum.ErrIteratorDone) {
			return fmt.Errorf("index: read the dictionary: %w", err)
		}
		return nil
	}
	if x.whole != nil {
		return found, each(x.whole.terms, func(df uint64) int { return int(df) })
	}
	for _, s := range x.segments {
		err := each(s.terms, func(offset uint64) int {
			df, _ := binary.Uvarint(s.postings[offset:])
			return int(df)
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}
