package ui

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"touchstone/docs"
	"touchstone/ui/locale"
)

// glossaryPage is where words are explained; what stands below its first heading
// of the second order is jargon, which the window explains wherever it shows it.
const glossaryPage = "glossary"

// entry is one paragraph of the glossary.
type entry struct {
	terms []string // as they are written there
	text  string   // without Markdown
}

// lexicon is the jargon of the glossary in one language.
type lexicon struct {
	entries []entry
	keys    []lexiconKey // the longest first
}

type lexiconKey struct {
	text  string // as comparable
	entry int
}

var (
	glossaryEntry = regexp.MustCompile(`^\*\*(.+?)\*\*\s*[–：]\s*(.+)$`)
	metricDepths  = regexp.MustCompile(`@\d+`)
	markdown      = strings.NewReplacer("**", "", "`", "", "*", "")
)

// readLexicon reads the jargon of the glossary in the present language.
func readLexicon() (*lexicon, error) {
	page, err := docs.Page(string(locale.Current()), glossaryPage)
	if err != nil {
		return nil, err
	}
	_, jargon, _ := strings.Cut(page, "\n## ")
	x := &lexicon{}
	for _, block := range helpBlocks(jargon) {
		m := glossaryEntry.FindStringSubmatch(block)
		if m == nil {
			continue
		}
		e := entry{terms: strings.FieldsFunc(m[1], func(r rune) bool { return r == ',' || r == '、' }), text: capital(markdown.Replace(m[2]))}
		for i, term := range e.terms {
			e.terms[i] = strings.TrimSpace(term)
			x.keys = append(x.keys, lexiconKey{comparable(term), len(x.entries)})
		}
		x.entries = append(x.entries, e)
	}
	slices.SortStableFunc(x.keys, func(a, b lexiconKey) int { return cmp.Compare(len(b.text), len(a.text)) })
	return x, nil
}

// capital begins a sentence.
func capital(text string) string {
	first, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[n:]
}

// comparable folds case and the depths of metrics: NDCG@10 and NDCG@5 are one.
func comparable(text string) string {
	return strings.TrimSpace(strings.ToLower(metricDepths.ReplaceAllString(text, "@")))
}

// in lists the entries whose terms stand in a text as words of their own, in the
// order of the text. A term within a longer one that stands there is none.
func (x *lexicon) in(text string) []entry {
	text = comparable(text)
	type hit struct{ at, entry int }
	var hits []hit
	for _, key := range x.keys {
		for from := 0; ; {
			i := strings.Index(text[from:], key.text)
			if i < 0 {
				break
			}
			i += from
			end := i + len(key.text)
			if alone(text, i, end) {
				if !slices.ContainsFunc(hits, func(h hit) bool { return h.entry == key.entry }) {
					hits = append(hits, hit{i, key.entry})
				}
				text = text[:i] + strings.Repeat("\x00", len(key.text)) + text[end:]
			}
			from = end
		}
	}
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Compare(a.at, b.at) })
	found := make([]entry, len(hits))
	for i, h := range hits {
		found[i] = x.entries[h.entry]
	}
	return found
}

// alone says that text[i:end] is no part of a longer word. Chinese has no spaces
// between words.
func alone(text string, i, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	first, _ := utf8.DecodeRuneInString(text[i:])
	last, _ := utf8.DecodeLastRuneInString(text[:end])
	after, _ := utf8.DecodeRuneInString(text[end:])
	return !(inWord(before) && inWord(first)) && !(inWord(last) && inWord(after))
}

func inWord(r rune) bool {
	return r == '@' || (unicode.IsLetter(r) || unicode.IsDigit(r)) && !unicode.Is(unicode.Han, r) && r != utf8.RuneError
}
