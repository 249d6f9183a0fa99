package bert

import (
	"context"
	"math"
	"sync/atomic"

	"touchstone/engine"
)

const (
	// batchTokens is how many tokens a worker takes through the network
	// together: enough to read each weight for many tokens, few enough for the
	// activations to stay in cache.
	batchTokens = 128
	// shareTokens is how many tokens a worker must have for its part of a batch to
	// be worth reading the weights once more, unless they share them by outputs.
	shareTokens = 4
)

// Encode returns the unit vector of each text, in order. Texts longer than the
// model reads are cut. It stops between batches when ctx ends.
func (m *Model) Encode(ctx context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	values := make([]float32, len(texts)*m.Hidden)
	for i := range vectors {
		vectors[i] = values[i*m.Hidden : (i+1)*m.Hidden : (i+1)*m.Hidden]
	}
	c := m.crews.Get().(*crew)
	defer m.crews.Put(c)
	if err := c.encode(ctx, texts, vectors, engine.Processors(ctx)); err != nil {
		return nil, err
	}
	return vectors, nil
}

// EncodeQuery returns the unit vector of a query, with the model's prefix for
// queries before it. Queries asked for again come from a cache.
func (m *Model) EncodeQuery(ctx context.Context, query string) ([]float32, error) {
	if vector, ok := m.queries.get(query); ok {
		return vector, nil
	}
	vectors, err := m.Encode(ctx, []string{m.prefix + query})
	if err != nil {
		return nil, err
	}
	m.queries.put(query, vectors[0])
	return vectors[0], nil
}

// crew is what one call of Encode works with: workers and their memory, reused
// from call to call.
type crew struct {
	*Model
	ctx     context.Context
	texts   []string
	vectors [][]float32

	first batch        // the first texts, tokenised: all of them, where they are few
	next  atomic.Int64 // the next text that no worker has taken

	members []*member
	work    func(*member)
	helpers *helpers
}

// member is a worker in a crew.
type member struct {
	*crew
	worker *worker
	batch  batch
	taken  []int // the texts in batch
}

func newCrew(m *Model) *crew {
	c := &crew{Model: m}
	c.helpers = newHelpers(func(i int) { c.work(c.members[1+i]) })
	return c
}

// encode writes the vectors of texts, with as many workers as there are
// processors or fewer.
func (c *crew) encode(ctx context.Context, texts []string, vectors [][]float32, processors int) error {
	c.ctx, c.texts, c.vectors = ctx, texts, vectors
	defer func() { c.ctx, c.texts, c.vectors = nil, nil, nil }()
	c.next.Store(0)
	c.first.reset()
	for i := 0; i < len(texts) && len(c.first.ids) < processors*batchTokens; i++ {
		c.tokenise(&c.first, i)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	switch {
	case len(texts) == 0:
	case len(c.first.ends) < len(texts):
		c.run(processors, (*member).takeBatches)
	default:
		workers := processors
		if !c.sharesOutputs(len(c.first.ids)) {
			workers = min(workers, max(1, len(c.first.ids)/shareTokens))
		}
		c.first.begin(c.Model, workers)
		c.run(workers, (*member).share)
		for i := range texts {
			c.deliver(i, &c.first, i)
		}
	}
	return ctx.Err()
}

// tokenise adds a text to a batch.
func (c *crew) tokenise(b *batch, text int) {
	b.ids = c.tokenizer.Encode(b.ids, c.texts[text], c.maxTokens)
	b.add()
}

// run lets up to that many workers do their work, the caller's goroutine one of
// them.
func (c *crew) run(workers int, work func(*member)) {
	for len(c.members) < workers {
		c.members = append(c.members, &member{crew: c, worker: newWorker(c.Model)})
	}
	c.work = work
	c.helpers.open(workers - 1)
	work(c.members[0])
	c.helpers.close()
}

// share takes all texts through the network, with the others.
func (m *member) share() { m.worker.run(&m.first) }

// takeBatches takes texts in batches until none is left.
func (m *member) takeBatches() {
	b := &m.batch
	for m.ctx.Err() == nil {
		b.reset()
		m.taken = m.taken[:0]
		for len(b.ids) < batchTokens {
			i := int(m.next.Add(1)) - 1
			if i >= len(m.texts) {
				break
			}
			if i < len(m.first.ends) {
				b.ids = append(b.ids, m.first.ids[m.first.start(i):m.first.ends[i]]...)
				b.add()
			} else {
				m.tokenise(b, i)
			}
			m.taken = append(m.taken, i)
		}
		if len(m.taken) == 0 {
			return
		}
		b.begin(m.Model, 1)
		m.worker.run(b)
		for sequence, text := range m.taken {
			m.deliver(text, b, sequence)
		}
	}
}

// deliver writes the vector of a text, a sequence of a batch.
func (c *crew) deliver(text int, b *batch, sequence int) {
	copy(c.vectors[text], b.pooled[sequence*c.Hidden:])
	normalise(c.vectors[text])
}

// normalise scales x to unit length; a zero vector stays one.
func normalise(x []float32) {
	var squares float64
	for _, v := range x {
		squares += float64(v) * float64(v)
	}
	if squares == 0 {
		return
	}
	inverse := 1 / math.Sqrt(squares)
	for i, v := range x {
		x[i] = float32(float64(v) * inverse)
	}
}
