package storage

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// bbolt follows what the pages of its file say without looking where it leads:
// a damaged page number or length makes it read outside of the file or walk in
// circles until the program dies, which no recover can catch. checkPages
// therefore walks the same trees first, with bounds, and bbolt gets to see the
// file only if every page is where, what and as long as it must be.
//
// The layout is that of bbolt's internal/common package, version 2, in the byte
// order of the machine:
//
//	page     id u64, flags u16, count u16, overflow u32 (pages that follow it), elements, data
//	branch   element: pos u32, ksize u32, page u64
//	leaf     element: flags u32, pos u32, ksize u32, vsize u32
//	bucket   value of a leaf element: root page u64 (0: a page inline behind the header), sequence u64
//	freelist count page ids u64; a count of 0xFFFF says that the first id is the count
//	meta     magic u32, version u32, page size u32, flags u32, root u64, sequence u64, freelist u64, pages u64, txid u64, FNV-1a u64
//
// pos counts from the start of the element. bbolt packs keys and values without
// gaps behind the elements, in their order, which makes nearly every flipped
// bit of an element visible.
const (
	pageHeader  = 16
	elementSize = 16
	metaSize    = 64
	bucketSize  = 16

	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10
	bucketLeaf   = 0x01

	metaMagic  = 0xED0CDAED
	noFreelist = ^uint64(0)

	// maxDepth of pages below each other. Two keys a branch page at the least
	// make a tree of that depth larger than any disk.
	maxDepth = 64
)

var native = binary.NativeEndian

// checkPages reports the first damage to the pages of a bbolt file of so many
// bytes. The caller holds the file's lock or a transaction. It calls record,
// unless that is nil, with every record of up to a page, from two goroutines.
func checkPages(ctx context.Context, r io.ReaderAt, size int64, pageSize int, record func(b bucket, key, value []byte) error) error {
	w := walk{ctx: ctx, file: r, r: &chunks{r: r}, pageSize: int64(pageSize), record: record}
	m, err := w.meta()
	if err != nil {
		return err
	}
	if m.pages < 4 || m.pages > uint64(size/w.pageSize) {
		return damagedFile("it was cut off: %d bytes are left of %d", size, m.pages*uint64(pageSize))
	}
	w.seen = make([]uint64, m.pages/64+1)
	w.claim(0, 0)
	w.claim(1, 0)
	if err := w.tree(bucket{}, m.root, nil, nil, 0); err != nil {
		return err
	}
	if m.freelist == noFreelist {
		return nil
	}
	return w.freelist(m.freelist)
}

type walk struct {
	ctx      context.Context
	file     io.ReaderAt // that r reads; nil for a walk that is not split
	r        io.ReaderAt
	pageSize int64
	pages    uint64   // in use or free: the file's high water mark
	seen     []uint64 // a bit for each page that something refers to
	read     int
	record   func(b bucket, key, value []byte) error
	starts   [][]byte // by depth: what the page there is read into
}

type meta struct {
	root, freelist, pages, txid uint64
}

// meta is the newer of the two meta pages that are whole, as bbolt chooses it.
func (w *walk) meta() (meta, error) {
	var newest meta
	found := false
	for i := range int64(2) {
		b := make([]byte, metaSize)
		if _, err := w.r.ReadAt(b, i*w.pageSize+pageHeader); err != nil {
			return meta{}, damagedFile("its first pages cannot be read: %v", err)
		}
		m, ok := parseMeta(b)
		if !ok {
			continue
		}
		if !found || m.txid > newest.txid {
			newest, found = m, true
		}
	}
	if !found {
		return meta{}, damagedFile("both of its meta pages are")
	}
	w.pages = newest.pages
	return newest, nil
}

// parseMeta reads a meta page behind its header; false when its checksum does
// not fit.
func parseMeta(b []byte) (meta, bool) {
	h := fnv.New64a()
	h.Write(b[:metaSize-8])
	if native.Uint32(b) != metaMagic || native.Uint64(b[metaSize-8:]) != h.Sum64() {
		return meta{}, false
	}
	return meta{root: native.Uint64(b[16:]), freelist: native.Uint64(b[32:]), pages: native.Uint64(b[40:]), txid: native.Uint64(b[48:])}, true
}

// claim marks a page and those that follow it as referred to. A second
// reference would be a circle, or two buckets sharing a page.
func (w *walk) claim(id, overflow uint64) error {
	if id >= w.pages || overflow >= w.pages-id {
		return damagedFile("page %d lies outside of it", id)
	}
	for p := id; p <= id+overflow; p++ {
		bit := uint64(1) << (p % 64)
		if atomic.OrUint64(&w.seen[p/64], bit)&bit != 0 {
			return damagedFile("page %d is in use twice", p)
		}
	}
	return nil
}

