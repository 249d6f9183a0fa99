package tune

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nlpodyssey/spago/ag"
	"github.com/nlpodyssey/spago/mat"
	"gonum.org/v1/gonum/stat"

	"touchstone/engine"
	"touchstone/engine/measure"
)

const dim = 24

func unit(rng *rand.Rand) []float32 {
	v := make([]float32, dim)
	for i := range v {
		v[i] = float32(rng.NormFloat64())
	}
	length := float32(math.Sqrt(float64(engine.Dot(v, v))))
	for i := range v {
		v[i] /= length
	}
	return v
}

func TestHeadGradientAgainstFiniteDifferences(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	items := [][]float32{unit(rng), unit(rng), unit(rng), unit(rng)}
	e, err := newExample[float64](unit(rng), items, []float64{0.7, 0.3, 0, 0}, []float64{1, 1, 1, 0.3}, []float64{0, 0.4, -0.7, 0.2}, 6)
	if err != nil {
		t.Fatal(err)
	}
	const r = 3
	values := [2][]float64{make([]float64, r*dim), make([]float64, r*dim)}
	for _, list := range values {
		for i := range list {
			list[i] = 0.2 * rng.NormFloat64()
		}
	}
	parameters := func() (down, up mat.Tensor) {
		return mat.NewDense[float64](mat.WithShape(r, dim), mat.WithBacking(values[0]), mat.WithGrad(true)),
			mat.NewDense[float64](mat.WithShape(dim, r), mat.WithBacking(values[1]), mat.WithGrad(true))
	}
	loss := func() float64 {
		down, up := parameters()
		return e.loss(down, up).Value().(mat.Matrix).Item().F64()
	}
	down, up := parameters()
	if err := ag.Backward(e.loss(down, up)); err != nil {
		t.Fatal(err)
	}
	for which, p := range []mat.Tensor{down, up} {
		gradient := mat.Data[float64](p.Grad().(mat.Matrix))
		for i := range values[which] {
			const h = 1e-6
			was := values[which][i]
			values[which][i] = was + h
			above := loss()
			values[which][i] = was - h
			want := (above - loss()) / (2 * h)
			values[which][i] = was
			if math.Abs(gradient[i]-want) > 1e-6 {
				t.Errorf("%s, value %d: gradient %v, finite difference %v", []string{"down", "up"}[which], i, gradient[i], want)
			}
		}
	}
}

// world makes queries whose good products share a hidden direction that the
// cosine does not see: half of the dimensions say nothing.
func world(n int, seed uint64) []Query {
	rng := rand.New(rand.NewPCG(seed, 2))
	queries := make([]Query, n)
	for i := range queries {
		q := Query{Text: string(rune('a' + i)), Vector: unit(rng)}
		for range 30 {
			v := unit(rng)
			same := float32(0)
			for k := range dim / 2 {
				same += v[k] * q.Vector[k]
			}
			grade := 0.0
			if same > 0.1 {
				grade = 3
			} else if same > 0.05 {
				grade = 1
			}
			if rng.IntN(3) == 0 {
				grade = math.NaN()
			}
			q.Products, q.Grades = append(q.Products, v), append(q.Grades, grade)
		}
		queries[i] = q
	}
	return queries
}

func TestTrainFindsWhatMatters(t *testing.T) {
	head, _, err := Train(context.Background(), world(40, 1), Options{Seed: 1, Rate: 1e-3})
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(head); err != nil {
		t.Fatal(err)
	}
	ndcg := measure.Metric{Kind: measure.NDCG, K: 10}
	nothing := newTrainer(dim, 1, 1e-3).head()
	others := world(40, 2)
	before, after := stat.Mean(measured(others, nothing, ndcg), nil), stat.Mean(measured(others, head, ndcg), nil)
	if after < before+0.01 {
		t.Errorf("on other queries %.4f before, %.4f after", before, after)
	}
	again, _, err := Train(context.Background(), world(40, 1), Options{Seed: 1, Rate: 1e-3})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(head, again); diff != "" {
		t.Errorf("the same seed gave another head:\n%s", diff)
	}
}

// Where the ranker in use has every product in its place already, nothing is left
// to learn, whatever the cosines say.
func TestTrainLeavesARankerThatIsRight(t *testing.T) {
	queries := world(20, 1)
	for i := range queries {
		q := &queries[i]
		q.Slope = 0.1
		for _, grade := range q.Grades {
			if math.IsNaN(grade) {
				grade = -1
			}
			q.Rest = append(q.Rest, grade)
		}
	}
	head, _, err := Train(context.Background(), queries, Options{Seed: 1, Rate: 1e-3})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range head.Up {
		if v != 0 {
			t.Fatalf("a head with %v in it", v)
		}
	}
	// Without a say of the cosine there is no example at all.
	for i := range queries {
		queries[i].Slope = 0
	}
	if _, _, err := Train(context.Background(), queries, Options{}); err == nil || !strings.Contains(err.Error(), "there are 0") {
		t.Errorf("a ranker that does not go by the cosine: %v", err)
	}
}

func TestTrainSaysWhatIsWrong(t *testing.T) {
	good := world(8, 1)
	for name, test := range map[string]struct {
		spoil func([]Query) []Query
		want  string
	}{
		"nothing":        {func([]Query) []Query { return nil }, "needs 5 queries"},
		"few":            {func(q []Query) []Query { return q[:3] }, "there are 3"},
		"short vector":   {func(q []Query) []Query { q[2].Products[0] = q[2].Products[0][:3]; return q }, "has 3 values"},
		"another length": {func(q []Query) []Query { q[1].Vector = q[1].Vector[:9]; return q }, "values"},
		"missing grades": {func(q []Query) []Query { q[1].Grades = nil; return q }, "0 grades"},
		"short scores":   {func(q []Query) []Query { q[1].Rest = []float64{1}; return q }, "1 scores"},
	} {
		queries := make([]Query, len(good))
		for i, q := range good {
			queries[i] = q
			queries[i].Products = append([][]float32(nil), q.Products...)
		}
		if _, _, err := Train(context.Background(), test.spoil(queries), Options{}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	steps := 0
	_, _, err := Train(ctx, good, Options{Progress: func(p engine.Progress) {
		if steps++; steps == 3 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || steps != 3 {
		t.Errorf("cancelled after 3 steps: %v after %d", err, steps)
	}
}
