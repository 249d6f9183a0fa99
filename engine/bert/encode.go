package bert

import (
	"cmp"
	"context"
	"math"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// batchTokens is how many tokens run through the network together: enough to
// read each weight once for many tokens, few enough for the activations to stay
// in cache. One text may be longer.
const batchTokens = 512

// Encode returns the unit vector of each text, in order. Texts longer than the
// model reads are cut. It stops between batches when ctx ends.
func (m *Model) Encode(ctx context.Context, texts []string) ([][]float32, error) {
	var ids []int32
	starts := make([]int, len(texts)+1)
	for i, text := range texts {
		ids = m.tokenizer.Encode(ids, text, m.maxTokens)
		starts[i+1] = len(ids)
	}
	length := func(i int) int { return starts[i+1] - starts[i] }
	order := make([]int, len(texts))
	for i := range order {
		order[i] = i
	}
	// Longest first, so that what is left to the last goroutine is short.
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(length(b), length(a)) })
	var batches [][]int
	for tokens := 0; len(order) > 0; tokens = 0 {
		n := 0
		for n < len(order) && (n == 0 || tokens+length(order[n]) <= batchTokens) {
			tokens += length(order[n])
			n++
		}
		batches = append(batches, order[:n])
		order = order[n:]
	}

	vectors := make([][]float32, len(texts))
	values := make([]float32, len(texts)*m.Hidden)
	for i := range vectors {
		vectors[i] = values[i*m.Hidden : (i+1)*m.Hidden : (i+1)*m.Hidden]
	}

	// Whole batches go to the processors; what processors are left over share
	// the work inside a batch.
	processors := runtime.GOMAXPROCS(0)
	workers := min(processors, len(batches))
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for range workers {
		group.Go(func() error {
			p := m.passes.Get().(*pass)
			defer m.passes.Put(p)
			var packed []int32
			var ends []int
			for {
				if err := ctx.Err(); err != nil {
					return err
				}
				b := int(next.Add(1)) - 1
				if b >= len(batches) {
					return nil
				}
				packed, ends = packed[:0], ends[:0]
				for _, i := range batches[b] {
					packed = append(packed, ids[starts[i]:starts[i+1]]...)
					ends = append(ends, len(packed))
				}
				pooled := p.run(processors/workers, packed, ends)
				for k, i := range batches[b] {
					copy(vectors[i], pooled[k*m.Hidden:])
					normalise(vectors[i])
				}
			}
		})
	}
	if err := group.Wait(); err != nil {
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