// page is one page with the pages that follow it, or a page inline in a value.
// Only its beginning is in memory: a vector block's values need no look.
type page struct {
	id     uint64
	flags  uint16
	count  int64
	extent int64  // bytes that belong to it
	start  []byte // the first of them
	at     int64  // where in the file it begins
	r      io.ReaderAt
}

func (w *walk) page(id uint64) (*page, error) { return w.pageInto(id, make([]byte, w.pageSize)) }

// pageBelow is page for a walk from the root down: it is read over the page that
// was read at this depth before.
func (w *walk) pageBelow(id uint64, depth int) (*page, error) {
	for len(w.starts) <= depth {
		w.starts = append(w.starts, make([]byte, w.pageSize))
	}
	return w.pageInto(id, w.starts[depth])
}

func (w *walk) pageInto(id uint64, start []byte) (*page, error) {
	if w.read++; w.read%ctxEvery == 0 && w.ctx.Err() != nil {
		return nil, w.ctx.Err()
	}
	if id >= w.pages {
		return nil, damagedFile("page %d lies outside of it", id)
	}
	p := &page{id: id, at: int64(id) * w.pageSize, r: w.r, start: start}
	if _, err := w.r.ReadAt(p.start, p.at); err != nil {
		return nil, fmt.Errorf("page %d: %w", id, err)
	}
	if got := native.Uint64(p.start); got != id {
		return nil, damagedFile("page %d says that it is page %d", id, got)
	}
	overflow := uint64(native.Uint32(p.start[12:]))
	if err := w.claim(id, overflow); err != nil {
		return nil, err
	}
	p.flags, p.count = native.Uint16(p.start[8:]), int64(native.Uint16(p.start[10:]))
	p.extent = (int64(overflow) + 1) * w.pageSize
	return p, nil
}

// bytes are n bytes of the page, which the caller has seen to be inside of it.
func (p *page) bytes(from, n int64) ([]byte, error) {
	if from+n <= int64(len(p.start)) {
		return p.start[from : from+n], nil
	}
	b := make([]byte, n)
	if _, err := p.r.ReadAt(b, p.at+from); err != nil {
		return nil, fmt.Errorf("page %d: %w", p.id, err)
	}
	return b, nil
}

// element is one element of a branch or leaf page, its key read.
type element struct {
	key    []byte
	child  uint64 // of a branch
	bucket bool   // of a leaf
	value  int64  // where the value of a leaf begins
	vsize  int64
}

// elements reads the elements of a branch or leaf page: packed, and their keys
// ascending from min (nil is the least) to below max (nil is no bound).
func (p *page) elements(min, max []byte) ([]element, error) {
	if p.flags != branchPage && p.flags != leafPage {
		return nil, damagedFile("page %d is of the unknown kind %#x", p.id, p.flags)
	}
	next := int64(pageHeader) + p.count*elementSize // where the next key must begin
	if next > p.extent || p.count == 0 && p.flags == branchPage {
		return nil, damagedFile("page %d cannot have %d elements", p.id, p.count)
	}
	table, err := p.bytes(pageHeader, p.count*elementSize)
	if err != nil {
		return nil, err
	}
	all := make([]element, p.count)
	for i := range all {
		raw := table[i*elementSize:]
		var e element
		var pos, ksize int64
		if p.flags == branchPage {
			pos, ksize = int64(native.Uint32(raw)), int64(native.Uint32(raw[4:]))
			e.child = native.Uint64(raw[8:])
		} else {
			if kind := native.Uint32(raw); kind > bucketLeaf {
				return nil, damagedFile("page %d: element %d is of the unknown kind %#x", p.id, i, kind)
			}
			e.bucket = native.Uint32(raw) == bucketLeaf
			pos, ksize = int64(native.Uint32(raw[4:])), int64(native.Uint32(raw[8:]))
			e.vsize = int64(native.Uint32(raw[12:]))
		}
		e.value = next + ksize
		if int64(pageHeader+i*elementSize)+pos != next || ksize == 0 || e.value+e.vsize > p.extent {
			return nil, damagedFile("page %d: element %d is not where it must be", p.id, i)
		}
		if e.key, err = p.bytes(next, ksize); err != nil {
			return nil, err
		}
		if i == 0 && bytes.Compare(e.key, min) < 0 || i > 0 && bytes.Compare(e.key, all[i-1].key) <= 0 ||
			max != nil && bytes.Compare(e.key, max) >= 0 {
			return nil, damagedFile("page %d: key %d is out of order", p.id, i)
		}
		next = e.value + e.vsize
		all[i] = e
	}
	return all, nil
}

