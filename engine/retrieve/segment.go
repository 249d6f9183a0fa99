package retrieve

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"sort"

	"github.com/blevesearch/vellum"

	"touchstone/engine"
	"touchstone/engine/text"
)

// ErrStale says that an index was written by another version of Touchstone or
// of its text analysis: make it again from the products.
var ErrStale = errors.New("the index is of another version; it has to be made again")

// The sections of a segment.
const (
	sectionRows     = iota // uint32 a document: its row
	sectionHashes          // uint64 a document: engine.Product.TextHash
	sectionLengths         // 5 bytes a document: length codes of its fields
	sectionNumbers         // float64 a document, column after column
	sectionIDs             // strings: product IDs
	sectionIDOrder         // uint32 a document: documents in the order of their IDs
	sectionDeleted         // uint32 each: rows without a product, in order
	sectionTerms           // a vellum FST: term → offset of its postings
	sectionPostings        // see postings.go
	sectionColumns         // see column.go
	sectionNotes           // strings: what the builder's caller notes of each product
	sections
)

// A segment is a header, the sections and, at the end, a CRC-32C of all before.
const (
	magic       = "TSLX"
	format      = 4
	headerSize  = 4 + 2 + 2 + 8 + 8 + 8 + 8 + 8*engine.TextFields + 8*(sections+1)
	languageMax = 8
)

type header struct {
	generation uint64
	upon       uint64 // generation of the segment that this one changes; 0 for the first
	docs       int
	language   string
	average    [engine.TextFields]float64
}

// write puts a segment together.
func (h *header) write(parts *[sections][]byte) []byte {
	size := headerSize + 4
	for _, part := range parts {
		size += len(part)
	}
	b := append(make([]byte, 0, size), magic...)
	b = binary.LittleEndian.AppendUint16(b, format)
	b = binary.LittleEndian.AppendUint16(b, text.Version)
	b = binary.LittleEndian.AppendUint64(b, h.generation)
	b = binary.LittleEndian.AppendUint64(b, h.upon)
	b = binary.LittleEndian.AppendUint64(b, uint64(h.docs))
	var language [languageMax]byte
	copy(language[:], h.language)
	b = append(b, language[:]...)
	for _, average := range h.average {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(average))
	}
	end := uint64(headerSize)
	b = binary.LittleEndian.AppendUint64(b, end)
	for _, part := range parts {
		end += uint64(len(part))
		b = binary.LittleEndian.AppendUint64(b, end)
	}
	for _, part := range parts {
		b = append(b, part...)
	}
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Segment is an immutable index of some products. It reads the bytes that it
// was opened from, which must stay as they are. It is safe for concurrent use.
type Segment struct {
	header
	rows     []byte
	hashes   []byte
	lengths  []byte
	numbers  []byte
	ids      strs
	idOrder  []byte
	deleted  []byte
	terms    *vellum.FST
	postings []byte
	keys     strs // folded names of the columns
	bodies   strs // and the columns
	notes    strs
	norms    *norms
	straight bool // every document is that of the row of its number
}

// Open makes a segment of the bytes that Builder.Build wrote. Its error is
// ErrStale where another version wrote them, and says what is broken otherwise.
func Open(data []byte) (*Segment, error) {
	if len(data) < headerSize+4 || string(data[:4]) != magic {
		return nil, errors.New("index: this is no index; it has to be made again")
	}
	if binary.LittleEndian.Uint16(data[4:]) != format || binary.LittleEndian.Uint16(data[6:]) != text.Version {
		return nil, ErrStale
	}
	body := data[:len(data)-4]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(data[len(body):]) {
		return nil, errors.New("index: broken (its checksum is wrong); it has to be made again")
	}
	at := 8
	read := func() uint64 { at += 8; return binary.LittleEndian.Uint64(data[at-8:]) }
	s := &Segment{header: header{generation: read(), upon: read(), docs: int(read())}}
	language := data[at : at+languageMax]
	for len(language) > 0 && language[len(language)-1] == 0 {
		language = language[:len(language)-1]
	}
	s.language = string(language)
	at += languageMax
	for f := range s.average {
		s.average[f] = math.Float64frombits(read())
	}
	start := read()
	var parts [sections][]byte
	for i := range parts {
		end := read()
		parts[i] = data[start:end:end]
		start = end
	}
	s.rows, s.hashes, s.lengths, s.numbers = parts[sectionRows], parts[sectionHashes], parts[sectionLengths], parts[sectionNumbers]
	s.ids, _ = openStrings(parts[sectionIDs])
	s.idOrder, s.deleted, s.postings = parts[sectionIDOrder], parts[sectionDeleted], parts[sectionPostings]
	var err error
	if s.terms, err = vellum.Load(parts[sectionTerms]); err != nil {
		return nil, fmt.Errorf("index: read the dictionary: %w", err)
	}
	keys, rest := openStrings(parts[sectionColumns])
	s.keys = keys
	s.bodies, _ = openStrings(rest)
	s.notes, _ = openStrings(parts[sectionNotes])
	s.norms = newNorms(s.average)
	s.straight = s.docs == 0 || int(s.row(uint32(s.docs-1))) == s.docs-1 // rows rise
	return s, nil
}

