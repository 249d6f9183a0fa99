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

// unit emits a number with its unit and, as a part, the number.
func (s *scanner) unit(number, unit string, start, middle, end int) {
	s.whole(engine.Unit, number+unit, start, end)
	s.part(engine.NumberTerm, number, start, middle, false)
}

// quantity emits the number at piece i, with the unit or the further sides
// (1440 x 900) that follow it, and returns the piece after them.
func (s *scanner) quantity(i int) int {
	p := s.at[i]
	value := number(clip(string(s.buf[p.start:p.end])))
	if next := s.sides(i); next > i {
		return next
	}
	j := i + 1
	if j < len(s.at) && s.at[j].class == space {
		j++
	}
	if j < len(s.at) {
		q := s.at[j]
		switch q.class {
		case letters:
			name := strings.ToLower(string(s.buf[q.start:min(q.end, q.start+longestTerm)]))
			if unit := units[name]; unit != "" && (!glued[name] || j == i+1 || name == "in" && strings.Contains(value, ".")) {
				s.unit(value, unit, p.start, p.end, q.end)
				return j + 1
			}
		case han:
			if unit, n := hanUnit(s.buf[q.start:q.end]); n > 0 {
				s.unit(value, unit, p.start, p.end, q.start+n)
				if q.start+n == q.end {
					return j + 1
				}
				s.at[j].start += n
				return j
			}
		case symbol:
			if n := s.inchMark(i, j); n > 0 {
				s.unit(value, "in", p.start, p.end, s.at[j+n-1].end)
				return j + n
			}
		}
	}
	s.whole(engine.NumberTerm, value, p.start, p.end)
	return i + 1
}

// inchMark is how many pieces behind the number at piece i, from j on, mean
// inches: 15.6" or 15.6” but not the closing mark of "17".
func (s *scanner) inchMark(i, j int) int {
	if j != i+1 {
		return 0
	}
	mark := func(k int, text string) bool {
		return k >= 0 && k < len(s.at) && string(s.buf[s.at[k].start:s.at[k].end]) == text
	}
	switch {
	case (mark(j, `"`) || mark(j, "”")) && !mark(i-1, `"`) && !mark(i-1, "“"):
		return 1
	case mark(j, "'") && mark(j+1, "'"), mark(j, "′") && mark(j+1, "′"):
		return 2
	}
	return 0
}

// sides emits 1440 x 900 or 10 × 20 × 5 as one term and returns the piece
// after it; i where there is none.
func (s *scanner) sides(i int) int {
	last := i
	for sides := 1; sides < 3; sides++ {
		j := last + 1
		if j < len(s.at) && s.at[j].class == space {
			j++
		}
		if j >= len(s.at) {
			break
		}
		if by := string(s.buf[s.at[j].start:min(s.at[j].end, s.at[j].start+3)]); by != "x" && by != "X" && by != "×" {
			break
		}
		j++
		if j < len(s.at) && s.at[j].class == space {
			j++
		}
		if j >= len(s.at) || s.at[j].class != digits {
			break
		}
		last = j
	}
	if last == i {
		return i
	}
	var whole strings.Builder
	for _, p := range s.at[i : last+1] {
		if p.class == digits {
			if whole.Len() > 0 {
				whole.WriteByte('x')
			}
			whole.WriteString(number(clip(string(s.buf[p.start:p.end]))))
		}
	}
	s.whole(engine.Unit, whole.String(), s.at[i].start, s.at[last].end)
	for _, p := range s.at[i : last+1] {
		if p.class == digits {
			s.part(engine.NumberTerm, number(clip(string(s.buf[p.start:p.end]))), p.start, p.end, false)
		}
	}
	return last + 1
}

