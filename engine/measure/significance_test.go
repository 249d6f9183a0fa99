package measure

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// allSigns is the randomisation test as the textbook has it: every choice of
// signs, one sum each.
func allSigns(d []float64) float64 {
	observed := math.Abs(average(d))
	extreme := 0
	for signs := range 1 << len(d) {
		sum := 0.0
		for i, v := range d {
			if signs>>i&1 == 1 {
				v = -v
			}
			sum += v
		}
		if math.Abs(sum/float64(len(d))) >= observed-1e-12 {
			extreme++
		}
	}
	return float64(extreme) / float64(int(1)<<len(d))
}

func TestRandomisationEqualsTheTextbook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Few distinct values make many ties, the hard case.
		d := rapid.SliceOfN(rapid.Map(rapid.IntRange(-3, 4), func(v int) float64 { return float64(v) / 10 }), 1, 12).Draw(t, "differences")
		want := allSigns(d)
		if got := Randomisation(d, bootstrapSamples, 1); math.Abs(got-want) > 1e-12 {
			t.Fatalf("all signs: got %v, want %v", got, want)
		}
		// Too few samples for all signs: within five standard errors.
		const samples = 1000
		if got := Randomisation(append(d, 0), min(samples, 1<<len(d)-1), 7); len(d) > 10 && math.Abs(got-want) > 5*math.Sqrt(want*(1-want)/samples)+2./samples {
			t.Fatalf("sampled: got %v, want about %v", got, want)
		}
	})
}

func TestRandomisationOfManyQueries(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	d := make([]float64, 400)
	for i := range d {
		d[i] = rng.NormFloat64()
	}
	// Many queries: the test approaches the normal one.
	shift := func(z float64) []float64 {
		m, sq := average(d), 0.0
		for _, v := range d {
			sq += (v - m) * (v - m)
		}
		out := make([]float64, len(d))
		for i, v := range d {
			out[i] = v - m + z*math.Sqrt(sq)/float64(len(d))
		}
		return out
	}
	for z, want := range map[float64]float64{0.5: 0.617, 1.96: 0.05, 2.576: 0.01} {
		if got := Randomisation(shift(z), bootstrapSamples, 3); math.Abs(got-want) > 0.015 {
			t.Errorf("z = %v: p = %v, want about %v", z, got, want)
		}
	}
}

func TestFalseAlarms(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	alarms := 0
	const comparisons = 1000
	for i := range comparisons {
		d := make([]float64, 60)
		for j := range d {
			if rng.IntN(3) > 0 { // a third of the queries keep their page
				d[j] = rng.NormFloat64() * rng.Float64()
			}
		}
		if Randomisation(d, 1000, int64(i)) <= 0.05 {
			alarms++
		}
	}
	if alarms > 70 { // 50 expected, standard deviation 7
		t.Errorf("%d of %d comparisons of equals called different", alarms, comparisons)
	}
}

func TestBootstrap(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	covered := 0
	for i := range 300 {
		d := make([]float64, 101)
		for j := range d {
			d[j] = 0.3 + rng.NormFloat64()
		}
		low, high := Bootstrap(d, 1000, 0.95, int64(i))
		if low > high || average(d) < low || average(d) > high {
			t.Fatalf("interval %v to %v around %v", low, high, average(d))
		}
		if low <= 0.3 && 0.3 <= high {
			covered++
		}
	}
	if covered < 270 { // 285 expected, standard deviation 4
		t.Errorf("the 95 %% interval covered the truth in %d of 300", covered)
	}
}

func TestCompare(t *testing.T) {
	c := Compare([]float64{0.1, 0.2, 0, 0.3, -0.1, 0.2}, 1)
	if c != Compare([]float64{0.1, 0.2, 0, 0.3, -0.1, 0.2}, 1) {
		t.Error("the same seed gave another result")
	}
	if c.Wins != 4 || c.Ties != 1 || c.Losses != 1 || math.Abs(c.Delta-0.7/6) > 1e-12 || c.Low > c.Delta || c.High < c.Delta {
		t.Errorf("got %+v", c)
	}
	if c := Compare(nil, 1); c.P != 1 || c.Delta != 0 {
		t.Errorf("no queries: got %+v", c)
	}
	if c := Compare(make([]float64, 5), 1); c.P != 1 || c.Ties != 5 {
		t.Errorf("all equal: got %+v", c)
	}
}

func BenchmarkCompare5000Queries(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	d := make([]float64, 5000)
	for i := range d {
		d[i] = rng.NormFloat64()
	}
	for b.Loop() {
		Compare(d, 1)
	}
}

func TestChance(t *testing.T) {
	for p, want := range map[float64]string{0.00001: "< 0.001", 0.00099: "< 0.001", 0.001: "= 0.001", 0.0123: "= 0.012", 0.5: "= 0.5", 1: "= 1"} {
		if got := Chance(p); got != want {
			t.Errorf("%v is written %q, want %q", p, got, want)
		}
	}
}
