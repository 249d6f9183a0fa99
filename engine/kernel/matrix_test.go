package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"pgregory.net/rapid"
)

// TestTileOffsets holds the struct to the offsets that the assembly reads by.
func TestTileOffsets(t *testing.T) {
	var v tile
	for name, got := range map[string][2]uintptr{
		"lda": {unsafe.Offsetof(v.lda), 8}, "b": {unsafe.Offsetof(v.b), 16}, "steps": {unsafe.Offsetof(v.steps), 24},
		"dst": {unsafe.Offsetof(v.dst), 32}, "ldd": {unsafe.Offsetof(v.ldd), 40}, "bias": {unsafe.Offsetof(v.bias), 48},
		"scale": {unsafe.Offsetof(v.scale), 56}, "zero": {unsafe.Offsetof(v.zero), 64},
		"wscale": {unsafe.Offsetof(v.wscale), 72}, "wsum": {unsafe.Offsetof(v.wsum), 80},
		"stepA": {unsafe.Offsetof(v.stepA), 88}, "stepB": {unsafe.Offsetof(v.stepB), 96},
	} {
		if got[0] != got[1] {
			t.Errorf("tile.%s lies at %d, the assembly reads it at %d", name, got[0], got[1])
		}
	}
}

// shape is a random matrix product.
type shape struct {
	n, rows, cols, stride int
	x, bias               []float32
	rng                   *rand.Rand
}

func drawShape(t *rapid.T) shape {
	s := shape{
		n: rapid.IntRange(1, 40).Draw(t, "n"), rows: rapid.IntRange(1, 200).Draw(t, "rows"),
		cols: rapid.IntRange(1, 130).Draw(t, "cols"),
	}
	s.stride = s.rows + rapid.IntRange(0, 5).Draw(t, "slack")
	s.rng = rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	s.x = s.floats(s.n * s.cols)
	s.bias = s.floats(s.rows)
	return s
}

func (s *shape) floats(n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(s.rng.NormFloat64())
	}
	return v
}

// close compares results, and that nothing was written between the rows.
func (s *shape) close(t *rapid.T, isa ISA, got, want []float32, tolerance float64) {
	for i, w := range want {
		if math.Abs(float64(got[i]-w)) > tolerance*(1+math.Abs(float64(w))) {
			t.Fatalf("%v: row %d, output %d of %d×%d×%d: %v, portable %v", isa, i/s.stride, i%s.stride, s.n, s.rows, s.cols, got[i], w)
		}
	}
}

func TestFloat32LikePortable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawShape(t)
		w := s.floats(s.rows * s.cols)
		want := make([]float32, s.n*s.stride)
		p := NewFloat32(Portable, w, s.bias, s.rows, s.cols)
		p.Mul(want, s.stride, s.x, s.n, 0, p.Panels())
		for _, isa := range Available()[1:] {
			m := NewFloat32(isa, w, s.bias, s.rows, s.cols)
			got := make([]float32, s.n*s.stride)
			split := rapid.IntRange(0, m.Panels()).Draw(t, "split")
			m.Mul(got, s.stride, s.x, s.n, 0, split)
			m.Mul(got, s.stride, s.x, s.n, split, m.Panels())
			s.close(t, isa, got, want, 1e-4)
		}
	})
}

func TestInt8LikePortable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawShape(t)
		w := make([]int8, s.rows*s.cols)
		for i := range w {
			w[i] = int8(s.rng.IntN(255) - 127)
		}
		if rapid.Bool().Draw(t, "extreme") { // the largest sums: saturation would show
			for i := range w {
				w[i] = 127
			}
			for i := range s.x {
				s.x[i] = 1
			}
		}
		scale := s.floats(s.rows)
		row := rapid.IntRange(0, s.n-1).Draw(t, "row")
		n := s.n - row
		product := func(isa ISA) []float32 {
			m := NewInt8(isa, w, scale, s.bias, s.rows, s.cols)
			a := NewActivations(isa, s.n, s.cols)
			for i := range s.n {
				a.Set(i, s.x[i*s.cols:(i+1)*s.cols])
			}
			got := make([]float32, n*s.stride)
			split := rapid.IntRange(0, m.Panels()).Draw(t, "split")
			m.Mul(got, s.stride, a, row, n, 0, split)
			m.Mul(got, s.stride, a, row, n, split, m.Panels())
			return got
		}
		want := product(Portable)
		for _, isa := range Available()[1:] {
			s.close(t, isa, product(isa), want, 1e-5)
		}
	})
}

// TestInt8NearFloat: quantised products stay near the true ones.
func TestInt8NearFloat(t *testing.T) {
	s := shape{n: 7, rows: 70, cols: 384, stride: 70, rng: rand.New(rand.NewPCG(1, 2))}
	s.x = s.floats(s.n * s.cols)
	w := make([]int8, s.rows*s.cols)
	float := make([]float32, len(w))
	scale := make([]float32, s.rows)
	for i := range w {
		w[i] = int8(s.rng.IntN(255) - 127)
		float[i] = float32(w[i]) / 127
		scale[i/s.cols] = 1.0 / 127
	}
	want, got := make([]float32, s.n*s.stride), make([]float32, s.n*s.stride)
	NewFloat32(Portable, float, nil, s.rows, s.cols).Mul(want, s.stride, s.x, s.n, 0, s.rows)
	a := NewActivations(Portable, s.n, s.cols)
	for i := range s.n {
		a.Set(i, s.x[i*s.cols:(i+1)*s.cols])
	}
	NewInt8(Portable, w, scale, nil, s.rows, s.cols).Mul(got, s.stride, a, 0, s.n, 0, s.rows)
	var wrong, size float64
	for i := range want {
		wrong += math.Pow(float64(got[i]-want[i]), 2)
		size += math.Pow(float64(want[i]), 2)
	}
	if ratio := math.Sqrt(wrong / size); ratio > 0.01 {
		t.Errorf("relative error %.4f, more than 0.01", ratio)
	}
}

func BenchmarkMatrix(b *testing.B) {
	const n, rows, cols = 128, 1536, 384
	s := shape{rng: rand.New(rand.NewPCG(1, 2))}
	x, dst := s.floats(n*cols), make([]float32, n*rows)
	for _, isa := range Available() {
		b.Run("float32/"+isa.String(), func(b *testing.B) {
			m := NewFloat32(isa, s.floats(rows*cols), nil, rows, cols)
			for b.Loop() {
				m.Mul(dst, rows, x, n, 0, m.Panels())
			}
			b.ReportMetric(2*n*rows*cols*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
		b.Run("int8/"+isa.String(), func(b *testing.B) {
			m := NewInt8(isa, make([]int8, rows*cols), make([]float32, rows), nil, rows, cols)
			a := NewActivations(isa, n, cols)
			for i := range n {
				a.Set(i, x[i*cols:(i+1)*cols])
			}
			for b.Loop() {
				m.Mul(dst, rows, a, 0, n, 0, m.Panels())
			}
			b.ReportMetric(2*n*rows*cols*float64(b.N)/b.Elapsed().Seconds()/1e9, "GOP/s")
		})
	}
}
