package wordpiece

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word gathers the normalised runes of one word and turns them into tokens.
type word struct {
	t     *Tokenizer
	ids   []int32
	limit int // of len(ids), the place of [SEP] left free
	runes int
	n     int                              // bytes in text
	text  [maxWordRunes * utf8.UTFMax]byte // of the first maxWordRunes runes
}

// put adds a token unless the sequence is full.
func (w *word) put(id int32) {
	if len(w.ids) < w.limit {
		w.ids = append(w.ids, id)
	}
}

// addASCII takes one byte below 0x80 of the text.
func (w *word) addASCII(c byte) {
	switch asciiClass[c] {
	case space:
		w.flush()
	case punctuation:
		w.flush()
		w.push(rune(c))
		w.flush()
	case letter:
		if w.t.config.LowerCase && 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		w.push(rune(c))
	}
}

// addRune takes one rune from 0x80 on: cleaned, split, stripped of its accents
// and lower-cased, in the order of BertNormalizer.
func (w *word) addRune(r rune) {
	switch {
	case r == utf8.RuneError || isControl(r):
	case unicode.IsSpace(r):
		w.flush()
	case w.t.config.SplitCJK && isChinese(r):
		w.flush()
		w.normalise(r)
		w.flush()
	default:
		w.normalise(r)
	}
}

// normalise decomposes a rune (NFD), drops nonspacing marks, and lower-cases
// what is left. Canonical ordering of marks is left out: the marks it would
// reorder are the ones that are dropped.
func (w *word) normalise(r rune) {
	if !w.t.config.StripAccents {
		w.lower(r)
		return
	}
	if jamo, ok := hangul(r); ok {
		for _, part := range jamo {
			if part != 0 {
				w.lower(part)
			}
		}
		return
	}
	var buf [utf8.UTFMax]byte
	decomposed := norm.NFD.Properties(buf[:utf8.EncodeRune(buf[:], r)]).Decomposition()
	if decomposed == nil {
		if !isNonspacingMark(r) {
			w.lower(r)
		}
		return
	}
	for len(decomposed) > 0 {
		part, n := utf8.DecodeRune(decomposed)
		decomposed = decomposed[n:]
		if !isNonspacingMark(part) {
			w.lower(part)
		}
	}
}

// lower adds a rune to the word in lower case; punctuation is a word by itself.
func (w *word) lower(r rune) {
	if w.t.config.LowerCase {
		// The one rune whose lower case is two (Unicode, SpecialCasing).
		if r == 'İ' {
			w.push('i')
			r = '\u0307'
		}
		r = unicode.ToLower(r)
	}
	if isPunctuation(r) {
		w.flush()
		w.push(r)
		w.flush()
		return
	}
	w.push(r)
}

func (w *word) push(r rune) {
	if w.runes++; w.runes <= maxWordRunes {
		w.n += utf8.EncodeRune(w.text[w.n:w.n+utf8.UTFMax:w.n+utf8.UTFMax], r)
	}
}

// flush ends the word: the longest token it begins with, then the longest that
// goes on, and so on to its end; unknown as a whole where none does.
func (w *word) flush() {
	runes, text := w.runes, w.text[:w.n]
	w.runes, w.n = 0, 0
	if runes == 0 {
		return
	}
	if runes > maxWordRunes {
		w.put(w.t.unknown)
		return
	}
	before, tokens := len(w.ids), w.t.heads
	for len(text) > 0 {
		id, n := w.t.longestMatch(tokens, text)
		if n == 0 {
			w.ids = w.ids[:before]
			w.put(w.t.unknown)
			return
		}
		w.put(id)
		text, tokens = text[n:], w.t.tails
	}
}

// longestMatch finds the longest token that text begins with, and its bytes.
func (t *Tokenizer) longestMatch(tokens map[string]int32, text []byte) (id int32, n int) {
	for n := min(len(text), t.longest); n > 0; n-- {
		if n < len(text) && !utf8.RuneStart(text[n]) {
			continue
		}
		if id, ok := tokens[string(text[:n])]; ok {
			return id, n
		}
	}
	return 0, 0
}
