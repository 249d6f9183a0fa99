package retrieve

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/blevesearch/vellum"

	"touchstone/engine"
	"touchstone/engine/text"
)

// Builder makes a segment of products that come in any order. Add may be
// called from several goroutines; the same products give the same bytes.
type Builder struct {
	analyzer *text.Analyzer
	readers  sync.Pool // of *reader

	mu      sync.Mutex
	docs    []document
	terms   dictionary
	columns map[string]*columnBuilder // by folded name
	deleted []uint32
}

// document is what a segment keeps of a product besides its words.
type document struct {
	row     uint32
	hash    uint64
	id      string
	codes   codes
	lengths [engine.TextFields]int
	numbers [numericColumns]float64
}

// NewBuilder makes an empty builder.
func NewBuilder(a *text.Analyzer) *Builder {
	b := &Builder{analyzer: a, terms: newDictionary(), columns: map[string]*columnBuilder{}}
	b.readers.New = func() any { return &reader{at: map[string]int{}} }
	return b
}

// Add takes in the product of a row. A hidden one counts as deleted: it is
// never a candidate, also where an earlier segment still has it.
func (b *Builder) Add(row uint32, p *engine.Product) {
	if p.Hidden {
		b.Delete(row)
		return
	}
	r := b.readers.Get().(*reader)
	r.read(b.analyzer, p)
	doc := document{row: row, hash: p.TextHash(), id: p.ID, lengths: r.lengths, numbers: numbersOf(p)}
	for f, n := range r.lengths {
		doc.codes[f] = lengthCode(n)
	}

	b.mu.Lock()
	defer b.mu.Unlock()
	at := uint32(len(b.docs))
	b.docs = append(b.docs, doc)
	for i := range r.terms {
		b.terms.add(r.terms[i].text, at, r.terms[i].tf)
	}
	b.addValue(roleColumn(engine.RoleBrand), p.Brand, at)
	b.addValue(roleColumn(engine.RoleCategory), p.Category, at)
	for _, a := range p.Attributes {
		b.addValue(a.Name, a.Value, at)
	}
	b.readers.Put(r)
}

// Delete marks a row whose product is no candidate, for a segment that changes
// earlier ones.
func (b *Builder) Delete(row uint32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.deleted = append(b.deleted, row)
}

// Build writes the segment. The builder is spent afterwards. Generation says of
// which state of the catalogue it is; Segment.Generation returns it.
func (b *Builder) Build(generation uint64) ([]byte, error) {
	order, place, err := b.order()
	if err != nil {
		return nil, err
	}
	n := len(order)
	h := header{generation: generation, docs: n, language: b.analyzer.Language()}
	var parts [sections][]byte
	ids := make([]string, n)
	for i, at := range order {
		d := &b.docs[at]
		ids[i] = d.id
		parts[sectionRows] = binary.LittleEndian.AppendUint32(parts[sectionRows], d.row)
		parts[sectionHashes] = binary.LittleEndian.AppendUint64(parts[sectionHashes], d.hash)
		parts[sectionLengths] = append(parts[sectionLengths], d.codes[:]...)
		for f, length := range d.lengths {
			h.average[f] += float64(length) / float64(n)
		}
	}
	for c := range numericColumns {
		for _, at := range order {
			parts[sectionNumbers] = binary.LittleEndian.AppendUint64(parts[sectionNumbers], math.Float64bits(b.docs[at].numbers[c]))
		}
	}
	slices.Sort(b.deleted)
	for _, row := range slices.Compact(b.deleted) {
		parts[sectionDeleted] = binary.LittleEndian.AppendUint32(parts[sectionDeleted], row)
	}
	parts[sectionIDs] = appendStrings(nil, ids)
	parts[sectionIDOrder] = idOrder(ids)
	parts[sectionTerms], parts[sectionPostings], err = b.terms.write(place, newNorms(h.average), parts[sectionLengths])
	if err != nil {
		return nil, err
	}
	parts[sectionColumns] = b.writeColumns(place)
	return h.write(&parts), nil
}

// order lists the documents by row, and the place of each in that list.
func (b *Builder) order() (order, place []uint32, err error) {
	order = make([]uint32, len(b.docs))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(x, y uint32) int { return int(int64(b.docs[x].row) - int64(b.docs[y].row)) })
	place = make([]uint32, len(order))
	for i, at := range order {
		place[at] = uint32(i)
		if i > 0 && b.docs[order[i-1]].row == b.docs[at].row {
			return nil, nil, fmt.Errorf("index: row %d was added twice, as %q and %q", b.docs[at].row, b.docs[order[i-1]].id, b.docs[at].id)
		}
	}
	return order, place, nil
}

