package storage

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// found is where in a damaged file the value of a record lies.
type found struct {
	at   int64
	size int
	// trusted is a record that the newest transaction certainly left: its tree
	// leads to it, or its page is neither in the tree nor in the list of free
	// pages, and was therefore in a part of the tree that is lost.
	trusted bool
}

// salvage collects what can be read of a damaged file. It follows the tree as
// far as that goes, and where it breaks off looks at every page of the file:
// the checksum of a record tells it from anything else.
type salvage struct {
	walk
	size    int64
	records map[string]map[string]found // by bucket and key
	lost    []Problem
	broken  map[string]bool // buckets of which the tree lost a part
	named   map[string]bool // buckets that the newest tree lists
	done    map[uint64]bool // leaf pages that the tree led to, read as a whole
	filling bool            // the newest tree was walked; what follows fills its gaps
	undated int             // records that fill a gap and may be older than what is lost
}

// readDamaged collects the records of a damaged file.
func readDamaged(ctx context.Context, f *os.File) (*salvage, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	s := &salvage{size: info.Size(), records: map[string]map[string]found{}, broken: map[string]bool{},
		named: map[string]bool{}, done: map[uint64]bool{}}
	s.walk = walk{ctx: ctx, r: padded{f}, pageSize: guessPageSize(f, info.Size())}
	s.pages = uint64((s.size + s.pageSize - 1) / s.pageSize)
	metas := s.metas()
	newest := len(metas) == 2 // or else the damaged one may have been the newer
	if !newest {
		s.broke("", damagedFile("%d of its 2 meta pages can be read, so the last change may be lost", len(metas)))
	}
	var free map[uint64]bool
	if len(metas) > 0 {
		s.tree(metas[0], newest)
		if newest {
			free = s.freePages(metas[0])
			s.compare(free)
		}
	}
	s.filling = true
	if free != nil && len(s.broken) > 0 {
		s.scan(free, true)
	}
	if newest && len(s.broken) > 0 {
		s.tree(metas[1], false)
	}
	if free == nil && len(s.broken) > 0 {
		s.scan(nil, false)
	}
	s.misnamed()
	return s, ctx.Err()
}

// misnamed gives records under a name that is no bucket's to a missing bucket,
// if they are all what that one holds. Those of a bucket that only a newer
// Touchstone knows stay under its name.
func (s *salvage) misnamed() {
	missing := func(name string) bool { return !s.named[name] && !s.broken[""] }
	for _, name := range slices.Sorted(maps.Keys(s.records)) {
		if slices.Contains(buckets, name) || slices.Contains(later, name) {
			continue
		}
		for _, shape := range shapes {
			if !missing(shape.bucket) || !s.all(name, shape.fits) {
				continue
			}
			s.lose(shape.bucket, nil, "its name became %q; its records were told by what they hold", shorten(name))
			s.named[shape.bucket] = true
			s.records[shape.bucket] = s.records[name]
			delete(s.records, name)
			break
		}
	}
	var list []string
	if f, ok := s.records[bucketWorkspace][keyBuckets]; ok {
		content, err := s.content(bucketWorkspace, []byte(keyBuckets), f)
		if err = errors.Join(err, json.Unmarshal(content, &list)); err != nil {
			s.lose(bucketWorkspace, []byte(keyBuckets), "it cannot be read: %v", err)
		}
	}
	for _, name := range slices.Concat(buckets, list) {
		if missing(name) {
			s.lose(name, nil, "the bucket is missing")
		}
	}
}

// all reports whether all records under a name fit a shape.
func (s *salvage) all(name string, fits func(key, content []byte) bool) bool {
	for key, f := range s.records[name] {
		content, err := s.content(name, []byte(key), f)
		if err != nil || !fits([]byte(key), content) {
			return false
		}
	}
	return true
}

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

// metas are the meta pages that are whole, newest first.
func (s *salvage) metas() []meta {
	var all []meta
	for i := range int64(2) {
		b := make([]byte, metaSize)
		if _, err := s.r.ReadAt(b, i*s.pageSize+pageHeader); err != nil {
			continue
		}
		if m, ok := parseMeta(b); ok {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b meta) int { return int(int64(b.txid - a.txid)) })
	return all
}

func (s *salvage) lose(bucket string, key []byte, format string, args ...any) {
	var damage *DamageError
	errors.As(damaged(bucket, key, format, args...), &damage)
	s.lost = append(s.lost, damage.Problems...)
}

// broke notes that a part of a bucket's tree cannot be followed; of all
// buckets, where the name is empty.
func (s *salvage) broke(of string, err error) {
	if s.filling {
		return
	}
	s.broken[of] = true
	var damage *DamageError
	if errors.As(err, &damage) {
		err = errors.New(damage.Problems[0].What)
	}
	s.lose(of, nil, "%v; its records were looked for on every page", err)
}

