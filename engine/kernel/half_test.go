package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestHalfLikePortable: every instruction set finds the same largest value and
// writes the same codes and rests as the plain loop, and nothing beyond them.
func TestHalfLikePortable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		half := rapid.SliceOfN(rapid.Uint16Range(0, 0xFFFF), 0, 150).Draw(t, "half")
		for i := range half {
			if half[i]&0x7C00 == 0x7C00 { // neither infinite nor NaN
				half[i] &^= 0x4000
			}
		}
		largest := Portable.LargestHalf(half)
		for _, h := range half {
			if h&0x7fff > largest {
				t.Fatalf("%#x is larger than %#x", h, largest)
			}
		}
		most := math.Float32frombits(uint32(largest)<<13) * 0x1p112
		factor := float32(0x1p112) * (127 / most)
		if !(most > 0 && factor <= math.MaxFloat32) {
			t.Skip("nothing to write codes of")
		}
		const beyond = 5
		codes, rests := make([]int8, len(half)+beyond), make([]int8, len(half)+beyond)
		Portable.CodesOfHalf(codes, rests, half, factor, 254)
		for i, c := range codes[:len(half)] {
			v := float64(math.Float32frombits(uint32(half[i]&0x7fff)<<13|uint32(half[i]&0x8000)<<16)) * float64(factor)
			if got := float64(c) + float64(rests[i])/254; math.Abs(got-v) > 0.003 {
				t.Fatalf("value %d: %v for %v", i, got, v)
			}
		}
		for _, isa := range Available() {
			if got := isa.LargestHalf(half); got != largest {
				t.Fatalf("%v: the largest is %#x, portable %#x", isa, got, largest)
			}
			gotCodes, gotRests := make([]int8, len(half)+beyond), make([]int8, len(half)+beyond)
			isa.CodesOfHalf(gotCodes, gotRests, half, factor, 254)
			if !slices.Equal(gotCodes, codes) || !slices.Equal(gotRests, rests) {
				t.Fatalf("%v: codes %v, rests %v\nportable %v, %v", isa, gotCodes, gotRests, codes, rests)
			}
		}
	})
}

// TestValuesOfCodesLikePortable: every instruction set writes the same values, to
// the last bit, and nothing beyond them.
func TestValuesOfCodesLikePortable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		n := rapid.IntRange(0, 150).Draw(t, "n")
		codes, rests := codes(rng, n), codes(rng, n)
		scale := rapid.Float32Range(1e-6, 1).Draw(t, "scale")
		want := make([]float32, n+5)
		for i := range codes {
			want[i] = float32(codes[i]) + float32(rests[i])/254
			want[i] *= scale
		}
		for _, isa := range Available() {
			got := make([]float32, n+5)
			isa.ValuesOfCodes(got[:n], codes, rests, scale, 254)
			if !slices.Equal(got, want) {
				t.Fatalf("%v: %v, want %v", isa, got, want)
			}
		}
	})
}

func BenchmarkValuesOfCodes(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	codes, rests, dst := codes(rng, 384), codes(rng, 384), make([]float32, 384)
	for _, isa := range Available() {
		b.Run(isa.String(), func(b *testing.B) {
			for b.Loop() {
				isa.ValuesOfCodes(dst, codes, rests, 0.01, 254)
			}
		})
	}
}

func BenchmarkCodesOfHalf(b *testing.B) {
	half := make([]uint16, 384)
	for i := range half {
		half[i] = uint16(uint64(i)*2654435761>>16) & 0xBBFF
	}
	codes, rests := make([]int8, len(half)), make([]int8, len(half))
	for _, isa := range Available() {
		b.Run(isa.String(), func(b *testing.B) {
			for b.Loop() {
				most := math.Float32frombits(uint32(isa.LargestHalf(half))<<13) * 0x1p112
				isa.CodesOfHalf(codes, rests, half, 0x1p112*(127/most), 254)
			}
		})
	}
}
