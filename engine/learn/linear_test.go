package learn

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
	"touchstone/engine/model"
)

// lossOf is the loss as its definition has it, slow and plain, for pairs and
// weights as they stand at the scores that l holds.
func lossOf(o *objective, c *candidates, l *lambdas, scores []float64) float64 {
	sum := 0.0
	o.eachPair(c, l, func(i, j int, weight float64) {
		sum += weight * math.Log1p(math.Exp(scores[j]-scores[i]))
	})
	return sum
}

func TestGradientsAgainstFiniteDifferences(t *testing.T) {
	data := world{truth: []float64{1, 0.5, -0.5, 0}, noise: 0.1, rows: 30, grade: 12}.dataset(6, 1)
	for _, loss := range []Loss{LambdaRank, Pairwise} {
		opts, err := Options{Loss: loss}.withDefaults()
		if err != nil {
			t.Fatal(err)
		}
		prior := data.ranker(0.3, 0.2, 0, 0)
		linear, err := model.Linears(&prior, columns(data.Features))
		if err != nil {
			t.Fatal(err)
		}
		p := newProblem(data, linear, &opts)
		if len(p.queries) < 4 {
			t.Fatalf("%d queries to learn from", len(p.queries))
		}
		w := []float64{0.7, -0.2, 0.4, 0.1}
		for q := range p.queries {
			c := &p.queries[q]
			for _, row := range c.rows {
				c.z = append(c.z, data.Groups[c.source].row(int(row), 4)...)
			}
			score := func(w []float64) []float64 {
				s := make([]float64, len(c.rows))
				for r := range s {
					s[r] = dot(w, c.z[r*4:r*4+4])
				}
				return s
			}
			gradient := make([]float64, 4)
			var l lambdas
			p.objective.gradient(c, w, &l, gradient)
			const h = 1e-6
			for i := range w {
				up, down := append([]float64(nil), w...), append([]float64(nil), w...)
				up[i] += h
				down[i] -= h
				want := (lossOf(p.objective, c, &l, score(up)) - lossOf(p.objective, c, &l, score(down))) / (2 * h)
				if math.Abs(gradient[i]-want) > 1e-6 {
					t.Errorf("%s, query %d, weight %d: gradient %v, finite difference %v", loss, q, i, gradient[i], want)
				}
			}
			// The second derivative by each score, that trees need.
			s := score(w)
			for r := range s {
				up, down := append([]float64(nil), s...), append([]float64(nil), s...)
				up[r] += 1e-4
				down[r] -= 1e-4
				want := (lossOf(p.objective, c, &l, up) - 2*lossOf(p.objective, c, &l, s) + lossOf(p.objective, c, &l, down)) / 1e-8
				if math.Abs(l.hess[r]-want) > 1e-4 {
					t.Errorf("%s, query %d, row %d: second derivative %v, finite difference %v", loss, q, r, l.hess[r], want)
				}
			}
		}
	}
}

