package rules

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"touchstone/engine"
	"touchstone/engine/text/hanzi"
)

// fold is the form in which queries are compared: in lower case, full-width
// letters as usual ones, one space between words.
func fold(query string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(query))), " ")
}

// condition is a When made ready.
type condition struct {
	always  bool
	queries map[string]bool // folded, in simplified characters
	has     []string        // folded
	pattern *regexp.Regexp
}

func newCondition(w engine.When) (condition, error) {
	c := condition{always: w.Always()}
	for _, q := range w.Queries {
		if c.queries == nil {
			c.queries = map[string]bool{}
		}
		c.queries[hanzi.Simplified(fold(q))] = true
	}
	for _, words := range w.Has {
		c.has = append(c.has, fold(words))
	}
	var err error
	if w.Pattern != "" {
		c.pattern, err = compilePattern(w.Pattern)
	}
	return c, err
}

// fits reports whether a folded query is meant.
func (c *condition) fits(query string) bool {
	if c.always || c.queries[hanzi.Simplified(query)] {
		return true
	}
	for _, words := range c.has {
		if at := wordsAt(query, words, 0); at >= 0 {
			return true
		}
	}
	return c.pattern != nil && c.pattern.MatchString(query[:min(len(query), mostMatched)])
}

// wordsAt is where whole words first stand in a text from a byte on, −1 where
// they do not. Chinese is written without spaces: there any place will do, and
// simplified and traditional characters are the same.
func wordsAt(text, words string, from int) int {
	if words == "" {
		return -1
	}
	text, words = hanzi.Simplified(text), hanzi.Simplified(words)
	for from <= len(text) {
		i := strings.Index(text[from:], words)
		if i < 0 {
			return -1
		}
		i += from
		if boundary(text, i) && boundary(text, i+len(words)) {
			return i
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		from = i + size
	}
	return -1
}

// boundary reports whether no word goes on across a place of a text.
func boundary(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at:])
	return at == 0 || at == len(text) || !joins(before) || !joins(after)
}

// joins reports whether a rune is a part of words that spaces part.
func joins(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) &&
		!unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

// replaceWords puts other words in the place of every occurrence of some in a
// folded text.
func replaceWords(text, words, by string) string {
	var b strings.Builder
	done := 0
	for {
		i := wordsAt(text, words, done)
		if i < 0 {
			break
		}
		b.WriteString(text[done:i])
		b.WriteString(by)
		done = i + len(words)
	}
	b.WriteString(text[done:])
	return strings.Join(strings.Fields(b.String()), " ")
}
