package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// eachISA runs a step on a copy of the values with every instruction set and
// compares with plain Go.
func eachISA(t *rapid.T, values []float32, tolerance float64, step func(isa ISA, x []float32)) {
	want := slices.Clone(values)
	step(Portable, want)
	for _, isa := range Available()[1:] {
		got := slices.Clone(values)
		step(isa, got)
		for i := range want {
			if math.Abs(float64(got[i]-want[i])) > tolerance*(1+math.Abs(float64(want[i]))+math.Abs(float64(values[i]))) {
				t.Fatalf("%v: value %d of %d, from %v: %v, portable %v", isa, i, len(want), values[i], got[i], want[i])
			}
		}
	}
}

func drawValues(t *rapid.T, spread float64) ([]float32, *rand.Rand) {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	n := rapid.IntRange(1, 100).Draw(t, "n")
	if rapid.Bool().Draw(t, "whole") {
		n *= 16
	}
	return normal(rng, n, spread), rng
}

func normal(rng *rand.Rand, n int, spread float64) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64() * spread)
	}
	return x
}

func TestGELULikePortable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, _ := drawValues(t, rapid.Float64Range(0.1, 20).Draw(t, "spread"))
		eachISA(t, x, 4e-7, func(isa ISA, x []float32) { isa.GELU(x) })
	})
}

func TestAddNormLikePortable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, rng := drawValues(t, 3)
		add, weight, bias := normal(rng, len(x), 3), normal(rng, len(x), 1), normal(rng, len(x), 1)
		eachISA(t, x, 1e-4, func(isa ISA, x []float32) { isa.AddNorm(x, add, weight, bias, 1e-5) })
	})
}

func TestAddScaledLikePortable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, rng := drawValues(t, 3)
		add := normal(rng, len(x), 3)
		eachISA(t, x, 1e-6, func(isa ISA, x []float32) { isa.AddScaled(x, add, 0.7) })
	})
}

func TestQuantiseLikePortable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, rng := drawValues(t, rapid.Float64Range(1e-3, 1e3).Draw(t, "spread"))
		set := func(a *Activations) { a.Set(0, x) }
		if rapid.Bool().Draw(t, "scaled") {
			columns := normal(rng, len(x), 2)
			set = func(a *Activations) { a.SetScaled(0, x, columns) }
		}
		want := NewActivations(Portable, 1, len(x))
		set(want)
		for _, isa := range Available()[1:] {
			got := NewActivations(isa, 1, len(x))
			set(got)
			k := &int8Kernels[isa]
			less := 0
			if k.signed {
				less = 128
			}
			if got.scale[0] != want.scale[0] || got.zero[0] != want.zero[0]+int32(less) {
				t.Fatalf("%v: scale %v and zero %v, portable %v and %v", isa, got.scale[0], got.zero[0], want.scale[0], want.zero[0])
			}
			for i := range x {
				v := int(got.bytes[i] + byte(less))
				if k.wide {
					v = int(got.bytes[2*i]) | int(got.bytes[2*i+1])<<8
				}
				if v != int(want.bytes[i]) {
					t.Fatalf("%v: value %d of %d, %v: %d, portable %d", isa, i, len(x), x[i], v, want.bytes[i])
				}
			}
		}
	})
}

// TestSetGELU: one step gives what its two parts give.
func TestSetGELU(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, _ := drawValues(t, rapid.Float64Range(0.1, 20).Draw(t, "spread"))
		for _, isa := range Available() {
			apart, together := slices.Clone(x), slices.Clone(x)
			want, got := NewActivations(isa, 1, len(x)), NewActivations(isa, 1, len(x))
			isa.GELU(apart)
			want.Set(0, apart)
			got.SetGELU(0, together)
			if !slices.Equal(together, apart) || got.scale[0] != want.scale[0] || got.zero[0] != want.zero[0] || !slices.Equal(got.bytes, want.bytes) {
				t.Fatalf("%v: %d values from %v: not what GELU and Set give", isa, len(x), x[0])
			}
		}
	})
}
