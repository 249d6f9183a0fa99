package learn

import (
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"touchstone/engine"
	"touchstone/engine/measure"
)

func TestLearnAdoptsWhatHelps(t *testing.T) {
	w := world{truth: []float64{1, 0.5, -0.7, 0}, noise: 0.1, rows: 60, grade: 30}
	data := w.dataset(40, 1)
	got, err := Learn(context.Background(), data, data.ranker(0.1, 0.2, 0.3, 0.9), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !got.Decision.Adopt || !strings.HasPrefix(got.Decision.Why, "On 40 queries it was not trained on: ") {
		t.Errorf("got %+v", got.Decision)
	}
	if n := len(got.Decision.Better) + len(got.Decision.Worse) + got.Decision.Equal; n != 40 {
		t.Errorf("%d left-out queries, want 40", n)
	}
	if got.Ranker.Made.After <= got.Ranker.Made.Before || got.Ranker.Made.From != "test v1" || got.Ranker.Made.Queries != 40 {
		t.Errorf("made: %+v", got.Ranker.Made)
	}
}

// Grades that are pure noise teach nothing: most draws must be refused.
func TestLearnKeepsThePriorOnNoise(t *testing.T) {
	if testing.Short() {
		t.Skip("many fits")
	}
	adopted := 0
	var harm float64
	for seed := range uint64(10) {
		w := world{truth: []float64{1, 0.5, -0.7, 0, 0, 0}, noise: 0.1, rows: 40, grade: 15}
		data := w.dataset(12, seed)
		prior := data.ranker(w.truth...)
		for i := range data.Groups {
			g := data.Groups[i].Grades
			for j, k := 0, len(g)-1; j < k; j, k = j+1, k-1 {
				g[j], g[k] = g[k], g[j]
			}
		}
		got, err := Learn(context.Background(), data, prior, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got.Decision.Adopt {
			adopted++
			fresh, err := scoreAll(w.dataset(50, 1000+seed), &got.Ranker, ndcg)
			if err != nil {
				t.Fatal(err)
			}
			old, err := scoreAll(w.dataset(50, 1000+seed), &prior, ndcg)
			if err != nil {
				t.Fatal(err)
			}
			harm = min(harm, meanScores(fresh).Judged-meanScores(old).Judged)
		}
	}
	t.Logf("adopted %d of 10, at worst %.4f", adopted, harm)
	if adopted > 4 {
		t.Errorf("adopted %d of 10 rankers learned from noise", adopted)
	}
}

var ndcg = measure.Metric{Kind: measure.NDCG, K: 10}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

func TestFewGrades(t *testing.T) {
	nan := math.NaN()
	one := func(grades ...float64) *Dataset {
		d := &Dataset{Features: []engine.Feature{{Name: "a"}, {Name: "b"}}}
		for len(grades) > 0 {
			n := min(6, len(grades))
			g := Group{Query: string(rune('p' + len(d.Groups))), Grades: grades[:n]}
			for i := range n {
				g.Products = append(g.Products, string(rune('A'+i)))
				g.X = append(g.X, float64(i)/6, float64(i*i%5)/5)
			}
			d.Groups = append(d.Groups, g)
			grades = grades[n:]
		}
		return d
	}
	tests := map[string]*Dataset{
		"nothing at all":               {},
		"features only":                one(),
		"no grade":                     one(nan, nan, nan),
		"one grade":                    one(3, nan, nan),
		"one grade of 0":               one(0, nan, nan),
		"all the same":                 one(2, 2, 2),
		"one query":                    one(3, 0, nan, 1, nan, nan),
		"one query, all graded":        one(3, 0, 2, 1, 0, 3),
		"two queries":                  one(3, 0, nan, nan, nan, nan, 0, 0, 2),
		"three queries, one of zeros":  one(3, 0, nan, nan, nan, nan, 0, 0, 0, 0, 0, 0, 1, 2),
		"one product a query":          {Features: []engine.Feature{{Name: "a"}, {Name: "b"}}, Groups: []Group{{Query: "q", Products: []string{"x"}, X: []float64{1, 1}, Grades: []float64{3}}}},
		"judged product without a row": {Features: []engine.Feature{{Name: "a"}, {Name: "b"}}, Groups: []Group{{Query: "q", Missing: []float64{3}}}},
		"constant features":            {Features: []engine.Feature{{Name: "a"}, {Name: "b"}}, Groups: []Group{{Query: "q", Products: []string{"x", "y"}, X: []float64{1, 1, 1, 1}, Grades: []float64{3, 0}}}},
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			for _, prior := range [][]float64{{1, 0.5}, {0, 0}} {
				r := engine.Ranker{Name: "prior", Kind: engine.Linear}
				if len(data.Features) > 0 {
					r = data.ranker(prior...)
				}
				got, err := Learn(context.Background(), data, r, Options{})
				if err != nil {
					t.Fatal(err)
				}
				if got.Decision.Why == "" {
					t.Error("no reason")
				}
				for _, w := range got.Ranker.Weights {
					if math.IsNaN(w.Weight) || math.IsInf(w.Weight, 0) {
						t.Errorf("weight %v", w)
					}
				}
				t.Logf("%v: %v %s", prior, got.Decision.Adopt, got.Decision.Why)
			}
		})
	}
}

