package learn

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
	"touchstone/engine/model"
)

var byRounds = []engine.Kind{engine.DNN, engine.Trees}

// bent draws queries whose grades no weighted sum explains: both features must
// be high, or a third one alone.
func bent(queries int, seed uint64) *Dataset {
	w := world{truth: []float64{0, 0, 0, 0}, rows: 60, grade: 40, signs: []int{1, 1, 1, 0}}
	data := w.dataset(queries, seed)
	for i := range data.Groups {
		g := &data.Groups[i]
		for r := range g.Products {
			x := g.row(r, 4)
			if math.IsNaN(g.Grades[r]) {
				continue
			}
			g.Grades[r] = math.Round(3 * max(min(x[0], x[1]), x[2]*x[2]*x[2]))
		}
	}
	return data
}

func TestRoundsLearnWhatASumCannot(t *testing.T) {
	if testing.Short() {
		t.Skip("many fits")
	}
	data, fresh := bent(30, 1), bent(60, 2)
	prior := data.ranker(0.5, 0.5, 0.5, 0)
	score := func(kind engine.Kind) float64 {
		fitted, _, err := Fit(context.Background(), data, prior, Options{Kind: kind})
		if err != nil {
			t.Fatal(err)
		}
		all, err := scoreAll(fresh, &fitted, ndcg)
		if err != nil {
			t.Fatal(err)
		}
		return meanScores(all).Judged
	}
	linear := score(engine.Linear)
	for _, kind := range byRounds {
		got := score(kind)
		t.Logf("%s: %.4f, linear %.4f", kind, got, linear)
		if got < linear+0.01 {
			t.Errorf("%s: %.4f on new queries, linear %.4f", kind, got, linear)
		}
	}
}

func TestNetworkGradientAgainstFiniteDifferences(t *testing.T) {
	data := bent(4, 3)
	prior := data.ranker(0.5, 0.5, 0.5, 0)
	linear, err := model.Linears(&prior, columns(data.Features))
	if err != nil {
		t.Fatal(err)
	}
	for _, widths := range [][]int{{5, 1}, {4, 3, 1}} {
		opts, err := Options{Kind: engine.DNN}.withDefaults()
		if err != nil {
			t.Fatal(err)
		}
		opts.tuning.hidden = widths[0]
		n := newNetwork(newProblem(data, linear, &opts), linear, &opts)
		n.widths = widths
		size, in := 4, 4
		for _, out := range widths {
			size += in*out + out
			in = out
		}
		rng := rand.New(rand.NewPCG(1, 1))
		n.theta, n.gradient = make([]float64, size), make([]float64, size)
		n.values = make([][]float64, len(widths)+1)
		for i := range n.theta {
			n.theta[i] = rng.NormFloat64() / 2
		}
		c := &n.problem.queries[1]
		rows := len(c.rows)
		n.l.size(rows)
		copy(n.l.score, n.forward(c.z, rows))
		n.problem.objective.push(c, &n.l)
		n.backward(n.l.lambda)
		for i := range n.theta {
			loss := func(h float64) float64 {
				was := n.theta[i]
				n.theta[i] += h
				s := slices.Clone(n.forward(c.z, rows))
				n.theta[i] = was
				return lossOf(n.problem.objective, c, &n.l, s)
			}
			if want := (loss(1e-6) - loss(-1e-6)) / 2e-6; math.Abs(n.gradient[i]-want) > 1e-6 {
				t.Errorf("%v, parameter %d: gradient %v, finite difference %v", widths, i, n.gradient[i], want)
			}
		}
	}
}

// What is stored scores as what was fitted, but for the scale and a constant.
func TestStoredModelsKeepTheOrder(t *testing.T) {
	data := bent(8, 4)
	prior := data.ranker(0.5, 0.5, 0.5, 0)
	linear, err := model.Linears(&prior, columns(data.Features))
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range byRounds {
		opts, err := Options{Kind: kind}.withDefaults()
		if err != nil {
			t.Fatal(err)
		}
		l, err := begin(context.Background(), data, linear, &opts)
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			l.round()
		}
		r := engine.Ranker{Kind: kind}
		if r.Weights, r.Model, err = store(l); err != nil {
			t.Fatal(err)
		}
		m, err := model.New(&r, columns(data.Features))
		if err != nil {
			t.Fatal(err)
		}
		// score = slope × fitted + shift, from the first two rows.
		first := &data.Groups[0]
		fitted := l.scores(first)
		a, b := m.Score(first.row(0, 4)), m.Score(first.row(1, 4))
		slope := (a - b) / (fitted[0] - fitted[1])
		shift := a - slope*fitted[0]
		for i := range data.Groups {
			g := &data.Groups[i]
			for row, want := range l.scores(g) {
				if got := m.Score(g.row(row, 4)); math.Abs(got-slope*want-shift) > 1e-9 {
					t.Fatalf("%s: query %d, row %d: stored %v, fitted %v", kind, i, row, got, slope*want+shift)
				}
			}
		}
	}
}

