package wordpiece

import (
	"unicode"

	"golang.org/x/text/unicode/rangetable"
)

// class says what the tokenizer does with a character below 0x80.
type class uint8

const (
	letter class = iota
	space
	punctuation
	control
)

var asciiClass = func() (t [128]class) {
	for c := range t {
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			t[c] = space
		case c < ' ' || c == 0x7f:
			t[c] = control
		// BERT counts all ASCII that is neither letter nor digit as
		// punctuation, also what Unicode calls a symbol: $ + < = > ^ ` | ~.
		case c < '0' || '9' < c && c < 'A' || 'Z' < c && c < 'a' || 'z' < c:
			t[c] = punctuation
		}
	}
	return t
}()

// assigned holds the runes that Hugging Face's tokenizers know the category of:
// its Unicode tables are of version 8. A rune assigned later is none of control,
// mark and punctuation to it.
var assigned = rangetable.Assigned("8.0.0")

func isControl(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co) && unicode.Is(assigned, r)
}

func isNonspacingMark(r rune) bool { return unicode.Is(unicode.Mn, r) && unicode.Is(assigned, r) }

func isPunctuation(r rune) bool { return unicode.Is(unicode.P, r) && unicode.Is(assigned, r) }

// isChinese reports a rune of the blocks that BERT splits into words of one
// character: CJK ideographs, not kana and not Hangul. The hole before U+2B920 is
// Hugging Face's.
func isChinese(r rune) bool {
	switch {
	case r < 0x3400:
		return false
	case r <= 0x4DBF, 0x4E00 <= r && r <= 0x9FFF, 0xF900 <= r && r <= 0xFAFF:
		return true
	case r < 0x20000:
		return false
	}
	return r <= 0x2A6DF ||
		0x2A700 <= r && r <= 0x2B73F ||
		0x2B740 <= r && r <= 0x2B81F ||
		0x2B920 <= r && r <= 0x2CEAF ||
		0x2F800 <= r && r <= 0x2FA1F
}

// hangul decomposes a Hangul syllable into its two or three jamo, the third 0
// where there is none (Unicode Standard, section 3.12).
func hangul(r rune) (jamo [3]rune, ok bool) {
	const first, last, vowels, finals = 0xAC00, 0xD7A3, 21, 28
	if r < first || r > last {
		return jamo, false
	}
	s := r - first
	jamo = [3]rune{0x1100 + s/(vowels*finals), 0x1161 + s%(vowels*finals)/finals, 0}
	if final := s % finals; final != 0 {
		jamo[2] = 0x11A7 + final
	}
	return jamo, true
}
