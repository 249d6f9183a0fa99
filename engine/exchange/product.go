package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"touchstone/engine"
)

// plan says what becomes of a column's values.
type plan struct {
	roles    []engine.Role // of columns
	styles   map[int]numberStyle
	orders   map[int]dateOrder
	idColumn bool
	currency int // the column that names the currency of the price, −1 for none
}

// unreadable counts values that do not suit their column's role.
type unreadable struct {
	count int
	line  int
	text  string
}

func (c *Catalogue) makePlan() {
	c.plan = plan{styles: map[int]numberStyle{}, orders: map[int]dateOrder{}, currency: -1}
	for i, f := range c.fields {
		c.plan.roles = append(c.plan.roles, f.Role)
		switch f.Role {
		case engine.RoleID:
			c.plan.idColumn = true
		case engine.RolePrice, engine.RolePopularity:
			c.plan.styles[i] = styleOf(c.samples[i].values)
		case engine.RoleDate:
			c.plan.orders[i] = orderOf(c.samples[i].values)
		case engine.RoleAttribute:
			if c.plan.currency < 0 && slices.Contains(currencyNames, foldName(f.Name)) {
				c.plan.currency = i
			}
		}
	}
}

// product makes a product of a row.
func (c *Catalogue) product(r row) (engine.Product, error) {
	for len(c.fields) < len(c.cols.names) { // a column that the sample did not have
		c.fields = append(c.fields, engine.Field{Name: c.cols.names[len(c.fields)], Role: engine.RoleAttribute})
		c.plan.roles = append(c.plan.roles, engine.RoleAttribute)
	}
	var p engine.Product
	var description []string
	last := -1
	currency := ""
	for _, cell := range r.cells {
		text := c.cut(cell, r.line)
		if cell.column == c.plan.currency {
			first(&currency, text)
			continue
		}
		again := cell.column == last // the second value of a list
		last = cell.column
		role := c.plan.roles[cell.column]
		switch role {
		case engine.RoleID:
			first(&p.ID, text)
		case engine.RoleTitle:
			first(&p.Title, oneLine(text))
		case engine.RoleBrand:
			join(&p.Brand, text, ", ")
		case engine.RoleCategory:
			join(&p.Category, text, ", ")
		case engine.RoleDescription:
			description = append(description, text)
		case engine.RoleImage:
			first(&p.Image, text)
		case engine.RoleAttribute:
			c.attribute(&p, cell.column, text, again)
		case engine.RoleIgnore:
		default:
			if !c.typed(&p, role, cell) {
				c.attribute(&p, cell.column, text, again)
				c.cannotRead(role, r.line, text)
			}
		}
	}
	if p.Price.Known {
		first(&p.Currency, currency)
	}
	p.Description = strings.Join(description, "\n")
	if p.Title == "" && p.Description != "" {
		p.Title = opening(p.Description)
		c.untitled++
	}
	if p.Title == "" {
		return p, badRow(r.line, "has no title")
	}
	switch {
	case p.ID != "":
	case c.plan.idColumn:
		return p, badRow(r.line, "has no ID")
	default:
		p.ID = contentID(c.cols, r)
	}
	if len(p.ID) > maxID {
		return p, badRow(r.line, "has an ID of %d bytes; at most %d are allowed", len(p.ID), maxID)
	}
	hash := maphash.String(c.seed, p.ID)
	if line, ok := c.seen[hash]; ok {
		if !c.plan.idColumn {
			return p, badRow(r.line, "is the same as line %d", line)
		}
		return p, badRow(r.line, "has the ID %q of line %d; the first one counts", p.ID, line)
	}
	c.seen[hash] = r.line
	return p, nil
}

// maxID is well below what a storage key may have.
const maxID = 1024

// typed reads a value into the number or the date that its role stands for. It
// reports false when the value cannot be read so.
func (c *Catalogue) typed(p *engine.Product, role engine.Role, cell cell) bool {
	exact, err := strconv.ParseFloat(cell.text, 64)
	isExact := cell.exact && err == nil
	switch role {
	case engine.RolePrice:
		if p.Price.Known { // a list of prices: the first
			return true
		}
		value, currency, ok := parsePrice(cell.text, c.plan.styles[cell.column])
		if isExact {
			value, ok = exact, exact >= 0
		}
		if ok {
			p.Price, p.Currency = engine.Known(value), currency
		}
		return ok
	case engine.RoleRating:
		value, ok := parseRating(cell.text)
		if isExact {
			value, ok = exact, exact >= 0
		}
		if ok {
			p.Rating = engine.Known(value)
		}
		return ok
	case engine.RolePopularity:
		n, ok := findNumber(cell.text, c.plan.styles[cell.column])
		if isExact {
			n.value, ok = exact, true
		}
		if ok {
			p.Popularity = engine.Known(n.value)
		}
		return ok
	case engine.RoleDate:
		t, ok := parseDate(cell.text, c.plan.orders[cell.column])
		if ok {
			p.Date = t
		}
		return ok
	}
	return false
}

func (c *Catalogue) cannotRead(role engine.Role, line int, text string) {
	u := c.unread[role]
	if u == nil {
		u = &unreadable{line: line, text: shorten(text, 80)}
		c.unread[role] = u
	}
	u.count++
}

// attribute keeps a value under its column's name; a list becomes one value.
func (c *Catalogue) attribute(p *engine.Product, column int, text string, again bool) {
	if n := len(p.Attributes); again && n > 0 && p.Attributes[n-1].Name == c.cols.names[column] {
		join(&p.Attributes[n-1].Value, text, ", ")
		return
	}
	for i := range p.Attributes { // a list of objects: its columns take turns
		if p.Attributes[i].Name == c.cols.names[column] {
			join(&p.Attributes[i].Value, text, ", ")
			return
		}
	}
	p.Attributes = append(p.Attributes, engine.Attribute{Name: c.cols.names[column], Value: text})
}

// cut shortens a value beyond the limit, at a rune, and reports it.
func (c *Catalogue) cut(cell cell, line int) string {
	if len(cell.text) <= c.lim.Field {
		return cell.text
	}
	text := shorten(cell.text, c.lim.Field)
	c.bad.add(line, true, "the value of %q has %s; it was cut after %s", c.cols.names[cell.column], bytesText(int64(len(cell.text))), bytesText(int64(c.lim.Field)))
	return text
}

// shorten cuts a text to at most n bytes, at a rune.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.Clone(s[:n])
}

// opening is the beginning of a text, cut between words where it has any.
func opening(s string) string {
	const most = 120
	s = oneLine(s)
	if len(s) <= most {
		return s
	}
	cut := shorten(s, most)
	if space := strings.LastIndexByte(cut, ' '); space > most/2 {
		cut = cut[:space]
	}
	return cut + "…"
}

func first(to *string, text string) {
	if *to == "" {
		*to = text
	}
}

func join(to *string, text, with string) {
	if *to != "" {
		*to += with
	}
	*to += text
}

// oneLine replaces line breaks and runs of space by one space.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\n\r\t") && !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// contentID makes an ID of everything that a row says, whatever the order of
// its columns.
func contentID(cols *columns, r row) string {
	cells := slices.Clone(r.cells)
	slices.SortStableFunc(cells, func(a, b cell) int { return strings.Compare(cols.names[a.column], cols.names[b.column]) })
	h := sha256.New()
	for _, cell := range cells {
		name := cols.names[cell.column]
		fmt.Fprintf(h, "%d:%s%d:%s", len(name), name, len(cell.text), cell.text)
	}
	return "row-" + hex.EncodeToString(h.Sum(nil)[:8])
}
