package storage

import (
	"errors"
	"io"
	"os"
	"slices"

	"go.etcd.io/bbolt"
)

// padded reads zeros behind the end of a file that was cut off within a page.
type padded struct{ f *os.File }

func (p padded) ReadAt(b []byte, at int64) (int, error) {
	n, err := p.f.ReadAt(b, at)
	if n > 0 && errors.Is(err, io.EOF) {
		clear(b[n:])
		return len(b), nil
	}
	return n, err
}

// guessPageSize is the size at which most pages carry their own number: the
// meta pages, which state it, may be the damaged ones.
func guessPageSize(r io.ReaderAt, size int64) int64 {
	best, most := int64(os.Getpagesize()), 0
	for pageSize := int64(1024); pageSize <= 64<<10; pageSize *= 2 {
		hits := 0
		for id := int64(1); id < 1000 && id*pageSize < size; id++ {
			var b [8]byte
			if _, err := r.ReadAt(b[:], id*pageSize); err == nil && native.Uint64(b[:]) == uint64(id) {
				hits++
			}
		}
		if hits > most {
			best, most = pageSize, hits
		}
	}
	return best
}

// freePages are the pages that hold nothing that still stands, nil where the
// list of them is damaged.
func (s *salvage) freePages(m meta) map[uint64]bool {
	if m.freelist == noFreelist {
		return nil
	}
	free := map[uint64]bool{}
	list := walk{ctx: s.ctx, r: s.r, pageSize: s.pageSize, pages: m.pages, seen: make([]uint64, m.pages/64+1)}
	if m.pages > s.pages || list.freelist(m.freelist) != nil {
		return nil
	}
	for id := range m.pages {
		if list.seen[id/64]&(1<<(id%64)) != 0 {
			free[id] = true
		}
	}
	for id := m.pages; id < s.pages; id++ {
		free[id] = true // never used
	}
	return free
}

// scan looks for records on every page that the tree did not lead to and that
// is not free.
func (s *salvage) scan(free map[uint64]bool, trusted bool) {
	for id := uint64(2); id < s.pages; id++ {
		if id%ctxEvery == 0 && s.ctx.Err() != nil {
			return
		}
		if !s.done[id] && !free[id] {
			s.scanPage(id, trusted)
		}
	}
}

// largestPage is the most of a page, with those that follow it, that is looked
// at: more than any block of vectors takes.
const largestPage = 256 << 20

func (s *salvage) scanPage(id uint64, trusted bool) {
	at := int64(id) * s.pageSize
	b := make([]byte, s.pageSize)
	if _, err := s.r.ReadAt(b, at); err != nil {
		return
	}
	if native.Uint64(b) != id && native.Uint16(b[8:]) != leafPage {
		return
	}
	if overflow := int64(native.Uint32(b[12:])); overflow > 0 && native.Uint64(b) == id {
		b = make([]byte, min((overflow+1)*s.pageSize, s.size-at, largestPage))
		if _, err := s.r.ReadAt(b, at); err != nil {
			return
		}
	}
	var records []element
	for _, e := range looseElements(b) {
		name := string(e.key)
		switch {
		case e.bucket && e.vsize >= bucketSize:
			s.inline(name, at+e.value+bucketSize, e.vsize-bucketSize, trusted)
		case checksumFits(e.key, b[e.value:e.value+e.vsize]):
			records = append(records, e)
		}
	}
	// All records of a page are of one bucket.
	for _, shape := range shapes {
		fits := func(e element) bool { return shape.fits(e.key, b[e.value+sealSize:e.value+e.vsize]) }
		if len(records) > 0 && !slices.ContainsFunc(records, func(e element) bool { return !fits(e) }) {
			for _, e := range records {
				s.take(shape.bucket, e.key, at+e.value, e.vsize, trusted)
			}
			return
		}
	}
}

func checksumFits(key, value []byte) bool {
	_, err := bucket{}.unseal(key, value)
	return err == nil
}

// looseElements are the elements of a leaf page of which something may be
// damaged: each that lies inside of the page, whatever its neighbours say.
func looseElements(page []byte) []element {
	var all []element
	end := int64(len(page))
	table := min(end, 64<<10) // no table of elements is longer than a page
	for from := int64(pageHeader); from+elementSize <= table; from += elementSize {
		raw := page[from:]
		pos, ksize, vsize := int64(native.Uint32(raw[4:])), int64(native.Uint32(raw[8:])), int64(native.Uint32(raw[12:]))
		at := from + pos
		if pos < elementSize || ksize == 0 || ksize > bbolt.MaxKeySize || at+ksize+vsize > end {
			continue
		}
		e := element{key: page[at : at+ksize], value: at + ksize, vsize: vsize, bucket: native.Uint32(raw)&bucketLeaf != 0}
		if !e.bucket && checksumFits(e.key, page[e.value:e.value+vsize]) {
			table = min(table, at) // what follows is data
		}
		all = append(all, e)
	}
	return all
}
