package bert

import (
	"fmt"
	"math"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"touchstone/engine/kernel"
)

// slowForward is the network in float64, one token and one output at a time, as
// the papers write it: the last layer's vectors of one sequence.
func slowForward(t tensors, a architecture, ids []int32) [][]float64 {
	values := func(name string) []float32 { return t[name].values() }
	dense := func(x []float64, name string) []float64 {
		weight, y := values(name+".weight"), []float64{}
		for i, bias := range values(name + ".bias") {
			sum := float64(bias)
			for k, v := range x {
				sum += v * float64(weight[i*len(x)+k])
			}
			y = append(y, sum)
		}
		return y
	}
	norm := func(x []float64, name string) []float64 {
		var mean, variance float64
		for _, v := range x {
			mean += v / float64(len(x))
		}
		for _, v := range x {
			variance += (v - mean) * (v - mean) / float64(len(x))
		}
		y, weight, bias := make([]float64, len(x)), values(name+".weight"), values(name+".bias")
		for i, v := range x {
			y[i] = (v-mean)/math.Sqrt(variance+a.Epsilon)*float64(weight[i]) + float64(bias[i])
		}
		return y
	}
	add := func(x, y []float64) []float64 {
		sum := make([]float64, len(x))
		for i := range x {
			sum[i] = x[i] + y[i]
		}
		return sum
	}
	words, positions, segments := values("embeddings.word_embeddings.weight"), values("embeddings.position_embeddings.weight"), values("embeddings.token_type_embeddings.weight")
	var x [][]float64
	for p, id := range ids {
		row := make([]float64, a.Hidden)
		for j := range row {
			row[j] = float64(words[int(id)*a.Hidden+j]) + float64(positions[p*a.Hidden+j]) + float64(segments[j])
		}
		x = append(x, norm(row, "embeddings.LayerNorm"))
	}
	for i := range a.Layers {
		prefix := fmt.Sprintf("encoder.layer.%d.", i)
		var q, k, v [][]float64
		for _, row := range x {
			q = append(q, dense(row, prefix+"attention.self.query"))
			k = append(k, dense(row, prefix+"attention.self.key"))
			v = append(v, dense(row, prefix+"attention.self.value"))
		}
		size := a.Hidden / a.Heads
		for token := range x {
			gathered := make([]float64, a.Hidden)
			for h := 0; h < a.Hidden; h += size {
				var total float64
				weight := make([]float64, len(x))
				for j := range x {
					var score float64
					for d := h; d < h+size; d++ {
						score += q[token][d] * k[j][d]
					}
					weight[j] = math.Exp(score / math.Sqrt(float64(size)))
					total += weight[j]
				}
				for j := range x {
					for d := h; d < h+size; d++ {
						gathered[d] += weight[j] / total * v[j][d]
					}
				}
			}
			row := norm(add(x[token], dense(gathered, prefix+"attention.output.dense")), prefix+"attention.output.LayerNorm")
			inner := dense(row, prefix+"intermediate.dense")
			for j, g := range inner {
				inner[j] = g * 0.5 * (1 + math.Erf(g/math.Sqrt2))
			}
			x[token] = norm(add(row, dense(inner, prefix+"output.dense")), prefix+"output.LayerNorm")
		}
	}
	return x
}

func slowPool(t tensors, a architecture, pooling Pooling, x [][]float64) []float64 {
	y := append([]float64{}, x[0]...)
	for _, row := range x[1:] {
		for j, v := range row {
			switch pooling {
			case Mean:
				y[j] += v
			case Max:
				y[j] = max(y[j], v)
			}
		}
	}
	switch pooling {
	case Mean:
		for j := range y {
			y[j] /= float64(len(x))
		}
	case Pooler:
		weight, bias, cls := t["pooler.dense.weight"].values(), t["pooler.dense.bias"].values(), x[0]
		for i := range y {
			sum := float64(bias[i])
			for k, v := range cls {
				sum += v * float64(weight[i*a.Hidden+k])
			}
			y[i] = math.Tanh(sum)
		}
	}
	return y
}

