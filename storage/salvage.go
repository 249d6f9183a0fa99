package storage

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"slices"
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
