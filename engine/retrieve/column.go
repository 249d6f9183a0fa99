package retrieve

import (
	"encoding/binary"
	"maps"
	"math"
	"math/bits"
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
//	uvarint  entries
//	byte     form of the entries
//
// A sparse one has for each entry, in the order of documents,
//
//	uvarint  distance from the document before
//	uvarint  which value
//
// A dense one, in which a document's value is found without reading those before,
//
//	uint64   64 documents each: which have a value
//	uint32   every rankStep of those: how many documents before it have one
//	byte     width of a value's number, and as many numbers, packed, as documents
//	         have a value; packPad bytes; and then like a sparse one
//	         the further values of documents that have several
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
		bodies[i] = string(b.columns[key].write(place, len(place)))
	}
	return appendStrings(appendStrings(nil, keys), bodies)
}

func (c *columnBuilder) write(place []uint32, docs int) []byte {
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
	if len(entries) < docs/sparser {
		return appendSparse(append(out, formSparse), entries)
	}
	return appendDense(append(out, formDense), entries, docs, len(texts))
}

// The forms of entries.
const (
	formSparse = iota
	formDense
)

// sparser is how many documents there must be for an entry at most that a dense
// form is worth its bits.
const sparser = 16

// rankStep is how many words of the bitmap share one sum.
const rankStep = 8

type entry struct{ doc, value uint32 }

func appendSparse(out []byte, entries []entry) []byte {
	last := uint32(0)
	for _, e := range entries {
		out = binary.AppendUvarint(out, uint64(e.doc-last))
		out = binary.AppendUvarint(out, uint64(e.value))
		last = e.doc
	}
	return out
}

func appendDense(out []byte, entries []entry, docs, values int) []byte {
	have := newBitmap(docs)
	var numbers []uint32
	var more []entry
	for i, e := range entries {
		if i > 0 && entries[i-1].doc == e.doc {
			more = append(more, e)
			continue
		}
		have.set(e.doc)
		numbers = append(numbers, e.value)
	}
	for _, word := range have {
		out = binary.LittleEndian.AppendUint64(out, word)
	}
	before := 0
	for i, word := range have {
		if i%rankStep == 0 {
			out = binary.LittleEndian.AppendUint32(out, uint32(before))
		}
		before += bits.OnesCount64(word)
	}
	width := widthOf(uint32(max(0, values-1)))
	out = pack(append(out, byte(width)), numbers, width)
	return appendSparse(append(out, make([]byte, packPad)...), more)
}

// column is one column of words of a segment.
type column struct {
	values  strs
	entries int

	have    []byte // dense: bitmap of documents
	ranks   []byte
	numbers []byte
	width   uint
	data    []byte // sparse entries: all, or of a dense column the further ones
	rest    int    // how many of them
}

func openColumn(body []byte, docs int) column {
	values, rest := openStrings(body)
	entries, n := binary.Uvarint(rest)
	c := column{values: values, entries: int(entries), rest: int(entries)}
	form := rest[n]
	if c.data = rest[n+1:]; form == formSparse {
		return c
	}
	take := func(n int) (part []byte) {
		part, c.data = c.data[:n], c.data[n:]
		return part
	}
	words := (docs + 63) / 64
	c.have, c.ranks = take(8*words), take(4*((words+rankStep-1)/rankStep))
	c.width = uint(take(1)[0])
	documents := 0
	if words > 0 {
		documents = c.rank(words-1) + bits.OnesCount64(c.word(words-1))
	}
	c.numbers = c.data // with the pad and what follows, as packed wants it
	take(packedSize(documents, c.width) + packPad)
	c.rest = c.entries - documents
	return c
}

func (c *column) word(i int) uint64 { return binary.LittleEndian.Uint64(c.have[8*i:]) }

// rank is how many documents before word i of the bitmap have a value.
func (c *column) rank(i int) int {
	n := int(binary.LittleEndian.Uint32(c.ranks[4*(i/rankStep):]))
	for k := i &^ (rankStep - 1); k < i; k++ {
		n += bits.OnesCount64(c.word(k))
	}
	return n
}

// each calls fn for the values of the documents; a nil docs is all of them.
func (c *column) each(docs bitmap, fn func(doc, value uint32)) {
	for i := range len(c.have) / 8 {
		have := c.word(i)
		wanted := have
		if docs != nil {
			wanted &= docs[i]
		}
		if wanted == 0 {
			continue
		}
		before := c.rank(i)
		for ; wanted != 0; wanted &= wanted - 1 {
			bit := bits.TrailingZeros64(wanted)
			at := before + bits.OnesCount64(have&(1<<bit-1))
			fn(uint32(64*i+bit), packed(c.numbers, at, c.width))
		}
	}
	data, doc := c.data, uint32(0)
	for range c.rest {
		distance, n := binary.Uvarint(data)
		value, m := binary.Uvarint(data[n:])
		data = data[n+m:]
		doc += uint32(distance)
		if docs == nil || docs.has(doc) {
			fn(doc, uint32(value))
		}
	}
}

// mark sets the documents that have one of the wanted values.
func (c *column) mark(docs bitmap, wanted bitmap) {
	c.each(nil, func(doc, value uint32) {
		if wanted.has(value) {
			docs.set(doc)
		}
	})
}

// counts tells how many of the documents have each value.
func (c *column) counts(docs bitmap) []int {
	counts := make([]int, c.values.n)
	c.each(docs, func(_, value uint32) { counts[value]++ })
	return counts
}
