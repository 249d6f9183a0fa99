package measure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
)

// Comparison says by how much the second of two rankings is better than the
// first, and how sure that is.
type Comparison struct {
	Delta              float64 // mean difference
	Low, High          float64 // 95 % bootstrap interval of Delta
	P                  float64 // two-sided, of the randomisation test
	Wins, Ties, Losses int     // queries
}

// How many times Compare bootstrapSamples for the interval and chooses signs for P. At
// 100,000 choices P is within 0.005 of the truth with three standard errors to
// spare, wherever it lies.
const (
	bootstrapSamples = 10_000
	signSamples      = 100_000
)

// Compare tests per-query differences (second minus first, one a query). The
// result depends on the differences and the seed only.
func Compare(differences []float64, seed int64) Comparison {
	var c Comparison
	for _, d := range differences {
		switch {
		case d > 0:
			c.Wins++
		case d < 0:
			c.Losses++
		default:
			c.Ties++
		}
	}
	c.Delta = average(differences)
	c.P = Randomisation(differences, signSamples, seed)
	c.Low, c.High = Bootstrap(differences, bootstrapSamples, 0.95, seed)
	return c
}

// Chance writes a p-value behind its letter: "= 0.012", and "< 0.001" for less,
// which is all that people read of it.
func Chance(p float64) string {
	const least = 0.001
	if p < least {
		return fmt.Sprintf("< %g", least)
	}
	return fmt.Sprintf("= %.2g", p)
}

// Randomisation is the two-sided p-value of the paired randomisation test: how
// often a random choice of signs makes the mean difference at least as far from
// 0 as it is (Fisher 1935; Smucker, Allan and Carterette, CIKM 2007). It tries
// all signs when there are no more than samples ways to choose them, and
// otherwise samples of them, counting the observed one as one more so that p is
// never 0.
func Randomisation(differences []float64, samples int, seed int64) float64 {
	// A difference of 0 has no sign to choose.
	d := make([]float64, 0, len(differences))
	for _, v := range differences {
		if v != 0 {
			d = append(d, v)
		}
	}
	if len(d) == 0 {
		return 1
	}
	tables := signTables(d)
	observed, size := 0.0, 0.0
	for _, v := range d {
		observed += v
		size += math.Abs(v)
	}
	// Sums in another order may differ in their last bits and still be ties.
	atLeast := math.Abs(observed) - 1e-12*size

	if len(d) < 31 && 1<<len(d) <= samples {
		extreme := 0
		for signs := range 1 << len(d) {
			sum := 0.0
			for b := range tables {
				sum += tables[b][signs>>(8*b)&255]
			}
			if math.Abs(sum) >= atLeast {
				extreme++
			}
		}
		return float64(extreme) / float64(int(1)<<len(d))
	}

	// Each chunk has its own generator, so that the result does not depend on
	// how many cores there are, and sums that stay in the nearest cache.
	const chunk = 2048
	counts := make([]int, (samples+chunk-1)/chunk)
	var wait sync.WaitGroup
	for i := range counts {
		wait.Go(func() {
			counts[i] = sampleSigns(tables, min(chunk, samples-i*chunk), atLeast, rand.NewPCG(uint64(seed), uint64(i)))
		})
	}
	wait.Wait()
	extreme := 1
	for _, n := range counts {
		extreme += n
	}
	return float64(extreme) / float64(samples+1)
}

// sampleSigns counts how many of so many random choices of signs sum to at
// least so much, in either direction.
func sampleSigns(tables [][256]float64, samples int, atLeast float64, seeds *rand.PCG) int {
	sums := make([]float64, (samples+7)/8*8)
	rng := splitMix(seeds.Uint64())
	for b := range tables {
		table := &tables[b]
		for i := 0; i < len(sums); i += 8 {
			bits := rng.next()
			s := sums[i : i+8 : i+8]
			for j := range s {
				s[j] += table[bits>>(8*j)&255]
			}
		}
	}
	extreme := 0
	for _, sum := range sums[:samples] {
		if math.Abs(sum) >= atLeast {
			extreme++
		}
	}
	return extreme
}

// signTables holds, for each run of 8 differences, their sum under each of the
// 256 choices of signs: a sample then costs one addition for 8 queries.
func signTables(d []float64) [][256]float64 {
	tables := make([][256]float64, (len(d)+7)/8)
	for b := range tables {
		eight := d[b*8 : min(len(d), b*8+8)]
		for signs := range tables[b] {
			sum := 0.0
			for j, v := range eight {
				if signs>>j&1 == 1 {
					v = -v
				}
				sum += v
			}
			tables[b][signs] = sum
		}
	}
	return tables
}

// Bootstrap is the percentile interval of the mean difference over samples
// drawn from the queries with replacement (Efron and Tibshirani 1993, chapter
// 13). level is the share of the samples inside, such as 0.95. No differences
// give 0, 0.
func Bootstrap(differences []float64, samples int, level float64, seed int64) (low, high float64) {
	n := len(differences)
	if n == 0 || samples < 1 {
		return 0, 0
	}
	means := make([]float64, samples)
	// Each chunk has its own generator, so that the result does not depend on
	// how many cores there are.
	const chunk = 1024
	var wait sync.WaitGroup
	for from := 0; from < samples; from += chunk {
		wait.Go(func() {
			rng := splitMix(rand.NewPCG(uint64(seed), uint64(2+from)).Uint64())
			for i := from; i < min(samples, from+chunk); i++ {
				means[i] = resample(differences, &rng) / float64(n)
			}
		})
	}
	wait.Wait()
	slices.Sort(means)
	return quantile(means, (1-level)/2), quantile(means, (1+level)/2)
}

// splitMix is the state of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): half
// the time of PCG where a resample is nothing but random numbers.
type splitMix uint64

func (s *splitMix) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// resample adds up n values drawn with replacement, two from each random
// number: the bias of taking the upper bits of 32 × n is below n / 2^32.
func resample(values []float64, rng *splitMix) float64 {
	n := uint64(len(values))
	a, b := 0.0, 0.0
	local := *rng // in a register
	for range n / 2 {
		bits := local.next()
		a += values[bits>>32*n>>32]
		b += values[bits&math.MaxUint32*n>>32]
	}
	if n%2 == 1 {
		a += values[local.next()>>32*n>>32]
	}
	*rng = local
	return a + b
}

// quantile interpolates linearly between the order statistics of sorted values.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

func average(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return share(sum, len(values))
}
