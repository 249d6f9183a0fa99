package workbench

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"touchstone/engine"
	"touchstone/engine/exchange"
)

// Snapshot is a query set ranked by one ranker at one time.
type Snapshot struct {
	Name       string              `json:"name"` // of no other snapshot of the workspace
	Time       time.Time           `json:"time"`
	Ranker     engine.Ranker       `json:"ranker"` // as it was
	Catalogue  string              `json:"catalogue"`
	Generation uint64              `json:"generation"`      // of the products that were ranked: Store.Generation
	Rules      string              `json:"rules,omitempty"` // the set that was followed, as it was called
	File       string              `json:"file,omitempty"`  // the file of another program that it was read from; its ranker is a name alone
	Runs       map[string][]string `json:"runs"`            // query → product IDs, best first
}

// By is the ranker as it is called in a sentence: "learned v2".
func (s *Snapshot) By() string { return rankerLabel(&s.Ranker) }

// ranker is what ranked, or an error for a snapshot that another program made.
func (s *Snapshot) ranker() (*engine.Ranker, error) {
	if s.File != "" {
		return nil, fmt.Errorf("snapshot %q was read from %s and holds no weights: it can be compared with, and not used", s.Name, s.File)
	}
	return &s.Ranker, nil
}

// snapshotDepth is how many products of each query a snapshot keeps.
const snapshotDepth = 100

// TakeSnapshot ranks the whole query set and keeps what comes of it under a
// name that no other snapshot has. A nil ranker is the one in use.
func (b *Bench) TakeSnapshot(ctx context.Context, name string, ranker *engine.Ranker, progress engine.OnProgress) (*Snapshot, error) {
	if name = strings.TrimSpace(name); name == "" {
		return nil, fmt.Errorf("a snapshot needs a name")
	}
	queries, err := b.Queries()
	if err != nil {
		return nil, err
	}
	if len(queries) == 0 {
		return nil, fmt.Errorf("snapshot %q: there are no queries yet; grade some results, or import judgments or queries", name)
	}
	if ranker == nil {
		ranker = b.ranker.Load()
	}
	wanted := make(engine.Qrels, len(queries))
	for _, q := range queries {
		wanted[q.Text] = nil // ranked whether it is judged or not
	}
	s := &Snapshot{Name: name, Time: time.Now().UTC(), Ranker: *ranker, Catalogue: b.Status().Catalogue.Name, Generation: b.store.Generation(), Rules: b.rulesInUse().Name}
	runs, err := b.runs(ctx, []contender{{ranker: ranker}}, wanted, All, snapshotDepth, progress)
	if err != nil {
		return nil, err
	}
	s.Runs = runs[0]
	return s, b.store.PutSnapshot(*s)
}

// whence is where it comes from, in plain words.
func (s *Snapshot) whence() string {
	if s.File != "" {
		return fmt.Sprintf("read from %s", s.File)
	}
	return fmt.Sprintf("taken by %s", s.By())
}

// SnapshotReport is what came of reading a snapshot.
type SnapshotReport struct {
	*Snapshot
	Format   string
	Unknown  int // products that the catalogue lacks; they keep their places
	Strange  int // queries that the query set lacks
	Skipped  int // rows that were not read
	Problems []RowProblem
}