// whole reports whether the tree led to every record of a bucket.
func (s *salvage) whole(name string) bool { return !s.broken[""] && !s.broken[name] }

// tree walks all buckets as a transaction left them.
func (s *salvage) tree(m meta, trusted bool) {
	// Anew: the trees of two transactions share most of their pages.
	s.seen = make([]uint64, s.pages/64+1)
	s.subtree("", m.root, nil, nil, 0, trusted)
}

func (s *salvage) subtree(of string, id uint64, min, max []byte, depth int, trusted bool) {
	if s.ctx.Err() != nil || depth > maxDepth {
		return
	}
	p, err := s.page(id)
	if err != nil {
		s.broke(of, err)
		return
	}
	all, err := p.elements(min, max)
	if err != nil {
		s.broke(of, err)
		return
	}
	if p.flags == leafPage && of == "" && slices.ContainsFunc(all, func(e element) bool { return !e.bucket }) {
		s.broke(of, damagedFile("page %d should list the buckets", id))
		return
	}
	if p.flags == leafPage {
		s.done[id] = true
	}
	for i, e := range all {
		switch {
		case p.flags == branchPage:
			upTo := max
			if i+1 < len(all) {
				upTo = all[i+1].key
			}
			s.subtree(of, e.child, e.key, upTo, depth+1, trusted)
		case of == "":
			s.below(p, e, depth+1, trusted)
		default:
			s.take(of, e.key, p.at+e.value, e.vsize, trusted)
		}
	}
}

// below walks the bucket that is the value of a leaf's element.
func (s *salvage) below(p *page, e element, depth int, trusted bool) {
	name := string(e.key)
	if !s.filling {
		s.named[name] = true
	}
	head, err := p.bytes(e.value, min(e.vsize, bucketSize))
	if err != nil || len(head) < bucketSize {
		s.broke(name, damagedFile("its beginning is"))
		return
	}
	if root := native.Uint64(head); root != 0 {
		s.subtree(name, root, nil, nil, depth, trusted)
		return
	}
	s.inline(name, p.at+e.value+bucketSize, e.vsize-bucketSize, trusted)
}

// inline reads a page inside of a value.
func (s *salvage) inline(name string, at, extent int64, trusted bool) {
	if extent < pageHeader {
		return
	}
	inner := &page{at: at, r: s.r, extent: extent, start: make([]byte, extent)}
	if _, err := s.r.ReadAt(inner.start, at); err != nil {
		s.broke(name, err)
		return
	}
	inner.flags, inner.count = native.Uint16(inner.start[8:]), int64(native.Uint16(inner.start[10:]))
	all, err := inner.elements(nil, nil)
	if err != nil || inner.flags != leafPage {
		s.broke(name, damagedFile("the page that it consists of cannot be followed"))
		all = looseElements(inner.start)
	}
	for _, e := range all {
		s.take(name, e.key, at+e.value, e.vsize, trusted)
	}
}

// take notes a record if its checksum fits and no better one of its key was
// found.
func (s *salvage) take(of string, key []byte, at, size int64, trusted bool) {
	if s.filling && !trusted && s.whole(of) {
		return // it was deleted
	}
	f := found{at, int(size), trusted}
	if _, err := s.content(of, key, f); err != nil {
		if !s.filling && of != bucketDerived {
			s.broken[of] = true
			s.lose(of, key, "its checksum does not fit")
		}
		return
	}
	known := s.records[of]
	if known == nil {
		known = map[string]found{}
		s.records[of] = known
	}
	old, ok := known[string(key)]
	if ok && (old.trusted || !trusted && !s.later(of, key, f, old)) {
		return
	}
	if s.filling && !trusted {
		s.undated++
	}
	known[string(key)] = f
}

// content is the unsealed value of a record.
func (s *salvage) content(of string, key []byte, f found) ([]byte, error) {
	if f.at+int64(f.size) > s.size {
		return nil, damaged(of, key, "it was cut off")
	}
	value := make([]byte, f.size)
	if _, err := s.r.ReadAt(value, f.at); err != nil {
		return nil, err
	}
	return bucket{name: of}.unseal(key, value)
}

// later reports whether a is newer than b. Only judgments carry a time; what a
// file's other records do not say is decided for the first that was found,
// which an older transaction's tree led to.
func (s *salvage) later(of string, key []byte, a, b found) bool {
	if of != bucketJudgments {
		return false
	}
	ja, errA := s.judgment(key, a)
	jb, errB := s.judgment(key, b)
	return errA == nil && errB == nil && ja.Time.After(jb.Time)
}

