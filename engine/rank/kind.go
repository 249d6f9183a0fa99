package rank

import (
	"math"
	"slices"
	"sync"

	"touchstone/engine"
)

// A query's own leading results show what kind of product it asks for (they are
// taken to be relevant, as in pseudo relevance feedback; Manning, Raghavan and
// Schütze, Introduction to Information Retrieval, section 9.1.6).

// kindByMeaning compares candidates with the mean of the leaders' vectors
// (Rocchio's centroid).
func kindByMeaning(vector func(dst []float32, row uint32) []float32, items []engine.Candidate, n int, leaders []int) []float64 {
	var mean []float32
	for _, i := range leaders {
		if vector == nil {
			break
		}
		v := vector(nil, items[i].Row)
		if len(v) == 0 {
			continue
		}
		if mean == nil {
			mean = make([]float32, len(v))
		}
		for d, x := range v {
			mean[d] += x
		}
	}
	normalise(mean)
	return nearness(vector, items, n, mean)
}

// nearness compares candidates' vectors with one of length 1: 1 is the same, 0
// the farthest of the first n candidates or one without a vector. Either may be
// nil.
func nearness(vector func(dst []float32, row uint32) []float32, items []engine.Candidate, n int, to []float32) []float64 {
	near := make([]float64, len(items))
	if vector == nil || to == nil {
		return near
	}
	lowest := 1.0
	space := make([]float32, 0, len(to))
	for i := range items {
		near[i] = math.NaN()
		if v := vector(space, items[i].Row); len(v) > 0 {
			near[i] = float64(engine.Dot(to, v))
			if i < n {
				lowest = min(lowest, near[i])
			}
		}
	}
	for i, similarity := range near {
		if math.IsNaN(similarity) {
			near[i] = 0
			continue
		}
		near[i] = above(similarity, lowest)
	}
	return near
}

// outline is which attributes the leaders have, whatever their values:
// notebooks tell their processor, their bags do not. An attribute's name is
// hashed to one of outlineSize places; that two names may share one does no
// harm here (Weinberger et al., Feature hashing for large scale multitask
// learning, 2009).
type outline struct {
	mean   *[outlineSize]float32 // by place, unit length; nil where no leader has attributes
	leaves [][]uint32
}

const outlineSize = 8192

func newOutline(docs []*Document, leaders []int) outline {
	var o outline
	for _, i := range leaders {
		if len(docs[i].category) > 0 {
			o.leaves = append(o.leaves, docs[i].category)
		}
		if len(docs[i].attributes) == 0 {
			continue
		}
		if o.mean == nil {
			o.mean = idleOutlines.Get().(*[outlineSize]float32)
		}
		each := float32(1 / math.Sqrt(float64(len(docs[i].attributes))))
		for _, place := range docs[i].attributes {
			o.mean[place] += each
		}
	}
	if o.mean != nil {
		normalise(o.mean[:])
	}
	return o
}

// idleOutlines are means that are all 0: one is too large to make for each search.
var idleOutlines = sync.Pool{New: func() any { return new([outlineSize]float32) }}

// release says that the outline is not looked at any more.
func (o *outline) release() {
	if o.mean != nil {
		clear(o.mean[:])
		idleOutlines.Put(o.mean)
		o.mean = nil
	}
}

// similarity is the mean of two agreements with the leaders, of those that the
// catalogue can tell: the cosine of the attributes, and the share of leaders
// in the same category. It is 0 to 1.
func (o *outline) similarity(d *Document) float64 {
	var sum, n float64
	if o.mean != nil {
		n++
		if len(d.attributes) > 0 {
			var shared float64
			for _, place := range d.attributes {
				shared += float64(o.mean[place])
			}
			sum += shared / math.Sqrt(float64(len(d.attributes)))
		}
	}
	if len(o.leaves) > 0 {
		n++
		var same float64
		for _, leaf := range o.leaves {
			if slices.Equal(leaf, d.category) {
				same++
			}
		}
		sum += same / float64(len(o.leaves))
	}
	return share(sum, n)
}

// normalise scales a vector to length 1; a zero or missing one stays as it is.
func normalise(v []float32) {
	length := math.Sqrt(float64(engine.Dot(v, v)))
	if length == 0 {
		return
	}
	for i := range v {
		v[i] /= float32(length)
	}
}
