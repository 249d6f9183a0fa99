package retrieve

import (
	"encoding/binary"

	"touchstone/engine"
	"touchstone/engine/text"
)

// Reading is what an index takes from the texts of a product: cutting them up is
// most of the work of indexing it. It never changes.
type Reading struct {
	lengths [engine.TextFields]int
	terms   string // for each: uvarint length, bytes, occurrences
}

// Read cuts up the texts of a product.
func Read(a *text.Analyzer, p *engine.Product) *Reading {
	r := &reader{at: map[string]int{}}
	r.read(a, p)
	var b []byte
	for i := range r.terms {
		b = binary.AppendUvarint(b, uint64(len(r.terms[i].text)))
		b = append(b, r.terms[i].text...)
		b = append(b, r.terms[i].tf[:]...)
	}
	return &Reading{r.lengths, string(b)}
}

// recall takes over what was read, of the terms in only where that is not nil.
func (r *reader) recall(reading *Reading, only map[string]bool) {
	r.terms, r.lengths = r.terms[:0], reading.lengths
	for left := reading.terms; left != ""; {
		size, shift := 0, 0
		for {
			c := left[0]
			left = left[1:]
			size |= int(c&0x7f) << shift
			if c < 0x80 {
				break
			}
			shift += 7
		}
		term := left[:size]
		left = left[size:]
		if only == nil || only[term] {
			var tf occurrences
			copy(tf[:], left)
			r.terms = append(r.terms, counted{term, tf})
		}
		left = left[engine.TextFields:]
	}
}
