package rank

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"touchstone/engine"
)

func TestShopper(t *testing.T) {
	vectors := map[string][]float32{"x": {1, 0}, "y": {0, 1}, "-x": {-1, 0}}
	vector := func(id string) []float32 { return vectors[id] }
	now := time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name   string
		events []engine.Event
		want   []float32 // before it is brought to length 1
	}{
		{"nothing", nil, nil},
		{"unknown products", []engine.Event{{Product: "z", Action: engine.Buy, Time: now}}, nil},
		{"one", []engine.Event{{Product: "x", Action: engine.View, Time: now}}, []float32{1, 0}},
		{"a purchase against a look", []engine.Event{{Product: "x", Action: engine.View, Time: now}, {Product: "y", Action: engine.Buy, Time: now}}, []float32{1, 5}},
		{"a half-life", []engine.Event{{Product: "x", Action: engine.View, Time: now.Add(-HalfLife)}, {Product: "y", Action: engine.View, Time: now}}, []float32{1, 2}},
		{"what cancels out", []engine.Event{{Product: "x", Action: engine.View, Time: now}, {Product: "-x", Action: engine.View, Time: now}}, nil},
	} {
		got := Shopper(&engine.Profile{Events: test.events}, vector)
		normalise(test.want)
		if len(got) != len(test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
			continue
		}
		for d := range got {
			if math.Abs(float64(got[d]-test.want[d])) > 1e-6 {
				t.Errorf("%s: %v, want %v", test.name, got, test.want)
			}
		}
	}
}

func TestPersonalAffinity(t *testing.T) {
	vectors := [][]float32{{1, 0}, {0, 1}, {0.6, 0.8}, nil}
	items := make([]engine.Candidate, len(vectors))
	docs := make([]*Document, len(vectors))
	for i := range items {
		items[i].Row, docs[i] = uint32(i), &Document{}
	}
	x := &Extractor{Vector: func(dst []float32, row uint32) []float32 { return append(dst, vectors[row]...) }}
	column := len(features) - 1
	read := func(shopper []float32, want ...float64) {
		t.Helper()
		x.Shopper = shopper
		m := x.Extract(&engine.Analysis{}, items, docs)
		for i, w := range want {
			if got := m.Row(i)[column]; math.Abs(got-w) > 1e-6 {
				t.Errorf("shopper %v, candidate %d: %v, want %v", shopper, i, got, w)
			}
		}
	}
	read(nil, 0, 0, 0, 0)
	read([]float32{1, 0}, 1, 0, 0.6, 0)
}

// TestDiversifyLikeTwin holds the choice to the definition, worked out anew at
// every step.
func TestDiversifyLikeTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 30).Draw(t, "n")
		relevance := make([]float64, n)
		vectors := make([][]float32, n)
		for i := range n {
			relevance[i] = rapid.Float64Range(0, 1).Draw(t, "relevance")
			angle := rapid.Float64Range(0, 2*math.Pi).Draw(t, "angle")
			if rapid.IntRange(0, 9).Draw(t, "vector") > 0 {
				vectors[i] = []float32{float32(math.Cos(angle)), float32(math.Sin(angle))}
			}
		}
		k := rapid.IntRange(0, 12).Draw(t, "k")
		got := Diversify(relevance, vectors, k)
		if len(got) != min(k, n) {
			t.Fatalf("%d chosen of %d, want %d", len(got), n, k)
		}
		taken := map[int]bool{}
		for place, pick := range got {
			best, bestScore := -1, math.Inf(-1)
			for i := range n {
				if taken[i] {
					continue
				}
				alike := 0.0
				for before := range taken {
					if vectors[i] != nil && vectors[before] != nil {
						alike = max(alike, float64(engine.Dot(vectors[i], vectors[before])))
					}
				}
				if score := Balance*relevance[i] - (1-Balance)*alike; score > bestScore {
					best, bestScore = i, score
				}
			}
			if pick.Index != best || pick.Score() != bestScore {
				t.Fatalf("place %d: %d (%v), want %d (%v)", place, pick.Index, pick.Score(), best, bestScore)
			}
			taken[best] = true
		}
	})
}
