package kernel

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func codes(rng *rand.Rand, n int) []int8 {
	v := make([]int8, n)
	for i := range v {
		v[i] = int8(rng.IntN(255) - 127)
	}
	return v
}

func TestDotInt8LikePortable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		dim, n := rapid.IntRange(0, 400).Draw(t, "dim"), rapid.IntRange(0, 20).Draw(t, "n")
		query, rows := codes(rng, dim), codes(rng, dim*n)
		if rapid.Bool().Draw(t, "extreme") { // the largest sums: saturation would show
			for i := range query {
				query[i] = 127
			}
			for i := range rows {
				rows[i] = int8(127 - 254*(i/max(dim, 1)%2))
			}
		}
		want := make([]int32, n)
		dotInt8Portable(want, query, rows)
		for _, isa := range Available() {
			got := make([]int32, n+1)
			got[n] = -1
			isa.DotInt8(got[:n], query, rows)
			for i, w := range append(want, -1) {
				if got[i] != w {
					t.Fatalf("%v: row %d of %d × %d: %d, portable %d", isa, i, n, dim, got[i], w)
				}
			}
		}
	})
}

// BenchmarkDotInt8 scans what fits in cache (20,000 rows) and what does not
// (1,000,000 rows), on one core.
func BenchmarkDotInt8(b *testing.B) {
	const dim, most = 384, 1_000_000
	rng := rand.New(rand.NewPCG(1, 2))
	rows, query, dst := make([]int8, dim*most), codes(rng, dim), make([]int32, 4096)
	for i := range rows {
		rows[i] = int8(uint64(i) * 2654435761 >> 20 % 128)
	}
	for _, isa := range Available()[1:] {
		for _, n := range []int{20_000, most} {
			b.Run(isa.String()+"/"+map[bool]string{true: "cache", false: "memory"}[n < most], func(b *testing.B) {
				for b.Loop() {
					for from := 0; from < n; from += len(dst) {
						some := min(len(dst), n-from)
						isa.DotInt8(dst[:some], query, rows[from*dim:])
					}
				}
				b.ReportMetric(float64(n*dim)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GB/s")
			})
		}
	}
}
