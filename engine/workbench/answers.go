package workbench

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/x448/float16"

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
	Time     time.Time        `json:"time"`
	Total    int              `json:"total"`
	Facets   []engine.Facet   `json:"facets,omitempty"`
	Products []engine.Product `json:"products"`
	// Dim values in half precision, little endian, of each product with a vector
	// are written behind the JSON: as text they would take most of a search's time.
	Dim     int    `json:"dim,omitempty"`
	Without []int  `json:"without,omitempty"` // places of products that have none
	halves  []byte // their vectors

	brought []engine.Brought
}

// write is the answer as it is kept: the length of the JSON, compressed JSON,
// vectors.
func (r *recorded) write() ([]byte, error) {
	for i := range r.brought {
		b := &r.brought[i]
		r.Products = append(r.Products, b.Product)
		if len(b.Vector) == 0 || r.Dim != 0 && len(b.Vector) != r.Dim {
			r.Without = append(r.Without, i)
			continue
		}
		r.Dim = len(b.Vector)
		for _, f := range b.Vector {
			r.halves = binary.LittleEndian.AppendUint16(r.halves, float16.Fromfloat32(f).Bits())
		}
	}
	b := bytes.NewBuffer(make([]byte, 4))
	z, err := gzip.NewWriterLevel(b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(json.NewEncoder(z).Encode(r), z.Close()); err != nil {
		return nil, err
	}
	data := b.Bytes()
	binary.LittleEndian.PutUint32(data, uint32(len(data)))
	return append(data, r.halves...), nil
}

// read is the reverse of write.
func (r *recorded) read(data []byte) error {
	broken := errors.New("a kept answer is broken; ask again while the engine can be reached")
	if len(data) == 0 {
		return io.EOF // dropped
	}
	if len(data) < 4 {
		return broken
	}
	end := int64(binary.LittleEndian.Uint32(data))
	if end < 4 || end > int64(len(data)) {
		return broken
	}
	z, err := gzip.NewReader(bytes.NewReader(data[4:end]))
	if err != nil {
		return errors.Join(broken, err)
	}
	if err := json.NewDecoder(z).Decode(r); err != nil {
		return errors.Join(broken, err)
	}
	if with := len(r.Products) - len(r.Without); r.Dim < 0 || with < 0 || int64(with)*int64(r.Dim)*2 != int64(len(data))-end {
		return broken
	}
	left := data[end:]
	for i, p := range r.Products {
		b := engine.Brought{Product: p}
		if r.Dim > 0 && !slices.Contains(r.Without, i) {
			b.Vector = make([]float32, r.Dim)
			for k := range b.Vector {
				b.Vector[k] = float16.Frombits(binary.LittleEndian.Uint16(left[2*k:])).Float32()
			}
			left = left[2*r.Dim:]
		}
		r.brought = append(r.brought, b)
	}
	return nil
}

// Of the answers that are kept.
const (
	mostAnswers   = 2000            // the newest
	mostBytes     = 256 << 20       // of all of them
	answersPause  = 2 * time.Second // before what came is written
	answersBehind = 256             // that may wait for it; more are not kept
	answersIndex  = "answers"       // the derived data that lists them, oldest first
)

// answerKey names the answer of an engine to a request. A shop's own search is
// asked for the text alone.
func answerKey(r *engine.Remote, ask *engine.Request) string {
	h := fnv.New128a()
	var of any = ask
	if r.Kind != engine.Weaviate {
		of = ask.Analysis.Input
	}
	// What cannot be marshalled is in none of these.
	_ = json.NewEncoder(h).Encode([]any{r.Kind, r.URLs, r.Index, r.Request, of})
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
	a.pending[key] = recorded{Time: time.Now().UTC(), Total: found.Total, Facets: found.Facets, brought: found.Brought}
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
		found, err := a.store.Derived(key, r.read)
		if errors.Is(err, io.EOF) { // dropped
			return engine.Candidates{}, false, nil
		}
		if err != nil || !found {
			return engine.Candidates{}, false, err
		}
	}
	out := engine.Candidates{Total: r.Total, Facets: r.Facets, Brought: r.brought, Recorded: r.Time}
	for i := range r.brought {
		out.Items = append(out.Items, engine.Candidate{Product: r.brought[i].Product.ID})
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
	var list []string // "ID:bytes"
	_, err := a.store.Derived(answersIndex, func(data []byte) error {
		list = strings.Fields(string(data))
		return nil
	})
	if err != nil {
		return err
	}
	for key, r := range pending {
		data, err := r.write()
		if err != nil {
			return err
		}
		if err := a.store.PutDerived(key, data); err != nil {
			return err
		}
		id := strings.TrimPrefix(key, "answer ")
		list = slices.DeleteFunc(list, func(o string) bool { o, _, _ = strings.Cut(o, ":"); return o == id })
		list = append(list, fmt.Sprintf("%s:%d", id, len(data)))
	}
	total := 0
	for i, entry := range slices.Backward(list) {
		id, size, _ := strings.Cut(entry, ":")
		bytes, _ := strconv.Atoi(size) // of an older version's entry it is not known
		if total += bytes; total <= mostBytes && len(list)-i <= mostAnswers {
			continue
		}
		if err := a.store.PutDerived("answer "+id, nil); err != nil {
			return err
		}
		list = slices.Delete(list, i, i+1)
	}
	return a.store.PutDerived(answersIndex, []byte(strings.Join(list, " ")))
}
