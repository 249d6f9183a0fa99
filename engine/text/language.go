package text

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/da"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/de"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/en"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/es"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/fi"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/fr"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/it"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/nl"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/no"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/pt"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/ru"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/sv"
	"github.com/blevesearch/bleve/v2/registry"
)

// language is what analysis knows of one language: names of bleve's parts, in
// the order in which they are applied to a word in lower case.
type language struct {
	code    string
	stop    string   // token map of stop words
	filters []string // elision, normalisation, stemming
	keep    []string // stop words that say something about a product
}

var languages = []language{
	{"en", "stop_en", []string{"stemmer_en_plural"}, []string{"down", "off", "over", "under", "out", "up", "no", "not", "own"}},
	{"de", "stop_de", []string{"normalize_de", "stemmer_de_light"}, []string{"ohne", "über", "unter"}},
	{"fr", "stop_fr", []string{"elision_fr", "stemmer_fr_light"}, []string{"sans", "sur", "sous"}},
	{"es", "stop_es", []string{"normalize_es", "stemmer_es_light"}, []string{"sin"}},
	{"it", "stop_it", []string{"elision_it", "stemmer_it_light"}, []string{"senza"}},
	{"pt", "stop_pt", []string{"stemmer_pt_light"}, []string{"sem"}},
	{"nl", "stop_nl", []string{"stemmer_nl_snowball"}, []string{"zonder"}},
	{"sv", "stop_sv", []string{"stemmer_sv_snowball"}, nil},
	{"da", "stop_da", []string{"stemmer_da_snowball"}, nil},
	{"no", "stop_no", []string{"stemmer_no_snowball"}, nil},
	{"fi", "stop_fi", []string{"stemmer_fi_snowball"}, nil},
	{"ru", "stop_ru", []string{"stemmer_ru_snowball"}, nil},
}

// Languages lists the codes that New knows.
func Languages() []string {
	codes := []string{"zh", "ja", "ko"}
	for _, l := range languages {
		codes = append(codes, l.code)
	}
	return codes
}

// languageOf finds what is known of a language. Catalogues in Chinese,
// Japanese and Korean have English words among theirs.
func languageOf(code string) (language, error) {
	if code == "zh" || code == "ja" || code == "ko" {
		code = "en"
	}
	i := slices.IndexFunc(languages, func(l language) bool { return l.code == code })
	if i < 0 {
		return language{}, fmt.Errorf("no analysis for language %q: use one of %s", code, strings.Join(Languages(), ", "))
	}
	return languages[i], nil
}

// load reads the stop words and makes the filters.
func (l *language) load() (analysis.TokenMap, []analysis.TokenFilter, error) {
	cache := registry.NewCache()
	stop, err := cache.TokenMapNamed(l.stop)
	if err != nil {
		return nil, nil, fmt.Errorf("stop words of language %q: %w", l.code, err)
	}
	for _, word := range l.keep {
		delete(stop, word)
	}
	var filters []analysis.TokenFilter
	for _, name := range l.filters {
		f, err := cache.TokenFilterNamed(name)
		if err != nil {
			return nil, nil, fmt.Errorf("analysis of language %q: %w", l.code, err)
		}
		filters = append(filters, f)
	}
	return stop, filters, nil
}

// detected is how much of the samples DetectLanguage reads, in bytes.
const detected = 1 << 18

// DetectLanguage guesses the language of a catalogue from some of its texts:
// by script where that tells, by stop words among European languages. It is
// "en" where nothing speaks for another one.
func DetectLanguage(samples []string) string {
	var han, kana, hangul, cyrillic, letters int
	var words []string
	read := 0
	for _, s := range samples {
		if read > detected {
			break
		}
		s = s[:min(len(s), detected)]
		read += len(s)
		for _, r := range s {
			switch {
			case !unicode.IsLetter(r):
				continue
			case unicode.Is(unicode.Han, r):
				han++
			case unicode.In(r, unicode.Hiragana, unicode.Katakana):
				kana++
			case unicode.Is(unicode.Hangul, r):
				hangul++
			case unicode.Is(unicode.Cyrillic, r):
				cyrillic++
			}
			letters++
		}
		words = append(words, strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })...)
	}
	// A Chinese character says about as much as six letters of an alphabet,
	// and Latin names stand among them.
	switch {
	case 3*hangul > letters-hangul:
		return "ko"
	case 6*(han+kana) > letters-han-kana && 5*kana > han:
		return "ja"
	case 6*han > letters-han:
		return "zh"
	case 2*cyrillic > letters:
		return "ru"
	}
	return byStopWords(words)
}

// byStopWords weighs how many different stop words of each language occur. A
// word counts by the logarithm of its occurrences, so that a single one that is
// also a name (Dell is Italian for "of the") tells little, and for each of the
// languages that share it by its share. Single letters tell nothing.
func byStopWords(words []string) string {
	counts := map[string]int{}
	for _, word := range words {
		if utf8.RuneCountInString(word) > 1 {
			counts[word]++
		}
	}
	stops := make([]analysis.TokenMap, len(languages))
	for i := range languages {
		stop, err := registry.NewCache().TokenMapNamed(languages[i].stop)
		if err != nil {
			continue // New reports it when the language is asked for
		}
		stops[i] = stop
	}
	const ownWord = 0.9 // more than ln 2, of a word that occurs once
	hits := make([]float64, len(languages))
	for _, word := range slices.Sorted(maps.Keys(counts)) { // in one order: sums of floats depend on it
		n := counts[word]
		owners := 0.0
		for _, stop := range stops {
			if stop[word] {
				owners++
			}
		}
		for i, stop := range stops {
			if stop[word] {
				hits[i] += math.Log1p(float64(n)) / owners
			}
		}
	}
	// English, unless another language has clearly more, by at least one word
	// that is its own.
	best := 0
	for i := range hits {
		if hits[i] > hits[best] && hits[i] > 1.2*hits[0]+ownWord {
			best = i
		}
	}
	return languages[best].code
}
