package retrieve

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"touchstone/engine"
)

// ParseFilter reads conditions that must all hold, with commas between them:
//
//	price<100, brand=Sony, color!="dark blue"
//
// Names and values with a comma, an operator or spaces at an end stand in double
// quotes, in which "" is one quote. An empty text is no condition.
func ParseFilter(s string) ([]engine.Condition, error) {
	p := filterParser{text: s}
	var list []engine.Condition
	for p.space(); p.at < len(s); p.space() {
		if len(list) > 0 {
			if s[p.at] != ',' {
				return nil, p.wrong("a comma was expected")
			}
			p.at++
			p.space()
		}
		start := p.at
		field, err := p.word("=!<>,")
		if err != nil {
			return nil, err
		}
		if field == "" {
			p.at = start
			return nil, p.wrong("the name of a field was expected, as in price<100")
		}
		p.space()
		op := p.operator()
		if op == "" {
			return nil, p.wrong("one of = != < <= > >= was expected, as in price<100")
		}
		p.space()
		start = p.at
		value, err := p.word(",")
		if err != nil {
			return nil, err
		}
		if value == "" {
			p.at = start
			return nil, p.wrong("a value was expected, as in price<100")
		}
		list = append(list, engine.Condition{Field: field, Op: op, Value: value})
	}
	return list, nil
}

type filterParser struct {
	text string
	at   int
}

func (p *filterParser) wrong(what string) error {
	return fmt.Errorf("filter %q, character %d: %s", p.text, utf8.RuneCountInString(p.text[:p.at])+1, what)
}

func (p *filterParser) space() {
	p.at = len(p.text) - len(strings.TrimLeft(p.text[p.at:], " \t\r\n"))
}

// word reads a quoted text, or what stands before any of the stop characters.
func (p *filterParser) word(stop string) (string, error) {
	if p.at < len(p.text) && p.text[p.at] == '"' {
		return p.quoted()
	}
	end := strings.IndexAny(p.text[p.at:], stop)
	if end < 0 {
		end = len(p.text) - p.at
	}
	word := p.text[p.at : p.at+end]
	p.at += end
	return strings.TrimSpace(word), nil
}

func (p *filterParser) quoted() (string, error) {
	start := p.at
	p.at++
	var b strings.Builder
	for {
		end := strings.IndexByte(p.text[p.at:], '"')
		if end < 0 {
			p.at = start
			return "", p.wrong("this quote is never closed")
		}
		b.WriteString(p.text[p.at : p.at+end])
		p.at += end + 1
		if p.at == len(p.text) || p.text[p.at] != '"' {
			return b.String(), nil
		}
		b.WriteByte('"')
		p.at++
	}
}

func (p *filterParser) operator() string {
	for _, op := range []string{"<=", ">=", "!=", "=", "<", ">"} {
		if strings.HasPrefix(p.text[p.at:], op) {
			p.at += len(op)
			return op
		}
	}
	return ""
}

// allowed marks the rows that a filter keeps, among those that have a product.
func (x *Index) allowed(filter engine.Filter) (bitmap, error) {
	if len(filter) == 0 {
		return x.live, nil
	}
	kept := slices.Clone(x.live)
	for _, c := range filter {
		rows, err := x.kept.get(c, x.holds)
		if err != nil {
			return nil, fmt.Errorf("filter %s%s%s: %w", c.Field, c.Op, c.Value, err)
		}
		kept.and(rows)
	}
	return kept, nil
}

// filterCache keeps the rows of the conditions that were last asked for: while a
// query is typed its filter stays.
type filterCache struct {
	mu   sync.Mutex
	rows map[engine.Condition]bitmap
}

// mostFilters is how many conditions are kept; a million products take 125 kB
// each.
const mostFilters = 32

func (f *filterCache) get(c engine.Condition, find func(engine.Condition) (bitmap, error)) (bitmap, error) {
	f.mu.Lock()
	rows, known := f.rows[c]
	f.mu.Unlock()
	if known {
		return rows, nil
	}
	rows, err := find(c)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.rows == nil || len(f.rows) >= mostFilters {
		f.rows = map[engine.Condition]bitmap{}
	}
	f.rows[c] = rows
	return rows, nil
}

// attributesLike names attributes that have a word of a wrong field's name, or
// else the most frequent ones, to choose from.
func (x *Index) attributesLike(key string) []string {
	var like []string
	words := strings.FieldsFunc(key, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, s := range x.segments {
		for i := range s.keys.n {
			name := s.keys.at(i)
			if name[0] != 0 && !isRole(name) && slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) }) {
				like = append(like, name)
			}
		}
	}
	if len(like) == 0 {
		like = slices.Clone(x.attributes())
	}
	slices.Sort(like)
	like = slices.Compact(like)
	return like[:min(len(like), 4)]
}

