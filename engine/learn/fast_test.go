package learn

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"touchstone/engine/measure"
	"touchstone/engine/model"
)

// anyGroup draws a group of few different grades, feature values and products, so
// that much is equal, with all that a group may have.
func anyGroup(t *rapid.T, features int) Group {
	n := rapid.IntRange(1, 60).Draw(t, "rows")
	g := Group{Query: "q", Missing: rapid.SliceOfN(rapid.Float64Range(0, 3), 0, 3).Draw(t, "missing")}
	for i := range n {
		g.Products = append(g.Products, fmt.Sprintf("p%02d", (i*61)%n)) // each another: 61 is a prime above n
		g.Grades = append(g.Grades, rapid.SampledFrom([]float64{math.NaN(), math.NaN(), 0, 1, 2.5, 3}).Draw(t, "grade"))
		for range features {
			g.X = append(g.X, rapid.SampledFrom([]float64{math.NaN(), -1, 0, 0.25, 1, 700}).Draw(t, "value"))
		}
	}
	if rapid.Bool().Draw(t, "with added rows") {
		for i := range n {
			g.Added = append(g.Added, !math.IsNaN(g.Grades[i]) && rapid.Bool().Draw(t, "added"))
		}
	}
	return g
}

// What push finds in one go is the sum over the pairs as eachPair has them.
func TestPushIsTheSumOfThePairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := anyGroup(t, 1)
		o := newObjective(rapid.SampledFrom([]Loss{LambdaRank, Pairwise}).Draw(t, "loss"), rapid.IntRange(1, 12).Draw(t, "k"))
		scores := make([]float64, len(g.Products))
		for i := range scores {
			scores[i] = known(g.X[i])
		}
		c, ok := o.arrange(&g, 0, scores, &tuned, nil)
		if !ok {
			return
		}
		var l lambdas
		l.size(len(c.rows))
		for i, row := range c.rows {
			l.score[i] = scores[row]
		}
		o.push(&c, &l)
		lambda, hess := make([]float64, len(c.rows)), make([]float64, len(c.rows))
		o.eachPair(&c, &l, func(i, j int, weight float64) {
			p := 1 / (1 + math.Exp(l.score[i]-l.score[j]))
			lambda[i] += weight * p
			lambda[j] -= weight * p
			hess[i] += weight * p * (1 - p)
			hess[j] += weight * p * (1 - p)
		})
		for i := range lambda {
			if math.Abs(lambda[i]-l.lambda[i]) > 1e-9 || math.Abs(hess[i]-l.hess[i]) > 1e-9 {
				t.Fatalf("row %d: λ %v and second derivative %v, by the pairs %v and %v", i, l.lambda[i], l.hess[i], lambda[i], hess[i])
			}
		}
	})
}

// A page of which only the first are put in order measures as one that is
// ordered throughout.
func TestMeasuredAsIfAllWereInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := anyGroup(t, 1)
		metric := measure.Metric{
			Kind: rapid.SampledFrom([]measure.Kind{measure.NDCG, measure.DCG, measure.ERR, measure.AP, measure.Recall, measure.Precision}).Draw(t, "metric"),
			K:    rapid.IntRange(0, 12).Draw(t, "k"),
		}
		scores := make([]float64, len(g.Products))
		rows := make([]int, len(scores))
		for i := range scores {
			scores[i], rows[i] = known(g.X[i]), i
		}
		slices.SortFunc(rows, func(a, b int) int {
			return cmp.Or(cmp.Compare(scores[b], scores[a]), strings.Compare(g.Products[a], g.Products[b]))
		})
		judged := slices.Clone(g.Missing)
		var whole, only []float64
		for _, row := range rows {
			if g.Added == nil || !g.Added[row] {
				whole = append(whole, g.Grades[row])
			}
			if !math.IsNaN(g.Grades[row]) {
				only, judged = append(only, g.Grades[row]), append(judged, g.Grades[row])
			}
		}
		got, ok := g.Measure(scores, metric)
		if !ok {
			return
		}
		if want := (Scores{metric.Of(whole, judged), metric.Of(only, judged)}); got != want {
			t.Fatalf("%s: %+v, ordered throughout %+v", metric, got, want)
		}
	})
}

// The ways are measured as fits to the other queries do on those left out, one
// step after the other: here with the model itself and a fit to those alone.
func TestLeaveOutIsAFitToTheOthers(t *testing.T) {
	data := world{truth: []float64{1, 0.5, -0.5, 0}, noise: 0.2, rows: 60, grade: 20}.dataset(12, 3)
	prior := data.ranker(0.3, 0.3, 0.2, 0.1)
	weights, err := model.Linears(&prior, columns(data.Features))
	if err != nil {
		t.Fatal(err)
	}
	opts, err := Options{Seed: 4}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]int{2: 0, 7: 1, 11: 2}
	grid := []float64{60, 2}
	after := newOutcomes(len(grid), len(out))
	d := newDescent(data, weights, &opts)
	if err := d.leaveOut(context.Background(), out, grid, &opts, after); err != nil {
		t.Fatal(err)
	}

	// Other grades of what is left out change nothing of what is learned.
	others := &Dataset{Features: data.Features, Groups: slices.Clone(data.Groups)}
	for i := range out {
		g := &others.Groups[i]
		g.Grades = slices.Clone(g.Grades)
		slices.Reverse(g.Grades)
	}
	same := newDescent(others, weights, &opts)
	room := newProblem(data, weights, &opts).room
	var queries []int
	for q := range same.queries {
		if _, is := out[same.queries[q].source]; !is {
			queries = append(queries, q)
		}
	}
	for j, pull := range grid {
		w, err := same.fit(context.Background(), queries, nil, pull, 1, &opts)
		if err != nil {
			t.Fatal(err)
		}
		for k, step := range stepped {
			m := between(weights, same.ranker(w), step)
			for i, q := range out {
				g := &data.Groups[i]
				scores := make([]float64, len(g.Products))
				for r := range scores {
					scores[r] = m.Score(g.row(r, len(data.Features)))
				}
				want := g.inDoubt(scores, room[i], opts.Metric)
				if got := after[j][k][q]; math.Abs(got.Whole-want.Whole) > 1e-9 || math.Abs(got.Judged-want.Judged) > 1e-9 {
					t.Errorf("pull %v, step %v, group %d: %+v, with a fit to the others %+v", pull, step, i, got, want)
				}
			}
		}
	}
}