// TestForwardEqualsSlowTwin runs random networks over batches of random
// sequences, packed end to end, on each instruction set of this machine.
func TestForwardEqualsSlowTwin(t *testing.T) {
	for _, isa := range kernel.Available() {
		t.Run(isa.String(), func(t *testing.T) {
			t.Setenv("TOUCHSTONE_KERNEL", isa.String())
			rapid.Check(t, checkForward)
		})
	}
}

func checkForward(t *rapid.T) {
	a := tinyArchitecture
	a.Heads = rapid.IntRange(1, 4).Draw(t, "heads")
	a.Hidden = a.Heads * rapid.IntRange(1, 9).Draw(t, "size")
	a.Inner = rapid.IntRange(1, 40).Draw(t, "inner")
	a.Layers = rapid.IntRange(1, 3).Draw(t, "layers")
	pooling := rapid.SampledFrom([]Pooling{Mean, CLS, Max, Pooler}).Draw(t, "pooling")
	weights := tinyTensors(a, rapid.Uint64().Draw(t, "seed"))
	if a.Hidden == 1 {
		t.Skip("the norm of a single value is its bias, whatever the value")
	}
	n, err := newNetwork(weights, a, pooling, FP32)
	if err != nil {
		t.Fatal(err)
	}
	sequences := rapid.SliceOfN(rapid.SliceOfN(rapid.Int32Range(0, int32(a.Vocabulary)-1), 1, a.Positions), 1, 6).Draw(t, "sequences")
	m := &Model{settings: settings{architecture: a, pooling: pooling, maxTokens: a.Positions}, network: n}
	got := forward(m, rapid.IntRange(1, 3).Draw(t, "workers"), sequences...)
	for i, s := range sequences {
		want := slowPool(weights, a, pooling, slowForward(weights, a, s))
		for j, w := range want {
			if d := math.Abs(float64(got[i*a.Hidden+j]) - w); !(d < 2e-3*(1+math.Abs(w))) {
				t.Fatalf("sequence %d, value %d: %g, want %g", i, j, got[i*a.Hidden+j], w)
			}
		}
	}
}

// TestBaseShape runs one layer of the shape of bert-base-uncased and
// bert-base-chinese, random weights, in both precisions.
func TestBaseShape(t *testing.T) {
	if testing.Short() {
		t.Skip("the slow twin is slow at this size")
	}
	a := tinyArchitecture
	a.Hidden, a.Heads, a.Inner, a.Layers = 768, 12, 3072, 1
	weights := tinyTensors(a, 3)
	ids := []int32{2, 5, 6, 11, 12, 7, 3}
	want := slowPool(weights, a, Mean, slowForward(weights, a, ids))
	for precision, tolerance := range map[Precision]float64{FP32: 1e-5, Int8: 0.05} {
		t.Run(string(precision), func(t *testing.T) {
			in := weights
			if precision == Int8 {
				var err error
				if in, err = quantise(weights, a); err != nil {
					t.Fatal(err)
				}
			}
			n, err := newNetwork(in, a, Mean, precision)
			if err != nil {
				t.Fatal(err)
			}
			got := forward(&Model{settings: settings{architecture: a, pooling: Mean, maxTokens: a.Positions}, network: n}, 2, ids)
			for j, w := range want {
				if d := math.Abs(float64(got[j]) - w); !(d < tolerance) {
					t.Fatalf("value %d: %g, want %g", j, got[j], w)
				}
			}
		})
	}
}

// forward runs sequences through a network, shared by some workers, and returns
// their pooled vectors, not normalised.
func forward(m *Model, workers int, sequences ...[]int32) []float32 {
	var b batch
	for _, s := range sequences {
		b.ids = append(b.ids, s...)
		b.add()
	}
	b.begin(m, workers)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() { newWorker(m).run(&b) })
	}
	group.Wait()
	return b.pooled
}
