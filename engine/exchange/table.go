package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// table yields the rows of CSV, TSV or a spreadsheet, the header included.
type table interface {
	// next returns the cells of the next row that is not blank and the line
	// that it starts on. A *rowError reports a row that cannot be read; the
	// next call goes on after it. io.EOF ends the table, any other error the
	// reading. The cells are valid until the next call.
	next() (cells []string, line int, err error)
}

// delimited reads text whose cells are parted by one byte, quoted as RFC 4180
// says. encoding/csv reads the same language, but gives up what follows a quote
// that is never closed; here the line that holds it is reported and reading
// goes on at the line after it.
type delimited struct {
	lines   lineReader
	split   splitter
	lim     limits
	decoded bool     // see source.decoded
	tail    [][]byte // copies of the lines after the first of a record
}

func newDelimited(s *source, comma byte, lim limits) *delimited {
	return &delimited{
		lines:   lineReader{r: s.Reader, max: lim.Record},
		split:   splitter{comma: comma, max: lim.Columns},
		lim:     lim,
		decoded: s.decoded,
	}
}

func (d *delimited) next() ([]string, int, error) {
	for {
		line, err := d.lines.next()
		if err != nil {
			return nil, d.lines.number, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		first := d.lines.number
		if err := d.checkText(line, first); err != nil {
			return nil, first, err
		}
		cells, err := d.record(line, first)
		return cells, first, err
	}
}

// record reads the record that starts with line, and as many lines more as its
// quoted cells span.
func (d *delimited) record(line []byte, first int) ([]string, error) {
	d.split.reset()
	d.tail = nil
	size := len(line)
	literal := bytes.Clone(line)
	done, err := d.split.feed(line)
	for err == nil && !done {
		if len(d.tail) >= d.lim.Lines {
			err = errQuoteOpen
			break
		}
		line, err = d.lines.next()
		if errors.Is(err, io.EOF) {
			err = errQuoteOpen
			break
		}
		if err != nil {
			return nil, err
		}
		d.tail = append(d.tail, bytes.Clone(line))
		if size += len(line); size > d.lim.Record {
			err = errQuoteOpen
			break
		}
		if err := d.checkText(line, first); err != nil {
			d.resume()
			return nil, err
		}
		done, err = d.split.feed(line)
	}
	switch {
	case errors.Is(err, errColumns):
		return nil, fmt.Errorf("line %d has more than %d columns: is this a catalogue?", first, d.lim.Columns)
	case err != nil && d.split.comma == '\t':
		// Most programs that write tabs do not quote: the marks are text.
		d.resume()
		return strings.Split(string(literal), "\t"), nil
	case err != nil:
		d.resume()
		return nil, badRow(first, "%v", err)
	}
	return d.split.cells, nil
}

// resume makes reading go on at the line after the first of this record.
func (d *delimited) resume() {
	d.lines.putBack(d.tail)
	d.tail = nil
}

func (d *delimited) checkText(line []byte, first int) error {
	return checkText(line, first, d.decoded)
}

// checkText reports a line that is not valid text.
func checkText(line []byte, number int, decoded bool) error {
	if decoded {
		if i := bytes.Index(line, []byte("\uFFFD")); i >= 0 {
			return badRow(number, "the text is damaged: it cannot be decoded after byte %d of the row", i)
		}
		return nil
	}
	if utf8.Valid(line) {
		return nil
	}
	at := 0
	for b := line; len(b) > 0; {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			break
		}
		at += n
		b = b[n:]
	}
	return badRow(number, "the text is not UTF-8: byte %d of the row is 0x%02x", at+1, line[at])
}

var (
	errQuoteOpen   = errors.New(`a quote (") is opened and never closed: close it, or write it twice`)
	errQuoteInside = errors.New(`a quote (") inside a quoted value must be written twice`)
	errColumns     = errors.New("too many columns")
)

// splitter cuts a record into cells. It is fed line by line, since a quoted
// cell may span several.
type splitter struct {
	comma  byte
	max    int // cells of a record
	cells  []string
	cell   []byte
	quoted bool // the last line ended within quotes
}

