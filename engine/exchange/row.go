package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// columns are the names of a file's columns in the order of their first
// appearance. JSON may bring new ones with any row.
type columns struct {
	names []string
	index map[string]int
	max   int
}

func newColumns(max int) *columns { return &columns{index: map[string]int{}, max: max} }

func (c *columns) has(name string) bool {
	_, ok := c.index[name]
	return ok
}

// at returns the position of a column, which it adds when it is new.
func (c *columns) at(name string) (int, error) {
	if i, ok := c.index[name]; ok {
		return i, nil
	}
	if len(c.names) == c.max {
		return 0, fmt.Errorf("more than %d different columns: is this a catalogue?", c.max)
	}
	name = strings.Clone(name)
	c.names = append(c.names, name)
	c.index[name] = len(c.names) - 1
	return len(c.names) - 1, nil
}

// cell is one value of a row. A column has several when it held a list.
type cell struct {
	column int
	text   string
	exact  bool // a number of JSON or a spreadsheet: a point is a decimal point
}

// row is one product to be.
type row struct {
	line  int
	cells []cell // without empty ones
}

// rowReader yields the rows of a catalogue in any format.
type rowReader interface {
	// next reads one row; errors are those of table.next.
	next() (row, error)
}

// tableRows gives the cells of a table's rows the names in its header.
type tableRows struct {
	table
	columns []int // of each cell
	sheet   bool  // of a spreadsheet: numbers are exact, and rows may end early
	first   *row  // the first row, when it turned out not to be a header
}

// newTableRows reads the header. A table whose first row holds numbers or
// addresses and none of the names that people give to columns has no header:
// its columns are numbered.
func newTableRows(t table, cols *columns, sheet bool) (*tableRows, error) {
	header, line, err := t.next()
	var bad *rowError
	if errors.As(err, &bad) {
		return nil, fmt.Errorf("line %d, the header: %s", bad.line, bad.what)
	}
	if err != nil {
		return nil, err
	}
	for len(header) > 1 && strings.TrimSpace(header[len(header)-1]) == "" {
		header = header[:len(header)-1]
	}
	r := &tableRows{table: t, sheet: sheet}
	named := looksLikeHeader(header)
	for i, name := range header {
		name = strings.TrimSpace(name)
		if name == "" || !named {
			name = fmt.Sprintf("column %d", i+1)
		}
		unique := name
		for n := 2; cols.has(unique); n++ {
			unique = fmt.Sprintf("%s (%d)", name, n)
		}
		at, err := cols.at(unique)
		if err != nil {
			return nil, err
		}
		r.columns = append(r.columns, at)
	}
	if !named {
		first, err := r.row(header, line)
		if err != nil {
			return nil, err
		}
		r.first = &first
	}
	return r, nil
}

func (r *tableRows) next() (row, error) {
	if r.first != nil {
		first := *r.first
		r.first = nil
		return first, nil
	}
	for {
		cells, line, err := r.table.next()
		if err != nil {
			return row{line: line}, err
		}
		// Spreadsheets export the empty rows below a table as ",,,".
		if strings.TrimSpace(strings.Join(cells, "")) != "" {
			return r.row(cells, line)
		}
	}
}

func (r *tableRows) row(cells []string, line int) (row, error) {
	for len(cells) > len(r.columns) && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) > len(r.columns) || len(cells) < len(r.columns) && !r.sheet {
		return row{line: line}, badRow(line, "has %d columns where the header has %d", len(cells), len(r.columns))
	}
	out := row{line: line, cells: make([]cell, 0, len(cells))}
	for i, text := range cells {
		if text = strings.TrimSpace(text); text != "" {
			out.cells = append(out.cells, cell{column: r.columns[i], text: text, exact: r.sheet})
		}
	}
	return out, nil
}

// rowFile is an opened file of rows, in any format.
type rowFile struct {
	rowReader
	format  string // "CSV", "TSV", "JSON Lines", "JSON" or "XLSX"
	columns *columns
	sheet   *sheet // nil in other formats
}

// each reads the rows to their end. One that cannot be read is a problem; those
// after it are read.
func (f *rowFile) each(problems *problems, fn func(row) error) error {
	for {
		r, err := f.next()
		var bad *rowError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &bad):
			problems.add(r.line, false, "%s", bad.what)
			continue
		case err != nil:
			return err
		}
		if err := fn(r); err != nil {
			return err
		}
	}
}

// openRows recognises the format by its content.
func openRows(s *source, lim limits) (*rowFile, error) {
	f := &rowFile{columns: newColumns(lim.Columns)}
	if err := f.open(s, lim); err != nil {
		if errors.Is(err, io.EOF) {
			err = errEmpty
		}
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (f *rowFile) open(s *source, lim limits) (err error) {
	if s.binary {
		f.format = "XLSX"
		if f.sheet, err = newSheet(s, lim); err != nil {
			return err
		}
		f.rowReader, err = newTableRows(f.sheet, f.columns, true)
		return err
	}
	head, err := s.peek()
	if err != nil {
		return err
	}
	text := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(text) == 0 && len(head) < peekSize:
		return errEmpty
	case bytes.HasPrefix(text, []byte("{")), bytes.HasPrefix(text, []byte("[")):
		f.rowReader, f.format, err = newJSON(s, f.columns, lim)
		return err
	case bytes.HasPrefix(text, []byte("<")):
		return errors.New("this is XML or HTML: CSV, TSV, JSON, JSON Lines or XLSX is wanted")
	}
	t, comma, err := newText(s, lim)
	if err != nil {
		return err
	}
	f.format = "CSV"
	if comma == '\t' {
		f.format = "TSV"
	}
	f.rowReader, err = newTableRows(t, f.columns, false)
	return err
}

// Close removes the temporary files of a spreadsheet; the source stays open.
func (f *rowFile) Close() error {
	if f.sheet == nil {
		return nil
	}
	return f.sheet.Close()
}
