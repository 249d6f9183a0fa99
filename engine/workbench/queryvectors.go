package workbench

import (
	"context"
	"math"
	"sync"

	"touchstone/engine"
)

// queryVectors keeps the vectors of queries that are searched again and again
// while someone changes what follows: rules, weights. It is safe for concurrent
// use; the nil one keeps nothing.
type queryVectors struct {
	mu     sync.Mutex
	byText map[string][]float32
}

// mostQueryVectors bounds the cache: 20,000 vectors of 384 values are 30 MB.
const mostQueryVectors = 20_000

func (q *queryVectors) encode(ctx context.Context, encoder engine.Encoder, query string) ([]float32, error) {
	if q == nil {
		return encoder.EncodeQuery(ctx, query)
	}
	q.mu.Lock()
	vector, known := q.byText[query]
	q.mu.Unlock()
	if known {
		return vector, nil
	}
	vector, err := encoder.EncodeQuery(ctx, query)
	if err != nil {
		return nil, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.byText == nil || len(q.byText) >= mostQueryVectors {
		q.byText = map[string][]float32{}
	}
	q.byText[query] = vector
	return vector, nil
}

// meaning is the vector of a query: where it can be read in several ways, the
// mean of all readings, at length 1.
func (v *view) meaning(ctx context.Context, query string, variants []string, kept *queryVectors) ([]float32, error) {
	vector, err := kept.encode(ctx, v.encoder, query)
	if err != nil || len(variants) == 0 {
		return vector, err
	}
	sum := append([]float32{}, vector...)
	for _, variant := range variants {
		other, err := kept.encode(ctx, v.encoder, variant)
		if err != nil {
			return nil, err
		}
		for i, x := range other {
			sum[i] += x
		}
	}
	var squares float64
	for _, x := range sum {
		squares += float64(x) * float64(x)
	}
	if squares == 0 {
		return vector, nil // readings that cancel out say nothing
	}
	length := float32(math.Sqrt(squares))
	for i := range sum {
		sum[i] /= length
	}
	return sum, nil
}
