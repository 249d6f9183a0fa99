package workbench

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"touchstone/engine"
)

// Snapshot is a query set ranked by one ranker at one time.
type Snapshot struct {
	Name       string              `json:"name"` // of no other snapshot of the workspace
	Time       time.Time           `json:"time"`
	Ranker     engine.Ranker       `json:"ranker"` // as it was
	Catalogue  string              `json:"catalogue"`
	Generation uint64              `json:"generation"`      // of the products that were ranked: Store.Generation
	Rules      string              `json:"rules,omitempty"` // the set that was followed, as it was called
	Runs       map[string][]string `json:"runs"`            // query → product IDs, best first
}

// By is the ranker as it is called in a sentence: "learned v2".
func (s *Snapshot) By() string { return rankerLabel(&s.Ranker) }

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
