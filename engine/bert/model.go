package bert

import (
	"fmt"
	"hash/crc32"
	"io/fs"
	"sync"

	"touchstone/engine"
)

// Precision says what a model's matrices are rounded to.
type Precision string

// The precisions.
const (
	FP32 Precision = "fp32" // as in the folder
	Int8 Precision = "int8" // rows of 255 levels with one scale each; what goes into them, 256 levels a token
)

// Options choose how a folder is opened. The zero Options take all from the
// folder, in FP32.
type Options struct {
	Name      string // of the model; "" is what the weights call themselves
	Precision Precision
	Pooling   Pooling
}

// Model is an encoder: BERT with its tokenizer and pooling. It is safe for
// concurrent use.
type Model struct {
	settings
	network *network
	name    string
	crews   sync.Pool // of *crew
	queries *queryCache
}

var _ engine.Encoder = (*Model)(nil)

// Open reads a Hugging Face BERT folder: config.json, vocab.txt, weights
// (model.safetensors, whole or in shards, or pytorch_model.bin) and, where they
// are there, tokenizer_config.json, modules.json, 1_Pooling/config.json,
// sentence_bert_config.json and config_sentence_transformers.json. An error
// names the file or tensor that is wrong.
func Open(fsys fs.FS, o Options) (*Model, error) {
	m, err := open(fsys, o)
	if err != nil {
		if o.Name != "" {
			return nil, fmt.Errorf("model %s: %w", o.Name, err)
		}
		return nil, fmt.Errorf("model: %w", err)
	}
	return m, nil
}

func open(fsys fs.FS, o Options) (*Model, error) {
	switch o.Precision {
	case "":
		o.Precision = FP32
	case FP32, Int8:
	default:
		return nil, fmt.Errorf("precision %q: it must be fp32 or int8", o.Precision)
	}
	s, err := readSettings(fsys)
	if err != nil {
		return nil, err
	}
	switch o.Pooling {
	case "":
	case Mean, CLS, Max, Pooler:
		s.pooling = o.Pooling
	default:
		return nil, fmt.Errorf("pooling %q: it must be mean, cls, max or pooler", o.Pooling)
	}
	w, err := readWeights(fsys)
	if err != nil {
		return nil, err
	}
	if o.Precision == Int8 {
		if w.tensors, err = quantise(w.tensors, s.architecture); err != nil {
			return nil, err
		}
	}
	n, err := newNetwork(w.tensors, s.architecture, s.pooling, o.Precision)
	if err != nil {
		return nil, err
	}
	name := o.Name
	for _, fallback := range []string{w.name, "bert"} {
		if name == "" {
			name = fallback
		}
	}
	// What else changes a text's vector: its tokens and how they are pooled.
	sum := crc32.Update(w.sum, castagnoli, fmt.Appendf(nil, "%08x %v %s %d", s.tokens, s.architecture, s.pooling, s.maxTokens))
	m := &Model{
		settings: *s,
		network:  n,
		name:     fmt.Sprintf("%s · %s · %08x", name, o.Precision, sum),
		queries:  newQueryCache(queryCacheSize),
	}
	m.crews.New = func() any { return newCrew(m) }
	return m, nil
}

// Dim is the number of values of a vector.
func (m *Model) Dim() int { return m.Hidden }

// Name identifies what the vectors depend on: the model's name, the precision
// and a checksum of weights and settings, such as
// "all-MiniLM-L6-v2 · int8 · 5f2c01aa".
func (m *Model) Name() string { return m.name }

// Pooling is the pooling in use.
func (m *Model) Pooling() Pooling { return m.pooling }

// Tokenize returns the token ids of a text as Encode feeds them to the network.
func (m *Model) Tokenize(text string) []int32 {
	return m.tokenizer.Encode(nil, text, m.maxTokens)
}
