package retrieve

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
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
		rows, err := x.holds(c)
		if err != nil {
			return nil, err
		}
		kept.and(rows)
	}
	return kept, nil
}

// holds marks the rows for which a condition is true. A product that lacks the
// field meets no condition but !=.
func (x *Index) holds(c engine.Condition) (bitmap, error) {
	compare, err := comparison(c.Op)
	if err != nil {
		return nil, fmt.Errorf("filter %s%s%s: %w", c.Field, c.Op, c.Value, err)
	}
	rows := newBitmap(64 * len(x.live))
	key := foldValue(c.Field)
	if number := slices.Index(numericRoles[:], engine.Role(key)); number >= 0 {
		wanted, ok := numberOf(number, c.Value)
		if !ok {
			return nil, fmt.Errorf("filter %s%s%s: %q is no %s", c.Field, c.Op, c.Value, c.Value, kindOf(number))
		}
		for _, s := range x.segments {
			for doc := range uint32(s.docs) {
				v := s.number(number, doc)
				holds := !math.IsNaN(v) && compare(order(v, wanted))
				rows.put(s.row(doc), holds != (c.Op == "!="))
			}
		}
		return rows, nil
	}
	switch engine.Role(key) {
	case engine.RoleBrand, engine.RoleCategory:
		key = roleColumn(engine.Role(key))
	}
	known := x.docs == 0
	for _, s := range x.segments {
		col, ok := s.column(key)
		docs := newBitmap(s.docs)
		if ok {
			known = true
			wanted, err := col.wanted(c, compare)
			if err != nil {
				return nil, err
			}
			col.mark(docs, wanted)
		}
		for doc := range uint32(s.docs) {
			rows.put(s.row(doc), docs.has(doc) != (c.Op == "!="))
		}
	}
	if !known && key[0] != 0 {
		return nil, fmt.Errorf("filter: no product has a field %q; fields are %s and the catalogue's attributes", c.Field, roleNames())
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
	case "=", "!=": // "!=" is the opposite of "=", also for products without the field
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

func order(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
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

// wanted marks the values of a column for which a condition is true; for !=,
// those for which = is. Values that are numbers compare as numbers, others by
// their text, for equality only.
func (c *column) wanted(cond engine.Condition, compare func(int) bool) (bitmap, error) {
	values := newBitmap(c.values.n)
	number, isNumber := numberOf(columnPrice, cond.Value)
	equality := cond.Op == "=" || cond.Op == "!="
	if !isNumber && !equality {
		return nil, fmt.Errorf("filter %s%s%s: %q is no number; text compares by = and != only", cond.Field, cond.Op, cond.Value, cond.Value)
	}
	folded := foldValue(cond.Value)
	for i := range c.values.n {
		text := c.values.at(i)
		holds := false
		if isNumber {
			v, ok := numberOf(columnPrice, text)
			holds = ok && compare(order(v, number))
		}
		if !holds && equality {
			holds = foldValue(text) == folded
		}
		if holds {
			values.set(uint32(i))
		}
	}
	return values, nil
}
