package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestAttentionLikePortable(t *testing.T) {
	reused := map[ISA]*Attention{}
	for _, isa := range Available() {
		reused[isa] = NewAttention(isa)
	}
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		n, size := rapid.IntRange(1, 140).Draw(t, "n"), rapid.IntRange(1, 100).Draw(t, "size")
		if rapid.Bool().Draw(t, "usual") {
			size = 32 * rapid.IntRange(1, 2).Draw(t, "panels")
		}
		stride, ldd := 3*size+rapid.IntRange(0, 9).Draw(t, "gap"), size+rapid.IntRange(0, 9).Draw(t, "slack")
		qkv := normal(rng, (n-1)*stride+3*size, rapid.Float64Range(0.1, 2).Draw(t, "spread"))
		gather := func(isa ISA) []float32 {
			dst := make([]float32, n*ldd)
			reused[isa].spoil()
			reused[isa].Gather(dst, ldd, qkv, qkv[size:], qkv[2*size:], stride, n, size, float32(1/math.Sqrt(float64(size))))
			return dst
		}
		want := gather(Portable)
		for _, isa := range Available()[1:] {
			for i, got := range gather(isa) {
				if math.Abs(float64(got-want[i])) > 1e-4*(1+math.Abs(float64(want[i]))) {
					t.Fatalf("%v: row %d, value %d of %d × %d: %v, portable %v", isa, i/ldd, i%ldd, n, size, got, want[i])
				}
			}
		}
	})
}

// spoil fills the memory that calls leave behind: whatever reads what it did not
// write gives itself away.
func (a *Attention) spoil() {
	for _, s := range [][]float32{a.queries, a.scores, a.rows, a.values, a.out} {
		for i := range s[:cap(s)] {
			s[:cap(s)][i] = float32(math.NaN())
		}
	}
}

// TestAttentionDefinition holds plain Go to the formula, in float64.
func TestAttentionDefinition(t *testing.T) {
	const n, size, scale = 5, 6, 0.4
	rng := rand.New(rand.NewPCG(3, 4))
	q, k, v := normal(rng, n*size, 1), normal(rng, n*size, 1), normal(rng, n*size, 1)
	got := make([]float32, n*size)
	NewAttention(Portable).Gather(got, size, q, k, v, size, n, size, scale)
	for i := range n {
		var weights [n]float64
		var sum float64
		for j := range n {
			for c := range size {
				weights[j] += scale * float64(q[i*size+c]) * float64(k[j*size+c])
			}
			weights[j] = math.Exp(weights[j])
			sum += weights[j]
		}
		for c := range size {
			var want float64
			for j, w := range weights {
				want += w / sum * float64(v[j*size+c])
			}
			if math.Abs(float64(got[i*size+c])-want) > 1e-6 {
				t.Errorf("row %d, value %d: %v, want %v", i, c, got[i*size+c], want)
			}
		}
	}
}

// TestAttentionDoesNotAllocate: once warm.
func TestAttentionDoesNotAllocate(t *testing.T) {
	const n, size = 20, 26
	qkv, dst := make([]float32, n*3*size), make([]float32, n*size)
	for _, isa := range Available() {
		a := NewAttention(isa)
		if allocations := testing.AllocsPerRun(10, func() {
			a.Gather(dst, size, qkv, qkv[size:], qkv[2*size:], 3*size, n, size, 1)
		}); allocations > 0 {
			t.Errorf("%v: %v allocations", isa, allocations)
		}
	}
}

// BenchmarkAttention: 32 sequences × 32 tokens × 12 heads × 32, and one of 8.
func BenchmarkAttention(b *testing.B) {
	const heads, size = 12, 32
	for _, shape := range []struct {
		name              string
		sequences, tokens int
	}{{"1×8", 1, 8}, {"32×32", 32, 32}} {
		stride := 3 * heads * size
		rng := rand.New(rand.NewPCG(1, 2))
		qkv := normal(rng, shape.sequences*shape.tokens*stride, 1)
		dst := make([]float32, shape.sequences*shape.tokens*heads*size)
		for _, isa := range Available() {
			b.Run(shape.name+"/"+isa.String(), func(b *testing.B) {
				a := NewAttention(isa)
				for b.Loop() {
					for s := range shape.sequences {
						for h := range heads {
							at := s*shape.tokens*stride + h*size
							a.Gather(dst[s*shape.tokens*heads*size+h*size:], heads*size,
								qkv[at:], qkv[at+heads*size:], qkv[at+2*heads*size:], stride, shape.tokens, size, 0.18)
						}
					}
				}
			})
		}
	}
}