// More of a feature with a sign never counts against a product.
func TestSignsOfNetworksAndTrees(t *testing.T) {
	data := bent(20, 5)
	// Grades against the first feature, which may not be learned.
	for i := range data.Groups {
		g := &data.Groups[i]
		for r := range g.Products {
			if !math.IsNaN(g.Grades[r]) {
				g.Grades[r] = math.Round(3 * (1 - g.row(r, 4)[0]))
			}
		}
	}
	prior := data.ranker(0.5, 0.5, 0.5, 0)
	linear, err := model.Linears(&prior, columns(data.Features))
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for _, kind := range byRounds {
		opts, err := Options{Kind: kind}.withDefaults()
		if err != nil {
			t.Fatal(err)
		}
		l, err := begin(context.Background(), data, linear, &opts)
		if err != nil {
			t.Fatal(err)
		}
		for range 30 {
			l.round()
		}
		for range 500 {
			g := &Group{Products: []string{"less", "more"}}
			for range 2 {
				for range 4 {
					g.X = append(g.X, rng.Float64())
				}
			}
			copy(g.X[4:], g.X[:4])
			f := rng.IntN(3)
			g.X[4+f] += rng.Float64()
			if s := l.scores(g); s[1] < s[0]-1e-9 {
				t.Fatalf("%s: feature %d from %v to %v lowers the score from %v to %v", kind, f, g.X[f], g.X[4+f], s[0], s[1])
			}
		}
	}
}

// Products that lack the second feature are good where high says so, and bad
// otherwise: trees learn to which side they belong, and read the first feature,
// which has a sign, without going against it.
func TestTreesLearnWhereMissingValuesGo(t *testing.T) {
	for _, high := range []bool{true, false} {
		data := bent(20, 7)
		rng := rand.New(rand.NewPCG(2, 2))
		for i := range data.Groups {
			g := &data.Groups[i]
			for r := range g.Products {
				x := g.row(r, 4)
				good := x[3] > 0.6
				if rng.IntN(3) == 0 {
					x[3] = math.NaN()
					good = high
				}
				if !math.IsNaN(g.Grades[r]) {
					g.Grades[r] = 0
					if good {
						g.Grades[r] = 3
					}
				}
			}
		}
		prior := data.ranker(0.5, 0.5, 0.5, 0)
		fitted, _, err := Fit(context.Background(), data, prior, Options{Kind: engine.Trees, Boost: Boost{Rounds: 20}})
		if err != nil {
			t.Fatal(err)
		}
		m, err := model.New(&fitted, columns(data.Features))
		if err != nil {
			t.Fatal(err)
		}
		score := func(v float64) float64 { return m.Score([]float64{0.5, 0.5, 0.5, v}) }
		missing, good, bad := score(math.NaN()), score(0.9), score(0.1)
		if high && missing < bad+0.8*(good-bad) || !high && missing > bad+0.2*(good-bad) {
			t.Errorf("missing values are good: %v; scores %v missing, %v good, %v bad", high, missing, good, bad)
		}
		for range 300 {
			less := []float64{rng.Float64(), rng.Float64(), rng.Float64(), math.NaN()}
			more := slices.Clone(less)
			f := rng.IntN(3)
			more[f] += rng.Float64()
			if m.Score(more) < m.Score(less)-1e-9 {
				t.Fatalf("feature %d from %v to %v lowers the score", f, less[f], more[f])
			}
		}
	}
}

func TestFewQueriesTakeNoRounds(t *testing.T) {
	if testing.Short() {
		t.Skip("many fits")
	}
	data := bent(4, 6)
	prior := data.ranker(0.5, 0.5, 0.5, 0)
	for _, kind := range byRounds {
		fitted, _, err := Fit(context.Background(), data, prior, Options{Kind: kind})
		if err != nil {
			t.Fatal(err)
		}
		linear, _, err := Fit(context.Background(), data, prior, Options{})
		if err != nil {
			t.Fatal(err)
		}
		a, err := scoreAll(data, &fitted, ndcg)
		if err != nil {
			t.Fatal(err)
		}
		b, err := scoreAll(data, &linear, ndcg)
		if err != nil {
			t.Fatal(err)
		}
		if meanScores(a) != meanScores(b) {
			t.Errorf("%s: %v, linear %v", kind, meanScores(a), meanScores(b))
		}
		if again, _, err := Fit(context.Background(), data, prior, Options{Kind: kind}); err != nil || cmp.Diff(fitted, again) != "" {
			t.Errorf("%s: the same seed gave another ranker (%v)", kind, err)
		}
	}
}

func TestEdges(t *testing.T) {
	if e := edges([]float64{1, 1, 1}); len(e) != 0 {
		t.Errorf("a constant has edges %v", e)
	}
	if e := edges([]float64{0, 1, 0, 1, 1}); !slices.Equal(e, []float64{0.5}) {
		t.Errorf("two values have edges %v", e)
	}
	many := make([]float64, 1000)
	for i := range many {
		many[i] = float64(i)
	}
	if e := edges(many); len(e) != maxBins-1 || !slices.IsSorted(e) {
		t.Errorf("a thousand values have %d edges", len(e))
	}
	if e := edges(nil); len(e) != 0 {
		t.Errorf("no values have edges %v", e)
	}
}

func BenchmarkFitDNN(b *testing.B)   { benchmarkKind(b, engine.DNN) }
func BenchmarkFitTrees(b *testing.B) { benchmarkKind(b, engine.Trees) }

func benchmarkKind(b *testing.B, kind engine.Kind) {
	data, prior := electronicsSized()
	for b.Loop() {
		if _, _, err := Fit(context.Background(), data, prior, Options{Kind: kind}); err != nil {
			b.Fatal(err)
		}
	}
}
