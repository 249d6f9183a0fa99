package model

import (
	"encoding/json"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"touchstone/engine"
)

var names = []string{"a", "b", "c", "d", "unread"}

func ranker(t testing.TB, kind engine.Kind, parameters any) *engine.Ranker {
	r := &engine.Ranker{Name: "r", Version: 2, Kind: kind}
	for _, name := range names[:4] {
		r.Weights = append(r.Weights, engine.Weight{Feature: name, Offset: 0.25, Scale: 0.5})
	}
	if kind == engine.Linear {
		for i := range r.Weights {
			r.Weights[i].Weight = float64(i) - 1.5
		}
		return r
	}
	var err error
	if r.Model, err = json.Marshal(parameters); err != nil {
		t.Fatal(err)
	}
	return r
}

var linearPart = []engine.Weight{{Feature: "c", Weight: 2, Offset: 0.5}, {Feature: "a", Weight: -1, Scale: 4}}

func network(rng *rand.Rand, widths ...int) *Network {
	n := &Network{Linear: linearPart}
	in := 4
	for _, width := range append(widths, 1) {
		l := Layer{}
		for range width {
			row := make([]float64, in)
			for i := range row {
				row[i] = rng.NormFloat64()
			}
			l.Weights = append(l.Weights, row)
			l.Bias = append(l.Bias, rng.NormFloat64())
		}
		n.Layers = append(n.Layers, l)
		in = width
	}
	return n
}

func forest(rng *rand.Rand, trees, deep int) *Forest {
	f := &Forest{Linear: linearPart}
	for range trees {
		var t Tree
		var grow func(rows float64, left int)
		grow = func(rows float64, left int) {
			at := len(t)
			t = append(t, Node{Rows: rows, Value: rng.NormFloat64(), Feature: rng.IntN(4), Threshold: rng.Float64()})
			if left == 0 || rng.IntN(5) == 0 {
				return
			}
			t[at].Missing = []Side{"", Left, Right}[rng.IntN(3)]
			part := rows * (0.1 + 0.8*rng.Float64())
			t[at].Left = len(t)
			grow(part, left-1)
			t[at].Right = len(t)
			grow(rows-part, left-1)
		}
		grow(100, deep)
		f.Trees = append(f.Trees, t)
	}
	return f
}

func TestPartsSumToTheScore(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		for _, r := range []*engine.Ranker{
			ranker(t, engine.Linear, nil),
			ranker(t, engine.DNN, network(rng, 5)),
			ranker(t, engine.DNN, network(rng, 4, 3)),
			ranker(t, engine.Trees, forest(rng, 4, 5)),
		} {
			m, err := New(r, names)
			if err != nil {
				t.Fatal(err)
			}
			x, parts := someMissing(rng), make([]float64, 5)
			m.Explain(x, parts)
			sum := 0.0
			for _, p := range parts {
				sum += p
			}
			if math.Abs(sum-m.Score(x)) > 1e-9 {
				rt.Fatalf("%s: parts %v sum to %v, score %v", r.Kind, parts, sum, m.Score(x))
			}
			if parts[4] != 0 {
				rt.Fatalf("%s: a feature that is not read adds %v", r.Kind, parts[4])
			}
		}
	})
}

// someMissing is a row in which about every fourth value is missing.
func someMissing(rng *rand.Rand) []float64 {
	x := make([]float64, 5)
	for i := range x {
		x[i] = rng.Float64()
		if rng.IntN(4) == 0 {
			x[i] = math.NaN()
		}
	}
	return x
}

// goesLeft is where a row goes by what the format says.
func goesLeft(n Node, value float64) bool {
	if value != value {
		if n.Missing != "" {
			return n.Missing == Left
		}
		value = 0
	}
	return !(value > n.Threshold)
}

// shapley is the definition: each feature's mean gain over all orders in which
// features can become known. A feature that is not known sends a row down both
// sides, by the rows that went there.
func shapley(t Tree, x []float64, features int) []float64 {
	var value func(node int, known uint) float64
	value = func(i int, known uint) float64 {
		n := t[i]
		switch {
		case n.Left == 0:
			return n.Value
		case known>>n.Feature&1 == 1 && goesLeft(n, x[n.Feature]):
			return value(n.Left, known)
		case known>>n.Feature&1 == 1:
			return value(n.Right, known)
		}
		l, r := t[n.Left].Rows, t[n.Right].Rows
		return (l*value(n.Left, known) + r*value(n.Right, known)) / (l + r)
	}
	factorial := func(n int) float64 { return math.Gamma(float64(n + 1)) }
	out := make([]float64, features)
	for f := range out {
		for known := range uint(1) << features {
			if known>>f&1 == 1 {
				continue
			}
			size := bits.OnesCount(known)
			weight := factorial(size) * factorial(features-size-1) / factorial(features)
			out[f] += weight * (value(0, known|1<<f) - value(0, known))
		}
	}
	return out
}

// TestNoPartIsMinusZero holds that what adds nothing is 0 and not −0, which JSON
// would show.
func TestNoPartIsMinusZero(t *testing.T) {
	parts := make([]float64, 1)
	Linear{{Feature: "accessory", Weight: -0.1, Scale: 1}}.Explain([]float64{0}, parts)
	if math.Signbit(parts[0]) {
		t.Errorf("nothing times −0.1 is %v", parts[0])
	}
}