func TestBadDataIsNamed(t *testing.T) {
	good := func() *Dataset {
		return &Dataset{Features: []engine.Feature{{Name: "a"}}, Groups: []Group{
			{Query: "q", Products: []string{"x", "y"}, X: []float64{1, 2}, Grades: []float64{0, 1}},
		}}
	}
	tests := map[string]struct {
		spoil func(*Dataset)
		names string
	}{
		"minus infinity": {func(d *Dataset) { d.Groups[0].X[1] = math.Inf(-1) }, "product y: feature a"},
		"an infinity":    {func(d *Dataset) { d.Groups[0].X[0] = math.Inf(1) }, "product x: feature a"},
		"short X":        {func(d *Dataset) { d.Groups[0].X = d.Groups[0].X[:1] }, `"q" has 1 feature values`},
		"short grades":   {func(d *Dataset) { d.Groups[0].Grades = nil }, `"q" has 0 grades`},
		"short added":    {func(d *Dataset) { d.Groups[0].Added = []bool{true} }, `"q" marks 1`},
		"grade below 0":  {func(d *Dataset) { d.Groups[0].Grades[1] = -1 }, "product y: grade -1"},
		"a huge grade":   {func(d *Dataset) { d.Groups[0].Grades[1] = 1e9 }, "product y: grade"},
		"missing NaN":    {func(d *Dataset) { d.Groups[0].Missing = []float64{math.NaN()} }, "missing product"},
		"a query twice":  {func(d *Dataset) { d.Groups = append(d.Groups, d.Groups[0]) }, `"q" is there twice`},
	}
	for name, test := range tests {
		data := good()
		prior := data.ranker(1)
		test.spoil(data)
		_, _, err := Fit(context.Background(), data, prior, Options{})
		if err == nil || !strings.Contains(err.Error(), test.names) {
			t.Errorf("%s: got %v, want %q in it", name, err, test.names)
		}
		if _, err := CrossValidate(context.Background(), data, prior, Options{}); err == nil {
			t.Errorf("%s: cross-validated", name)
		}
	}
	data := good()
	for name, prior := range map[string]engine.Ranker{
		"an unknown feature": {Kind: engine.Linear, Weights: []engine.Weight{{Feature: "z"}}},
		"a NaN weight":       {Kind: engine.Linear, Weights: []engine.Weight{{Feature: "a", Weight: math.NaN()}}},
	} {
		if _, _, err := Fit(context.Background(), data, prior, Options{}); err == nil {
			t.Errorf("%s: fitted", name)
		}
	}
}

