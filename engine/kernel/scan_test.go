package kernel

import (
	"math"
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

// halves draws finite half-precision numbers: zeros, subnormal and normal ones.
func halves(rng *rand.Rand, n int) []uint16 {
	v := make([]uint16, n)
	for i := range v {
		for {
			v[i] = uint16(rng.Uint32())
			if v[i]&0x7c00 != 0x7c00 {
				break
			}
		}
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

func TestDotHalfLikePortable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		dim := rapid.IntRange(0, 400).Draw(t, "dim")
		query, row := normal(rng, dim, 1), halves(rng, dim)
		var want, size float64
		for i, q := range query {
			product := float64(q) * float64(fromHalf(row[i]))
			want += product
			size += math.Abs(product)
		}
		for _, isa := range Available() {
			if got := float64(isa.DotHalf(query, row)); math.Abs(got-want) > 1e-5*size {
				t.Fatalf("%v: %d values: %v, in float64 %v", isa, dim, got, want)
			}
		}
	})
}

func TestHalf(t *testing.T) {
	for h, want := range map[uint16]float64{
		0: 0, 0x0001: 0x1p-24, 0x83ff: -0x3ffp-24, 0x0400: 0x1p-14, 0x3555: 0x1.554p-2, 0x3c00: 1, 0xc000: -2, 0x7bff: 65504,
	} {
		if got := fromHalf(h); float64(got) != want {
			t.Errorf("half %#04x is %v, want %v", h, got, want)
		}
	}
	if !math.Signbit(float64(fromHalf(0x8000))) {
		t.Error("half 0x8000 is not −0")
	}
}

// BenchmarkDotInt8 scans what fits in cache (20,000 rows) and what does not
// (1,000,000 rows), on one core.
func BenchmarkDotInt8(b *testing.B) {
	const dim, most = 384, 1_000_000
	rng := rand.New(rand.NewPCG(1, 2))
	rows, query, dst := make([]int8, dim*most), codes(rng, dim), make([]int32, 4096)
	for i := range rows {
		rows[i] = int8(i * 2654435761 >> 20 % 128)
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

func BenchmarkDotHalf(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	query, row := normal(rng, 384, 1), halves(rng, 384)
	for _, isa := range Available() {
		b.Run(isa.String(), func(b *testing.B) {
			for b.Loop() {
				isa.DotHalf(query, row)
			}
		})
	}
}
