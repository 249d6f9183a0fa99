package workbench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"touchstone/engine"
	"touchstone/engine/rank"
)

// Models opens an encoder by the name that Settings.Model holds: "minilm",
// "bge-zh" or a folder.
type Models func(name string) (engine.Encoder, error)

// Bench is an open workspace with everything a person can do with it. It is
// safe for concurrent use: searches read an immutable view, and one change of
// the catalogue or the ranker runs at a time.
type Bench struct {
	// ModelNames lists what models opens by name, for those who choose an encoder
	// to compare; nil lists none. It is set before the bench is used.
	ModelNames func() []string

	store  Store
	models Models

	changing sync.Mutex // held by imports, training and adoption
	profiles sync.Mutex // held while events are added
	listing  sync.Mutex // held while listed is read
	view     atomic.Pointer[view]
	ranker   atomic.Pointer[engine.Ranker]
	ruling   sync.Mutex // held while rules change
	rules    atomic.Pointer[ruleBook]

	pagesKept firstPages
	grades    *grades
	unsaved   unsaved
	remotes   remotes
	lessons   lessons
	surveys   surveys
	live      live
	assigned  atomic.Pointer[assigned]
	listed    atomic.Pointer[map[string]bool] // the query set's texts; judged queries are more
	kept      kept
	edits     edits
	pictures  pictures
	besides   otherVectors
}

// Open makes a store ready for use: it reads the grades and the ranker, and
// opens the index and the vectors. It takes the store over: Close closes it.
func Open(ctx context.Context, store Store, models Models) (*Bench, error) {
	b := &Bench{models: models}
	b.store = &farStore{store, &b.remotes}
	b.remotes.answers.store = store
	var err error
	if b.grades, err = readGrades(ctx, store); err != nil {
		return nil, err
	}
	if err := b.readRules(); err != nil {
		return nil, err
	}
	if err = b.readAssignments(); err != nil {
		return nil, err
	}
	if err = b.readListed(); err != nil {
		return nil, err
	}
	rankers, err := store.Rankers()
	if err != nil {
		return nil, err
	}
	ranker := rank.Default()
	for _, r := range rankers { // oldest first: the newest version of the name stays
		if r.Name == store.Settings().Ranker {
			ranker = r
		}
	}
	b.ranker.Store(&ranker)
	if err := b.look(ctx, nil, nil); err != nil {
		return nil, err
	}
	return b, nil
}

// Close closes the workspace. Searches that still run may fail.
func (b *Bench) Close() error {
	return errors.Join(b.closeUnsaved(), b.remotes.answers.flush(), b.store.Close())
}

// Status is what the window's status bar shows.
func (b *Bench) Status() Status {
	settings := b.store.Settings()
	v := b.view.Load()
	s := Status{
		Path:      b.store.Path(),
		ReadOnly:  b.store.ReadOnly(),
		Catalogue: settings.Catalogue,
		Products:  v.len(),
		Encoded:   v.encoded(),
		Hidden:    len(v.hidden),
		Source:    settings.where(),
		Judge:     settings.judge(),
	}
	s.Queries, s.Judgments = b.grades.counts(*b.listed.Load())
	if v.encoder != nil {
		s.Model = v.encoder.Name()
	}
	if s.Catalogue.Name == "" {
		s.Catalogue.Name = filepath.Base(b.store.Path())
	}
	return s
}

// Scale is the scale of grades of the workspace.
func (b *Bench) Scale() engine.Scale {
	if s := b.store.Settings().Scale; len(s) > 0 {
		return slices.Clone(s)
	}
	return engine.DefaultScale()
}

// judge is who grades when no one else is named.
func (s *Settings) judge() string {
	if s.Judge == "" {
		return "me"
	}
	return s.Judge
}

// change runs fn as the only change of the catalogue or the ranker.
func (b *Bench) change(what string, fn func() error) error {
	if b.store.ReadOnly() {
		return fmt.Errorf("%s: %s is %w: open it for writing first", what, b.store.Path(), ErrReadOnly)
	}
	if !b.changing.TryLock() {
		return fmt.Errorf("%s: another import or training is running; wait for it or cancel it", what)
	}
	defer b.changing.Unlock()
	start := time.Now()
	err := fn()
	if err != nil {
		slog.Warn("a change did not end well", "change", what, "took_ms", time.Since(start).Milliseconds(), "cancelled", errors.Is(err, context.Canceled), "error", err)
	} else {
		slog.Debug("a change", "change", what, "took_ms", time.Since(start).Milliseconds())
	}
	return err
}
