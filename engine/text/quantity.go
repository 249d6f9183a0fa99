package text

import (
	"strings"

	"touchstone/engine"
)

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