// tree walks the tree of a bucket whose root is page id and the buckets inside
// of it.
func (w *walk) tree(of bucket, id uint64, min, max []byte, depth int) error {
	if depth > maxDepth {
		return damagedFile("page %d is more than %d pages deep", id, maxDepth)
	}
	p, err := w.pageBelow(id, depth)
	if err != nil {
		return err
	}
	all, err := p.elements(min, max)
	if err != nil {
		return err
	}
	if p.flags == branchPage {
		return w.branches(of, all, max, depth)
	}
	for _, e := range all {
		switch {
		case e.bucket:
			err = w.bucket(p, e, depth+1)
		default:
			err = w.leaf(of, p, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// branches walks the pages below a branch page, those of a large bucket in two
// halves at once: to look at a million products takes as long as to read them.
func (w *walk) branches(of bucket, all []element, max []byte, depth int) error {
	each := func(w *walk, all []element, max []byte) error {
		for i, e := range all {
			upTo := max
			if i+1 < len(all) {
				upTo = all[i+1].key
			}
			if err := w.tree(of, e.child, e.key, upTo, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	half := len(all) / 2
	if w.file == nil || half == 0 {
		return each(w, all, max)
	}
	split := func() *walk { // starts[:depth+1] hold what the callers still read
		return &walk{ctx: w.ctx, r: &chunks{r: w.file}, pageSize: w.pageSize, pages: w.pages, seen: w.seen, record: w.record}
	}
	var group errgroup.Group
	group.Go(func() error { return each(split(), all[half:], max) })
	return errors.Join(each(split(), all[:half], all[half].key), group.Wait())
}

// leaf hands one record on.
func (w *walk) leaf(of bucket, p *page, e element) error {
	if w.record == nil || e.vsize > w.pageSize {
		return nil
	}
	value, err := p.bytes(e.value, e.vsize)
	if err != nil {
		return err
	}
	return w.record(of, e.key, value)
}

// bucket walks the bucket that is the value of a leaf's element.
func (w *walk) bucket(p *page, e element, depth int) error {
	if e.vsize < bucketSize {
		return damagedFile("page %d: bucket %q is too short", p.id, e.key)
	}
	value, err := p.bytes(e.value, e.vsize)
	if err != nil {
		return err
	}
	of := bucket{name: string(e.key)}
	if root := native.Uint64(value); root != 0 {
		return w.tree(of, root, nil, nil, depth)
	}
	inline := &page{id: p.id, at: p.at + e.value + bucketSize, r: p.r, start: value[bucketSize:], extent: e.vsize - bucketSize}
	if inline.extent < pageHeader {
		return damagedFile("page %d: bucket %q is too short", p.id, e.key)
	}
	inline.flags, inline.count = native.Uint16(inline.start[8:]), int64(native.Uint16(inline.start[10:]))
	if inline.flags != leafPage {
		return damagedFile("page %d: bucket %q holds a page of kind %#x", p.id, e.key, inline.flags)
	}
	all, err := inline.elements(nil, nil)
	if err != nil {
		return err
	}
	for _, inner := range all {
		if inner.bucket {
			return damagedFile("page %d: bucket %q holds a bucket, which an inline one cannot", p.id, e.key)
		}
		if err := w.leaf(of, inline, inner); err != nil {
			return err
		}
	}
	return nil
}

// freelist checks that the free pages are ascending and that none is in use: a
// write would otherwise destroy what is there.
func (w *walk) freelist(id uint64) error {
	p, err := w.page(id)
	if err != nil {
		return err
	}
	if p.flags != freelistPage {
		return damagedFile("page %d should list the free pages and is of kind %#x", id, p.flags)
	}
	from, count := int64(pageHeader), p.count
	if count == 0xFFFF {
		if p.extent < pageHeader+8 {
			return damagedFile("its list of free pages is too short")
		}
		count = int64(native.Uint64(p.start[pageHeader:]))
		from += 8
	}
	if count < 0 || count > (p.extent-from)/8 {
		return damagedFile("its list of free pages cannot have %d entries", count)
	}
	ids, err := p.bytes(from, count*8)
	if err != nil {
		return err
	}
	last := uint64(1)
	for i := range count {
		free := native.Uint64(ids[i*8:])
		if free <= last {
			return damagedFile("its list of free pages is out of order at page %d", free)
		}
		if err := w.claim(free, 0); err != nil {
			return err
		}
		last = free
	}
	return nil
}
