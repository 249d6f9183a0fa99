package bert

import (
	"cmp"
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
// sentence_bert_config.json, config_sentence_transformers.json and the options
// that were kept with it. An error names the file or tensor that is wrong.
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
	if err := o.check(); err != nil {
		return nil, err
	}
	kept, err := readOptions(fsys)
	if err != nil {
		return nil, err
	}
	o = o.or(kept)
	s, err := readSettings(fsys)
	if err != nil {
		return nil, err
	}
	precision := cmp.Or(o.Precision, FP32)
	s.pooling = cmp.Or(o.Pooling, s.pooling)
	if o.QueryPrefix != nil {
		s.prefix = *o.QueryPrefix
	}
	w, err := readWeights(fsys)
	if err != nil {
		return nil, err
	}
	if precision == Int8 {
		if w.tensors, err = quantise(w.tensors, s.architecture); err != nil {
			return nil, err
		}
	}
	n, err := newNetwork(w.tensors, s.architecture, s.pooling, precision)
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
		name:     fmt.Sprintf("%s · %s · %08x", name, precision, sum),
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

// QueryPrefix is what EncodeQuery puts before each query.
func (m *Model) QueryPrefix() string { return m.prefix }

// Tokenize returns the token ids of a text as Encode feeds them to the network.
func (m *Model) Tokenize(text string) []int32 {
	return m.tokenizer.Encode(nil, text, m.maxTokens)
}

// Knows implements engine.Lexicon: a word that the vocabulary has whole was
// frequent in the texts that it was made of.
func (m *Model) Knows(word string) bool { return m.tokenizer.Whole(word) }
