package clicks

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"touchstone/engine"
)

// shop draws clicks of shoppers who look at a position with the probability
// theta and click what attracts them.
func shop(theta []float64, queries, products, pages int, seed uint64) (all []engine.Clicks, truth map[string]float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	truth = map[string]float64{}
	for q := range queries {
		c := engine.Clicks{Query: fmt.Sprint("q", q)}
		var attraction []float64
		for p := range products {
			a := rng.Float64() * 0.6
			attraction = append(attraction, a)
			truth[fmt.Sprint("q", q, " p", p)] = a
		}
		// Every page has an order of its own, with the good ones higher up.
		for range pages {
			order := rng.Perm(products)
			var page []engine.Tally
			for k, p := range order[:len(theta)] {
				clicked := 0
				if rng.Float64() < theta[k] && rng.Float64() < attraction[p] {
					clicked = 1
				}
				page = append(page, engine.Tally{Product: fmt.Sprint("p", p), Position: k + 1, Shown: 1, Clicked: clicked})
			}
			c.Add(page)
		}
		all = append(all, c)
	}
	return all, truth
}

func TestModelsFindWhatAttracts(t *testing.T) {
	theta := []float64{1, 0.7, 0.5, 0.35, 0.2}
	all, truth := shop(theta, 20, 10, 400, 1)
	for _, model := range Models {
		f, err := Fit(model, all)
		if err != nil {
			t.Fatal(err)
		}
		for k, want := range theta {
			if math.Abs(f.Examined[k]-want) > 0.06 {
				t.Errorf("%s: position %d is examined with %.3f, want %.3f", model, k+1, f.Examined[k], want)
			}
		}
		right, n := 0, 0
		for i, a := range f.Pairs {
			for _, b := range f.Pairs[:i] {
				ta, tb := truth[a.Query+" "+a.Product], truth[b.Query+" "+b.Product]
				if a.Query == b.Query && math.Abs(ta-tb) > 0.1 {
					n++
					if (a.Attraction > b.Attraction) == (ta > tb) {
						right++
					}
				}
			}
		}
		if float64(right) < 0.95*float64(n) {
			t.Errorf("%s orders %d of %d clear pairs rightly", model, right, n)
		}
	}
}

// A product that always stands low must not look worse than one that always
// stands high, when both attract alike; by the plain click rate it would.
func TestPositionIsTakenOut(t *testing.T) {
	all, _ := shop([]float64{1, 0.5, 0.25}, 10, 6, 300, 3)
	// Of 2,000 views each: 40 % attraction at the first position, 40 % at the third.
	all = append(all, engine.Clicks{Query: "same", Tallies: []engine.Tally{
		{Product: "high", Position: 1, Shown: 2000, Clicked: 800},
		{Product: "low", Position: 3, Shown: 2000, Clicked: 200},
	}})
	for _, model := range Models {
		f, err := Fit(model, all)
		if err != nil {
			t.Fatal(err)
		}
		high, low := f.Pairs[len(f.Pairs)-2].Attraction, f.Pairs[len(f.Pairs)-1].Attraction
		if high < 0.7*low || low < 0.7*high {
			t.Errorf("%s: at the top %.3f, at the third place %.3f", model, high, low)
		}
	}
}

func TestAgreementWithPeople(t *testing.T) {
	f := &Fitted{Pairs: []Pair{{Query: "q", Product: "a", Attraction: 0.9}, {Query: "q", Product: "b", Attraction: 0.5}, {Query: "q", Product: "c", Attraction: 0.5}, {Query: "q", Product: "d", Attraction: 1}}}
	got := f.Agree(engine.Qrels{"q": {"a": 3, "b": 1, "c": 0, "x": 3}})
	if got.Pairs != 3 || math.Abs(got.Right-2.5/3) > 1e-9 {
		t.Errorf("got %+v", got)
	}
}

// Whatever the counts, attractions and trust stay in their range.
func TestAnyCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []engine.Clicks
		for q := range rapid.IntRange(0, 3).Draw(t, "queries") {
			c := engine.Clicks{Query: fmt.Sprint(q)}
			for range rapid.IntRange(0, 5).Draw(t, "tallies") {
				c.Tallies = append(c.Tallies, engine.Tally{
					Product: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "product"), Position: rapid.IntRange(-1, 90).Draw(t, "position"),
					Shown: rapid.IntRange(0, 1000).Draw(t, "shown"), Clicked: rapid.IntRange(0, 1000).Draw(t, "clicked"),
				})
			}
			all = append(all, c)
		}
		for _, model := range Models {
			f, err := Fit(model, all)
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range f.Grades(3, 0.2) {
				if !(j.Grade >= 0 && j.Grade <= 3) || !(j.Trust >= 0 && j.Trust <= 0.2) {
					t.Fatalf("%s: %+v", model, j)
				}
			}
		}
	})
	if _, err := Fit("magic", nil); err == nil {
		t.Error("an unknown model was fitted")
	}
}
