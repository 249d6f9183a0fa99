package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// flattener turns JSON objects into rows: a nested member gets the path to it
// as its column (dimensions.height), a list gives its column several values,
// null gives none. What a search engine wraps into _source counts as unwrapped.
type flattener struct {
	columns *columns
	lim     limits

	text  []byte // the rest of the object, known to be valid JSON
	cells []cell
	err   error
}

var errNotObject = errors.New(`not a JSON object such as {"id":"1","title":"…"}`)

// row reads one object that starts on the given line.
func (f *flattener) row(object []byte, line int, decoded bool) (row, error) {
	out := row{line: line}
	if err := checkText(object, line, decoded); err != nil {
		return out, err
	}
	if len(object) == 0 || object[0] != '{' {
		return out, badRow(line, "%v", errNotObject)
	}
	if !json.Valid(object) {
		var syntax *json.SyntaxError
		if err := json.Unmarshal(object, new(json.RawMessage)); errors.As(err, &syntax) {
			return out, badRow(line, "broken JSON at byte %d: %v", syntax.Offset, err)
		}
		return out, badRow(line, "broken JSON")
	}
	f.text, f.cells, f.err = object, nil, nil
	f.value("", 0)
	out.cells = f.cells
	var bad *rowError
	if errors.As(f.err, &bad) {
		bad.line = line
	}
	return out, f.err
}

// value reads one value into the column of the given path. Once f.err is set
// nothing more is read.
func (f *flattener) value(path string, depth int) {
	if f.err != nil {
		return
	}
	if depth > f.lim.Depth {
		f.err = badRow(0, "nested more than %d deep", f.lim.Depth)
		return
	}
	switch f.peek() {
	case '{':
		f.elements('}', func() {
			name := f.string()
			f.peek()
			f.text = f.text[1:] // the colon
			f.value(member(path, name), depth+1)
		})
	case '[':
		f.elements(']', func() { f.value(path, depth+1) })
	case '"':
		f.add(path, strings.TrimSpace(f.string()), false)
	default:
		end := bytes.IndexAny(f.text, ",]} \t\r\n")
		if end < 0 {
			end = len(f.text)
		}
		text := string(f.text[:end])
		f.text = f.text[end:]
		if text == "null" {
			return
		}
		// Python writes whole numbers of a float column as 6.0.
		if whole, ok := strings.CutSuffix(text, ".0"); ok {
			text = whole
		}
		f.add(path, text, true)
	}
}

// elements calls read for each element of an array or object.
func (f *flattener) elements(end byte, read func()) {
	f.text = f.text[1:] // the bracket
	for f.err == nil && f.peek() != end {
		read()
		if f.err == nil && f.peek() == ',' {
			f.text = f.text[1:]
		}
	}
	if f.err == nil {
		f.text = f.text[1:]
	}
}

// peek skips white space and returns the next byte.
func (f *flattener) peek() byte {
	f.text = bytes.TrimLeft(f.text, " \t\r\n")
	return f.text[0]
}

// string reads a string that may have white space before it.
func (f *flattener) string() string {
	f.peek()
	end := 1
	escaped := false
	for f.text[end] != '"' {
		if f.text[end] == '\\' {
			escaped = true
			end++
		}
		end++
	}
	quoted := f.text[:end+1]
	f.text = f.text[end+1:]
	if !escaped {
		return string(quoted[1:end])
	}
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		f.err = badRow(0, "broken JSON: %v", err)
	}
	return s
}

func (f *flattener) add(path, text string, exact bool) {
	if text == "" {
		return
	}
	at, err := f.columns.at(path)
	switch {
	case err != nil:
		f.err = err
	case len(f.cells) == f.lim.Columns:
		f.err = badRow(0, "has more than %d values", f.lim.Columns)
	default:
		f.cells = append(f.cells, cell{column: at, text: text, exact: exact})
	}
}

// member is the path of a member of an object.
func member(path, name string) string {
	name = strings.TrimSpace(name)
	if path == "" || path == "_source" {
		return name
	}
	return path + "." + name
}