func (s *salvage) judgment(key []byte, f found) (j engine.Judgment, err error) {
	content, err := s.content(bucketJudgments, key, f)
	if err == nil {
		err = json.Unmarshal(content, &j)
	}
	return j, err
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

// compare holds the tree against the list of free pages: each page is in one of
// them. A page that is in both is what an older transaction left there, which
// a tree leads to when one of its own pages was overwritten with an older one.
func (s *salvage) compare(free map[uint64]bool) {
	both, neither := 0, 0
	for id := uint64(2); id < s.pages && free != nil; id++ {
		switch reached := s.seen[id/64]&(1<<(id%64)) != 0; {
		case reached && free[id]:
			both++
		case !reached && !free[id]:
			neither++
		}
	}
	if both == 0 && (neither == 0 || len(s.broken) > 0) {
		return
	}
	s.broke("", damagedFile("its tree and its list of free pages contradict each other in %d pages", both+neither))
	for _, records := range s.records {
		for key, f := range records {
			f.trusted = !free[uint64(f.at/s.pageSize)]
			records[key] = f
		}
	}
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

// shapes tell to which bucket the records of a page belong that nothing leads
// to. What derived holds is made again, not looked for.
var shapes = []struct {
	bucket string
	fits   func(key, content []byte) bool
}{
	{bucketJudgments, func(key, content []byte) bool {
		var j engine.Judgment
		return strictly(content, &j) && bytes.Equal(key, keyOf(j))
	}},
	{bucketHistory, func(key, content []byte) bool {
		var c engine.Change
		return strictly(content, &c) && bytes.Equal(key, numberKey(c.Seq))
	}},
	{bucketProducts, func(key, content []byte) bool {
		var p engine.Product
		return len(key) == 4 && strictly(content, &p) && p.ID != ""
	}},
	{bucketRankers, func(key, content []byte) bool {
		var r engine.Ranker
		return len(key) == 8 && strictly(content, &r) && isRanker(&r)
	}},
	{bucketQueries, func(key, content []byte) bool {
		var q engine.Query
		return len(key) == 8 && bytes.HasPrefix(content, []byte(`{"text":`)) && strictly(content, &q)
	}},
	{bucketVectors, func(key, content []byte) bool {
		return len(key) == 8 && len(content) >= 4 && binary.LittleEndian.Uint32(content) == blockMagic
	}},
	{bucketFree, func(key, content []byte) bool { return len(key) == 4 && len(content) == 0 }},
	{bucketSnapshots, func(key, content []byte) bool {
		var snapshot workbench.Snapshot
		return len(key) == 8 && strictly(content, &snapshot) && isSnapshot(&snapshot)
	}},
	{bucketProfiles, func(key, content []byte) bool {
		var p engine.Profile
		return strictly(content, &p) && p.Name == string(key)
	}},
	{bucketRules, func(key, content []byte) bool {
		var r engine.Rule
		return strictly(content, &r) && r.ID > 0 && bytes.Equal(key, numberKey(r.ID))
	}},
	{bucketRuleHistory, func(key, content []byte) bool {
		var change engine.RuleChange
		return strictly(content, &change) && change.LastID > 0 && bytes.Equal(key, numberKey(change.Seq))
	}},
	{bucketClicks, func(key, content []byte) bool {
		var c engine.Clicks
		return bytes.HasPrefix(content, []byte(`{"query":`)) && strictly(content, &c) && c.Query == string(key)
	}},
	{bucketHeads, func(key, content []byte) bool {
		var h engine.Head
		return len(key) == 8 && strictly(content, &h) && h.Dim > 0 && h.Rank > 0
	}},
	{bucketClickLogs, func(key, content []byte) bool {
		var when time.Time
		return (len(key) == clickLogKey || isPageKey(key)) && strictly(content, &when)
	}},
	{bucketAssignments, func(key, content []byte) bool {
		var a workbench.Assignment
		return len(key) == 8 && strictly(content, &a) && isAssignment(&a)
	}},
	{bucketInterleavings, func(key, content []byte) bool {
		var t workbench.Interleaving
		return len(key) == 8 && strictly(content, &t) && isInterleaving(&t)
	}},
	{bucketWorkspace, func(key, _ []byte) bool {
		return slices.Contains([]string{keySchema, keySettings, keyGeneration, keyVectors, keyBuckets}, string(key))
	}},
	{bucketRows, func(_, content []byte) bool {
		var row uint32
		return json.Unmarshal(content, &row) == nil
	}},
}

// What tells a decoded record from those of other buckets.
func isQuery(q *engine.Query) bool                  { return q.Text != "" }
func isRanker(r *engine.Ranker) bool                { return r.Version > 0 }
func isSnapshot(s *workbench.Snapshot) bool         { return s.Name != "" }
func isAssignment(a *workbench.Assignment) bool     { return a.Query != "" }
func isInterleaving(t *workbench.Interleaving) bool { return len(t.Pages) > 0 }

// strictly decodes JSON that names nothing but the fields of v.
func strictly(content []byte, v any) bool {
	dec := json.NewDecoder(bytes.NewReader(content))
	dec.DisallowUnknownFields()
	return dec.Decode(v) == nil
}
