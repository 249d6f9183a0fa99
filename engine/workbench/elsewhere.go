package workbench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"touchstone/engine"
	"touchstone/engine/rank"
	"touchstone/engine/remote"
)

// farRows is the first row of products that are not in the file: rows of the
// file stay below it. Each engine numbers what it brings from a start of its own.
const (
	farRows   = 1 << 31
	farEngine = 1 << 26 // rows of one engine
)

// elsewhere is a search engine with what it has brought here. It is safe for
// concurrent use.
type elsewhere struct {
	remote  engine.Remote
	source  engine.Retriever
	home    bool // it keeps the catalogue
	first   uint32
	answers *answers
	file    Store // the workspace's own

	silent atomic.Int64 // until when it need not be asked, in nanoseconds since 1970

	mu         sync.Mutex
	rows       map[string]uint32
	ids        []string // row − first → product ID
	young, old map[uint32]*sight
}

// started counts the engines that were opened, to tell their rows apart.
var started atomic.Uint32

func newElsewhere(r engine.Remote, source engine.Retriever, b *Bench) *elsewhere {
	return &elsewhere{remote: r, source: source, answers: &b.remotes.answers, file: b.remotes.answers.store,
		first: farRows + started.Add(1)%(farRows/farEngine)*farEngine, rows: map[string]uint32{}, young: map[uint32]*sight{}}
}

// catalogue is the engine as one that keeps products.
func (far *elsewhere) catalogue() (engine.RemoteCatalogue, error) {
	catalogue, ok := far.source.(engine.RemoteCatalogue)
	if !ok {
		return nil, fmt.Errorf("%s is %s, which keeps no catalogue for Touchstone; Weaviate does", far.remote.Name, far.remote.Kind)
	}
	return catalogue, nil
}

// quiet is how long an engine that could not be reached is not asked again where
// an older answer is at hand.
const quiet = 15 * time.Second

// ask is what the engine answers, or has answered before where it cannot be
// reached.
func (far *elsewhere) ask(ctx context.Context, ask engine.Request) (engine.Candidates, error) {
	if far.remote.Kind != engine.Weaviate && (ask.Only || ask.Analysis.Input == "") {
		return far.source.Retrieve(ctx, ask) // which does not go there
	}
	key := answerKey(&far.remote, &ask)
	if time.Now().UnixNano() < far.silent.Load() {
		if found, ok, err := far.answers.get(key); ok || err != nil {
			return found, err
		}
	}
	found, err := far.source.Retrieve(ctx, ask)
	if err == nil {
		far.silent.Store(0)
		far.answers.put(key, found)
		return found, nil
	}
	if !errors.Is(err, remote.ErrUnreachable) {
		return found, err
	}
	far.silent.Store(time.Now().Add(quiet).UnixNano())
	older, ok, failed := far.answers.get(key)
	if failed != nil {
		return found, errors.Join(err, failed)
	}
	if !ok {
		return found, err
	}
	return older, nil
}

// viewOf is the present view with the candidates of an engine by name.
func (b *Bench) viewOf(name string) (*view, error) {
	far, err := b.elsewhere(name)
	if err != nil {
		return nil, err
	}
	v := *b.view.Load()
	v.far = far
	v.extractor = &rank.Extractor{IDF: v.index.IDF, Vector: v.appendVector}
	return &v, nil
}

// retrieve brings up candidates from where the workspace takes them. Those of a
// remote engine are measured here, as the local index would.
func (v *view) retrieve(ctx context.Context, ask engine.Request) (engine.Candidates, error) {
	if v.far == nil {
		return v.index.Retrieve(ctx, ask)
	}
	found, err := v.far.ask(ctx, ask)
	if err != nil {
		return found, err
	}
	return v.adopt(ctx, &ask, found)
}