// holds marks the rows for which a condition is true. A product that lacks the
// field meets no condition but !=.
func (x *Index) holds(c engine.Condition) (bitmap, error) {
	if c.Op == "~" {
		return x.having(c)
	}
	op := c.Op
	if op == "!=" {
		op = "=" // and then the other rows
	}
	compare, err := comparison(op)
	if err != nil {
		return nil, err
	}
	key := foldValue(c.Field)
	var mark func(s *Segment, docs bitmap) error
	if column := slices.Index(numericRoles[:], engine.Role(key)); column >= 0 {
		wanted, ok := numberOf(column, c.Value)
		if !ok {
			return nil, fmt.Errorf("%q is no %s", c.Value, kindOf(column))
		}
		mark = func(s *Segment, docs bitmap) error {
			for doc := range uint32(s.docs) {
				if v := s.number(column, doc); !math.IsNaN(v) && compare(cmp.Compare(v, wanted)) {
					docs.set(doc)
				}
			}
			return nil
		}
	} else {
		role := engine.Role(key)
		known := x.docs == 0 || role == engine.RoleBrand || role == engine.RoleCategory
		if known && x.docs > 0 {
			key = roleColumn(role)
		}
		for _, s := range x.segments {
			known = known || s.has(key)
		}
		if !known {
			if like := x.attributesLike(key); len(like) > 0 {
				return nil, fmt.Errorf("no product has a field %q; there are %s, and attributes such as %s", c.Field, roleNames(), strings.Join(like, ", "))
			}
			return nil, fmt.Errorf("no product has a field %q; there are %s and the catalogue's attributes", c.Field, roleNames())
		}
		mark = func(s *Segment, docs bitmap) error {
			col, ok := s.column(key)
			if !ok {
				return nil
			}
			wanted, err := col.wanted(c.Value, op, compare)
			if err == nil {
				col.mark(docs, wanted)
			}
			return err
		}
	}

	rows := newBitmap(64 * len(x.live))
	for _, s := range x.segments {
		docs := newBitmap(s.docs)
		if err := mark(s.Segment, docs); err != nil {
			return nil, err
		}
		docs.each(func(doc uint32) {
			if row := s.row(doc); s.live.has(row) {
				rows.set(row)
			}
		})
	}
	if c.Op == "!=" {
		others := slices.Clone(x.live)
		others.not(rows)
		return others, nil
	}
	return rows, nil
}

func roleNames() string {
	names := []string{string(engine.RoleBrand), string(engine.RoleCategory)}
	for _, r := range numericRoles {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// comparison tells for an operator whether an order of value and wanted (−1, 0
// or 1) holds.
func comparison(op string) (func(order int) bool, error) {
	switch op {
	case "=":
		return func(order int) bool { return order == 0 }, nil
	case "<":
		return func(order int) bool { return order < 0 }, nil
	case "<=":
		return func(order int) bool { return order <= 0 }, nil
	case ">":
		return func(order int) bool { return order > 0 }, nil
	case ">=":
		return func(order int) bool { return order >= 0 }, nil
	}
	return nil, fmt.Errorf("%q is none of = != < <= > >=", op)
}

// numberOf reads the value to compare a numeric column with.
func numberOf(column int, s string) (float64, bool) {
	if column != columnDate {
		v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		return v, err == nil && !math.IsNaN(v)
	}
	for _, layout := range []string{"2006-01-02", time.RFC3339, "2006-01", "2006"} {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			return float64(t.Unix()), true
		}
	}
	return 0, false
}

func kindOf(column int) string {
	if column == columnDate {
		return "date such as 2024-12-31"
	}
	return "number"
}

// wanted marks the values of a column for which a condition is true. Values that
// are numbers compare as numbers, others by their text, for equality only.
func (c *column) wanted(value, op string, compare func(order int) bool) (bitmap, error) {
	number, isNumber := numberOf(columnPrice, value)
	if !isNumber && op != "=" {
		return nil, fmt.Errorf("%q is no number; text compares by = and != only", value)
	}
	folded := foldValue(value)
	values := newBitmap(c.values.n)
	for i := range c.values.n {
		text := c.values.at(i)
		v, ok := numberOf(columnPrice, text)
		if isNumber && ok && compare(cmp.Compare(v, number)) || op == "=" && foldValue(text) == folded {
			values.set(uint32(i))
		}
	}
	return values, nil
}
