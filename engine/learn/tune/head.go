package tune

import (
	"fmt"
	"math"

	"touchstone/engine"
)

// Apply maps unit vectors of h.Dim values, row after row, in place. scratch is
// memory of h.Rank values.
func Apply(h *engine.Head, vectors, scratch []float32) {
	d := h.Dim
	for ; len(vectors) >= d; vectors = vectors[d:] {
		x := vectors[:d:d]
		for r := range scratch[:h.Rank] {
			scratch[r] = engine.Dot(h.Down[r*d:(r+1)*d], x)
		}
		var square float64
		for i := range x {
			x[i] += engine.Dot(h.Up[i*h.Rank:(i+1)*h.Rank], scratch)
			square += float64(x[i]) * float64(x[i])
		}
		if square == 0 {
			continue
		}
		scale := float32(1 / math.Sqrt(square))
		for i := range x {
			x[i] *= scale
		}
	}
}

// Check refuses a head that does not fit together.
func Check(h *engine.Head) error {
	if h.Dim <= 0 || h.Rank <= 0 || len(h.Down) != h.Dim*h.Rank || len(h.Up) != h.Dim*h.Rank {
		return fmt.Errorf("fine-tuned %s v%d: %d and %d values do not make a map of rank %d over %d dimensions", h.Name, h.Version, len(h.Down), len(h.Up), h.Rank, h.Dim)
	}
	for _, list := range [][]float32{h.Down, h.Up} {
		for _, v := range list {
			if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
				return fmt.Errorf("fine-tuned %s v%d: a value of %v", h.Name, h.Version, v)
			}
		}
	}
	return nil
}
