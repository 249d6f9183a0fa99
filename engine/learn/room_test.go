package learn

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"touchstone/engine/measure"
)

var nan = math.NaN()

func TestRoom(t *testing.T) {
	t.Parallel()
	rules := &tuning{unjudged: 0.5, doubt: 5, passed: 0.25}
	half := func(above float64) float64 { return 0.5 * above / (above + 5) }
	for _, c := range []struct {
		name string
		g    Group
		want []float64 // of the prior's order, the first one first
	}{
		{"nothing is known", Group{Grades: []float64{nan, nan, nan}}, []float64{half(0.5), half(1.5), half(2.5)}},
		{"judged ones take a place and count a quarter", Group{Grades: []float64{3, 0, nan, nan}}, []float64{1, 1, half(1), half(2)}},
		{"what is clicked is known", Group{Grades: []float64{nan, nan}, Clicks: []float64{2, nan}, Trust: []float64{0.2, 0}}, []float64{1, half(0.75)}},
	} {
		prior := make([]float64, len(c.want))
		for i := range prior {
			prior[i] = float64(-i)
		}
		for i, got := range c.g.room(prior, rules) {
			if math.Abs(got-c.want[i]) > 1e-12 {
				t.Errorf("%s: place %d takes %v, not %v", c.name, i, got, c.want[i])
			}
		}
	}
}

// A good product that falls behind one that nobody has looked at loses nearly
// nothing where that stood high, and its place where the other was judged.
func TestInDoubt(t *testing.T) {
	t.Parallel()
	metric := measure.Metric{Kind: measure.NDCG, K: 10}
	second := []float64{0, 1}
	unknown := Group{Products: []string{"a", "b"}, Grades: []float64{3, nan}}
	wrong := Group{Products: []string{"a", "b"}, Grades: []float64{3, 0}}
	if got := wrong.inDoubt(second, wrong.room([]float64{1, 0}, &tuned), metric).Whole; math.Abs(got-1/math.Log2(3)) > 1e-12 {
		t.Errorf("behind a wrong one: %v, not the second place's discount", got)
	}
	if got := unknown.inDoubt(second, unknown.room([]float64{1, 0}, &tuned), metric).Whole; got < 0.9 || got >= 1 {
		t.Errorf("behind an unknown one: %v, not a little below 1", got)
	}
	if got := (&Group{Products: []string{"a"}, Grades: []float64{0}}).inDoubt([]float64{1}, []float64{1}, metric); got.ok {
		t.Errorf("without a good product there is nothing to measure: %+v", got)
	}
}

// Where every row takes a whole place, it is the measure that people are shown.
func TestInDoubtWithFullRoomIsTheMeasure(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "rows")
		g := Group{Missing: rapid.SliceOfN(rapid.SampledFrom([]float64{0, 1, 3}), 0, 2).Draw(t, "missing")}
		var scores, room []float64
		for i := range n {
			g.Products = append(g.Products, string(rune('a'+i)))
			g.Grades = append(g.Grades, rapid.SampledFrom([]float64{nan, nan, 0, 1, 2, 3}).Draw(t, "grade"))
			g.Added = append(g.Added, rapid.Bool().Draw(t, "added"))
			scores = append(scores, float64(rapid.IntRange(0, 8).Draw(t, "score")))
			room = append(room, 1)
		}
		metric := measure.Metric{Kind: measure.NDCG, K: rapid.IntRange(0, 12).Draw(t, "depth")}
		got, want := g.inDoubt(scores, room, metric), g.measure(scores, metric)
		if got.ok != want.ok || math.Abs(got.Whole-want.Whole) > 1e-12 || math.Abs(got.Judged-want.Judged) > 1e-12 {
			t.Fatalf("%s: %+v, as people are shown %+v", metric, got, want)
		}
	})
}
