package exchange

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"

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

// ahead is a row or the problem that took its place.
type ahead struct {
	row row
	err error
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

// Fields are the columns met so far and their roles.
func (c *Catalogue) Fields() []engine.Field { return slices.Clone(c.fields) }

// examples are up to n different values of a column from the first rows.
func (c *Catalogue) examples(name string, n int) []string {
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

// Preview is what an import would make of a file, for a person to look at
// before it happens.
type Preview struct {
	Format   string
	Encoding string
	Fields   []engine.Field
	Examples map[string][]string // up to three different values of each column
	Products []engine.Product    // the first ones
	Problems []Problem           // up to the last of Products
	Notes    []string
}

// PreviewCatalogue reads the first n products of a file. "-" cannot be
// previewed: what is read from standard input is gone.
func PreviewCatalogue(path string, o CatalogueOptions, n int) (*Preview, error) {
	c, err := OpenCatalogue(path, o)
	if err != nil {
		return nil, err
	}
	p := &Preview{Format: c.Format, Encoding: c.Encoding, Examples: map[string][]string{}}
	for len(p.Products) < n {
		product, err := c.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		p.Products = append(p.Products, product)
	}
	p.Fields, p.Problems, p.Notes = c.Fields(), c.Problems(), c.Notes()
	for _, f := range p.Fields {
		p.Examples[f.Name] = c.examples(f.Name, 3)
	}
	return p, c.Close()
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
