package workbench

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"touchstone/engine"
	"touchstone/engine/remote"
	"touchstone/engine/remote/weaviate"
	"touchstone/engine/retrieve"
)

// remotes are the search engines that the workspace names, as far as they were
// asked.
type remotes struct {
	answers answers

	mu     sync.Mutex
	opened map[string]*elsewhere
	home   *elsewhere // that keeps the catalogue; nil: the workspace does
}

// Source says where queries go.
type Source struct {
	Catalogue  string // the engine that keeps the products; "" is this file
	Candidates string // the engine that brings up what is ranked; "" is where the products are
	Address    string // of the one that is asked; "" where no query leaves this machine
}

// String is the source as a status bar shows it.
func (s Source) String() string {
	switch {
	case s.Address == "":
		return "this machine"
	case s.Candidates != "":
		return s.Candidates + " · " + s.Address
	}
	return s.Catalogue + " · " + s.Address
}

// source is the engine that queries go to; "" for none.
func (s *Settings) source() string {
	if s.Candidates != "" {
		return s.Candidates
	}
	return s.Home
}

func (s *Settings) where() Source {
	where := Source{Catalogue: s.Home, Candidates: s.Candidates}
	if r, ok := s.remote(s.source()); ok {
		where.Address = strings.Join(r.URLs, " ")
	}
	return where
}

func (s *Settings) remote(name string) (engine.Remote, bool) {
	i := slices.IndexFunc(s.Remotes, func(r engine.Remote) bool { return r.Name == name })
	if i < 0 {
		return engine.Remote{}, false
	}
	return s.Remotes[i], true
}

// open makes the retriever of an engine; it asks nothing there yet.
func open(r engine.Remote) (engine.Retriever, error) {
	secret, _, err := remote.Secret(r)
	if err != nil {
		return nil, err
	}
	if r.Kind == engine.Weaviate {
		return weaviate.Open(r, secret)
	}
	return remote.NewShop(r, secret)
}

// elsewhere opens a configured engine by name, once.
func (b *Bench) elsewhere(name string) (*elsewhere, error) {
	settings := b.store.Settings()
	r, ok := settings.remote(name)
	if !ok {
		var names []string
		for _, r := range settings.Remotes {
			names = append(names, r.Name)
		}
		return nil, fmt.Errorf("no engine is called %q; %s", name, engine.Among(names, "configure one with Search engines, or touchstone engine"))
	}
	b.remotes.mu.Lock()
	defer b.remotes.mu.Unlock()
	if far := b.remotes.opened[name]; far != nil {
		return far, nil
	}
	source, err := open(r)
	if err != nil {
		return nil, err
	}
	far := newElsewhere(r, source, b)
	far.home = name == settings.Home
	if b.remotes.opened == nil {
		b.remotes.opened = map[string]*elsewhere{}
	}
	b.remotes.opened[name] = far
	if far.home {
		b.remotes.home = far
	}
	return far, nil
}

// forget closes what was opened, after the settings changed.
func (r *remotes) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.opened, r.home = nil, nil
}

// keeper is where the catalogue is kept; nil for the workspace.
func (r *remotes) keeper() *elsewhere {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.home
}

// Remotes lists the engines that were configured.
func (b *Bench) Remotes() []engine.Remote { return slices.Clone(b.store.Settings().Remotes) }

// PutRemote adds an engine, or replaces the one of its name. Nothing is asked of
// it yet.
func (b *Bench) PutRemote(r engine.Remote) error {
	return b.change("configure the engine", func() error {
		if strings.TrimSpace(r.Name) == "" || r.Name == Local || strings.ContainsAny(r.Name, "+:") {
			return fmt.Errorf("configure an engine: %q cannot be its name; choose one without + and : that is not %q", r.Name, Local)
		}
		if _, err := open(r); err != nil {
			return err
		}
		settings := b.store.Settings()
		settings.Remotes = slices.DeleteFunc(slices.Clone(settings.Remotes), func(o engine.Remote) bool { return o.Name == r.Name })
		settings.Remotes = append(settings.Remotes, r)
		return b.turnTo(settings)
	})
}