// idOrder lists the documents by product ID, for lookup.
func idOrder(ids []string) []byte {
	order := make([]uint32, len(ids))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(x, y uint32) int { return strings.Compare(ids[x], ids[y]) })
	out := make([]byte, 0, 4*len(ids))
	for _, doc := range order {
		out = binary.LittleEndian.AppendUint32(out, doc)
	}
	return out
}

// reader counts the terms of one product; it keeps its buffers.
type reader struct {
	at      map[string]int // term → place in terms
	terms   []counted
	lengths [engine.TextFields]int
}

type counted struct {
	text string
	tf   occurrences
}

func (r *reader) read(a *text.Analyzer, p *engine.Product) {
	clear(r.at)
	r.terms, r.lengths = r.terms[:0], [engine.TextFields]int{}
	r.field(a, engine.InTitle, p.Title)
	r.field(a, engine.InBrand, p.Brand)
	r.field(a, engine.InCategory, p.Category)
	r.field(a, engine.InDescription, p.Description)
	for _, attribute := range p.Attributes {
		r.field(a, engine.InAttributes, attributeText(attribute))
	}
}

// attributeText is what is matched of an attribute: its value, but the name of
// what a product has (touchscreen: yes) and nothing of what it has not.
func attributeText(a engine.Attribute) string {
	switch strings.ToLower(a.Value) {
	case "true", "yes", "y", "ja", "oui", "sí", "是", "有":
		return a.Name
	case "false", "no", "n", "nein", "non", "否", "无", "none", "n/a":
		return ""
	}
	return a.Value
}

func (r *reader) field(a *text.Analyzer, f engine.TextField, s string) {
	for token := range a.Tokens(s) {
		halves := uint8(2)
		if token.Part {
			if !token.Head {
				halves = 1
			}
		} else {
			r.lengths[f]++
		}
		i, known := r.at[token.Text]
		if !known {
			i = len(r.terms)
			r.at[token.Text] = i
			r.terms = append(r.terms, counted{text: token.Text})
		}
		tf := &r.terms[i].tf[f]
		*tf = min(*tf, math.MaxUint8-2) + halves
	}
}

// dictionary collects the postings of every term in the order in which
// documents come, compressed: at a million products they would not fit
// otherwise.
type dictionary struct {
	ids   map[string]uint32
	lists []postingList
}

type postingList struct {
	df   int
	last uint32
	data []byte // for each document: uvarint distance, mask, occurrences
}

func newDictionary() dictionary { return dictionary{ids: map[string]uint32{}} }

func (d *dictionary) add(term string, doc uint32, tf occurrences) {
	id, known := d.ids[term]
	if !known {
		id = uint32(len(d.lists))
		d.ids[strings.Clone(term)] = id
		d.lists = append(d.lists, postingList{})
	}
	l := &d.lists[id]
	l.data = binary.AppendUvarint(l.data, uint64(doc-l.last))
	l.last = doc
	l.df++
	mask := len(l.data)
	l.data = append(l.data, 0)
	for f, halves := range tf {
		if halves > 0 {
			l.data[mask] |= 1 << f
			l.data = append(l.data, halves)
		}
	}
}

// postings reads a list back, with documents at their final places, in order.
func (l *postingList) postings(dst []posting, place []uint32) []posting {
	data, doc := l.data, uint32(0)
	for range l.df {
		distance, n := binary.Uvarint(data)
		doc += uint32(distance)
		p := posting{doc: place[doc]}
		mask := data[n]
		data = data[n+1:]
		for f := range p.tf {
			if mask>>f&1 != 0 {
				p.tf[f] = data[0]
				data = data[1:]
			}
		}
		dst = append(dst, p)
	}
	byDoc := func(a, b posting) int { return int(int64(a.doc) - int64(b.doc)) }
	if !slices.IsSortedFunc(dst, byDoc) {
		slices.SortFunc(dst, byDoc)
	}
	return dst
}

// write makes the finite-state dictionary, from term to offset, and the
// postings.
func (d *dictionary) write(place []uint32, n *norms, lengths []byte) (fst, postings []byte, err error) {
	terms := make([]string, 0, len(d.ids))
	for term := range d.ids {
		terms = append(terms, term)
	}
	slices.Sort(terms)
	var buffer bytes.Buffer
	builder, err := vellum.New(&buffer, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("index: write the dictionary: %w", err)
	}
	var list []posting
	for _, term := range terms {
		if err := builder.Insert([]byte(term), uint64(len(postings))); err != nil {
			return nil, nil, fmt.Errorf("index: write the term %q: %w", term, err)
		}
		l := &d.lists[d.ids[term]]
		list = l.postings(list[:0], place)
		postings = appendPostings(postings, list, n, lengths)
		l.data = nil
	}
	if err := builder.Close(); err != nil {
		return nil, nil, fmt.Errorf("index: write the dictionary: %w", err)
	}
	return buffer.Bytes(), append(postings, make([]byte, packPad)...), nil
}
