package retrieve

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"touchstone/engine"
	"touchstone/engine/text"
)

// Builder makes a segment of products that come in any order. Add may be
// called from several goroutines; the same products give the same bytes.
type Builder struct {
	// Note, if not nil, is what to keep beside each product for Index.Note; it is
	// called from the goroutines that call Add.
	Note func(p *engine.Product) []byte

	// Only, if not nil, are the terms to index; what filters compare is left out
	// too. Such a segment is for one query.
	Only map[string]bool

	analyzer *text.Analyzer
	upon     *Segment  // what the segment will change; nil for a first one
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
	note    string
}

// NewBuilder makes an empty builder. The segment will change the products of
// upon and of the segments that upon changes; nil is for a first segment. It
// takes its average field lengths from there, so that equal products score
// alike in both.
func NewBuilder(a *text.Analyzer, upon *Segment) *Builder {
	b := &Builder{analyzer: a, upon: upon, terms: newDictionary(), columns: map[string]*columnBuilder{}}
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
	b.add(row, p, r)
	b.readers.Put(r)
}

// AddRead is Add for a product that was read before.
func (b *Builder) AddRead(row uint32, p *engine.Product, reading *Reading) {
	if p.Hidden {
		b.Delete(row)
		return
	}
	r := b.readers.Get().(*reader)
	r.recall(reading, b.Only)
	b.add(row, p, r)
	b.readers.Put(r)
}

func (b *Builder) add(row uint32, p *engine.Product, r *reader) {
	doc := document{row: row, hash: p.TextHash(), id: p.ID, lengths: r.lengths, numbers: numbersOf(p)}
	for f, n := range r.lengths {
		doc.codes[f] = lengthCode(n)
	}
	if b.Note != nil {
		doc.note = string(b.Note(p))
	}

	b.mu.Lock()
	defer b.mu.Unlock()
	at := uint32(len(b.docs))
	b.docs = append(b.docs, doc)
	for i := range r.terms {
		if b.Only == nil || b.Only[r.terms[i].text] {
			b.terms.add(r.terms[i].text, at, r.terms[i].tf)
		}
	}
	if b.Only != nil {
		return
	}
	b.addValue(roleColumn(engine.RoleBrand), p.Brand, at)
	b.addValue(roleColumn(engine.RoleCategory), p.Category, at)
	for _, a := range p.Attributes {
		b.addValue(a.Name, a.Value, at)
	}
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
	ids, notes := make([]string, n), make([]string, n)
	for i, at := range order {
		d := &b.docs[at]
		ids[i], notes[i] = d.id, d.note
		parts[sectionRows] = binary.LittleEndian.AppendUint32(parts[sectionRows], d.row)
		parts[sectionHashes] = binary.LittleEndian.AppendUint64(parts[sectionHashes], d.hash)
		parts[sectionLengths] = append(parts[sectionLengths], d.codes[:]...)
		for f, length := range d.lengths {
			h.average[f] += float64(length) / float64(n)
		}
	}
	if b.upon != nil {
		h.average, h.upon = b.upon.average, b.upon.generation
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
	parts[sectionNotes] = appendStrings(nil, notes)
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