// RemoveRemote forgets an engine that is not in use. Nothing happens there.
func (b *Bench) RemoveRemote(name string) error {
	return b.change("remove the engine", func() error {
		settings := b.store.Settings()
		if _, ok := settings.remote(name); !ok {
			return fmt.Errorf("no engine is called %q", name)
		}
		if name == settings.Home {
			return fmt.Errorf("%s keeps the catalogue; move it here first: touchstone engine W move local", name)
		}
		if name == settings.Candidates {
			settings.Candidates = ""
		}
		settings.Remotes = slices.DeleteFunc(slices.Clone(settings.Remotes), func(o engine.Remote) bool { return o.Name == name })
		return b.turnTo(settings)
	})
}

// Local is the name under which queries stay on this machine.
const Local = "local"

// UseRemote takes the candidates of every search from an engine from now on; from
// where the catalogue is for Local.
func (b *Bench) UseRemote(name string) error {
	return b.change("use the engine", func() error {
		settings := b.store.Settings()
		settings.Candidates = name
		if name == Local || name == settings.Home {
			settings.Candidates = ""
		} else if _, err := b.elsewhere(name); err != nil {
			return err
		}
		return b.turnTo(settings)
	})
}

// turnTo stores settings and looks again.
func (b *Bench) turnTo(settings Settings) error {
	if err := b.store.PutSettings(settings); err != nil {
		return err
	}
	b.remotes.forget()
	return b.look(context.Background(), nil, nil)
}

// farStore is the workspace file with the products that a remote engine keeps
// for it, as far as searches and people ask for them.
type farStore struct {
	Store
	remotes *remotes
}

// Product reads a product from the file, or else from where the catalogue is.
func (s *farStore) Product(id string) (engine.Product, bool, error) {
	p, ok, err := s.Store.Product(id)
	if ok || err != nil {
		return p, ok, err
	}
	if far := s.remotes.keeper(); far != nil {
		row, ok, err := far.row(id)
		if !ok || err != nil {
			return p, false, err
		}
		sight, err := far.at(row)
		if err != nil {
			return p, false, err
		}
		return sight.product, true, nil
	}
	// What a shop's own search has shown may be in no catalogue of ours.
	s.remotes.mu.Lock()
	defer s.remotes.mu.Unlock()
	for _, far := range s.remotes.opened {
		if sight := far.shown(id); sight != nil {
			return sight.product, true, nil
		}
	}
	return p, false, nil
}

// ProductAt is Product by row.
func (s *farStore) ProductAt(row uint32) (engine.Product, bool, error) {
	far := s.remotes.of(row)
	if far == nil {
		return s.Store.ProductAt(row)
	}
	sight, err := far.at(row)
	if err != nil {
		return engine.Product{}, false, err
	}
	return sight.product, true, nil
}

// Row is the row of a product in the file, or else the one that it has here for
// as long as the workspace is open.
func (s *farStore) Row(id string) (uint32, bool, error) {
	row, ok, err := s.Store.Row(id)
	far := s.remotes.keeper()
	if ok || err != nil || far == nil {
		return row, ok, err
	}
	return far.row(id)
}

