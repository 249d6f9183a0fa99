package text

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/segment"

	"touchstone/engine"
)

// scanner takes a clean text apart, a chunk at a time, and keeps its buffers
// and the normal forms of words between texts. One goroutine uses it at a time.
type scanner struct {
	a     *Analyzer
	known map[string]word // surface → normal form
	buf   []byte          // the chunk
	base  int             // where the chunk starts in the text
	at    []piece
	pos   int
	han   []hanWord
	yield func(Token) bool
	done  bool // yield wants no more
}

const (
	chunkSize  = 1 << 16 // bytes of text taken apart at a time
	mostKnown  = 1 << 15 // normal forms kept
	mostJoined = 5       // pieces that hyphens join into one term at most
	longest    = 40      // bytes of such a term at most
)

// class is what a piece of text consists of.
type class uint8

const (
	symbol class = iota // punctuation, space: separates
	space
	digits
	letters // with or without digits
	han     // a run of Chinese characters
	other   // a character of a script without spaces between words
)

// piece is a segment by the Unicode rules for word boundaries (UAX #29).
type piece struct {
	start, end int
	class      class
}

func newScanner(a *Analyzer) *scanner {
	return &scanner{a: a, known: make(map[string]word, 1024)}
}

// scan calls yield with every term of a clean text until it returns false.
func (s *scanner) scan(text string, yield func(Token) bool) {
	s.yield, s.done, s.pos, s.base = yield, false, 0, 0
	for s.base < len(text) && !s.done {
		chunk := text[s.base:]
		if len(chunk) > chunkSize {
			chunk = chunk[:cutAt(chunk)]
		}
		s.buf = append(s.buf[:0], chunk...)
		s.pieces()
		for i := 0; i < len(s.at) && !s.done; {
			i = s.term(i)
		}
		s.base += len(chunk)
	}
	s.yield = nil
}

// cutAt is where a text that is too long for one chunk can be cut: at its last
// space, or else between runes.
func cutAt(text string) int {
	if i := strings.LastIndexByte(text[:chunkSize], ' '); i > 0 {
		return i
	}
	end := chunkSize
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return end
}

// pieces splits the chunk. Neighbouring Chinese characters make one piece.
func (s *scanner) pieces() {
	s.at = s.at[:0]
	seg := segment.NewWordSegmenterDirect(s.buf)
	start := 0
	for seg.Segment() {
		p := piece{start: start, end: start + len(seg.Bytes())}
		start = p.end
		r, _ := utf8.DecodeRune(s.buf[p.start:p.end])
		switch seg.Type() {
		case segment.Number:
			p.class = digits
		case segment.Letter, segment.Kana:
			p.class = letters
		case segment.Ideo:
			p.class = other
			if unicode.Is(unicode.Han, r) {
				p.class = han
				if n := len(s.at); n > 0 && s.at[n-1].class == han {
					s.at[n-1].end = p.end
					continue
				}
			}
		default:
			switch {
			case r == ' ':
				p.class = space
			case unicode.IsLetter(r):
				p.class = other
			}
		}
		s.at = append(s.at, p)
	}
}

// term emits the term that starts at piece i and returns the piece after it.
func (s *scanner) term(i int) int {
	switch p := s.at[i]; p.class {
	case digits:
		if next := s.joined(i); next > i {
			return next
		}
		return s.quantity(i)
	case letters:
		if next := s.joined(i); next > i {
			return next
		}
		s.single(p)
	case han:
		s.chinese(p)
	case other:
		s.whole(engine.Word, s.word(s.buf[p.start:p.end]).term, p.start, p.end)
	}
	return i + 1
}

func (s *scanner) emit(t Token) {
	if s.done || t.Text == "" {
		return
	}
	t.Start += s.base
	t.End += s.base
	t.Pos = s.pos
	if !s.yield(t) {
		s.done = true
	}
}

// whole emits a term of its own and moves to the next position, which its
// parts, emitted after it, share.
func (s *scanner) whole(kind engine.TermKind, text string, start, end int) {
	s.emit(Token{Term: engine.Term{Text: text, Kind: kind, Start: start, End: end}})
	s.pos++
}

// part emits a part of the last whole term.
func (s *scanner) part(kind engine.TermKind, text string, start, end int, head bool) {
	s.pos--
	s.emit(Token{Term: engine.Term{Text: text, Kind: kind, Start: start, End: end, Part: true}, Head: head})
	s.pos++
}

