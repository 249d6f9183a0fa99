package measure

import "math"

// SignTest is the two-sided p-value of the sign test: how likely it is that a
// fair coin falls on one side at least as often as the larger of both counts.
// What ended equal is left out by the caller. It is above 0, and 1 where both
// counts are the same.
func SignTest(a, b int) float64 {
	n, k := a+b, max(a, b)
	tail := 0.0
	for i := k; i <= n; i++ {
		whole, _ := math.Lgamma(float64(n + 1))
		one, _ := math.Lgamma(float64(i + 1))
		other, _ := math.Lgamma(float64(n - i + 1))
		tail += math.Exp(whole - one - other - float64(n)*math.Ln2)
	}
	return min(1, 2*tail)
}
