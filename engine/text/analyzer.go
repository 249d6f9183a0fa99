package text

import (
	"iter"
	"sync"

	"github.com/blevesearch/bleve/v2/analysis"

	"touchstone/engine"
	"touchstone/engine/text/hanzi"
)

// Version changes whenever the same text may give other terms than before: an
// index made under another version is made again.
const Version = 4

// MaxTerms is how many terms of a query are matched at most.
const MaxTerms = 64

// Analyzer makes terms of texts in one language. It is safe for concurrent use
// and deterministic.
type Analyzer struct {
	code     string
	english  bool // Latin words are English
	chinese  bool // characters are Chinese, simplified or traditional: not Japanese or Korean
	stop     analysis.TokenMap
	filters  []analysis.TokenFilter
	scanners sync.Pool  // of *scanner
	han      dictionary // empty but for Chinese: elsewhere a stray name is not worth 46 MB
}

// New makes an analyzer for a language (one of Languages); "" is English.
func New(code string) (*Analyzer, error) {
	if code == "" {
		code = "en"
	}
	l, err := languageOf(code)
	if err != nil {
		return nil, err
	}
	a := &Analyzer{code: code, english: l.code == "en", chinese: code != "ja" && code != "ko"}
	if a.stop, a.filters, err = l.load(); err != nil {
		return nil, err
	}
	if code == "zh" {
		if a.han, err = chinese(); err != nil {
			return nil, err
		}
	}
	a.scanners.New = func() any { return newScanner(a) }
	return a, nil
}

// Language is the code that New was given.
func (a *Analyzer) Language() string { return a.code }

// simplified is a clean text as its words are looked up: with simplified Chinese
// characters, each in its place.
func (a *Analyzer) simplified(clean string) string {
	if !a.chinese {
		return clean
	}
	return hanzi.Simplified(clean)
}

// Token is one term as it comes out of a text.
type Token struct {
	engine.Term
	// Head marks a part that the whole is a kind of: 手机 in 智能手机, shirt in
	// t-shirt, but not 手机 in 手机壳.
	Head bool
	Stop bool // a stop word: indexed, but dropped from queries that have other words
}

// Tokens makes the terms of a text, in order, stop words among them. It is the
// path of indexing; Analyze gives the same terms.
func (a *Analyzer) Tokens(text string) iter.Seq[Token] {
	return func(yield func(Token) bool) {
		s := a.scanners.Get().(*scanner)
		s.scan(a.simplified(Clean(text)), yield)
		a.scanners.Put(s)
	}
}

// Analyze takes a query apart and keeps every step. It stops after MaxTerms
// terms. Stop words are dropped, unless there is nothing else.
func (a *Analyzer) Analyze(text string) engine.Analysis {
	out := engine.Analysis{Input: text, Clean: Clean(text), Language: a.code, Words: []string{}, Dropped: []string{}, Terms: []engine.Term{}}
	simplified := a.simplified(out.Clean)
	if simplified != out.Clean {
		out.Simplified = simplified
	}
	var stops []engine.Term
	s := a.scanners.Get().(*scanner)
	s.scan(simplified, func(t Token) bool {
		if !t.Part {
			if len(out.Terms) >= MaxTerms || len(out.Words) >= 4*MaxTerms {
				return false
			}
			out.Words = append(out.Words, out.Clean[t.Start:t.End])
		}
		switch {
		case t.Stop:
			out.Dropped = append(out.Dropped, out.Clean[t.Start:t.End])
			stops = append(stops, t.Term)
		case len(out.Terms) < MaxTerms:
			out.Terms = append(out.Terms, t.Term)
		}
		return true
	})
	a.scanners.Put(s)
	if len(out.Terms) == 0 && len(stops) > 0 {
		out.Terms, out.Dropped = stops[:min(len(stops), MaxTerms)], out.Dropped[:0]
	}
	return out
}