// word looks up the normal form of a word.
func (s *scanner) word(surface []byte) word {
	if len(surface) > longestTerm { // what is kept stays small
		surface = surface[:len(clip(string(surface)))]
	}
	if w, ok := s.known[string(surface)]; ok {
		return w
	}
	if len(s.known) >= mostKnown {
		clear(s.known)
	}
	text := string(surface)
	w := s.a.normal(text)
	s.known[text] = w
	return w
}

// single emits a piece of letters that hyphens do not join to others.
func (s *scanner) single(p piece) {
	text := s.buf[p.start:p.end]
	if hasDigit(text) {
		s.mixed(p)
		return
	}
	w := s.word(text)
	s.emit(Token{Term: engine.Term{Text: w.term, Start: p.start, End: p.end}, Stop: w.stop})
	s.pos++
}

// mixed emits a piece of letters and digits: 128gb, 1440x900, iphone11, 2nd.
func (s *scanner) mixed(p piece) {
	surface := clip(string(s.buf[p.start:p.end]))
	lead := numberPrefix(surface)
	tail := strings.ToLower(surface[lead:])
	unit := units[tail]
	switch {
	case lead > 0 && unit != "":
		s.unit(number(surface[:lead]), unit, p.start, p.start+lead, p.end)
		return
	case lead > 0 && (tail == "st" || tail == "nd" || tail == "rd" || tail == "th"):
		s.whole(engine.Word, surface[:lead]+tail, p.start, p.end)
		return
	case lead > 0 && dimensions(strings.ToLower(surface)):
		s.whole(engine.Unit, strings.ToLower(surface), p.start, p.end)
		at := p.start
		for side := range strings.SplitSeq(strings.ToLower(surface), "x") {
			s.part(engine.NumberTerm, number(side), at, at+len(side), false)
			at += len(side) + 1
		}
		return
	}
	whole := alphanumeric(strings.ToLower(surface))
	s.whole(mixedKind(whole), whole, p.start, p.end)
	// iphone11 and 13pro match iphone 11 and 13 pro too.
	split := letterPrefix(surface)
	if split < 3 && lead > 0 && letterPrefix(tail) >= 3 {
		split = lead
	}
	if split < 3 && split != lead || split == 0 || split >= len(surface) {
		return
	}
	for _, f := range [...]field{s.fieldOf(p.start, p.start+split), s.fieldOf(p.start+split, p.start+len(surface))} {
		text, kind, _ := s.field(f)
		s.part(kind, text, f.start, f.end, false)
	}
}

// mixedKind tells model numbers from short words such as mp3.
func mixedKind(text string) engine.TermKind {
	if len(text) >= 4 {
		return engine.ModelNumber
	}
	return engine.Word
}

// chinese emits the words of a run of Chinese characters.
func (s *scanner) chinese(p piece) {
	run := s.buf[p.start:p.end]
	s.han = s.a.han.cut(run, s.han[:0])
	for _, w := range s.han {
		text := s.word(run[w.start:w.end]).term
		s.emit(Token{Term: engine.Term{Text: text, Start: p.start + w.start, End: p.start + w.end}, Stop: stopHan[text]})
		s.pos++
		for _, part := range w.parts {
			s.part(engine.Word, s.word(run[part.start:part.end]).term, p.start+part.start, p.start+part.end, part.head)
		}
	}
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func hasDigit(text []byte) bool { return bytes.ContainsFunc(text, unicode.IsDigit) }

// numberPrefix is how many bytes of s, at its start, are a number.
func numberPrefix(s string) int {
	n := 0
	for n < len(s) && (isDigit(s[n]) || n > 0 && n+1 < len(s) && (s[n] == '.' || s[n] == ',') && isDigit(s[n+1])) {
		n++
	}
	return n
}

// letterPrefix is how many bytes of s, at its start, are letters.
func letterPrefix(s string) int {
	for i, r := range s {
		if !unicode.IsLetter(r) {
			return i
		}
	}
	return len(s)
}

// dimensions reports whether s is numbers with x between them.
func dimensions(s string) bool {
	for side := range strings.SplitSeq(s, "x") {
		if side == "" || numberPrefix(side) != len(side) {
			return false
		}
	}
	return true
}

// alphanumeric drops what joins the parts of a model number; the points inside
// numbers (802.11b) stay.
func alphanumeric(s string) string {
	keep := func(i int, r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) ||
			r == '.' && i > 0 && i+1 < len(s) && isDigit(s[i-1]) && isDigit(s[i+1])
	}
	for i, r := range s {
		if !keep(i, r) {
			var b strings.Builder
			for i, r := range s {
				if keep(i, r) {
					b.WriteRune(r)
				}
			}
			return b.String()
		}
	}
	return s
}
