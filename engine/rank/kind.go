package rank

import "touchstone/engine"

// kind is the kind of product that a query asks for, as its own leading
// results show it: the mean of their vectors (Rocchio's relevance feedback,
// without a person: the leaders are taken to be relevant).
type kind struct {
	vector func(row uint32) []float32
	mean   []float32
}

func newKind(vector func(row uint32) []float32, items []engine.Candidate, lead []int) kind {
	if vector == nil {
		return kind{}
	}
	k := kind{vector: vector}
	for _, i := range lead {
		v := vector(items[i].Row)
		if v == nil {
			continue
		}
		if k.mean == nil {
			k.mean = make([]float32, len(v))
		}
		for d, x := range v {
			k.mean[d] += x
		}
	}
	normalise(k.mean)
	return k
}

// similarity is the cosine of a row's vector and the kind's, 0 where either is
// missing.
func (k *kind) similarity(row uint32) float64 {
	if k.mean == nil {
		return 0
	}
	v := k.vector(row)
	if v == nil {
		return 0
	}
	var dot float32
	for d, x := range k.mean {
		dot += x * v[d]
	}
	return float64(dot)
}