// ReadSnapshot keeps what another program ranked, a run or a Quepid snapshot, so
// that it can be compared with. "" for the name is what the file says, or the
// file's own.
func (b *Bench) ReadSnapshot(file, name string) (*SnapshotReport, error) {
	run, err := exchange.OpenRun(file)
	if err != nil {
		return nil, err
	}
	if len(run.Ranked) == 0 {
		return nil, fmt.Errorf("%s: no ranked products in it could be read", file)
	}
	base := filepath.Base(file)
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	s := &Snapshot{Name: cmp.Or(strings.TrimSpace(name), run.Tag, stem), Time: run.Time.UTC(), Ranker: engine.Ranker{Name: cmp.Or(run.Tag, stem)},
		Catalogue: b.Status().Catalogue.Name, Generation: b.store.Generation(), File: base, Runs: map[string][]string{}}
	if s.Time.IsZero() {
		s.Time = time.Now().UTC()
	}
	report := &SnapshotReport{Snapshot: s, Format: run.Format, Skipped: run.Skipped}
	for _, p := range run.Problems {
		report.Problems = append(report.Problems, RowProblem{File: p.File, Line: p.Line, What: p.What})
	}
	known := map[string]bool{}
	for _, r := range run.Ranked {
		if r.Rank > snapshotDepth {
			continue
		}
		s.Runs[r.Query] = append(s.Runs[r.Query], r.Product)
		if _, seen := known[r.Product]; !seen {
			if _, known[r.Product], err = b.store.Row(r.Product); err != nil {
				return nil, err
			}
			if !known[r.Product] {
				report.Unknown++
			}
		}
	}
	if report.Unknown == len(known) {
		return nil, fmt.Errorf("%s: none of its %d products is in this catalogue (the first is %q); it is of another one, or names its products otherwise", file, len(known), run.Ranked[0].Product)
	}
	queries, err := b.Queries()
	if err != nil {
		return nil, err
	}
	report.Strange = len(s.Runs)
	for _, q := range queries {
		if _, held := s.Runs[q.Text]; held {
			report.Strange--
		}
	}
	return report, b.store.PutSnapshot(*s)
}

// Snapshots lists all snapshots, oldest first.
func (b *Bench) Snapshots() ([]Snapshot, error) { return b.store.Snapshots() }

// within leaves those queries of qrels that a snapshot holds: one that was
// judged later is no page that it lost.
func (s *Snapshot) within(qrels engine.Qrels) (engine.Qrels, []string) {
	var warnings []string
	held := maps.Clone(qrels)
	maps.DeleteFunc(held, func(query string, _ map[string]engine.Grade) bool {
		_, ok := s.Runs[query]
		return !ok
	})
	if left := len(qrels) - len(held); left > 0 {
		warnings = append(warnings, fmt.Sprintf("Left out: %d judged queries that snapshot %q does not hold.", left, s.Name))
	}
	return held, warnings
}

// changedSince says what has happened to the catalogue since a snapshot was
// taken. One whose products are all gone is of another catalogue: comparing
// with it would say nothing of the ranking.
func (b *Bench) changedSince(s *Snapshot) (warnings []string, err error) {
	if b.store.Generation() == s.Generation {
		return nil, nil
	}
	shown, gone := map[string]bool{}, 0
	for _, run := range s.Runs {
		for _, id := range run {
			if shown[id] {
				continue
			}
			shown[id] = true
			if _, known, err := b.store.Row(id); err != nil {
				return nil, err
			} else if !known {
				gone++
			}
		}
	}
	if gone > 0 && gone == len(shown) {
		return nil, fmt.Errorf("compare: snapshot %q is of another catalogue (%s): none of its %d products is in this one; take a new snapshot", s.Name, s.Catalogue, gone)
	}
	if gone > 0 {
		return []string{fmt.Sprintf("The catalogue has changed since snapshot %q was taken (%d of its %d products are gone): part of the difference may be the products, not the ranking.", s.Name, gone, len(shown))}, nil
	}
	return []string{fmt.Sprintf("The catalogue has changed since snapshot %q was taken: part of the difference may be the products, not the ranking.", s.Name)}, nil
}

// scoped is the snapshot's runs, of judged products only where the scope says so.
func (s *Snapshot) scoped(qrels engine.Qrels, scope Scope) map[string][]string {
	if scope != Judged {
		return s.Runs
	}
	runs := make(map[string][]string, len(qrels))
	for query, grades := range qrels {
		runs[query] = slices.DeleteFunc(slices.Clone(s.Runs[query]), func(id string) bool {
			_, judged := grades[id]
			return !judged
		})
	}
	return runs
}