func (s *splitter) reset() { s.cells, s.cell, s.quoted = s.cells[:0], s.cell[:0], false }

// feed takes the next line and reports whether the record is complete.
func (s *splitter) feed(line []byte) (done bool, err error) {
	within := s.quoted
	if within {
		s.cell = append(s.cell, '\n')
	}
	for {
		if within || len(line) > 0 && line[0] == '"' {
			if !within {
				line = line[1:]
			}
			within = false
			rest, closed := s.quotes(line)
			if !closed {
				s.quoted = true
				return false, nil
			}
			line = bytes.TrimLeft(rest, " ")
			if len(line) > 0 && line[0] != s.comma {
				return false, errQuoteInside
			}
			s.quoted = false
		} else {
			end := bytes.IndexByte(line, s.comma)
			if end < 0 {
				end = len(line)
			}
			s.cell = append(s.cell, line[:end]...)
			line = line[end:]
		}
		if len(s.cells) == s.max {
			return false, errColumns
		}
		s.cells = append(s.cells, string(s.cell))
		s.cell = s.cell[:0]
		if len(line) == 0 {
			return true, nil
		}
		line = line[1:] // the comma
	}
}

// quotes appends quoted text to the cell, up to the closing quote if it is on
// this line, and returns what follows it.
func (s *splitter) quotes(line []byte) (rest []byte, closed bool) {
	for {
		end := bytes.IndexByte(line, '"')
		if end < 0 {
			s.cell = append(s.cell, line...)
			return nil, false
		}
		s.cell = append(s.cell, line[:end]...)
		line = line[end+1:]
		if len(line) == 0 || line[0] != '"' {
			return line, true
		}
		s.cell = append(s.cell, '"')
		line = line[1:]
	}
}

// delimiters are tried in this order; the first of equals wins.
var delimiters = []byte{',', ';', '\t', '|'}

// sniffDelimiter judges by the first records which byte parts the cells: the
// one under which most records have as many cells as the first one, then the
// one that makes most cells. Text without any is one column, parted by commas.
func sniffDelimiter(head []byte) byte {
	best, bestShare, bestCells := byte(','), 0.0, 1
	for _, comma := range delimiters {
		share, cells := agreement(head, comma)
		if cells > 1 && (share > bestShare+0.05 || share > bestShare-0.05 && cells > bestCells) {
			best, bestShare, bestCells = comma, share, cells
		}
	}
	return best
}

// agreement is the share of the sample's records that have as many cells as
// the first one, and how many those are.
func agreement(head []byte, comma byte) (share float64, cells int) {
	whole := len(head) < peekSize
	s := splitter{comma: comma, max: defaultLimits.Columns}
	records, agree := 0, 0
	for len(head) > 0 && records < 100 {
		end := bytes.IndexByte(head, '\n')
		if end < 0 {
			if !whole && records > 0 {
				break // the last line of the sample is cut
			}
			end = len(head) - 1
		}
		line := trimLineEnd(head[:end+1])
		head = head[end+1:]
		if len(line) == 0 && !s.quoted {
			continue
		}
		done, err := s.feed(line)
		if err == nil && !done {
			continue
		}
		records++
		if cells == 0 {
			cells = len(s.cells)
		}
		if err == nil && len(s.cells) == cells {
			agree++
		}
		s.reset()
	}
	if records == 0 {
		return 0, 0
	}
	return float64(agree) / float64(records), cells
}

// newText is the table in a text: its delimiter is the one that a first line
// "sep=;" names, as spreadsheets write and read it, or the likeliest.
func newText(s *source, lim limits) (*delimited, byte, error) {
	head, err := s.peek()
	if err != nil {
		return nil, 0, err
	}
	if line, _, _ := bytes.Cut(head, []byte("\n")); len(trimLineEnd(line)) == 5 && bytes.HasPrefix(line, []byte("sep=")) {
		comma := line[4]
		d := newDelimited(s, comma, lim)
		_, err := d.lines.next()
		return d, comma, err
	}
	comma := sniffDelimiter(head)
	return newDelimited(s, comma, lim), comma, nil
}