// Generation is the number that the segment was built with.
func (s *Segment) Generation() uint64 { return s.generation }

// Upon is the generation of the segment that this one changes, 0 where it
// changes none.
func (s *Segment) Upon() uint64 { return s.upon }

// Rows lists the rows that the segment says something of: those of its products,
// and those that it takes out of earlier segments.
func (s *Segment) Rows() []uint32 {
	rows := make([]uint32, 0, s.docs+len(s.deleted)/4)
	for doc := range uint32(s.docs) {
		rows = append(rows, s.row(doc))
	}
	for i := 0; i < len(s.deleted); i += 4 {
		rows = append(rows, binary.LittleEndian.Uint32(s.deleted[i:]))
	}
	return rows
}

// Language is that of the analyzer that it was built with.
func (s *Segment) Language() string { return s.language }

func (s *Segment) row(doc uint32) uint32  { return binary.LittleEndian.Uint32(s.rows[4*doc:]) }
func (s *Segment) hash(doc uint32) uint64 { return binary.LittleEndian.Uint64(s.hashes[8*doc:]) }

// codes are the length codes of a document.
func (s *Segment) codes(doc uint32) *codes { return codesAt(s.lengths, doc) }

// codesAt reads the length codes of a document from the section of all.
func codesAt(lengths []byte, doc uint32) *codes {
	return (*codes)(lengths[int(doc)*engine.TextFields:])
}

func (s *Segment) number(column int, doc uint32) float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(s.numbers[8*(column*s.docs+int(doc)):]))
}

// find is the document of a product.
func (s *Segment) find(id string) (doc uint32, ok bool) {
	at := func(i int) uint32 { return binary.LittleEndian.Uint32(s.idOrder[4*i:]) }
	i := sort.Search(s.docs, func(i int) bool { return string(s.ids.bytes(int(at(i)))) >= id })
	if i < s.docs && string(s.ids.bytes(int(at(i)))) == id {
		return at(i), true
	}
	return 0, false
}

// docOf is the document of a row that the segment has.
func (s *Segment) docOf(row uint32) uint32 {
	if s.straight {
		return row
	}
	return uint32(sort.Search(s.docs, func(i int) bool { return s.row(uint32(i)) >= row }))
}

// open sets a cursor to a term's postings; false where no product has it.
func (s *Segment) open(c *cursor, term string) (bool, error) {
	offset, ok, err := s.terms.Get([]byte(term))
	if err != nil {
		return false, fmt.Errorf("index: look up %q: %w", term, err)
	}
	if !ok {
		return false, nil
	}
	c.open(s.postings[offset:])
	return true, nil
}

// columnAt is the place of a column of words, by its folded name.
func (s *Segment) columnAt(key string) (int, bool) {
	i := sort.Search(s.keys.n, func(i int) bool { return string(s.keys.bytes(i)) >= key })
	return i, i < s.keys.n && string(s.keys.bytes(i)) == key
}

// has reports whether any product has a value in a column of words.
func (s *Segment) has(key string) bool {
	_, ok := s.columnAt(key)
	return ok
}

// column opens a column of words.
func (s *Segment) column(key string) (column, bool) {
	i, ok := s.columnAt(key)
	if !ok {
		return column{}, false
	}
	return openColumn(s.bodies.bytes(i), s.docs), true
}
