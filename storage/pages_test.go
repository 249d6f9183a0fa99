package storage

import (
	"bytes"
	"context"
	"errors"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

const testPage = 4096

// pages is a whole bbolt file with the places in it that tests damage.
type pages struct {
	file                []byte
	root, freelist      int64 // where the pages begin
	products, branch    int64 // the bucket header of the products, the root page of their tree
	bucket, inline, end int64 // the header of an inline bucket, its page, its element on the root page, which is the last
}

func newPages(t *testing.T) pages {
	t.Helper()
	w := newWorkspace(t)
	fill(t, w, 300, 0)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(w.Path())
	if err != nil {
		t.Fatal(err)
	}
	walk := walk{r: bytes.NewReader(file), pageSize: testPage}
	m, err := walk.meta()
	if err != nil {
		t.Fatal(err)
	}
	p := pages{file: file, root: int64(m.root) * testPage, freelist: int64(m.freelist) * testPage}
	walk.seen = make([]uint64, m.pages)
	walk.ctx = t.Context()
	root, err := walk.page(m.root)
	if err != nil {
		t.Fatal(err)
	}
	all, err := root.elements(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range all {
		switch string(e.key) {
		case bucketProducts:
			p.products = p.root + e.value
			p.branch = int64(native.Uint64(file[p.products:])) * testPage
		case bucketWorkspace:
			p.bucket = p.root + e.value
			p.inline = p.bucket + bucketSize
		}
		p.end = p.root + pageHeader + int64(i)*elementSize
	}
	if native.Uint16(file[p.branch+8:]) != branchPage || native.Uint64(file[p.bucket:]) != 0 {
		t.Fatal("the file is not as this test needs it")
	}
	return p
}

// setMeta changes a field of both meta pages, and their checksums with it.
func (p pages) setMeta(field int, v uint64) {
	for _, at := range []int{pageHeader, testPage + pageHeader} {
		native.PutUint64(p.file[at+field:], v)
	}
	p.sealMetas()
}

// sealMetas makes the checksums of the meta pages fit.
func (p pages) sealMetas() {
	for _, at := range []int{pageHeader, testPage + pageHeader} {
		b := p.file[at : at+metaSize]
		h := fnv.New64a()
		h.Write(b[:metaSize-8])
		native.PutUint64(b[metaSize-8:], h.Sum64())
	}
}

func TestCheckPages(t *testing.T) {
	whole := newPages(t)
	p64 := func(p pages, at int64, v uint64) { native.PutUint64(p.file[at:], v) }
	p32 := func(p pages, at int64, v uint32) { native.PutUint32(p.file[at:], v) }
	p16 := func(p pages, at int64, v uint16) { native.PutUint16(p.file[at:], v) }
	for _, c := range []struct {
		name   string
		damage func(p pages)
		want   string
	}{
		{"nothing", func(pages) {}, ""},
		{"both meta pages", func(p pages) { p.file[pageHeader+20]++; p.file[testPage+pageHeader+20]++ }, "both of its meta pages are"},
		{"a root outside", func(p pages) { p.setMeta(16, 1<<40) }, "page 1099511627776 lies outside"},
		{"no pages", func(p pages) { p.setMeta(40, 3) }, "cut off"},
		{"too many pages", func(p pages) { p.setMeta(40, 1<<50) }, "cut off"},
		{"a page's number", func(p pages) { p64(p, p.root, 1) }, "says that it is page 1"},
		{"a page's kind", func(p pages) { p16(p, p.root+8, 3) }, "of the unknown kind 0x3"},
		{"a freelist for a tree", func(p pages) { p.setMeta(16, uint64(p.freelist/testPage)) }, "of the unknown kind 0x10"},
		{"a page's length", func(p pages) { p32(p, p.root+12, 1<<31) }, "lies outside"},
		{"a page over another", func(p pages) {
			// bbolt may put either first.
			p32(p, min(p.root, p.branch)+12, uint32((max(p.root, p.branch)-min(p.root, p.branch))/testPage))
		}, "in use twice"},
		{"a page's count", func(p pages) { p16(p, p.root+10, 9) }, "element 0 is not where it must be"},
		{"a count beyond the page", func(p pages) { p16(p, p.root+10, 5000) }, "cannot have 5000 elements"},
		{"a branch without children", func(p pages) { p16(p, p.branch+10, 0) }, "cannot have 0 elements"},
		{"a circle", func(p pages) { p64(p, p.branch+pageHeader+8, uint64(p.branch/testPage)) }, "in use twice"},
		{"a child outside", func(p pages) { p64(p, p.branch+pageHeader+8, 1<<33) }, "lies outside"},
		{"the order of keys", func(p pages) { p.file[p.branch+pageHeader+int64(native.Uint32(p.file[p.branch+pageHeader:]))] = 0xFF }, "out of order"},
		{"an element's kind", func(p pages) { p32(p, p.root+pageHeader, 8) }, "element 0 is of the unknown kind 0x8"},
		{"an element's place", func(p pages) { p32(p, p.root+pageHeader+4, 1<<31) }, "element 0 is not where it must be"},
		{"a value's length", func(p pages) { p32(p, p.end+12, 1<<20) }, "is not where it must be"},
		{"a bucket's length", func(p pages) { p32(p, p.end+12, 8) }, "is too short"},
		{"an inline bucket's length", func(p pages) { p32(p, p.end+12, bucketSize+1) }, "is too short"},
		{"an inline page's kind", func(p pages) { p16(p, p.inline+8, branchPage) }, "holds a page of kind 0x1"},
		{"a bucket inside", func(p pages) { p32(p, p.inline+pageHeader, bucketLeaf) }, "holds a bucket, which"},
		{"two buckets in one place", func(p pages) { p64(p, p.bucket, uint64(p.branch/testPage)) }, "in use twice"},
		{"a free page outside", func(p pages) { p64(p, p.freelist+pageHeader, 1<<40) }, "lies outside"},
		{"a free page in use", func(p pages) { p64(p, p.freelist+pageHeader, uint64(p.root/testPage)) }, "in use twice"},
		{"free meta pages", func(p pages) { p64(p, p.freelist+pageHeader, 1) }, "list of free pages is out of order"},
		{"too many free pages", func(p pages) { p16(p, p.freelist+10, 2000) }, "list of free pages cannot have 2000 entries"},
		{"far too many", func(p pages) { p16(p, p.freelist+10, 0xFFFF); p64(p, p.freelist+pageHeader, 1<<63) }, "list of free pages cannot have"},
		{"a tree for a freelist", func(p pages) { p.setMeta(32, uint64(p.branch/testPage)) }, "in use twice"},
		{"a freelist that is a leaf", func(p pages) { p16(p, p.freelist+8, leafPage) }, "should list the free pages"},
		{"no freelist", func(p pages) { p.setMeta(32, noFreelist) }, ""},
	} {
		p := whole
		p.file = bytes.Clone(whole.file)
		c.damage(p)
		err := checkPages(t.Context(), bytes.NewReader(p.file), int64(len(p.file)), testPage, nil)
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func TestCheckPagesStops(t *testing.T) {
	p := newPages(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := walk{ctx: ctx, r: bytes.NewReader(p.file), pageSize: testPage, read: ctxEvery - 1}
	if _, err := w.page(0); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestCheckPagesReadError: a disk that fails is not a damaged file.
func TestCheckPagesReadError(t *testing.T) {
	p := newPages(t)
	broken := errors.New("input/output error")
	after := 0
	for ; ; after++ {
		r := &failingReader{Reader: bytes.NewReader(p.file), err: broken}
		r.left.Store(int64(after))
		err := checkPages(t.Context(), r, int64(len(p.file)), testPage, nil)
		if err == nil {
			break // it has read all that it needs
		}
		if after >= 2 && !errors.Is(err, broken) {
			t.Errorf("after %d reads: %v", after, err)
		}
	}
	if after < 6 {
		t.Errorf("only %d reads: the test's file is too small for it", after)
	}
}

type failingReader struct {
	*bytes.Reader
	left atomic.Int64
	err  error
}

func (r *failingReader) ReadAt(b []byte, at int64) (int, error) {
	if r.left.Add(-1) < 0 {
		return 0, r.err
	}
	return r.Reader.ReadAt(b, at)
}

// FuzzCheckPages writes eight bytes anywhere into a file, with the checksums of
// the meta pages made to fit: what checkPages lets through, bbolt must survive.
func FuzzCheckPages(f *testing.F) {
	w, err := Create(filepath.Join(f.TempDir(), "shop.touchstone"), Options{})
	if err != nil {
		f.Fatal(err)
	}
	want := fillSample(f, w)
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(w.Path())
	if err != nil {
		f.Fatal(err)
	}
	for _, field := range []int{16, 24, 32, 40, 48} { // of a meta page
		f.Add(uint32(pageHeader+field), uint64(5))
		f.Add(uint32(testPage+pageHeader+field), noFreelist)
	}
	for page := 2; page < len(whole)/testPage; page++ {
		f.Add(uint32(page*testPage), uint64(page+1))
		f.Add(uint32(page*testPage+8), uint64(leafPage|3<<16))
		f.Add(uint32(page*testPage+pageHeader+8), uint64(6))
	}
	f.Fuzz(func(t *testing.T, at uint32, v uint64) {
		p := pages{file: bytes.Clone(whole)}
		native.PutUint64(p.file[int(at)%(len(p.file)-8):], v)
		p.sealMetas()
		path := filepath.Join(t.TempDir(), "damaged.touchstone")
		if err := os.WriteFile(path, p.file, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := tryDamaged(path, want, true); err != nil {
			t.Error(err)
		}
	})
}