func TestRecoversTheTruth(t *testing.T) {
	truth := []float64{1, 0.5, -0.7, 0, 0, 0.3}
	data := world{truth: truth, noise: 0.05, rows: 60, grade: 40}.dataset(80, 2)
	for _, prior := range [][]float64{{0, 0, 0, 0, 0, 0}, {0.2, 0.9, 0, 0.4, 0, 0}} {
		fitted, report, err := Fit(context.Background(), data, data.ranker(prior...), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if c := cosine(fitted.Weights, truth); c < 0.98 {
			t.Errorf("from %v: cosine to the truth %.3f: %v", prior, c, fitted.Weights)
		}
		if report.After.Judged < 0.9 || report.After.Judged < report.Before.Judged {
			t.Errorf("from %v: %+v", prior, report)
		}
		t.Logf("from %v: %+v, cosine %.4f", prior, report, cosine(fitted.Weights, truth))
	}
}

func TestFewGradesStayNearThePrior(t *testing.T) {
	w := world{truth: []float64{-1, 0.2, 0, 0}, noise: 0.3, rows: 40, grade: 5}
	prior := []float64{0.8, 0.4, 0.1, 0}
	var last float64
	for _, queries := range []int{1, 3, 30} {
		data := w.dataset(queries, 3)
		fitted, _, err := Fit(context.Background(), data, data.ranker(prior...), Options{})
		if err != nil {
			t.Fatal(err)
		}
		moved := 0.0
		for i, w := range fitted.Weights {
			moved += math.Abs(w.Weight - prior[i])
		}
		t.Logf("%d queries: moved %.3f: %v", queries, moved, fitted.Weights)
		if moved < last {
			t.Errorf("%d queries moved the weights by %v, fewer by %v", queries, moved, last)
		}
		last = moved
		if queries == 1 && moved > 0.05 {
			t.Errorf("one query with five grades moved the weights by %v", moved)
		}
	}
}

func TestSigns(t *testing.T) {
	w := world{truth: []float64{1, -0.5, 0.5, 0}, noise: 0.1, rows: 50, grade: 30, signs: []int{+1, +1, -1, -1}}
	data := w.dataset(40, 4)
	fitted, _, err := Fit(context.Background(), data, data.ranker(0.5, 0.5, -0.1, 0), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if fitted.Weights[1].Weight != 0 || fitted.Weights[2].Weight != 0 || fitted.Weights[3].Weight > 0 {
		t.Errorf("signs do not hold: %v", fitted.Weights)
	}
	// What a person has set stays possible.
	fitted, _, err = Fit(context.Background(), data, data.ranker(0.5, -0.3, 0.2, 0), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if w := fitted.Weights; w[1].Weight < -0.3 || w[2].Weight > 0.2 {
		t.Errorf("went beyond what was set by hand: %v", w)
	}
}

func TestSameSeedSameRanker(t *testing.T) {
	data := world{truth: []float64{1, 0.5, 0}, noise: 0.2, rows: 400, grade: 10}.dataset(12, 5)
	prior := data.ranker(0.5, 0, 0.5)
	fits := make([]engine.Ranker, 3)
	for i, seed := range []int64{7, 7, 8} {
		var err error
		if fits[i], _, err = Fit(context.Background(), data, prior, Options{Seed: seed}); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(fits[0], fits[1]); diff != "" {
		t.Errorf("the same seed gave another ranker:\n%s", diff)
	}
	if cmp.Equal(fits[0].Weights, fits[2].Weights) {
		t.Error("another seed gave the same ranker: the seed is not used")
	}
}

// The unit of a feature and the offset and scale of its weight must not matter.
func TestScaleOfAFeature(t *testing.T) {
	w := world{truth: []float64{1, 0.5, 0}, noise: 0.1, rows: 50, grade: 20}
	a, b := w.dataset(20, 6), w.dataset(20, 6)
	for g := range b.Groups {
		for i := 0; i < len(b.Groups[g].X); i += 3 {
			b.Groups[g].X[i] = 10 + 5*b.Groups[g].X[i]
		}
	}
	priorA, priorB := a.ranker(0.2, 0.3, 0.1), b.ranker(0.2, 0.3, 0.1)
	priorB.Weights[0].Offset, priorB.Weights[0].Scale = 10, 5
	fitA, _, err := Fit(context.Background(), a, priorA, Options{})
	if err != nil {
		t.Fatal(err)
	}
	fitB, _, err := Fit(context.Background(), b, priorB, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range fitA.Weights {
		if x, y := fitA.Weights[i].Weight, fitB.Weights[i].Weight; math.Abs(x-y) > 1e-6 {
			t.Errorf("weight %d: %v, in other units %v", i, x, y)
		}
	}
	if w := fitB.Weights[0]; w.Offset != 10 || w.Scale != 5 {
		t.Errorf("offset and scale of the prior are gone: %+v", w)
	}
}

func TestWarmStart(t *testing.T) {
	w := world{truth: []float64{1, 0.5, -0.5, 0}, noise: 0.1, rows: 50, grade: 20}
	data := w.dataset(40, 8)
	prior := data.ranker(0.2, 0.3, 0.1, 0)
	full, report, err := Fit(context.Background(), data, prior, Options{})
	if err != nil {
		t.Fatal(err)
	}
	data.Groups[3].Grades[7] = 3
	cold, _, err := Fit(context.Background(), data, prior, Options{Trust: report.Trust})
	if err != nil {
		t.Fatal(err)
	}
	warm, _, err := Fit(context.Background(), data, prior, Options{Start: &full, Trust: report.Trust})
	if err != nil {
		t.Fatal(err)
	}
	weights := make([]float64, 4)
	for i := range weights {
		weights[i] = cold.Weights[i].Weight
	}
	if c := cosine(warm.Weights, weights); c < 0.999 {
		t.Errorf("cold %v, warm %v: cosine %v", weights, warm.Weights, c)
	}
}

func TestFitStopsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	data := world{truth: []float64{1, 0.5}, rows: 50, grade: 20}.dataset(10, 1)
	if _, _, err := Fit(ctx, data, data.ranker(1, 0), Options{}); err != context.Canceled {
		t.Errorf("got %v", err)
	}
	if _, err := CrossValidate(ctx, data, data.ranker(1, 0), Options{}); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

// electronicsSized is the size that learning must keep up with: 90 queries of
// 200 candidates, 2,500 grades, 20 features.
func electronicsSized() (*Dataset, engine.Ranker) {
	rng := rand.New(rand.NewPCG(1, 1))
	w := world{noise: 0.2, rows: 200, grade: 28}
	prior := make([]float64, 20)
	for i := range prior {
		w.truth = append(w.truth, rng.NormFloat64())
		prior[i] = w.truth[i] + 0.5*rng.NormFloat64()
	}
	data := w.dataset(90, 1)
	return data, data.ranker(prior...)
}

func BenchmarkFit(b *testing.B) {
	data, prior := electronicsSized()
	for b.Loop() {
		if _, _, err := Fit(context.Background(), data, prior, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWarmRefit(b *testing.B) {
	data, prior := electronicsSized()
	start, report, err := Fit(context.Background(), data, prior, Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := Fit(context.Background(), data, prior, Options{Start: &start, Trust: report.Trust}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLearn(b *testing.B) {
	data, prior := electronicsSized()
	for b.Loop() {
		if _, err := Learn(context.Background(), data, prior, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// Clicks teach what no one has graded, less than grades do, and are never
// measured by.
func TestClicksTeachALittle(t *testing.T) {
	w := world{truth: []float64{1, 0.5, 0}, noise: 0.05, rows: 40, grade: 30}
	data := w.dataset(20, 4)
	prior := data.ranker(0.3, 0.3, 0.9)
	moved := func(trust float64) float64 {
		clicked := &Dataset{Features: data.Features}
		for _, g := range data.Groups {
			c := g
			c.Clicks, c.Grades = g.Grades, make([]float64, len(g.Grades))
			c.Trust = make([]float64, len(g.Grades))
			for i := range c.Grades {
				c.Grades[i], c.Trust[i] = math.NaN(), trust
			}
			clicked.Groups = append(clicked.Groups, c)
		}
		fitted, report, err := Fit(context.Background(), clicked, prior, Options{Trust: Trust{Pull: 60, Step: 1}})
		if err != nil {
			t.Fatal(err)
		}
		if report.Grades != 0 || report.After != (Scores{}) {
			t.Errorf("clicks count as grades: %+v", report)
		}
		if v, err := CrossValidate(context.Background(), clicked, prior, Options{Trust: Trust{Pull: 60, Step: 1}}); err != nil || len(v.Held) != 0 {
			t.Errorf("measured by clicks: %v, %v", v, err)
		}
		return cosine(fitted.Weights, w.truth) - cosine(prior.Weights, w.truth)
	}
	none, little, much := moved(0), moved(0.05), moved(0.9)
	if none != 0 || little <= 0 || much <= little {
		t.Errorf("nearer to the truth by %.4f with no trust, %.4f with little, %.4f with much", none, little, much)
	}
}

// The number of cores changes nothing.
func TestCoresDoNotMatter(t *testing.T) {
	data := world{truth: []float64{1, 0.5, 0}, noise: 0.2, rows: 300, grade: 12}.dataset(14, 5)
	prior := data.ranker(0.5, 0, 0.5)
	for _, kind := range []engine.Kind{engine.Linear, engine.DNN, engine.Trees} {
		opts := Options{Kind: kind, Seed: 3, Boost: Boost{Rounds: 4}}
		var fits [2]engine.Ranker
		for i, cores := range []int{1, 4} {
			before := runtime.GOMAXPROCS(cores)
			var err error
			fits[i], _, err = Fit(context.Background(), data, prior, opts)
			runtime.GOMAXPROCS(before)
			if err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(fits[0], fits[1]); diff != "" {
			t.Errorf("%s: four cores gave another ranker than one:\n%s", kind, diff)
		}
	}
}