// of is the engine that brought a row here; nil for rows of the file.
func (r *remotes) of(row uint32) *elsewhere {
	if row < farRows {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, far := range r.opened {
		if far.has(row) {
			return far
		}
	}
	return nil
}

// farWords is the dictionary of a catalogue that is kept elsewhere: as it was
// last fetched, or fetched now.
func (b *Bench) farWords(ctx context.Context) (*retrieve.Dictionary, error) {
	counts := retrieve.NewCounts()
	found, err := b.store.Derived(farWordsName, counts.Merge)
	if err == nil && found {
		return counts.Dictionary()
	}
	counts, err = b.fetchWords(ctx)
	if errors.Is(err, remote.ErrUnreachable) {
		return retrieve.NewCounts().Dictionary() // words weigh alike until it can be reached
	}
	if err != nil {
		return nil, err
	}
	return counts.Dictionary()
}

// farWordsName is the derived data that holds what was fetched.
const farWordsName = "far words"

// fetchWords reads what all writers have counted, and keeps it.
func (b *Bench) fetchWords(ctx context.Context) (*retrieve.Counts, error) {
	catalogue, err := b.farCatalogue()
	if err != nil {
		return nil, err
	}
	counts := retrieve.NewCounts()
	_, there, err := catalogue.About(ctx)
	if err != nil {
		return nil, err
	}
	if there {
		if err := catalogue.EachWords(ctx, counts.Merge); err != nil {
			return nil, err
		}
	}
	data, err := counts.Encode()
	if err != nil {
		return nil, err
	}
	return counts, b.store.PutDerived(farWordsName, data)
}

// farCatalogue is where the catalogue is kept, which must not be the workspace.
func (b *Bench) farCatalogue() (engine.RemoteCatalogue, error) {
	settings := b.store.Settings()
	far, err := b.elsewhere(settings.Home)
	if err != nil {
		return nil, err
	}
	return far.catalogue()
}

// RefreshRemote reads again what a remote catalogue tells of itself: how many
// products it has and what their words weigh. Other machines may have filled it.
func (b *Bench) RefreshRemote(ctx context.Context) error {
	return b.change("refresh", func() error {
		settings := b.store.Settings()
		if settings.Home == "" {
			return nil
		}
		if _, err := b.fetchWords(ctx); err != nil {
			return err
		}
		return b.look(ctx, nil, nil)
	})
}

// ParsePairs reads "title=name, brand=maker", as people type the fields of an
// answer and the headers of a request. Nothing is nil.
func ParsePairs(s string) (map[string]string, error) {
	var pairs map[string]string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		if name = strings.TrimSpace(name); !ok || name == "" {
			return nil, fmt.Errorf("%q is no pair; write name=value, with commas between them", part)
		}
		if pairs == nil {
			pairs = map[string]string{}
		}
		pairs[name] = strings.TrimSpace(value)
	}
	return pairs, nil
}

// FormatPairs writes what ParsePairs reads, in the order of the names.
func FormatPairs(pairs map[string]string) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(pairs)) {
		parts = append(parts, name+"="+pairs[name])
	}
	return strings.Join(parts, ", ")
}

// Try is one question to an engine and all of its answer.
type Try = remote.Try

// PutSecret keeps an engine's secret in the system's keyring, never in the
// workspace; "" removes it.
func (b *Bench) PutSecret(name, secret string) error {
	settings := b.store.Settings()
	r, ok := settings.remote(name)
	if !ok {
		return fmt.Errorf("no engine is called %q", name)
	}
	if err := remote.PutSecret(r, secret); err != nil {
		return err
	}
	b.remotes.forget()
	return b.look(context.Background(), nil, nil)
}

// TryRemote asks an engine once and shows everything of it. What came is there
// beside an error too, where anything came.
func (b *Bench) TryRemote(ctx context.Context, name, query string, k int) (*remote.Try, error) {
	settings := b.store.Settings()
	r, ok := settings.remote(name)
	if !ok {
		return nil, fmt.Errorf("no engine is called %q", name)
	}
	return b.TryOut(ctx, r, query, k)
}

// TryOut is TryRemote for an engine that is not configured yet.
func (b *Bench) TryOut(ctx context.Context, r engine.Remote, query string, k int) (*remote.Try, error) {
	secret, _, err := remote.Secret(r)
	if err != nil {
		return nil, err
	}
	if r.Kind == engine.Weaviate {
		return nil, fmt.Errorf("%s keeps whole catalogues and has no answer of its own to show; search with it instead", r.Name)
	}
	return remote.TryOut(ctx, r, secret, query, k)
}
