package retrieve

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strings"

	"touchstone/engine"
	"touchstone/engine/text"
)

// The columns that hold a number of every product; NaN where it is unknown.
const (
	columnPrice = iota
	columnRating
	columnPopularity
	columnDate // seconds since 1970
	numericColumns
)

// numericRoles names the numeric columns.
var numericRoles = [numericColumns]engine.Role{engine.RolePrice, engine.RoleRating, engine.RolePopularity, engine.RoleDate}

func numbersOf(p *engine.Product) [numericColumns]float64 {
	value := func(n engine.Number) float64 {
		if n.Known {
			return n.Value
		}
		return math.NaN()
	}
	numbers := [numericColumns]float64{value(p.Price), value(p.Rating), value(p.Popularity), math.NaN()}
	if !p.Date.IsZero() {
		numbers[columnDate] = float64(p.Date.Unix())
	}
	return numbers
}

// roleColumn is the column of a role; brand and category are columns of words
// like any attribute. An attribute that is called like a role yields to it.
func roleColumn(r engine.Role) string { return "\x00" + string(r) }

// longestValue is how long a value may be to be kept for filters, in bytes;
// longer texts are only searched.
const longestValue = 200

// foldValue is the form in which names and values are compared.
func foldValue(s string) string { return strings.ToLower(text.Clean(s)) }

// A column of words, written as:
//
//	strings  its values, sorted by folded form
//	uvarint  entries, and for each, in the order of documents,
//	uvarint  distance from the document before
//	uvarint  which value
type columnBuilder struct {
	values  map[string]uint32 // as written → number
	entries int
	last    uint32
	data    []byte // uvarint distance, uvarint number
}

func (b *Builder) addValue(name, value string, doc uint32) {
	if value == "" || len(value) > longestValue || name == "" {
		return
	}
	key := name
	if name[0] != 0 {
		key = foldValue(name)
	}
	c := b.columns[key]
	if c == nil {
		c = &columnBuilder{values: map[string]uint32{}}
		b.columns[key] = c
	}
	number, known := c.values[value]
	if !known {
		number = uint32(len(c.values))
		c.values[strings.Clone(value)] = number
	}
	c.data = binary.AppendUvarint(c.data, uint64(doc-c.last))
	c.data = binary.AppendUvarint(c.data, uint64(number))
	c.last = doc
	c.entries++
}

// writeColumns writes all columns: their folded names, in order, and the
// columns themselves.
func (b *Builder) writeColumns(place []uint32) []byte {
	keys := slices.Sorted(maps.Keys(b.columns))
	bodies := make([]string, len(keys))
	for i, key := range keys {
		bodies[i] = string(b.columns[key].write(place))
	}
	return appendStrings(appendStrings(nil, keys), bodies)
}

func (c *columnBuilder) write(place []uint32) []byte {
	type value struct {
		folded, text string
		number       uint32
	}
	values := make([]value, 0, len(c.values))
	for text, number := range c.values {
		values = append(values, value{foldValue(text), text, number})
	}
	slices.SortFunc(values, func(a, b value) int {
		if order := strings.Compare(a.folded, b.folded); order != 0 {
			return order
		}
		return strings.Compare(a.text, b.text)
	})
	// Values that differ in case only become one, written like the first.
	final := make([]uint32, len(values))
	var texts []string
	for i, v := range values {
		if i == 0 || values[i-1].folded != v.folded {
			texts = append(texts, v.text)
		}
		final[v.number] = uint32(len(texts) - 1)
	}

	type entry struct{ doc, value uint32 }
	entries := make([]entry, 0, c.entries)
	data, doc := c.data, uint32(0)
	for range c.entries {
		distance, n := binary.Uvarint(data)
		number, m := binary.Uvarint(data[n:])
		data = data[n+m:]
		doc += uint32(distance)
		entries = append(entries, entry{place[doc], final[number]})
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if a.doc != b.doc {
			return int(int64(a.doc) - int64(b.doc))
		}
		return int(int64(a.value) - int64(b.value))
	})
	entries = slices.Compact(entries)

	out := appendStrings(nil, texts)
	out = binary.AppendUvarint(out, uint64(len(entries)))
	last := uint32(0)
	for _, e := range entries {
		out = binary.AppendUvarint(out, uint64(e.doc-last))
		out = binary.AppendUvarint(out, uint64(e.value))
		last = e.doc
	}
	return out
}

// column is one column of words of a segment.
type column struct {
	values  strs
	entries int
	data    []byte
}

func openColumn(body []byte) column {
	values, rest := openStrings(body)
	entries, n := binary.Uvarint(rest)
	return column{values: values, entries: int(entries), data: rest[n:]}
}

// mark sets the documents that have one of the wanted values.
func (c *column) mark(docs bitmap, wanted bitmap) {
	data, doc := c.data, uint32(0)
	for range c.entries {
		distance, n := binary.Uvarint(data)
		value, m := binary.Uvarint(data[n:])
		data = data[n+m:]
		doc += uint32(distance)
		if wanted.has(uint32(value)) {
			docs.set(doc)
		}
	}
}
