package bert

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"math/rand/v2"
	"testing"
	"testing/fstest"

	"github.com/nlpodyssey/safetensors"
)

// tinyVocabulary is the vocabulary of the models that tests make.
const tinyVocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\nc\n##a\n##b\n##c\nphone\ncase\n.\n"

var tinyArchitecture = architecture{
	ModelType: "bert", Hidden: 12, Layers: 2, Heads: 3, Inner: 20, Vocabulary: 14, Positions: 24,
	Segments: 2, Epsilon: 1e-12, Activation: "gelu", PositionEmbedding: "absolute",
}

// tinyTensors are random weights for an architecture, pooler included.
func tinyTensors(a architecture, seed uint64) tensors {
	random := rand.New(rand.NewPCG(seed, 0))
	t := tensors{}
	add := func(name string, shape ...int) {
		size := 1
		for _, d := range shape {
			size *= d
		}
		var data []byte
		for range size {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(random.NormFloat64()*0.5)))
		}
		t[name] = &tensor{dtype: safetensors.F32, shape: shape, data: data}
	}
	dense := func(name string, out, in int) {
		add(name+".weight", out, in)
		add(name+".bias", out)
	}
	norm := func(name string) {
		add(name+".weight", a.Hidden)
		add(name+".bias", a.Hidden)
	}
	add("embeddings.word_embeddings.weight", a.Vocabulary, a.Hidden)
	add("embeddings.position_embeddings.weight", a.Positions, a.Hidden)
	add("embeddings.token_type_embeddings.weight", a.Segments, a.Hidden)
	norm("embeddings.LayerNorm")
	for i := range a.Layers {
		prefix := fmt.Sprintf("encoder.layer.%d.", i)
		for _, name := range []string{"attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"} {
			dense(prefix+name, a.Hidden, a.Hidden)
		}
		norm(prefix + "attention.output.LayerNorm")
		dense(prefix+"intermediate.dense", a.Inner, a.Hidden)
		dense(prefix+"output.dense", a.Hidden, a.Inner)
		norm(prefix + "output.LayerNorm")
	}
	dense("pooler.dense", a.Hidden, a.Hidden)
	return t
}

// serialise writes tensors as a safetensors file.
func serialise(t testing.TB, w tensors) []byte {
	t.Helper()
	views := map[string]safetensors.TensorView{}
	for name, tensor := range w {
		if err := put(views, name, tensor); err != nil {
			t.Fatal(err)
		}
	}
	b, err := safetensors.Serialize(views, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tinyFolder is a model folder with random weights.
func tinyFolder(t testing.TB) fstest.MapFS {
	t.Helper()
	config, err := json.Marshal(tinyArchitecture)
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{
		"config.json":   {Data: config},
		"vocab.txt":     {Data: []byte(tinyVocabulary)},
		safetensorsFile: {Data: serialise(t, tinyTensors(tinyArchitecture, 1))},
	}
}

// with is a copy of a folder with one file changed; nil data removes it.
func with(folder fstest.MapFS, name string, data []byte) fstest.MapFS {
	folder = maps.Clone(folder)
	delete(folder, name)
	if data != nil {
		folder[name] = &fstest.MapFile{Data: data}
	}
	return folder
}

// mustOpen opens a folder that must open.
func mustOpen(t testing.TB, folder fs.FS, o Options) *Model {
	t.Helper()
	m, err := Open(folder, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// mustEncode encodes texts that must encode.
func mustEncode(t testing.TB, m *Model, texts ...string) [][]float32 {
	t.Helper()
	vectors, err := m.Encode(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	return vectors
}
