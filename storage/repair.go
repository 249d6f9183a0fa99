package storage

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// RepairReport says what a repair saved and what it could not.
type RepairReport struct {
	Saved Counts
	Lost  []Problem // by bucket; empty when nothing was
	// Undated is how many records fill a gap from a place that does not say
	// whether it is the newest: they may be older than what was lost.
	Undated int
}

// Repair saves every record that can be read of the damaged file into a new
// workspace, and leaves the damaged file as it is. A record is taken only if
// its checksum fits. Of several versions of one the first of these counts:
//
//  1. what the newest transaction's tree leads to, or what stands on a page
//     that is neither in that tree nor free, and so was in a lost part of it;
//  2. what the tree of the transaction before leads to, and, where a meta page
//     or the list of free pages is damaged too, what any page of the file holds:
//     of judgments the latest by their time.
//
// The latest change in the history decides over judgments of the second kind,
// unless they were made after it, and over those that were not found at all.
//
// The history is numbered anew where a part of it is lost, and ends with
// entries that lead to the judgments that stand. Derived data is left out.
func Repair(ctx context.Context, from, to string) (RepairReport, error) {
	report, err := repair(ctx, from, to)
	if err != nil {
		return report, fmt.Errorf("repairing %s into %s: %w", from, to, err)
	}
	return report, nil
}

func repair(ctx context.Context, from, to string) (report RepairReport, err error) {
	// The lock keeps writers away, where the file is whole enough for bbolt to
	// take it.
	switch w, err := attach(from, &bbolt.Options{ReadOnly: true}); {
	case err == nil:
		defer w.detach()
	case errors.Is(err, workbench.ErrInUse):
		return report, err
	}
	f, err := os.Open(from)
	if err != nil {
		return report, err
	}
	defer f.Close()
	s, err := readDamaged(ctx, f)
	if err != nil {
		return report, err
	}
	if len(s.records) == 0 {
		return report, fmt.Errorf("%w: no record of one can be read in it; go on with the latest backup", ErrNotWorkspace)
	}
	err = publish(to, func(tmp *os.File) error {
		r := &rebuilding{salvage: s, saved: map[string]bool{}}
		if err := r.into(tmp.Name()); err != nil {
			return err
		}
		saved, err := Open(tmp.Name(), Options{ReadOnly: true})
		if err != nil {
			return err
		}
		counts, err := saved.Check(ctx)
		report = RepairReport{Saved: counts, Lost: r.losses(), Undated: s.undated}
		return errors.Join(err, saved.Close())
	})
	return report, err
}

// rebuilding writes what was salvaged into a new file.
type rebuilding struct {
	*salvage
	db      *bbolt.DB
	tx      *bbolt.Tx
	pending int
	saved   map[string]bool // bucket and key, as people know them, of what a problem may be about
}

// perTransaction is how many records are written in one transaction: bbolt
// keeps those in memory.
const perTransaction = 20_000

func (r *rebuilding) into(path string) (err error) {
	if r.db, err = bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.db.Close()) }()
	if err := r.db.Update(initialise); err != nil {
		return err
	}
	if r.tx, err = r.db.Begin(true); err != nil {
		return err
	}
	defer func() { _ = r.tx.Rollback() }() // does nothing after a commit
	for _, step := range []func() error{r.workspace, r.products, r.vectors, r.judgments,
		func() error { return numbered(r, bucketQueries, isQuery) },
		func() error { return numbered(r, bucketRankers, isRanker) },
		func() error { return numbered(r, bucketSnapshots, isSnapshot) },
		func() error { return numbered(r, bucketAssignments, isAssignment) },
		func() error { return numbered(r, bucketInterleavings, isInterleaving) },
		r.rules, r.others,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return r.tx.Commit()
}

// sorted are the keys of the records that were found of a bucket.
func (r *rebuilding) sorted(name string) []string {
	return slices.Sorted(maps.Keys(r.records[name]))
}

// read decodes a record that was found; false when it is not what the bucket
// holds, which is then reported.
func (r *rebuilding) read(name, key string, v any) bool {
	content, err := r.content(name, []byte(key), r.records[name][key])
	if err == nil {
		err = json.Unmarshal(content, v)
	}
	if err != nil {
		r.lose(name, []byte(key), "it cannot be read: %v", err)
	}
	return err == nil
}

// put writes a sealed record.
func (r *rebuilding) put(name string, key, sealed []byte) error {
	b := in(r.tx, name)
	b.FillPercent = appendFill
	if err := b.putSealed(key, sealed); err != nil {
		return err
	}
	if r.pending++; r.pending%perTransaction > 0 {
		return nil
	}
	if err := errors.Join(r.ctx.Err(), r.tx.Commit()); err != nil {
		return err
	}
	tx, err := r.db.Begin(true)
	if err == nil {
		r.tx = tx
	}
	return err
}

