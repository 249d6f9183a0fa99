package measure

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Sampling is a way to choose queries from a log of how often each was asked.
type Sampling string

// The ways to sample.
const (
	Stratified   Sampling = "parts"     // as many from head, torso and tail
	Proportional Sampling = "frequency" // the chance of each in proportion to how often it was asked
	Most         Sampling = "most"      // those asked most
)

// Samplings are all ways.
var Samplings = []Sampling{Stratified, Proportional, Most}

// PartNames are what Parts tells apart: queries that together make the first,
// the second and the last third of all that was asked, most frequent first.
var PartNames = []string{"head", "torso", "tail"}

// byFrequency is the places of queries, the most asked first.
func byFrequency(asked []float64) (order []int, total float64) {
	order = make([]int, len(asked))
	for i := range asked {
		order[i] = i
		total += asked[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case asked[a] > asked[b]:
			return -1
		case asked[a] < asked[b]:
			return 1
		}
		return 0
	})
	return order, total
}

// Parts says of each query whether it is of the head, the torso or the tail. A
// query is where its first asking falls.
func Parts(asked []float64) []string {
	order, total := byFrequency(asked)
	parts := make([]string, len(asked))
	sum := 0.0
	for _, i := range order {
		parts[i] = PartNames[min(int(3*sum/total), 2)]
		sum += asked[i]
	}
	return parts
}

// Sample chooses n of the queries, fewer where there are no more, and returns
// their places in order. asked is how often each was asked, above 0. The same
// seed gives the same sample. It refuses a way that is not one of Samplings.
func Sample(asked []float64, n int, how Sampling, seed int64) ([]int, error) {
	rng := rand.New(rand.NewPCG(uint64(seed), 4))
	var chosen []int
	switch how {
	case "", Stratified:
		chosen = stratified(asked, n, rng)
	case Proportional:
		chosen = proportional(asked, n, rng)
	case Most:
		order, _ := byFrequency(asked)
		chosen = order[:min(n, len(order))]
	default:
		return nil, fmt.Errorf("unknown sampling %q: use %v", how, Samplings)
	}
	slices.Sort(chosen)
	return chosen, nil
}

// stratified takes a third of n from each part; what a part lacks the later
// ones make up for, and then the earlier.
func stratified(asked []float64, n int, rng *rand.Rand) []int {
	parts := Parts(asked)
	var strata [3][]int
	for i, p := range parts {
		k := slices.Index(PartNames, p)
		strata[k] = append(strata[k], i)
	}
	var chosen []int
	take := func(k, most int) {
		most = min(most, len(strata[k]))
		chosen = append(chosen, strata[k][:most]...)
		strata[k] = strata[k][most:]
	}
	for k := range strata {
		rng.Shuffle(len(strata[k]), func(i, j int) { strata[k][i], strata[k][j] = strata[k][j], strata[k][i] })
		take(k, max(0, (n*(k+1)+2)/3-len(chosen)))
	}
	for k := range strata {
		take(k, n-len(chosen))
	}
	return chosen
}

// proportional draws without putting back, by systematic sampling with
// probability proportional to size (Madow, Annals of Mathematical Statistics
// 1949): those asked more than a step apart are in for certain.
func proportional(asked []float64, n int, rng *rand.Rand) []int {
	order, _ := byFrequency(asked)
	if n >= len(order) {
		return order
	}
	var chosen []int
	left := 0.0
	for _, i := range order {
		left += asked[i]
	}
	for len(chosen) < n && asked[order[0]]*float64(n-len(chosen)) >= left {
		chosen = append(chosen, order[0])
		left -= asked[order[0]]
		order = order[1:]
	}
	if len(chosen) == n {
		return chosen
	}
	rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	step := left / float64(n-len(chosen))
	next, sum := rng.Float64()*step, 0.0
	for _, i := range order {
		if sum += asked[i]; sum > next && len(chosen) < n {
			chosen = append(chosen, i)
			next += step
		}
	}
	return chosen
}