func TestTreePartsAreShapleyValues(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		f := forest(rng, 2, 6)
		f.Linear = nil
		m, err := New(ranker(t, engine.Trees, f), names)
		if err != nil {
			t.Fatal(err)
		}
		x, parts := someMissing(rng), make([]float64, 5)
		m.Explain(x, parts)
		want := make([]float64, 4)
		for _, tree := range m.(*trees).trees {
			for i, v := range shapley(tree, x, 4) {
				want[i] += v
			}
		}
		for i := range want {
			if math.Abs(parts[i]-want[i]) > 1e-9 {
				rt.Fatalf("feature %d: %v, by definition %v", i, parts[i], want[i])
			}
		}
	})
}

// With one hidden layer the rescale rule gives the mean gradient on the way.
func TestNetworkPartsAreAumannShapleyValues(t *testing.T) {
	n := network(rand.New(rand.NewPCG(1, 2)), 6)
	n.Linear = nil
	m, err := New(ranker(t, engine.DNN, n), names)
	if err != nil {
		t.Fatal(err)
	}
	x, parts := []float64{0.9, -0.4, 0.3, 1.2, 0}, make([]float64, 5)
	m.Explain(x, parts)
	const steps = 4000
	for i := range 4 {
		sum := 0.0
		for s := range steps {
			up, down := make([]float64, 5), make([]float64, 5)
			for j := range x {
				up[j] = x[j] * (float64(s) + 0.5) / steps
				down[j] = up[j]
			}
			up[i] += 1e-5
			down[i] -= 1e-5
			sum += (m.Score(up) - m.Score(down)) / 2e-5 * x[i] / steps
		}
		if math.Abs(sum-parts[i]) > 1e-5 {
			t.Errorf("feature %d: part %v, integral %v", i, parts[i], sum)
		}
	}
}

func TestBrokenModelsAreNamed(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	leaf := Node{Rows: 1}
	tests := map[string]struct {
		r    *engine.Ranker
		want string
	}{
		"no such kind":      {ranker(t, "magic", nil), `unknown kind "magic"`},
		"no network":        {ranker(t, engine.DNN, Network{}), "one output"},
		"not JSON":          {&engine.Ranker{Kind: engine.Trees, Model: json.RawMessage("{")}, "can't be read"},
		"two outputs":       {ranker(t, engine.DNN, Network{Layers: network(rng, 2).Layers[:1]}), "one output"},
		"too narrow":        {ranker(t, engine.DNN, Network{Layers: network(rng, 2).Layers[1:]}), "reads 2 values of 4"},
		"no bias":           {ranker(t, engine.DNN, Network{Layers: []Layer{{Weights: [][]float64{{1, 2, 3, 4}}}}}), "0 biases"},
		"an empty tree":     {ranker(t, engine.Trees, Forest{Trees: []Tree{{}}}), "tree 1 is empty"},
		"a circle":          {ranker(t, engine.Trees, Forest{Trees: []Tree{{{Rows: 2, Left: 1, Right: 2}, {Rows: 1, Left: 1, Right: 2}, leaf}}}), "must come after"},
		"a child too far":   {ranker(t, engine.Trees, Forest{Trees: []Tree{{{Rows: 2, Left: 1, Right: 9}, leaf}}}), "must come after"},
		"no such feature":   {ranker(t, engine.Trees, Forest{Trees: []Tree{{{Rows: 2, Feature: 7, Left: 1, Right: 2}, leaf, leaf}}}), "feature 7 of 4"},
		"a shared child":    {ranker(t, engine.Trees, Forest{Trees: []Tree{{{Rows: 2, Left: 1, Right: 2}, {Rows: 1, Left: 2, Right: 3}, leaf, leaf}}}), "child of 2 nodes"},
		"a third side":      {ranker(t, engine.Trees, Forest{Trees: []Tree{{{Rows: 2, Missing: "up", Left: 1, Right: 2}, leaf, leaf}}}), `the side "up"`},
		"no rows":           {ranker(t, engine.Trees, Forest{Trees: []Tree{{{}}}}), "rows above 0"},
		"an unknown column": {&engine.Ranker{Name: "x", Kind: engine.Linear, Weights: []engine.Weight{{Feature: "zz"}}}, `"zz"`},
		"a NaN":             {&engine.Ranker{Kind: engine.Linear, Weights: []engine.Weight{{Feature: "a", Weight: math.NaN()}}}, "finite"},
	}
	for name, test := range tests {
		m, err := New(test.r, names)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, %v; want %q", name, m, err, test.want)
		}
	}
}

// FuzzModel holds that no parameters crash: they are refused or they score.
func FuzzModel(f *testing.F) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, v := range []any{network(rng, 2), forest(rng, 1, 3)} {
		b, err := json.Marshal(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, parameters []byte) {
		for _, kind := range []engine.Kind{engine.DNN, engine.Trees} {
			r := ranker(t, engine.Linear, nil)
			r.Kind, r.Model = kind, parameters
			m, err := New(r, names)
			if err != nil {
				continue
			}
			x, parts := []float64{1, 0, 0.5, 2, 0}, make([]float64, 5)
			m.Explain(x, parts)
			m.Score(x)
		}
	})
}

func BenchmarkExplain(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, r := range []*engine.Ranker{ranker(b, engine.DNN, network(rng, 16)), ranker(b, engine.Trees, forest(rng, 100, 4))} {
		b.Run(fmt.Sprint(r.Kind), func(b *testing.B) {
			m, err := New(r, names)
			if err != nil {
				b.Fatal(err)
			}
			x, parts := []float64{1, 0, 0.5, 2, 0}, make([]float64, 5)
			for b.Loop() {
				m.Explain(x, parts)
			}
		})
	}
}