func (r *rebuilding) putJSON(name string, key []byte, v any) error {
	sealed, err := encode(key, v)
	if err != nil {
		return err
	}
	return r.put(name, key, sealed)
}

// copy writes a record as it was found.
func (r *rebuilding) copy(name, key string, f found) error {
	content, err := r.content(name, []byte(key), f)
	if err != nil {
		return err
	}
	return r.put(name, []byte(key), seal([]byte(key), append(make([]byte, sealSize), content...)))
}

// others copies the buckets whose records say nothing of each other.
func (r *rebuilding) others() error {
	for _, name := range slices.Sorted(maps.Keys(r.records)) {
		if r.tx.Bucket([]byte(name)) != nil {
			continue // written by a step before
		}
		if _, err := made(r.tx, name); err != nil {
			return err
		}
		for _, key := range r.sorted(name) {
			if err := r.copy(name, key, r.records[name][key]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *rebuilding) workspace() error {
	version := schemaVersion
	if _, ok := r.records[bucketWorkspace][keySchema]; ok && r.read(bucketWorkspace, keySchema, &version) && version > schemaVersion {
		return fmt.Errorf("%w (schema %d, this one reads up to %d): update Touchstone to repair it", workbench.ErrNewer, version, schemaVersion)
	}
	for _, key := range []string{keySchema, keySettings, keyGeneration, keyVectors} {
		f, ok := r.records[bucketWorkspace][key]
		if !ok {
			if key != keyVectors {
				r.lose(bucketWorkspace, []byte(key), "it starts anew")
			}
			continue
		}
		if err := r.copy(bucketWorkspace, key, f); err != nil {
			return err
		}
	}
	return nil
}

// products keeps the rows, which vectors refer to, and makes the rows by ID and
// the free rows from them.
func (r *rebuilding) products() error {
	rows := map[string]uint32{}
	next := uint32(0)
	taken := map[uint32]bool{}
	keys := r.sorted(bucketProducts)
	// Of two rows with one ID the trusted one counts.
	slices.SortStableFunc(keys, func(a, b string) int {
		return rankOf(r.records[bucketProducts][a]) - rankOf(r.records[bucketProducts][b])
	})
	for _, key := range keys {
		var p engine.Product
		if len(key) != 4 || !r.read(bucketProducts, key, &p) || p.ID == "" {
			continue
		}
		if _, twice := rows[p.ID]; twice {
			continue
		}
		row := binary.BigEndian.Uint32([]byte(key))
		rows[p.ID], taken[row], next = row, true, max(next, row+1)
	}
	for _, key := range r.sorted(bucketProducts) {
		if len(key) != 4 || !taken[binary.BigEndian.Uint32([]byte(key))] {
			continue
		}
		if err := r.copy(bucketProducts, key, r.records[bucketProducts][key]); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		if err := r.putJSON(bucketRows, []byte(id), rows[id]); err != nil {
			return err
		}
	}
	for _, id := range r.sorted(bucketRows) {
		var row uint32
		if _, ok := rows[id]; !ok && r.read(bucketRows, id, &row) {
			r.lose(bucketProducts, rowKey(row), "product %q is lost", shorten(id))
		}
	}
	for row := range next {
		if taken[row] {
			continue
		}
		key := rowKey(row)
		if err := r.put(bucketFree, key, seal(key, make([]byte, sealSize))); err != nil {
			return err
		}
	}
	return nil
}

func rankOf(f found) int {
	if f.trusted {
		return 0
	}
	return 1
}

// vectors keeps the blocks, without the vectors of rows that hold no product.
// A vector carries the hash of its text: one that is too old is made again.
func (r *rebuilding) vectors() error {
	space, known, err := storedSpace(r.tx)
	if err != nil {
		return err
	}
	if !known {
		if n := len(r.records[bucketVectors]); n > 0 {
			r.lose(bucketVectors, nil, "of which model %d blocks are is lost; the vectors are made again", n)
		}
		return nil
	}
	blocks := bucket{name: bucketVectors}
	for _, key := range r.sorted(bucketVectors) {
		f := r.records[bucketVectors][key]
		value := make([]byte, f.size)
		if _, err := r.r.ReadAt(value, f.at); err != nil {
			return err
		}
		stored, err := space.parse(blocks, []byte(key), value)
		if err != nil {
			r.lose(bucketVectors, []byte(key), "it is of another model")
			continue
		}
		b := stored.withRows(0)
		first := uint32(binary.BigEndian.Uint64([]byte(key)) * blockRows)
		for i := range b.rows {
			if in(r.tx, bucketProducts).Get(rowKey(first+uint32(i))) == nil {
				b.setHash(i, 0)
				clear(b.values(i))
			}
		}
		if b.empty() {
			continue
		}
		if err := r.put(bucketVectors, []byte(key), seal([]byte(key), b.data)); err != nil {
			return err
		}
	}
	return nil
}

// judgments decides which judgments stand, and makes a history without gaps
// that leads to them.
func (r *rebuilding) judgments() error {
	var history []engine.Change
	for _, key := range r.sorted(bucketHistory) {
		var c engine.Change
		if r.read(bucketHistory, key, &c) {
			history = append(history, c)
		}
	}
	newest := map[string]engine.Change{} // by the key of the judgment
	renumbered := map[uint64]uint64{}
	expected := uint64(1)
	for i := range history {
		c := &history[i]
		if c.Seq > expected {
			r.lose(bucketHistory, numberKey(expected), "it and what follows it up to number %d are lost: %d changes", c.Seq-1, c.Seq-expected)
		}
		expected = c.Seq + 1
		newest[string(keyOf(c.About()))] = *c
		renumbered[c.Seq] = uint64(i) + 1
		c.Seq, c.Undoes = uint64(i)+1, renumbered[c.Undoes] // 0 where what it undid is lost
	}
	standing := map[string]*engine.Judgment{}
	for key := range newest {
		standing[key] = newest[key].After
	}
	for _, key := range r.sorted(bucketJudgments) {
		var j engine.Judgment
		if !r.read(bucketJudgments, key, &j) || string(keyOf(j)) != key {
			continue
		}
		c, known := newest[key]
		switch {
		case r.records[bucketJudgments][key].trusted, !known, j.Time.After(c.Time):
			standing[key] = &j
		}
	}
	if r.whole(bucketJudgments) {
		for key := range standing {
			if _, ok := r.records[bucketJudgments][key]; !ok {
				standing[key] = nil // cleared, by a change that is lost
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(standing)) {
		var before *engine.Judgment
		if c, ok := newest[key]; ok {
			before = c.After
		}
		after := standing[key]
		if !sameJudgment(before, after) {
			history = append(history, engine.Change{Seq: uint64(len(history)) + 1, Time: now(), Before: before, After: after})
		}
		if after != nil {
			r.saved[bucketJudgments+showKey(bucketJudgments, []byte(key))] = true
			if err := r.putJSON(bucketJudgments, []byte(key), after); err != nil {
				return err
			}
		}
	}
	for _, c := range history {
		if err := r.putJSON(bucketHistory, numberKey(c.Seq), c); err != nil {
			return err
		}
	}
	return nil
}

func sameJudgment(a, b *engine.Judgment) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Grade == b.Grade && a.Note == b.Note && a.Time.Equal(b.Time)
}

// numbered writes a bucket of numbered records without gaps; one that not every
// workspace has is made where records of it were found. A damaged number of a
// page may have led to another bucket's records: is tells them.
func numbered[T any](r *rebuilding, name string, is func(*T) bool) error {
	if len(r.records[name]) == 0 {
		return nil
	}
	if _, err := made(r.tx, name); err != nil {
		return err
	}
	n, expected := uint64(0), uint64(1)
	for _, key := range r.sorted(name) {
		var v T
		if len(key) != 8 || !r.read(name, key, &v) {
			continue
		}
		if !is(&v) {
			r.lose(name, []byte(key), "it is a record of another kind")
			continue
		}
		if number := binary.BigEndian.Uint64([]byte(key)); number > expected {
			r.lose(name, numberKey(expected), "it and what follows it up to number %d are lost: %d records", number-1, number-expected)
		}
		expected = binary.BigEndian.Uint64([]byte(key)) + 1
		n++
		if err := r.putJSON(name, numberKey(n), v); err != nil {
			return err
		}
	}
	return nil
}

// losses are what was lost, by bucket. A record that was damaged in one place
// and found in another is not, nor is what is made again.
func (r *rebuilding) losses() []Problem {
	for name, records := range r.records {
		if r.broken[name] && name != bucketJudgments {
			for key := range records {
				r.saved[name+showKey(name, []byte(key))] = true
			}
		}
	}
	lost := slices.DeleteFunc(slices.Clone(r.lost), func(p Problem) bool {
		return p.Bucket == bucketRows || p.Bucket == bucketFree || p.Bucket == bucketDerived || p.Key != "" && r.saved[p.Bucket+p.Key]
	})
	slices.SortStableFunc(lost, func(a, b Problem) int { return strings.Compare(a.Bucket, b.Bucket) })
	return lost
}
