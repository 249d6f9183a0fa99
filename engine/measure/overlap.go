package measure

import "math"

// Jaccard is the share of the products on either of two pages that is on both,
// from 0 to 1; two empty pages are equal. A product listed twice counts once.
func Jaccard(a, b []string) float64 {
	first := make(map[string]bool, len(a))
	for _, id := range a {
		first[id] = true
	}
	either, both := len(first), 0
	second := make(map[string]bool, len(b))
	for _, id := range b {
		if second[id] {
			continue
		}
		second[id] = true
		if first[id] {
			both++
		} else {
			either++
		}
	}
	if either == 0 {
		return 1
	}
	return float64(both) / float64(either)
}

// RBO is the extrapolated rank-biased overlap of two rankings without
// duplicates, from 0 (nothing shared) to 1 (the same order), by which the first
// ranks count most (Webber, Moffat and Zobel, TOIS 2010, equation 32).
// persistence, between 0 and 1, is the chance to look one rank further: at 0.9
// the first ten ranks carry 86 % of the weight. Two empty rankings are equal.
func RBO(a, b []string, persistence float64) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	short, long := len(a), len(b)
	if short == 0 {
		if long == 0 {
			return 1
		}
		return 0
	}
	seen := make(map[string]bool, short+long)
	shared := 0 // products that both hold down to the present depth
	sharedAtShort := 0
	sum := 0.0
	weight := 1.0
	for depth := 1; depth <= long; depth++ {
		weight *= persistence
		if depth <= short {
			switch x, y := a[depth-1], b[depth-1]; {
			case x == y:
				shared++
			default:
				if seen[x] {
					shared++
				}
				if seen[y] {
					shared++
				}
				seen[x], seen[y] = true, true
			}
		} else if seen[b[depth-1]] {
			shared++
		}
		if depth == short {
			sharedAtShort = shared
		}
		sum += float64(shared) / float64(depth) * weight
		if depth > short {
			// What the shorter one would have shared, had it gone on as before.
			sum += float64(sharedAtShort) * float64(depth-short) / (float64(short) * float64(depth)) * weight
		}
	}
	rest := float64(shared-sharedAtShort)/float64(long) + float64(sharedAtShort)/float64(short)
	return (1-persistence)/persistence*sum + rest*math.Pow(persistence, float64(long))
}
