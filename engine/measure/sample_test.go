package measure

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestSample: n different queries, whatever the log, and the same ones for the
// same seed.
func TestSample(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asked := rapid.SliceOfN(rapid.Float64Range(0.5, 1000), 1, 60).Draw(t, "asked")
		n := rapid.IntRange(1, 70).Draw(t, "n")
		how := rapid.SampledFrom(Samplings).Draw(t, "how")
		seed := rapid.Int64().Draw(t, "seed")
		got, err := Sample(asked, n, how, seed)
		if err != nil || len(got) != min(n, len(asked)) || len(slices.Compact(slices.Clone(got))) != len(got) || !slices.IsSorted(got) {
			t.Fatalf("%d of %d by %s: %v, %v", n, len(asked), how, got, err)
		}
		if again, _ := Sample(asked, n, how, seed); !slices.Equal(got, again) {
			t.Fatalf("another sample of the same seed: %v and %v", got, again)
		}
	})
	if _, err := Sample([]float64{1}, 1, "loudest", 0); err == nil {
		t.Error("an unknown way to sample was taken")
	}
}

// TestProportional: over many seeds each query is in as often as it was asked.
func TestProportional(t *testing.T) {
	asked := []float64{40, 30, 10, 10, 5, 5}
	const n, rounds = 2, 20_000
	in := make([]float64, len(asked))
	for seed := range int64(rounds) {
		chosen, err := Sample(asked, n, Proportional, seed)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range chosen {
			in[i] += 1.0 / rounds
		}
	}
	for i, a := range asked {
		if want := n * a / 100; math.Abs(in[i]-want) > 0.02 {
			t.Errorf("asked %v times: in with probability %.3f, want %.3f", a, in[i], want)
		}
	}
}

func TestParts(t *testing.T) {
	got := Parts([]float64{1, 50, 20, 9, 20})
	if want := []string{"tail", "head", "torso", "tail", "tail"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
