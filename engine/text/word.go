package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"golang.org/x/text/unicode/norm"
)

// longestTerm is how much of a word is matched, in bytes; nobody types more.
const longestTerm = 64

// word is the normal form of a word of letters: in lower case, stemmed, without
// accents.
type word struct {
	term string
	stop bool
}

// normal makes the normal form of a word as it stands in a text.
func (a *Analyzer) normal(surface string) word {
	lower := strings.ReplaceAll(clip(strings.ToLower(surface)), "’", "'")
	if a.stop[lower] {
		return word{fold(lower), true}
	}
	s := strings.TrimSuffix(lower, "'s")
	for _, f := range a.filters {
		tokens := f.Filter(analysis.TokenStream{{Term: []byte(s)}})
		if len(tokens) == 1 && len(tokens[0].Term) > 0 {
			s = string(tokens[0].Term)
		}
	}
	if a.english {
		s = singular(s, lower)
	}
	return word{term: fold(strings.ReplaceAll(s, "'", ""))}
}

// clip cuts s to longestTerm bytes, between runes.
func clip(s string) string {
	if len(s) <= longestTerm {
		return s
	}
	end := longestTerm
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// singular mends what the English plural filter leaves unlike: movie and
// movies, lens and lenses, and names in s that are no plurals.
func singular(stem, lower string) string {
	if s, ok := irregular[lower]; ok {
		return s
	}
	if len(stem) > 4 && strings.HasSuffix(stem, "ie") {
		return stem[:len(stem)-2] + "y"
	}
	return stem
}

var irregular = map[string]string{
	"lens": "lens", "lenses": "lens", "gas": "gas", "bus": "bus", "buses": "bus", "gps": "gps", "sms": "sms", "ios": "ios", "abs": "abs",
	"dns": "dns", "nas": "nas", "ups": "ups", "vans": "vans", "plus": "plus", "canvas": "canvas", "atlas": "atlas", "bias": "bias",
	"men": "man", "women": "woman", "children": "child", "feet": "foot", "mice": "mouse", "knives": "knife", "shelves": "shelf",
	"scarves": "scarf", "leaves": "leaf", "men's": "man", "women's": "woman", "children's": "child",
}

// fold takes accents off: people leave them out when they type.
func fold(s string) string {
	if !strings.ContainsFunc(s, accented) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
	return norm.NFC.String(strings.ReplaceAll(s, "ß", "ss"))
}

// accented reports letters outside ASCII of the alphabets whose accents fold.
// The marks of Japanese and Thai are letters in all but name.
func accented(r rune) bool {
	return r >= utf8.RuneSelf && unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
}
