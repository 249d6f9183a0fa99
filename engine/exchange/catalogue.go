package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"touchstone/engine"
)

// CatalogueOptions say how to read a catalogue.
type CatalogueOptions struct {
	// Mapping gives columns their roles where the guess would be wrong: column →
	// role, as ParseMapping makes it.
	Mapping map[string]engine.Role
}

// Catalogue is an opened catalogue file: its rows stream as products, in the
// order of the file.
type Catalogue struct {
	Format   string // "CSV", "TSV", "JSON Lines", "JSON", "XLSX"
	Encoding string // "UTF-8", "GB18030", …; "" for a spreadsheet

	src      *source
	rows     *rowFile
	lim      limits
	cols     *columns       // of rows
	fields   []engine.Field // of cols, in the same order
	samples  []column
	plan     plan
	ahead    []ahead // sampled rows, not yet handed out
	bad      problems
	untitled int // products named by their description
	unread   map[engine.Role]*unreadable
	seen     map[uint64]int // hash of an ID → its line
	seed     maphash.Seed
	ended    error
}

// plan says what becomes of a column's values.
type plan struct {
	roles    []engine.Role // of columns
	styles   map[int]numberStyle
	orders   map[int]dateOrder
	idColumn bool
}

// ahead is a row or the problem that took its place.
type ahead struct {
	row row
	err error
}

// unreadable counts values that do not suit their column's role.
type unreadable struct {
	count int
	line  int
	text  string
}

// What is looked at before the first product comes out.
const (
	sampleRows  = 1000
	sampleBytes = 8 << 20
	sampleKept  = 300 // values of a column
)

// OpenCatalogue opens a catalogue file of any format, recognised by its
// content, and guesses what its columns mean from the first rows. "-" is
// standard input. The caller closes it.
func OpenCatalogue(path string, o CatalogueOptions) (*Catalogue, error) {
	s, err := open(path, defaultLimits)
	if err != nil {
		return nil, err
	}
	c, err := newCatalogue(s, o, defaultLimits)
	if err != nil {
		s.Close()
		return nil, err
	}
	return c, nil
}

// ReadCatalogue is OpenCatalogue for what is already open; name is used in
// messages.
func ReadCatalogue(r io.Reader, name string, o CatalogueOptions) (*Catalogue, error) {
	return readCatalogue(r, name, o, defaultLimits)
}

func readCatalogue(r io.Reader, name string, o CatalogueOptions, lim limits) (*Catalogue, error) {
	s, err := newSource(r, name, lim)
	if err != nil {
		return nil, err
	}
	return newCatalogue(s, o, lim)
}

func newCatalogue(s *source, o CatalogueOptions, lim limits) (*Catalogue, error) {
	rows, err := openRows(s, lim)
	if err != nil {
		return nil, fileError(s.name, err)
	}
	c := &Catalogue{
		Format: rows.format, Encoding: s.encoding,
		src: s, rows: rows, lim: lim, cols: rows.columns,
		bad:    problems{file: s.name, limit: lim.Problems},
		unread: map[engine.Role]*unreadable{},
		seen:   map[uint64]int{}, seed: maphash.MakeSeed(),
	}
	if err := c.sample(o.Mapping); err != nil {
		return nil, errors.Join(fileError(s.name, err), rows.Close())
	}
	return c, nil
}

// sample reads the first rows, guesses the roles and applies the mapping.
func (c *Catalogue) sample(mapping map[string]engine.Role) error {
	size, good := 0, 0
	for len(c.ahead) < sampleRows && size < sampleBytes {
		r, err := c.rows.next()
		c.ahead = append(c.ahead, ahead{r, err})
		var bad *rowError
		if err != nil && !errors.As(err, &bad) {
			break // the end, or an error that Next reports in its turn
		}
		if err == nil {
			good++
			for _, cell := range r.cells {
				size += len(cell.text)
			}
		}
	}
	if good == 0 {
		last := c.ahead[len(c.ahead)-1]
		first := c.ahead[0]
		switch {
		case !errors.Is(last.err, io.EOF):
			return last.err
		case errors.Is(first.err, io.EOF):
			return errors.New("there are no products in it: nothing but a header")
		}
		return fmt.Errorf("no row can be read; line %d: %w", first.row.line, first.err)
	}
	c.samples = make([]column, len(c.cols.names))
	for i, name := range c.cols.names {
		c.samples[i] = column{name: name, rows: good}
	}
	for _, a := range c.ahead {
		last := -1
		for _, cell := range a.row.cells {
			s := &c.samples[cell.column]
			s.lists = s.lists || cell.column == last
			if last != cell.column && len(s.values) < sampleKept {
				s.values = append(s.values, cell.text)
			}
			last = cell.column
		}
	}
	// Coverage compares kept values with as many rows as could have given them.
	for i := range c.samples {
		c.samples[i].rows = min(good, sampleKept)
	}
	c.fields = guessRoles(c.samples)
	if err := applyMapping(c.fields, mapping); err != nil {
		return err
	}
	c.makePlan()
	if !slices.Contains(c.plan.roles, engine.RoleTitle) {
		return fmt.Errorf("no column looks like a title; map one with title=COLUMN: the columns are %s", namesText(c.fields))
	}
	return nil
}

