package rank

import (
	"slices"

	"touchstone/engine"
)

// Pick is a chosen item: its place among those offered, its relevance, and how
// like it is to the most similar one that was chosen before.
type Pick struct {
	Index     int
	Relevance float64
	Alike     float64 // cosine, 0 to 1; 0 for the first
}

// Balance is what relevance weighs in Diversify, against 1 − Balance for being
// unlike what was chosen before.
const Balance = 0.7

// Score is what the pick was chosen for.
func (p Pick) Score() float64 { return Balance*p.Relevance - (1-Balance)*p.Alike }

// Diversify chooses k items one by one, each time the one with the highest
// maximal marginal relevance (Carbonell and Goldstein, The use of MMR, 1998):
// relevant, and unlike what was chosen before. Relevance is of the size of a
// cosine; vectors, one an item, have length 1 or are nil, which is like nothing.
// Equal items keep their order, and all are chosen where there are no more than k.
func Diversify(relevance []float64, vectors [][]float32, k int) []Pick {
	left := make([]Pick, len(relevance))
	for i, r := range relevance {
		left[i] = Pick{Index: i, Relevance: r}
	}
	var chosen []Pick
	for len(chosen) < k && len(left) > 0 {
		best := 0
		for i := range left {
			if left[i].Score() > left[best].Score() {
				best = i
			}
		}
		pick := left[best]
		chosen = append(chosen, pick)
		left = slices.Delete(left, best, best+1)
		if vectors[pick.Index] == nil {
			continue
		}
		for i := range left {
			if v := vectors[left[i].Index]; v != nil {
				left[i].Alike = max(left[i].Alike, float64(engine.Dot(vectors[pick.Index], v)))
			}
		}
	}
	return chosen
}
