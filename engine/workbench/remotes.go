package workbench

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"touchstone/engine"
	"touchstone/engine/remote"
	"touchstone/engine/remote/weaviate"
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

// configured is an engine that there must be.
func (s *Settings) configured(name string) (engine.Remote, error) {
	r, ok := s.remote(name)
	if ok {
		return r, nil
	}
	var names []string
	for _, r := range s.Remotes {
		names = append(names, r.Name)
	}
	return r, fmt.Errorf("no engine is called %q; %s", name, engine.Among(names, "configure one with Search engines, or touchstone engine"))
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
	r, err := settings.configured(name)
	if err != nil {
		return nil, err
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
		if _, err := settings.configured(name); err != nil {
			return err
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
	r, err := settings.configured(name)
	if err != nil {
		return err
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
	r, err := settings.configured(name)
	if err != nil {
		return nil, err
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
