package storage

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// halfValue is the value of a binary16 by its definition: IEEE 754-2019, 3.4.
func halfValue(h uint16) float64 {
	sign := 1.0
	if h&0x8000 != 0 {
		sign = -1
	}
	exponent, fraction := int(h>>10&0x1f), float64(h&0x3ff)
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 31:
		if fraction != 0 {
			return math.NaN()
		}
		return sign * math.Inf(1)
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}

// TestHalfBitsOfEveryHalf converts each of the 65,536 half-precision numbers to
// single precision and back, and both neighbours of the point in the middle of
// it and the next one: together they fix where every single goes.
func TestHalfBitsOfEveryHalf(t *testing.T) {
	for i := range 1 << 16 {
		h := uint16(i)
		v := halfValue(h)
		got := halfBits(float32(v))
		if math.IsNaN(v) {
			if !math.IsNaN(halfValue(got)) {
				t.Fatalf("%#04x is NaN and became %#04x", h, got)
			}
			continue
		}
		if got != h {
			t.Fatalf("%#04x is %g and became %#04x", h, v, got)
		}
		if math.IsInf(v, 0) {
			continue
		}
		next := halfValue(h + 1) // away from zero
		if math.IsInf(next, 0) {
			next = math.Copysign(65536, v) // where the next number would stand
		}
		middle := float32((v + next) / 2)
		even := h
		if h&1 == 1 {
			even = h + 1
		}
		for _, c := range []struct {
			f    float32
			want uint16
		}{
			{math.Nextafter32(middle, float32(v)), h},
			{middle, even},
			{math.Nextafter32(middle, float32(next)), h + 1},
		} {
			if got := halfBits(c.f); got != c.want {
				t.Fatalf("%g, beside the middle of %g and %g: got %#04x, want %#04x", c.f, v, next, got, c.want)
			}
		}
	}
}

// TestHalfBitsIsNearest compares random singles with a search over all halves.
func TestHalfBitsIsNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := math.Float32frombits(rapid.Uint32().Draw(t, "bits"))
		if d := rapid.IntRange(0, 1).Draw(t, "unit"); d == 1 {
			f = rapid.Float32Range(-1, 1).Draw(t, "f")
		}
		got := halfBits(f)
		switch v := halfValue(got); {
		case f != f:
			if v == v {
				t.Fatalf("NaN became %g", v)
			}
		case math.Abs(float64(f)) >= 65520:
			if !math.IsInf(v, int(math.Copysign(1, float64(f)))) {
				t.Fatalf("%g became %g", f, v)
			}
		default:
			best := math.Abs(float64(f) - v)
			for i := range 1 << 16 {
				if math.Abs(float64(f)-halfValue(uint16(i))) < best {
					t.Fatalf("%g became %g, but %g is nearer", f, v, halfValue(uint16(i)))
				}
			}
		}
	})
}