// Every query that can be measured is left out exactly once, whatever the
// folds, and no fold trains on what it tests.
func TestFolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 40).Draw(t, "queries")
		folds := rapid.IntRange(0, 12).Draw(t, "folds")
		data := world{truth: []float64{1, 1}, rows: 4, grade: 3}.dataset(n, rapid.Uint64().Draw(t, "seed"))
		var useful []int
		for i := range data.Groups {
			if data.Groups[i].useful() {
				useful = append(useful, i)
			}
		}
		if len(useful) < 2 {
			return
		}
		left := map[string]int{}
		for _, s := range splitQueries(data, useful, folds, newRand(1)) {
			var train []string
			for _, g := range s.train.Groups {
				train = append(train, g.Query)
			}
			for _, g := range s.test.Groups {
				left[g.Query]++
				if slices.Contains(train, g.Query) {
					t.Fatalf("%s is trained on and left out", g.Query)
				}
			}
			if len(train)+len(s.test.Groups) != len(useful) || len(s.test.Groups) == 0 {
				t.Fatalf("fold of %d, trained on %d, of %d", len(s.test.Groups), len(train), len(useful))
			}
		}
		for _, i := range useful {
			if left[data.Groups[i].Query] != 1 {
				t.Fatalf("%s was left out %d times", data.Groups[i].Query, left[data.Groups[i].Query])
			}
		}
	})
}

// A left-out query can't influence the ranker it is measured with: with its
// grades turned around, the others' results stay.
func TestLeftOutMeansLeftOut(t *testing.T) {
	w := world{truth: []float64{1, 0.5, -0.7}, noise: 0.1, rows: 30, grade: 12}
	a, b := w.dataset(6, 3), w.dataset(6, 3)
	for i, grade := range b.Groups[2].Grades {
		if !math.IsNaN(grade) {
			b.Groups[2].Grades[i] = 3 - grade
		}
	}
	va, err := CrossValidate(context.Background(), a, a.ranker(0.2, 0.2, 0.2), Options{})
	if err != nil {
		t.Fatal(err)
	}
	fits := func(d *Dataset) engine.Ranker {
		o, _ := Options{}.withDefaults()
		var useful []int
		for i := range d.Groups {
			useful = append(useful, i)
		}
		prior := d.ranker(0.2, 0.2, 0.2)
		for _, s := range splitQueries(d, useful, 6, newRand(1)) {
			if s.test.Groups[0].Query == d.Groups[2].Query {
				r, _, err := fit(context.Background(), &s.train, &prior, &o)
				if err != nil {
					t.Fatal(err)
				}
				return r
			}
		}
		t.Fatal("no fold leaves the query out")
		return engine.Ranker{}
	}
	if x, y := fits(a), fits(b); !slices.Equal(x.Weights, y.Weights) {
		t.Errorf("the left-out grades changed the ranker: %v, %v", x.Weights, y.Weights)
	}
	if len(va.Held) != 6 || va.Held[2].Query != "query 2" {
		t.Errorf("held: %+v", va.Held)
	}
}

func TestDecide(t *testing.T) {
	held := func(n int, whole, judged float64, worse int) *Validation {
		v := &Validation{}
		for i := range n {
			h := Held{Query: string(rune('a' + i)), Before: Scores{0.5, 0.5}, After: Scores{0.5 + whole, 0.5 + judged}}
			if i < worse {
				h.After.Whole = 0.5 - whole/2
			}
			v.Held = append(v.Held, h)
		}
		return v
	}
	tests := []struct {
		name  string
		v     *Validation
		adopt bool
		why   string
	}{
		{"better", held(25, 0.1, 0.1, 5), true, "On 25 queries it was not trained on: 20 better, 5 worse, 0 equal."},
		{"worse on the whole page", held(9, -0.1, 0.1, 0), false, "Learned from 12 grades, but 9 of 9 left-out queries got worse: kept the old weights. Grade more of: a, b, c."},
		{"worse on the judged", held(25, 0.1, -0.01, 0), false, "judged products of 25 left-out queries came out in a worse order"},
		{"few and mixed", held(5, 0.1, 0, 3), false, "3 of 5 left-out queries got worse"},
		{"few and clear", held(4, 0.1, 0, 0), true, "On 4 queries it was not trained on: 4 better"},
		{"no change", held(25, 0, 0, 0), false, "nothing changes"},
		{"few, no change", held(4, 0, 0, 0), false, "nothing changes"},
		{"stays", held(4, 0, 0, 0), false, "do not agree on what helps"},
		{"stays, though parts gained", held(4, 0.1, 0.1, 1), false, "but it is not sure that queries left out gain (3 better, 1 worse): kept the old weights. Grade more queries."},
		{"stays, and parts lost", held(25, -0.1, 0, 0), false, "25 of 25 left-out queries got worse"},
		{"one query stays", &Validation{OneQuery: true, Held: []Held{{Query: "q (part 1)"}}}, false, "Grade results of a second query"},
		{"nothing left out", &Validation{}, false, "Too few grades"},
		{"one part", &Validation{OneQuery: true, Held: []Held{{Query: "q (part 1)", Before: Scores{0.5, 0.5}, After: Scores{0.4, 0.4}}}}, false, "1 of 1 left-out part of the grades got worse"},
	}
	for _, test := range tests {
		d := Decide(test.v, 12, !strings.Contains(test.name, "stays"))
		if d.Adopt != test.adopt || !strings.Contains(d.Why, test.why) {
			t.Errorf("%s: got %v %q, want %v %q", test.name, d.Adopt, d.Why, test.adopt, test.why)
		}
	}
}

