package kernel

import (
	"fmt"
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
			for i := range a.bytes {
				a.bytes[i] = 0x7f // what an earlier product left
			}
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

// BenchmarkLayers multiplies some tokens with the weights of six layers of
// MiniLM in turn, so that the weights come from where they lie when a model
// runs: 10.6 MB in int8, more than a core's own cache. docs/encoder.md has
// numbers.
func BenchmarkLayers(b *testing.B) {
	shapes := [][2]int{{1152, 384}, {384, 384}, {1536, 384}, {384, 1536}} // outputs, inputs
	const layers, most = 6, 1536
	var operations float64 // for one token
	for _, s := range shapes {
		operations += 2 * layers * float64(s[0]*s[1])
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, isa := range Available() {
		var float []*Float32
		var whole []*Int8
		for range layers {
			for _, s := range shapes {
				float = append(float, NewFloat32(isa, normal(rng, s[0]*s[1], 1), nil, s[0], s[1]))
				whole = append(whole, NewInt8(isa, codes(rng, s[0]*s[1]), normal(rng, s[0], 1), nil, s[0], s[1]))
			}
		}
		for _, n := range []int{1, 8, 32, 128} {
			if isa == Portable && n > 8 {
				continue
			}
			x, dst := normal(rng, n*most, 1), make([]float32, n*most)
			activations := map[int]*Activations{}
			for _, s := range shapes {
				a := NewActivations(isa, n, s[1])
				for i := range n {
					a.Set(i, x[i*s[1]:][:s[1]])
				}
				activations[s[1]] = a
			}
			run := func(precision string, multiply func()) {
				b.Run(fmt.Sprintf("%s/%v/%d", precision, isa, n), func(b *testing.B) {
					for b.Loop() {
						multiply()
					}
					b.ReportMetric(operations*float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GOP/s")
				})
			}
			run("float32", func() {
				for _, m := range float {
					m.Mul(dst, m.Rows, x, n, 0, m.Panels())
				}
			})
			run("int8", func() {
				for _, m := range whole {
					m.Mul(dst, m.Rows, activations[m.Cols], 0, n, 0, m.Panels())
				}
			})
		}
	}
}

// TestProductsDoNotAllocate.
func TestProductsDoNotAllocate(t *testing.T) {
	const n, rows, cols = 9, 70, 50 // a panel that goes over the last output
	rng := rand.New(rand.NewPCG(1, 2))
	x, dst := normal(rng, n*cols, 1), make([]float32, n*rows)
	sums := make([]int32, 2)
	for _, isa := range Available() {
		float := NewFloat32(isa, normal(rng, rows*cols, 1), nil, rows, cols)
		whole := NewInt8(isa, codes(rng, rows*cols), normal(rng, rows, 1), nil, rows, cols)
		a := NewActivations(isa, n, cols)
		if allocations := testing.AllocsPerRun(10, func() {
			float.Mul(dst, rows, x, n, 0, float.Panels())
			for i := range n {
				a.Set(i, x[i*cols:][:cols])
			}
			whole.Mul(dst, rows, a, 0, n, 0, whole.Panels())
			isa.DotInt8(sums, whole.packed[:50], whole.packed[:100])
		}); allocations > 0 {
			t.Errorf("%v: %v allocations", isa, allocations)
		}
	}
}
