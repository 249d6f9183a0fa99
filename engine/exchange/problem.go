package exchange

import (
	"errors"
	"fmt"
)

// Problem is something in a file that could not be read as it stands.
type Problem struct {
	File string
	Line int    // 1 is the first; in a spreadsheet the row; 0 where What names the place
	What string // what is wrong and, where it helps, what to do
	Kept bool   // the row was read all the same, without the part that What names
}

// String is "file:line: what".
func (p Problem) String() string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s", p.File, p.What)
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.What)
}

// problems collects the problems of one file, up to a limit.
type problems struct {
	file    string
	limit   int
	list    []Problem
	skipped int // rows not read at all, listed or not
}

func (p *problems) add(line int, kept bool, format string, args ...any) {
	if !kept {
		p.skipped++
	}
	if len(p.list) < p.limit {
		p.list = append(p.list, Problem{File: p.file, Line: line, What: fmt.Sprintf(format, args...), Kept: kept})
	}
}

// rowError says why one row cannot be read; the rows after it can.
type rowError struct {
	line int
	what string
}

func (e *rowError) Error() string { return e.what }

func badRow(line int, format string, args ...any) error {
	return &rowError{line, fmt.Sprintf(format, args...)}
}

// fileError names the file in an error that ends the reading.
func fileError(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}

var errEmpty = errors.New("the file is empty: nothing to read")

// plural counts for people: "1 row", "2 rows".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
