package exchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// listNames are the members under which files keep their list of products.
var listNames = []string{"products", "items", "hits", "docs", "documents", "results", "response", "data", "records", "rows", "catalogue", "catalog", "articles", "querySetQueries"}

// jsonShape is how a text of JSON holds its objects.
type jsonShape int

const (
	jsonPerLine jsonShape = iota // one object a line
	jsonObjects                  // one after the other over any number of lines
	jsonList                     // [ … ]
	jsonWrapped                  // {"products":[ … ]}, {"hits":{"hits":[ … ]}}
)

// shapeOf judges by the first bytes of a text that starts with { or [; whole
// says that they are all of it.
func shapeOf(head []byte, whole bool) jsonShape {
	head = bytes.TrimLeft(head, " \t\r\n")
	if head[0] == '[' {
		return jsonList
	}
	first, rest, ended := bytes.Cut(head, []byte("\n"))
	rest = bytes.TrimSpace(rest)
	wrapped := wrapsList(head)
	switch {
	case json.Valid(first) && wrapped && whole && len(rest) == 0:
		return jsonWrapped
	case json.Valid(first):
		return jsonPerLine
	case wrapped:
		return jsonWrapped
	case !ended && !whole: // a line longer than the sample
		return jsonPerLine
	case len(rest) > 0 && rest[0] == '{': // the first line is broken
		return jsonPerLine
	}
	return jsonObjects
}

func wrapsList(head []byte) bool {
	depth := 0
	return enterWrapper(json.NewDecoder(bytes.NewReader(head)), nil, &depth) == nil
}

var errNoList = errors.New("no list of products in the object")

// enterWrapper moves the decoder from the start of an object into the first
// array that stands under one of listNames, in it or in an object in it under
// such a name. depth counts the objects that are then open.
func enterWrapper(dec *json.Decoder, b *budget, depth *int) error {
	if _, err := dec.Token(); err != nil { // {
		return err
	}
	*depth = 1
	for *depth > 0 {
		b.reset()
		if !dec.More() {
			if _, err := dec.Token(); err != nil { // }, or the end of a cut text
				return err
			}
			*depth--
			continue
		}
		key, err := dec.Token()
		if err != nil {
			return err
		}
		if name, _ := key.(string); !slices.Contains(listNames, name) {
			if err := dec.Decode(new(json.RawMessage)); err != nil {
				return err
			}
			continue
		}
		value, err := dec.Token()
		if err != nil {
			return err
		}
		switch value {
		case json.Delim('['):
			return nil
		case json.Delim('{'):
			*depth++
		}
	}
	return errNoList
}

// jsonLines reads one JSON object a line.
type jsonLines struct {
	lines   lineReader
	flat    flattener
	decoded bool // see source.decoded
}

func (j *jsonLines) next() (row, error) {
	for {
		line, err := j.lines.next()
		if err != nil {
			return row{line: j.lines.number}, err
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return j.flat.row(line, j.lines.number, j.decoded)
		}
	}
}

// jsonDocument reads objects from one JSON text, one at a time.
type jsonDocument struct {
	dec     *json.Decoder
	budget  *budget
	lines   *lineCounter
	flat    flattener
	decoded bool // see source.decoded
	list    bool // the objects are elements of an array
	depth   int  // of the objects around that array
}

// newJSON picks the reader for a text that starts with { or [.
func newJSON(s *source, cols *columns, lim limits) (rows rowReader, format string, err error) {
	head, err := s.peek()
	if err != nil {
		return nil, "", err
	}
	flat := flattener{columns: cols, lim: lim}
	shape := shapeOf(head, len(head) < peekSize)
	if shape == jsonPerLine {
		return &jsonLines{lines: lineReader{r: s.Reader, max: lim.Record}, flat: flat, decoded: s.decoded}, "JSON Lines", nil
	}
	d := &jsonDocument{flat: flat, decoded: s.decoded, lines: &lineCounter{r: s.Reader}}
	d.budget = &budget{r: d.lines, size: lim.Record}
	d.budget.reset()
	d.dec = json.NewDecoder(d.budget)
	switch shape {
	case jsonList:
		_, err = d.dec.Token()
	case jsonWrapped:
		err = enterWrapper(d.dec, d.budget, &d.depth)
	}
	if err != nil {
		return nil, "", d.broken(err)
	}
	d.list = shape != jsonObjects
	return d, "JSON", nil
}

func (d *jsonDocument) next() (row, error) {
	d.budget.reset()
	if d.list && !d.dec.More() {
		return row{}, d.end()
	}
	var raw json.RawMessage
	if err := d.dec.Decode(&raw); err != nil {
		if errors.Is(err, io.EOF) && !d.list {
			return row{}, io.EOF
		}
		return row{}, d.broken(err)
	}
	line := d.lines.at(d.dec.InputOffset() - int64(len(raw)))
	return d.flat.row(raw, line, d.decoded)
}

// end reads what follows the list: the rest of the objects around it, and
// nothing more. It returns io.EOF when all is well.
func (d *jsonDocument) end() error {
	open := d.depth + 1
	for open > 0 {
		d.budget.reset()
		token, err := d.dec.Token()
		if err != nil {
			return d.broken(err)
		}
		switch token {
		case json.Delim('['), json.Delim('{'):
			open++
		case json.Delim(']'), json.Delim('}'):
			open--
		}
	}
	switch _, err := d.dec.Token(); {
	case errors.Is(err, io.EOF):
		return io.EOF
	case err != nil:
		return d.broken(err)
	}
	return fmt.Errorf("line %d: there is more after the list: put all products into one list, or one object on each line", d.lines.at(d.dec.InputOffset()))
}

// broken says where a JSON text stops making sense. What follows cannot be
// read: nothing tells where the next object starts.
func (d *jsonDocument) broken(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("the file ends in the middle")
	}
	return fmt.Errorf("line %d: the JSON cannot be read from here on: %w", d.lines.at(d.dec.InputOffset()), err)
}

// budget refuses to pass on more than size bytes between resets, give or take
// what the reader above it buffers.
type budget struct {
	r    io.Reader
	size int
	left int
}

func (b *budget) reset() {
	if b != nil {
		b.left = b.size
	}
}

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("one element is longer than %s, the limit for one row", bytesText(int64(b.size)))
	}
	n, err := b.r.Read(p)
	b.left -= n
	return n, err
}

// lineCounter turns byte offsets of what it has passed on into line numbers.
type lineCounter struct {
	r      *bufio.Reader
	offset int64
	line   int     // lines ended before ends[0]
	ends   []int64 // offsets of line ends not yet asked about
}

func (l *lineCounter) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			l.ends = append(l.ends, l.offset+int64(i))
		}
	}
	l.offset += int64(n)
	return n, err
}

// at is the line of an offset, which never decreases from call to call.
func (l *lineCounter) at(offset int64) int {
	past := 0
	for past < len(l.ends) && l.ends[past] < offset {
		past++
	}
	l.line += past
	l.ends = slices.Delete(l.ends, 0, past)
	return l.line + 1
}
