package storage

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"touchstone/engine"
)

// parseProduct reads the JSON of a product as encode writes it, several times as
// fast as encoding/json does, which looks at each byte three times. It is false
// for whatever else a record may hold, valid or not: that is for encoding/json.
// Where it is true, both read the same.
func parseProduct(content []byte) (p engine.Product, ok bool) {
	r := recordReader{content}
	if !r.take('{') {
		return p, false
	}
	var seen fields
	for {
		key, ok := r.key()
		if !ok {
			return p, false
		}
		var field uint
		switch string(key) {
		case "id":
			field, ok = 0, r.text(&p.ID)
		case "title":
			field, ok = 1, r.text(&p.Title)
		case "brand":
			field, ok = 2, r.text(&p.Brand)
		case "category":
			field, ok = 3, r.text(&p.Category)
		case "description":
			field, ok = 4, r.text(&p.Description)
		case "price":
			field, ok = 5, r.number(&p.Price)
		case "currency":
			field, ok = 6, r.text(&p.Currency)
		case "rating":
			field, ok = 7, r.number(&p.Rating)
		case "popularity":
			field, ok = 8, r.number(&p.Popularity)
		case "date":
			var date []byte
			if date, ok = r.quoted(); ok {
				ok = p.Date.UnmarshalJSON(date) == nil
			}
			field = 9
		case "image":
			field, ok = 10, r.text(&p.Image)
		case "attributes":
			field, ok = 11, r.attributes(&p.Attributes)
		case "hidden":
			p.Hidden = r.word("true")
			field, ok = 12, p.Hidden || r.word("false")
		default:
			return p, false
		}
		if !ok || !seen.add(field) {
			return p, false
		}
		if !r.take(',') {
			return p, r.take('}') && len(r.rest) == 0
		}
	}
}

// fields are those that an object has had already: encoding/json reads one that
// comes again into what the first one left.
type fields uint

func (f *fields) add(i uint) (isNew bool) {
	isNew = *f>>i&1 == 0
	*f |= 1 << i
	return isNew
}

// recordReader reads JSON without spaces from its front. Each method is false,
// and has taken who knows how much, where that is not what is there.
type recordReader struct{ rest []byte }

func (r *recordReader) take(b byte) bool {
	if len(r.rest) == 0 || r.rest[0] != b {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

func (r *recordReader) word(w string) bool {
	if len(r.rest) < len(w) || string(r.rest[:len(w)]) != w {
		return false
	}
	r.rest = r.rest[len(w):]
	return true
}

// quoted is a string with its quotes and without any backslash.
func (r *recordReader) quoted() ([]byte, bool) {
	if len(r.rest) == 0 || r.rest[0] != '"' {
		return nil, false
	}
	end := bytes.IndexByte(r.rest[1:], '"')
	if end < 0 {
		return nil, false
	}
	s := r.rest[:end+2]
	r.rest = r.rest[end+2:]
	return s, bytes.IndexByte(s, '\\') < 0
}

// key is the name of a field, which comes with a colon.
func (r *recordReader) key() ([]byte, bool) {
	s, ok := r.quoted()
	if !ok || !r.take(':') {
		return nil, false
	}
	return s[1 : len(s)-1], true
}

func (r *recordReader) text(s *string) bool {
	if !r.take('"') {
		return false
	}
	ascii := true
	for i, b := range r.rest {
		switch {
		case b == '"':
			if !ascii && !utf8.Valid(r.rest[:i]) {
				return false
			}
			*s = string(r.rest[:i])
			r.rest = r.rest[i+1:]
			return true
		case b == '\\':
			// What follows may be a quote that ends nothing.
			end, ok := escapedEnd(r.rest[i:])
			if !ok || !utf8.Valid(r.rest[:i+end]) || !unescape(s, r.rest[:i+end]) {
				return false
			}
			r.rest = r.rest[i+end+1:]
			return true
		case b < ' ':
			return false
		case b >= utf8.RuneSelf:
			ascii = false
		}
	}
	return false
}

// escapedEnd is where a string's quote is behind an escape that it begins with.
func escapedEnd(s []byte) (int, bool) {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '"':
			return i, true
		case s[i] < ' ':
			return 0, false
		}
	}
	return 0, false
}

// unescape reads a string with the escapes of one character.
func unescape(dst *string, s []byte) bool {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out = append(out, s[i])
			continue
		}
		if i++; i == len(s) {
			return false
		}
		switch s[i] {
		case '"', '\\', '/':
			out = append(out, s[i])
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		default:
			return false
		}
	}
	*dst = string(out)
	return true
}

func (r *recordReader) digits() bool {
	n := 0
	for n < len(r.rest) && '0' <= r.rest[n] && r.rest[n] <= '9' {
		n++
	}
	r.rest = r.rest[n:]
	return n > 0
}

// number reads a number in the grammar of RFC 8259, section 6.
func (r *recordReader) number(n *engine.Number) bool {
	all := r.rest
	r.take('-')
	if !r.take('0') && !r.digits() {
		return false
	}
	if r.take('.') && !r.digits() {
		return false
	}
	if r.take('e') || r.take('E') {
		if !r.take('+') {
			r.take('-')
		}
		if !r.digits() {
			return false
		}
	}
	v, err := strconv.ParseFloat(string(all[:len(all)-len(r.rest)]), 64)
	if err != nil {
		return false
	}
	*n = engine.Known(v)
	return true
}

func (r *recordReader) attributes(list *[]engine.Attribute) bool {
	if !r.take('[') {
		return false
	}
	// Their number, or a few more where values hold such text.
	attributes := make([]engine.Attribute, 0, bytes.Count(r.rest, []byte(`{"name":`)))
	for {
		if !r.take('{') {
			return false
		}
		var a engine.Attribute
		var seen fields
		for {
			key, ok := r.key()
			if !ok {
				return false
			}
			var field uint
			switch string(key) {
			case "name":
				field, ok = 0, r.text(&a.Name)
			case "value":
				field, ok = 1, r.text(&a.Value)
			default:
				return false
			}
			if !ok || !seen.add(field) {
				return false
			}
			if !r.take(',') {
				break
			}
		}
		if !r.take('}') {
			return false
		}
		attributes = append(attributes, a)
		if !r.take(',') {
			*list = attributes
			return r.take(']')
		}
	}
}
