package storage

import (
	"encoding/json"
	"slices"

	"touchstone/engine"
)

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
