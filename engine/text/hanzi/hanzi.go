// Package hanzi knows which simplified character stands for a traditional one, so
// that 手機 and 手机 are one word. It must not know words: which of several
// characters is meant by the words around it (乾 is 干, but not in 乾隆) makes no
// difference where both the query and what it is compared with are read so.
package hanzi

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:generate go run ./gen -o characters.txt

// characters holds two lines: the traditional characters, and below each of them
// the simplified one. They are those of OpenCC (NOTICE) that take as many bytes.
//
//go:embed characters.txt
var characters string

var simplified = sync.OnceValue(func() map[rune]rune {
	of := map[rune]rune{}
	from, to, _ := strings.Cut(characters, "\n")
	for _, r := range from {
		s, size := utf8.DecodeRuneInString(to)
		of[r] = s
		to = to[size:]
	}
	return of
})

// Simplify writes simplified characters in the place of the traditional ones of a
// text in UTF-8. Every character keeps its place.
func Simplify(text []byte) {
	of := simplified()
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if s, ok := of[r]; ok {
			utf8.EncodeRune(text[i:], s)
		}
		i += size
	}
}

// Simplified is a text with simplified characters in the place of the traditional
// ones: the same text where it has none.
func Simplified(text string) string {
	of := simplified()
	for i, r := range text {
		if r < utf8.RuneSelf {
			continue
		}
		if _, ok := of[r]; ok {
			b := []byte(text)
			Simplify(b[i:])
			return string(b)
		}
	}
	return text
}
