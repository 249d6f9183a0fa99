package retrieve

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/blevesearch/vellum"
)

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
	terms := slices.Sorted(maps.Keys(d.ids))
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
