package text

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"touchstone/engine"
)

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
