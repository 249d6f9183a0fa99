package workbench

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"touchstone/engine"
)

// answers are what remote engines said, kept in the workspace with the date, so
// that judging goes on without the network. They are written a while after they
// came, a few at a time: a search does not wait for the disk.
type answers struct {
	store Store

	mu      sync.Mutex
	pending map[string]recorded
	writing bool
}

// recorded is an answer and when it came.
type recorded struct {
	Time    time.Time        `json:"time"`
	Total   int              `json:"total"`
	Facets  []engine.Facet   `json:"facets,omitempty"`
	Brought []engine.Brought `json:"brought"`
}

// Of the answers that are kept.
const (
	mostAnswers   = 2000            // the newest
	answersPause  = 2 * time.Second // before what came is written
	answersBehind = 256             // that may wait for it; more are not kept
	answersIndex  = "answers"       // the derived data that lists them, oldest first
)

// answerKey names the answer of an engine to a request.
func answerKey(r *engine.Remote, ask *engine.Request) string {
	h := fnv.New128a()
	// What cannot be marshalled is in none of these.
	_ = json.NewEncoder(h).Encode([]any{r.Kind, r.URLs, r.Index, r.Request, ask})
	return fmt.Sprintf("answer %x", h.Sum(nil))
}

// put keeps an answer.
func (a *answers) put(key string, found engine.Candidates) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.pending == nil {
		a.pending = map[string]recorded{}
	}
	if len(a.pending) >= answersBehind {
		return
	}
	a.pending[key] = recorded{time.Now().UTC(), found.Total, found.Facets, found.Brought}
	if !a.writing {
		a.writing = true
		time.AfterFunc(answersPause, func() {
			// What the disk refuses is no loss: an answer can be asked for again.
			_ = a.flush()
		})
	}
}

// get is the answer that was kept; false for none.
func (a *answers) get(key string) (engine.Candidates, bool, error) {
	a.mu.Lock()
	r, ok := a.pending[key]
	a.mu.Unlock()
	if !ok {
		found, err := a.store.Derived(key, func(data []byte) error {
			z, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				return err
			}
			return json.NewDecoder(z).Decode(&r)
		})
		if errors.Is(err, io.EOF) { // dropped
			return engine.Candidates{}, false, nil
		}
		if err != nil || !found {
			return engine.Candidates{}, false, err
		}
	}
	out := engine.Candidates{Total: r.Total, Facets: r.Facets, Brought: r.Brought, Recorded: r.Time}
	for i := range r.Brought {
		out.Items = append(out.Items, engine.Candidate{Product: r.Brought[i].Product.ID})
	}
	return out, true, nil
}

// flush writes what is pending and drops the oldest of too many.
func (a *answers) flush() error {
	a.mu.Lock()
	pending := a.pending
	a.pending, a.writing = nil, false
	a.mu.Unlock()
	if len(pending) == 0 {
		return nil
	}
	var list []string
	_, err := a.store.Derived(answersIndex, func(data []byte) error {
		list = strings.Fields(string(data))
		return nil
	})
	if err != nil {
		return err
	}
	for key, r := range pending {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if err := errors.Join(json.NewEncoder(z).Encode(r), z.Close()); err != nil {
			return err
		}
		if err := a.store.PutDerived(key, b.Bytes()); err != nil {
			return err
		}
		id := strings.TrimPrefix(key, "answer ")
		list = append(slices.DeleteFunc(list, func(o string) bool { return o == id }), id)
	}
	for ; len(list) > mostAnswers; list = list[1:] {
		if err := a.store.PutDerived("answer "+list[0], nil); err != nil {
			return err
		}
	}
	return a.store.PutDerived(answersIndex, []byte(strings.Join(list, " ")))
}