// joined emits what hyphens, underscores or points join from piece i on
// (WH-1000XM5, t-shirt, amazon.com) and returns the piece after it; i where
// nothing is joined.
func (s *scanner) joined(i int) int {
	last := i
	for n := 1; n < mostJoined && last+2 < len(s.at) && s.hyphen(last+1) && s.at[last+2].alphanumeric(); n++ {
		last += 2
	}
	start, end := s.at[i].start, s.at[last].end
	if last+2 < len(s.at) && s.hyphen(last+1) && s.at[last+2].alphanumeric() || end-start > longest {
		return i // a chain without end is no word
	}
	if last > i && s.at[i].class == digits && s.at[i+2].class == letters {
		name := strings.ToLower(string(s.buf[s.at[i+2].start:s.at[i+2].end]))
		if unit := units[name]; unit != "" && !glued[name] { // 15.6-inch
			s.unit(number(string(s.buf[start:s.at[i].end])), unit, start, s.at[i].end, s.at[i+2].end)
			return i + 3
		}
	}
	var room [2 * mostJoined]field
	fields := s.fields(room[:0], start, end)
	if len(fields) < 2 {
		return i
	}
	kind := s.compound(fields)
	if kind == engine.NumberTerm { // 10-20 are two numbers
		return i
	}
	low := alphanumeric(strings.ToLower(string(s.buf[start:end])))
	if kind == engine.Word {
		low = s.word([]byte(low)).term
	}
	s.whole(kind, low, start, end)
	single := true
	for _, f := range fields {
		single = single && f.end-f.start == 1
	}
	if single { // u.s.a.
		return last + 1
	}
	for k, f := range fields {
		text, kind, stop := s.field(f)
		if !stop {
			s.part(kind, text, f.start, f.end, kind == engine.Word && k == len(fields)-1)
		}
	}
	return last + 1
}

func (p piece) alphanumeric() bool { return p.class == letters || p.class == digits }

func (s *scanner) hyphen(i int) bool {
	p := s.at[i]
	return p.class == symbol && (p.end == p.start+1 && s.buf[p.start] == '-' || bytes.Equal(s.buf[p.start:p.end], []byte("‐")))
}

// field is one of the words that something joins into one.
type field struct {
	start, end int
	letter     bool
	digit      bool
}

func (s *scanner) fieldOf(start, end int) field {
	text := s.buf[start:end]
	return field{start, end, bytes.ContainsFunc(text, unicode.IsLetter), hasDigit(text)}
}

// fields splits a range of the chunk at everything but letters, digits,
// apostrophes and the points inside numbers.
func (s *scanner) fields(fields []field, start, end int) []field {
	open := false
	for at := start; at < end; {
		r, size := utf8.DecodeRune(s.buf[at:end])
		letter, digit := unicode.IsLetter(r) || unicode.Is(unicode.M, r), unicode.IsDigit(r)
		inside := letter || digit || open && (r == '\'' || r == '’' || (r == '.' || r == ',') && s.betweenDigits(at, start, end))
		if inside {
			if !open {
				fields = append(fields, field{start: at})
			}
			f := &fields[len(fields)-1]
			f.end, f.letter, f.digit = at+size, f.letter || letter, f.digit || digit
		}
		open = inside
		at += size
	}
	return fields
}

func (s *scanner) betweenDigits(at, start, end int) bool {
	return at > start && at+1 < end && isDigit(s.buf[at-1]) && isDigit(s.buf[at+1])
}

// compound tells what joined fields are: a model number, a compound word, or
// (NumberTerm) just numbers.
func (s *scanner) compound(fields []field) engine.TermKind {
	numbers, model := 0, false
	for i, f := range fields {
		switch {
		case f.letter && f.digit:
			model = true
		case f.digit:
			numbers++
			n := f.end - f.start
			model = model || n >= 5 || n >= 2 && i > 0 && fields[i-1].letter
		}
	}
	switch {
	case model:
		return engine.ModelNumber
	case numbers == len(fields):
		return engine.NumberTerm
	}
	return engine.Word
}

// field is the normal form of one of several joined words.
func (s *scanner) field(f field) (text string, kind engine.TermKind, stop bool) {
	surface := s.buf[f.start:f.end]
	switch {
	case !f.digit:
		w := s.word(surface)
		return w.term, engine.Word, w.stop
	case !f.letter:
		return number(string(surface)), engine.NumberTerm, false
	}
	low := strings.ToLower(string(surface))
	if n := numberPrefix(low); n > 0 {
		if unit := units[low[n:]]; unit != "" {
			return number(low[:n]) + unit, engine.Unit, false
		}
	}
	low = alphanumeric(low)
	return low, mixedKind(low), false
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
