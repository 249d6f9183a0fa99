package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"touchstone/engine"
)

// Queries is what a file of queries held.
type Queries struct {
	Format   string         // for people: "query set CSV", "one query a line"
	Queries  []engine.Query // each text once, in the order of the file
	Problems []Problem
	Skipped  int // rows not read, listed in Problems or not
}

// needNames are the columns of what stands behind a query, folded by foldName.
var needNames = []string{"information need", "need", "reference answer", "description", "narrative", "intent"}

// OpenQueries reads a query set: Quepid's information needs, the Search
// Relevance Workbench's NDJSON and JSON, BEIR's and WANDS' queries, any table
// with a column of queries, or text with one query a line. "-" is standard
// input.
func OpenQueries(path string) (*Queries, error) {
	s, err := open(path, defaultLimits)
	if err != nil {
		return nil, err
	}
	q, err := readQueries(s, defaultLimits)
	return q, errors.Join(fileError(s.name, err), s.Close())
}

func readQueries(s *source, lim limits) (*Queries, error) {
	in := &intake{problems: problems{file: s.name, limit: lim.Problems}, queries: map[string]int{}}
	if err := in.readQueries(s, lim); err != nil {
		return nil, err
	}
	return &Queries{in.format, in.order, in.problems.list, in.problems.skipped}, nil
}

func (in *intake) readQueries(s *source, lim limits) error {
	head, err := s.peek()
	if err != nil {
		return err
	}
	if text := bytes.TrimLeft(head, " \t\r\n"); s.binary || len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		return in.queryRows(s, lim)
	}
	first := firstLines(string(head), 1)
	if len(first) == 0 {
		return errEmpty
	}
	cells := strings.Split(first[0], string(sniffDelimiter(head)))
	named := slices.ContainsFunc(cells, func(c string) bool {
		return slices.Contains(queryNames, foldName(strings.Trim(c, `"`)))
	})
	switch {
	case named && len(cells) > 1:
		return in.queryRows(s, lim)
	case numberedQueries(string(head)):
		in.format = "numbered queries"
	default:
		in.format = "one query a line"
	}
	return in.eachLine(s, lim, func(line string, number int) {
		if in.format == "numbered queries" {
			_, text, ok := strings.Cut(line, "\t")
			if !ok {
				in.problems.add(number, false, "has no tab between a number and a query")
				return
			}
			line = strings.TrimSpace(text)
		} else if named { // the name of the only column
			named = false
			return
		}
		if n := len(line); n > 1 && line[0] == '"' && line[n-1] == '"' {
			line = strings.ReplaceAll(line[1:n-1], `""`, `"`)
		}
		in.query(line, "")
	})
}

// numberedQueries recognises lines of an identifier, a tab and a query.
func numberedQueries(text string) bool {
	lines := firstLines(text, 20)
	for _, line := range lines {
		if id, query, ok := strings.Cut(line, "\t"); !ok || !isNumber(id) || strings.Contains(query, "\t") {
			return false
		}
	}
	return len(lines) > 0
}

// queryRows reads a table or JSON objects with a column of queries.
func (in *intake) queryRows(s *source, lim limits) error {
	f, err := openRows(s, lim)
	if err != nil {
		return err
	}
	in.format = "query set " + f.format
	return errors.Join(in.eachQueryRow(f), f.Close())
}

func (in *intake) eachQueryRow(f *rowFile) error {
	for {
		r, err := f.next()
		var bad *rowError
		switch {
		case errors.Is(err, io.EOF):
			if len(in.order) == 0 {
				return fmt.Errorf("no column of queries in it: want one called query (its columns are %s)", strings.Join(f.columns.names[:min(len(f.columns.names), 20)], ", "))
			}
			return nil
		case errors.As(err, &bad):
			in.problems.add(r.line, false, "%s", bad.what)
			continue
		case err != nil:
			return err
		}
		var text, need string
		for _, cell := range r.cells {
			switch name := foldName(f.columns.names[cell.column]); {
			case slices.Contains(queryNames, name), name == "text" && text == "":
				text = cell.text
			case slices.Contains(needNames, name):
				need = cell.text
			}
		}
		if text == "" {
			in.problems.add(r.line, false, "names no query")
			continue
		}
		in.query(text, need)
	}
}
