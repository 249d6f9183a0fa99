package rank

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"touchstone/engine"
)

// Analyzer makes terms of a text: the same ones that retrieval matched.
type Analyzer interface {
	Analyze(text string) engine.Analysis
}

// Document is what the features read of one product. Its Note is kept beside the
// product in the index, so words and names are kept as hashes. It is read-only
// and safe to share.
type Document struct {
	brand      []uint32 // distinct words of the brand
	category   []uint32 // distinct words of the category's last level
	attributes []uint16 // which attributes it has, as places in an outline; sorted
	modifiers  []uint32 // words of the title that only say what it is for; sorted
	price      engine.Number
	rating     engine.Number
	popularity engine.Number
	date       time.Time
}

// NewDocument reads a product.
func NewDocument(p *engine.Product, a Analyzer) *Document {
	title := a.Analyze(p.Title)
	d := &Document{
		brand:      distinct(a.Analyze(p.Brand).Terms),
		category:   distinct(a.Analyze(lastLevel(p.Category)).Terms),
		modifiers:  modifiers(&title),
		price:      p.Price,
		rating:     p.Rating,
		popularity: p.Popularity,
		date:       p.Date,
	}
	for _, attribute := range p.Attributes {
		d.attributes = append(d.attributes, uint16(hash(attribute.Name)%outlineSize))
	}
	slices.Sort(d.attributes)
	d.attributes = slices.Clip(slices.Compact(d.attributes))
	return d
}

// Note writes what a document keeps of its product's texts: four lists, each
// after its length, in little endian.
func (d *Document) Note() []byte {
	note := make([]byte, 0, 4+4*(len(d.brand)+len(d.category)+len(d.modifiers))+2*len(d.attributes))
	for _, words := range [][]uint32{d.brand, d.category, d.modifiers} {
		note = binary.AppendUvarint(note, uint64(len(words)))
		for _, w := range words {
			note = binary.LittleEndian.AppendUint32(note, w)
		}
	}
	note = binary.AppendUvarint(note, uint64(len(d.attributes)))
	for _, a := range d.attributes {
		note = binary.LittleEndian.AppendUint16(note, a)
	}
	return note
}

// Numbers are those of a product, which an index keeps anyway.
type Numbers struct {
	Price, Rating, Popularity engine.Number
	Date                      time.Time
}

// Documents reads documents from their notes into memory of its own, one behind
// the other: a search reads hundreds and drops them all at once.
type Documents struct {
	documents []Document
	words     []uint32
	places    []uint16
}

// Reset drops all documents that were read, which must not be used any more.
func (r *Documents) Reset() {
	r.documents, r.words, r.places = r.documents[:0], r.words[:0], r.places[:0]
}

// Read makes a document of its note and the numbers of its product.
func (r *Documents) Read(note []byte, n Numbers) (*Document, error) {
	r.documents = append(r.documents, Document{price: n.Price, rating: n.Rating, popularity: n.Popularity, date: n.Date})
	d := &r.documents[len(r.documents)-1]
	list := func(size int) []byte {
		count, head := binary.Uvarint(note)
		if head <= 0 || count > uint64(len(note)-head)/uint64(size) {
			note = nil
			return nil
		}
		body := note[head : head+int(count)*size]
		note = note[head+int(count)*size:]
		return body
	}
	for _, words := range [...]*[]uint32{&d.brand, &d.category, &d.modifiers} {
		from := len(r.words)
		for body := list(4); len(body) > 0; body = body[4:] {
			r.words = append(r.words, binary.LittleEndian.Uint32(body))
		}
		*words = slices.Clip(r.words[from:])
	}
	from := len(r.places)
	for body := list(2); len(body) > 0; body = body[2:] {
		r.places = append(r.places, binary.LittleEndian.Uint16(body))
	}
	d.attributes = slices.Clip(r.places[from:])
	if note == nil {
		return nil, errors.New("what the index notes of a product is cut off; it has to be made again")
	}
	return d, nil
}

// lastLevel is the narrowest level of a category path such as
// "Electronics > Phones".
func lastLevel(category string) string {
	parts := strings.FieldsFunc(category, func(r rune) bool { return strings.ContainsRune(">/|»›", r) })
	for _, part := range slices.Backward(parts) {
		if part = strings.TrimSpace(part); part != "" {
			return part
		}
	}
	return ""
}

// distinct lists the different words of a text; neither the parts of a longer
// word nor what was added beside one are words of their own.
func distinct(terms []engine.Term) []uint32 {
	var words []uint32
	for i := range terms {
		if isWord(terms, i) {
			words = append(words, hash(terms[i].Text))
		}
	}
	slices.Sort(words)
	return slices.Clip(slices.Compact(words))
}

func hash(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	return h.Sum32()
}