func (c *Catalogue) makePlan() {
	c.plan = plan{styles: map[int]numberStyle{}, orders: map[int]dateOrder{}}
	for i, f := range c.fields {
		c.plan.roles = append(c.plan.roles, f.Role)
		switch f.Role {
		case engine.RoleID:
			c.plan.idColumn = true
		case engine.RolePrice, engine.RolePopularity:
			c.plan.styles[i] = styleOf(c.samples[i].values)
		case engine.RoleDate:
			c.plan.orders[i] = orderOf(c.samples[i].values)
		}
	}
}

// Fields are the columns met so far and their roles.
func (c *Catalogue) Fields() []engine.Field { return slices.Clone(c.fields) }

// Examples are up to n different values of a column from the first rows.
func (c *Catalogue) Examples(name string, n int) []string {
	var out []string
	for _, s := range c.samples {
		if s.name != name {
			continue
		}
		for _, v := range s.values {
			if len(out) < n && !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
	}
	return out
}

// Name is the file's name as messages give it.
func (c *Catalogue) Name() string { return c.src.name }

// Read is how many bytes of the file have been read, of how many; of is 0 when
// that is not known.
func (c *Catalogue) Read() (bytes, of int64) { return c.src.raw.n, c.src.size }

// Problems are what could not be read of the rows handed out so far, in the
// order of the file. Very many are cut off; Skipped counts on.
func (c *Catalogue) Problems() []Problem { return c.bad.list }

// Skipped counts the rows that became no product.
func (c *Catalogue) Skipped() int { return c.bad.skipped }

// Notes say in plain sentences what a person should know about how the file
// was read. Ask after the last row.
func (c *Catalogue) Notes() []string {
	var notes []string
	if c.src.decoded {
		notes = append(notes, fmt.Sprintf("The text was converted from %s.", c.Encoding))
	}
	if !c.plan.idColumn {
		notes = append(notes, "There is no column of IDs: each product's ID is made of its content, so a row that is edited later becomes another product. Map a column with id=COLUMN to avoid that.")
	}
	if c.untitled > 0 {
		notes = append(notes, fmt.Sprintf("%s no title and got the beginning of the description as one.", plural(c.untitled, "row has", "rows have")))
	}
	for _, role := range engine.Roles {
		if u := c.unread[role]; u != nil {
			notes = append(notes, fmt.Sprintf("The %s could not be read in %s and was kept as an attribute there; the first such value is %q on line %d.", role, plural(u.count, "row", "rows"), u.text, u.line))
		}
	}
	return notes
}

// Next returns the next product, or io.EOF after the last one. Rows that cannot
// be read are passed over and go to Problems. Any other error ends the reading:
// what is left of the file cannot be understood.
func (c *Catalogue) Next() (engine.Product, error) {
	for c.ended == nil {
		var r row
		var err error
		if len(c.ahead) > 0 {
			r, err = c.ahead[0].row, c.ahead[0].err
			c.ahead[0] = ahead{}
			c.ahead = c.ahead[1:]
		} else {
			r, err = c.rows.next()
		}
		var p engine.Product
		if err == nil {
			p, err = c.product(r)
		}
		var bad *rowError
		switch {
		case err == nil:
			return p, nil
		case errors.As(err, &bad):
			c.bad.add(r.line, false, "%s", bad.what)
		case errors.Is(err, io.EOF):
			c.ended = io.EOF
		default:
			c.ended = fileError(c.src.name, err)
		}
	}
	return engine.Product{}, c.ended
}

// Close closes the file and removes what the format stored on the way.
func (c *Catalogue) Close() error {
	return errors.Join(c.rows.Close(), c.src.Close())
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
	for _, cell := range r.cells {
		text := c.cut(cell, r.line)
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

// contentID makes an ID of everything that a row says.
func contentID(cols *columns, r row) string {
	h := sha256.New()
	for _, cell := range r.cells {
		fmt.Fprintf(h, "%d:%s%d:%s", len(cols.names[cell.column]), cols.names[cell.column], len(cell.text), cell.text)
	}
	return "row-" + hex.EncodeToString(h.Sum(nil)[:8])
}
