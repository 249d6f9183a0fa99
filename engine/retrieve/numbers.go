package retrieve

// Numbers are those of a product; NaN where one is unknown. Date is in seconds
// since 1970.
type Numbers struct{ Price, Rating, Popularity, Date float64 }

// EachNumbers calls fn for every product that can be found.
func (x *Index) EachNumbers(fn func(row uint32, n Numbers)) {
	for _, s := range x.segments {
		for doc := range uint32(s.docs) {
			if row := s.row(doc); s.live.has(row) {
				fn(row, s.numbersAt(doc))
			}
		}
	}
}

// Numbers are those of a product that can be found; false for other rows.
func (x *Index) Numbers(row uint32) (Numbers, bool) {
	for _, s := range x.segments {
		if s.live.has(row) {
			return s.numbersAt(s.docOf(row)), true
		}
	}
	return Numbers{}, false
}

// Note is what Builder.Note said of a row's product, and its numbers; false where
// no product of the row can be found. The bytes are the index's own.
func (x *Index) Note(row uint32) ([]byte, Numbers, bool) {
	for _, s := range x.segments {
		if s.live.has(row) {
			doc := s.docOf(row)
			return s.notes.bytes(int(doc)), s.numbersAt(doc), true
		}
	}
	return nil, Numbers{}, false
}

func (s *Segment) numbersAt(doc uint32) Numbers {
	return Numbers{s.number(columnPrice, doc), s.number(columnRating, doc), s.number(columnPopularity, doc), s.number(columnDate, doc)}
}