func TestExplain(t *testing.T) {
	// Only feature a tells x from y; feature b never differs.
	data := &Dataset{Features: []engine.Feature{{Name: "a"}, {Name: "b"}}, Groups: []Group{
		{Query: "q", Products: []string{"x", "y"}, X: []float64{0.9, 0.5, 0.5, 0.5}, Grades: []float64{3, 0}},
		{Query: "r", Products: []string{"u", "v"}, X: []float64{0.6, 0.5, 0.5, 0.5}, Grades: []float64{1, 0}},
	}}
	prior := data.ranker(0, 0.1)
	fitted, _, err := Fit(context.Background(), data, prior, Options{Trust: Least})
	if err != nil {
		t.Fatal(err)
	}
	changes, err := Explain(data, prior, fitted, 2, Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, b := changes[0], changes[1]
	if a.After <= a.Before || len(a.Pushes) != 2 || a.Pushes[0].Better != "x" || a.Pushes[0].Worse != "y" || a.Pushes[0].Query != "q" {
		t.Errorf("feature a: %+v", a)
	}
	if sum := a.Pushes[0].Share + a.Pushes[1].Share; math.Abs(sum-1) > 1e-12 {
		t.Errorf("two pairs pushed %v of the whole", sum)
	}
	if b.After != b.Before || len(b.Pushes) != 0 {
		t.Errorf("feature b: %+v", b)
	}
	// With an unjudged product a judged pair counts on both pages, and is told of
	// once.
	g := &data.Groups[0]
	g.Products, g.X, g.Grades = append(g.Products, "z"), append(g.X, 0.4, 0.5), append(g.Grades, math.NaN())
	if changes, err = Explain(data, prior, fitted, 10, Options{}); err != nil {
		t.Fatal(err)
	}
	told := map[[2]string]int{}
	for _, p := range changes[0].Pushes {
		told[[2]string{p.Better, p.Worse}]++
	}
	if want := map[[2]string]int{{"x", "y"}: 1, {"x", "z"}: 1, {"u", "v"}: 1}; !maps.Equal(told, want) {
		t.Errorf("told of %v, want %v", told, want)
	}
}

func TestLearningCurve(t *testing.T) {
	w := world{truth: []float64{1, 0.5, -0.7, 0}, noise: 0.1, rows: 40, grade: 20}
	data := w.dataset(24, 1)
	prior := data.ranker(0.1, 0.2, 0.3, 0.9)
	curve, err := LearningCurve(context.Background(), data, prior, Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	first, last := curve.Points[0], curve.Points[len(curve.Points)-1]
	if first.Queries >= last.Queries || last.Left.Whole <= curve.Before.Whole || last.Left.Whole < first.Left.Whole {
		t.Errorf("more queries did not help: before %v, %+v", curve.Before, curve.Points)
	}
	if curve.Says == "" {
		t.Error("it says nothing")
	}
	few, err := LearningCurve(context.Background(), w.dataset(3, 1), prior, Options{})
	if err != nil || len(few.Points) != 0 || !strings.Contains(few.Says, "needs 6") {
		t.Errorf("of three queries: %+v, %v", few, err)
	}
}
