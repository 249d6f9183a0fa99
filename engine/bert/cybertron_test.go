package bert

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"
	"time"

	cybertron "github.com/nlpodyssey/cybertron/pkg/models/bert"
	"github.com/nlpodyssey/cybertron/pkg/vocabulary"
	"github.com/nlpodyssey/spago/mat"
	"github.com/nlpodyssey/spago/nn"
	spago "github.com/nlpodyssey/spago/nn/linear"
	"github.com/nlpodyssey/spago/nn/normalization/layernorm"
)

// inChild is set in the process that runs cybertron, whose operators end the
// process on an error.
const inChild = "TOUCHSTONE_TEST_CYBERTRON"

// TestCybertron runs the same weights and token ids through cybertron's BERT, an
// implementation that shares no code with this one. It differs in two known
// ways: its LayerNorm has an epsilon of 1e-5, which is given to ours as well
// here; and its GELU is the tanh form, up to 5e-4 away from erf's at each of the
// layers. What is left between the unit vectors must stay under the tolerance.
func TestCybertron(t *testing.T) {
	if os.Getenv(inChild) == "" {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCybertron$", "-test.v", fmt.Sprintf("-test.short=%t", testing.Short()))
		child.Env = append(os.Environ(), inChild+"=1")
		out, err := child.CombinedOutput()
		t.Logf("%s", out)
		if err != nil {
			t.Errorf("cybertron's process: %v", err)
		}
		return
	}
	for _, c := range []struct {
		model     string
		rows      int
		tolerance float64
	}{
		{"tiny-bert-chinese", 8, 1e-3},
		{"all-MiniLM-L6-v2", 30, 1e-3},
	} {
		t.Run(c.model, func(t *testing.T) {
			if testing.Short() && c.rows > 8 {
				t.Skip("a model of this size takes seconds")
			}
			m := openShared(t, c.model, Options{})
			m.Epsilon = 1e-5
			w, err := readWeights(os.DirFS(shared + "/models/" + c.model))
			if err != nil {
				t.Fatal(err)
			}
			theirs := newCybertron(w.tensors, m.architecture)
			var worst float64
			for _, row := range readGolden(t, c.model)[:c.rows] {
				tokens := []string{}
				for _, id := range row.IDs {
					tokens = append(tokens, strconv.Itoa(int(id)))
				}
				states := theirs.EncodeTokens(tokens)
				mean := make([]float32, m.Hidden)
				for _, state := range states {
					m.network.isa.AddScaled(mean, mat.Data[float32](state.Value().(mat.Matrix)), 1)
				}
				normalise(mean)
				d := distance(mustEncode(t, m, row.Text)[0], mean)
				if worst = max(worst, d); d > c.tolerance {
					t.Errorf("%q: off by %.2g", row.Text, d)
				}
			}
			t.Logf("%d texts, largest difference %.2g", c.rows, worst)
		})
	}
}

// BenchmarkCybertron compares times for some of the texts of a JSON file, which
// bench/encoder writes: cybertron's over those of the embedded int8 model. Both
// begin with token ids or text, as they like best.
func BenchmarkCybertron(b *testing.B) {
	const sample = 10
	list, err := os.ReadFile(os.Getenv("TOUCHSTONE_BENCH_TEXTS"))
	if err != nil {
		b.Skip("run it by `go run ./bench/encoder`")
	}
	var all, texts []string
	if err := json.Unmarshal(list, &all); err != nil {
		b.Fatal(err)
	}
	for i := range min(sample, len(all)) {
		texts = append(texts, all[i*len(all)/sample])
	}
	ours := mustOpen(b, os.DirFS("../../assets/models/minilm"), Options{Precision: Int8})
	published := openShared(b, "all-MiniLM-L6-v2", Options{})
	w, err := readWeights(os.DirFS(shared + "/models/all-MiniLM-L6-v2"))
	if err != nil {
		b.Fatal(err)
	}
	theirs := newCybertron(w.tensors, published.architecture)
	var tokens [][]string
	for _, text := range texts {
		tokens = append(tokens, nil)
		for _, id := range ours.Tokenize(text) {
			tokens[len(tokens)-1] = append(tokens[len(tokens)-1], strconv.Itoa(int(id)))
		}
	}
	mustEncode(b, ours, texts...)
	var ratios []float64
	for b.Loop() {
		start := time.Now()
		for _, t := range tokens {
			for _, state := range theirs.EncodeTokens(t) {
				state.Value() // waits for it
			}
		}
		middle := time.Now()
		mustEncode(b, ours, texts...)
		ratios = append(ratios, middle.Sub(start).Seconds()/time.Since(middle).Seconds())
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "times")
}

// newCybertron makes cybertron's model of our tensors.
func newCybertron(t tensors, a architecture) *cybertron.Model {
	m := cybertron.New[float32](cybertron.Config{
		HiddenAct: a.Activation, HiddenSize: a.Hidden, EmbeddingsSize: a.Hidden, IntermediateSize: a.Inner,
		MaxPositionEmbeddings: a.Positions, NumAttentionHeads: a.Heads, NumHiddenLayers: a.Layers,
		TypeVocabSize: a.Segments, VocabSize: a.Vocabulary,
	})
	set := func(p *nn.Param, values []float32, shape ...int) {
		p.ReplaceValue(mat.NewDense[float32](mat.WithShape(shape...), mat.WithBacking(slices.Clone(values))))
	}
	norm := func(n *layernorm.Model, name string) {
		set(n.W, t[name+".weight"].values(), a.Hidden)
		set(n.B, t[name+".bias"].values(), a.Hidden)
	}
	table := func(rows []*nn.Param, name string) {
		values := t[name].values()
		for i, p := range rows {
			set(p, values[i*a.Hidden:][:a.Hidden], a.Hidden)
		}
	}
	// part fills a layer with the outputs from first on of the named one.
	part := func(l any, name string, first, out, in int) {
		set(l.(*spago.Model).W, t[name+".weight"].values()[first*in:][:out*in], out, in)
		set(l.(*spago.Model).B, t[name+".bias"].values()[first:][:out], out)
	}
	var terms []string
	for id := range a.Vocabulary {
		terms = append(terms, strconv.Itoa(id))
	}
	m.Embeddings.Vocab = vocabulary.New(terms)
	table(m.Embeddings.Tokens.Weights, "embeddings.word_embeddings.weight")
	table(m.Embeddings.Positions.Weights, "embeddings.position_embeddings.weight")
	table(m.Embeddings.TokenTypes.Weights, "embeddings.token_type_embeddings.weight")
	norm(m.Embeddings.Norm, "embeddings.LayerNorm")
	for i, l := range m.Encoder.Layers {
		prefix, size := fmt.Sprintf("encoder.layer.%d.", i), a.Hidden/a.Heads
		for h, head := range l.SelfAttention.Attention.Heads {
			part(head.Query, prefix+"attention.self.query", h*size, size, a.Hidden)
			part(head.Key, prefix+"attention.self.key", h*size, size, a.Hidden)
			part(head.Value, prefix+"attention.self.value", h*size, size, a.Hidden)
		}
		part(l.SelfAttention.Attention.OutputMerge, prefix+"attention.output.dense", 0, a.Hidden, a.Hidden)
		norm(l.SelfAttention.Norm, prefix+"attention.output.LayerNorm")
		part(l.FF.MLP[0], prefix+"intermediate.dense", 0, a.Inner, a.Hidden)
		part(l.FF.MLP[2], prefix+"output.dense", 0, a.Hidden, a.Inner)
		norm(l.FF.Norm, prefix+"output.LayerNorm")
	}
	return m
}
