package bert

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"path"
	"strings"

	"touchstone/engine/text/wordpiece"
)

// Pooling says how the vectors of a text's tokens become one.
type Pooling string

// The poolings.
const (
	Mean   Pooling = "mean"   // the average over all tokens, [CLS] and [SEP] among them
	CLS    Pooling = "cls"    // the vector of [CLS]
	Max    Pooling = "max"    // the largest value of each dimension
	Pooler Pooling = "pooler" // tanh of the pooler layer over [CLS]
)

// architecture is what config.json says of the network's shape.
type architecture struct {
	ModelType         string  `json:"model_type"`
	Hidden            int     `json:"hidden_size"`
	Layers            int     `json:"num_hidden_layers"`
	Heads             int     `json:"num_attention_heads"`
	Inner             int     `json:"intermediate_size"`
	Vocabulary        int     `json:"vocab_size"`
	Positions         int     `json:"max_position_embeddings"`
	Segments          int     `json:"type_vocab_size"`
	Epsilon           float64 `json:"layer_norm_eps"`
	Activation        string  `json:"hidden_act"`
	PositionEmbedding string  `json:"position_embedding_type"`
	Decoder           bool    `json:"is_decoder"`
}

// settings is all that a model folder says beside its weights.
type settings struct {
	architecture
	pooling   Pooling
	maxTokens int // of one text, [CLS] and [SEP] among them
	prefix    string
	tokenizer *wordpiece.Tokenizer
	tokens    uint32 // checksum of the tokenizer's vocabulary and settings
}

// readSettings reads the JSON files and the vocabulary of a model folder.
// Anything that this package would compute wrongly is refused by name.
func readSettings(fsys fs.FS) (*settings, error) {
	s := &settings{architecture: architecture{
		Epsilon: 1e-12, Activation: "gelu", PositionEmbedding: "absolute", Segments: 2,
	}}
	if err := readJSON(fsys, "config.json", &s.architecture); err != nil {
		return nil, err
	}
	if err := s.architecture.check(); err != nil {
		return nil, fmt.Errorf("config.json: %w", err)
	}
	for _, read := range []func(fs.FS) error{s.readTokenizer, s.readModules, s.readPooling, s.readPrompts} {
		if err := read(fsys); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (a *architecture) check() error {
	if a.ModelType != "bert" {
		return fmt.Errorf("model_type is %q: only BERT models can be opened", a.ModelType)
	}
	if a.PositionEmbedding != "absolute" {
		return fmt.Errorf("position_embedding_type is %q: only absolute positions are supported", a.PositionEmbedding)
	}
	if a.Activation != "gelu" {
		return fmt.Errorf("hidden_act is %q: only gelu is supported", a.Activation)
	}
	if a.Decoder {
		return errors.New("is_decoder is true: only encoders can be opened")
	}
	for _, v := range []struct {
		name       string
		value, max int
	}{
		{"hidden_size", a.Hidden, 1 << 14},
		{"num_hidden_layers", a.Layers, 1 << 8},
		{"num_attention_heads", a.Heads, a.Hidden},
		{"intermediate_size", a.Inner, 1 << 16},
		{"vocab_size", a.Vocabulary, 1 << 24},
		{"max_position_embeddings", a.Positions, 1 << 16},
		{"type_vocab_size", a.Segments, 1 << 10},
	} {
		if v.value < 1 || v.value > v.max {
			return fmt.Errorf("%s is %d: it must be from 1 to %d", v.name, v.value, v.max)
		}
	}
	if a.Hidden%a.Heads != 0 {
		return fmt.Errorf("hidden_size %d is no multiple of num_attention_heads %d", a.Hidden, a.Heads)
	}
	if a.Positions < 2 {
		return errors.New("max_position_embeddings is 1: no room for [CLS] and [SEP]")
	}
	if !(a.Epsilon > 0 && a.Epsilon < 1) {
		return fmt.Errorf("layer_norm_eps is %g: it must be between 0 and 1", a.Epsilon)
	}
	return nil
}

// readTokenizer reads vocab.txt, tokenizer_config.json and the length limits.
func (s *settings) readTokenizer(fsys fs.FS) error {
	vocab, err := fs.ReadFile(fsys, "vocab.txt")
	if err != nil {
		return fmt.Errorf("vocab.txt: %w", plain(err))
	}
	var file struct {
		Class        string       `json:"tokenizer_class"`
		LowerCase    *bool        `json:"do_lower_case"`
		StripAccents *bool        `json:"strip_accents"`
		SplitCJK     *bool        `json:"tokenize_chinese_chars"`
		Basic        *bool        `json:"do_basic_tokenize"`
		MaxTokens    float64      `json:"model_max_length"` // Hugging Face writes 1e30 for none
		Unknown      specialToken `json:"unk_token"`
		Start        specialToken `json:"cls_token"`
		End          specialToken `json:"sep_token"`
		Pad          specialToken `json:"pad_token"`
		Mask         specialToken `json:"mask_token"`
	}
	if err := readOptionalJSON(fsys, "tokenizer_config.json", &file); err != nil {
		return err
	}
	switch file.Class {
	case "", "BertTokenizer", "BertTokenizerFast":
	default:
		return fmt.Errorf("tokenizer_config.json: tokenizer_class is %q: only BertTokenizer is supported", file.Class)
	}
	if file.Basic != nil && !*file.Basic {
		return errors.New("tokenizer_config.json: do_basic_tokenize is false: such models expect words split by another program")
	}
	var limits struct {
		MaxTokens int  `json:"max_seq_length"`
		LowerCase bool `json:"do_lower_case"`
	}
	if err := readOptionalJSON(fsys, "sentence_bert_config.json", &limits); err != nil {
		return err
	}
	s.maxTokens = s.Positions
	if file.MaxTokens >= 2 && file.MaxTokens < float64(s.maxTokens) {
		s.maxTokens = int(file.MaxTokens)
	}
	if limits.MaxTokens >= 2 && limits.MaxTokens < s.maxTokens {
		s.maxTokens = limits.MaxTokens
	}

	config := wordpiece.DefaultConfig()
	set(&config.LowerCase, file.LowerCase)
	config.StripAccents = config.LowerCase
	set(&config.StripAccents, file.StripAccents)
	set(&config.SplitCJK, file.SplitCJK)
	config.LowerCase = config.LowerCase || limits.LowerCase
	for to, from := range map[*string]specialToken{
		&config.Unknown: file.Unknown, &config.Start: file.Start, &config.End: file.End,
		&config.Pad: file.Pad, &config.Mask: file.Mask,
	} {
		if from != "" {
			*to = string(from)
		}
	}
	s.tokens = crc32.Update(crc32.Checksum(vocab, castagnoli), castagnoli, fmt.Append(nil, config))
	s.tokenizer, err = wordpiece.New(vocab, config)
	if err != nil {
		return fmt.Errorf("vocab.txt: %w", err)
	}
	if s.tokenizer.Size() > s.Vocabulary {
		return fmt.Errorf("vocab.txt has %d tokens, config.json's vocab_size is %d: they belong to different models", s.tokenizer.Size(), s.Vocabulary)
	}
	return nil
}

// readModules refuses sentence-transformers steps that are not computed here.
func (s *settings) readModules(fsys fs.FS) error {
	var modules []struct {
		Type string `json:"type"`
		Path string `json:"path"`
	}
	if err := readOptionalJSON(fsys, "modules.json", &modules); err != nil {
		return err
	}
	for _, m := range modules {
		switch kind := m.Type[strings.LastIndexByte(m.Type, '.')+1:]; {
		case kind == "Pooling" && path.Clean(m.Path) != "1_Pooling":
			return fmt.Errorf("modules.json: pooling stands in %q, not in 1_Pooling", m.Path)
		case kind == "Transformer", kind == "Pooling", kind == "Normalize":
		default:
			return fmt.Errorf("modules.json: a step of type %q is not supported", m.Type)
		}
	}
	return nil
}

// readPooling reads 1_Pooling/config.json; mean where there is none.
func (s *settings) readPooling(fsys fs.FS) error {
	const name = "1_Pooling/config.json"
	modes := map[string]any{"pooling_mode_mean_tokens": true}
	if _, err := fs.Stat(fsys, name); err == nil {
		modes = nil
	}
	if err := readOptionalJSON(fsys, name, &modes); err != nil {
		return err
	}
	for key, on := range modes {
		if on != true || !strings.HasPrefix(key, "pooling_mode_") {
			continue
		}
		pooling, ok := map[string]Pooling{
			"pooling_mode_mean_tokens": Mean,
			"pooling_mode_cls_token":   CLS,
			"pooling_mode_max_tokens":  Max,
		}[key]
		if !ok {
			return fmt.Errorf("%s: %s is not supported", name, key)
		}
		if s.pooling != "" {
			return fmt.Errorf("%s: both %s and %s pooling are on; only one is supported", name, min(s.pooling, pooling), max(s.pooling, pooling))
		}
		s.pooling = pooling
	}
	if s.pooling == "" {
		return fmt.Errorf("%s: no pooling is on", name)
	}
	return nil
}

// readPrompts reads the prefix that queries get, none where there is no file.
func (s *settings) readPrompts(fsys fs.FS) error {
	var file struct {
		Prompts map[string]string `json:"prompts"`
	}
	if err := readOptionalJSON(fsys, "config_sentence_transformers.json", &file); err != nil {
		return err
	}
	s.prefix = file.Prompts["query"]
	return nil
}

// specialToken is a token's text, written as a string or as an object with its
// text in "content".
type specialToken string

func (s *specialToken) UnmarshalJSON(b []byte) error {
	var object struct {
		Content string `json:"content"`
	}
	if err := json.Unmarshal(b, (*string)(s)); err == nil {
		return nil
	}
	if err := json.Unmarshal(b, &object); err != nil {
		return err
	}
	*s = specialToken(object.Content)
	return nil
}

func set(to, from *bool) {
	if from != nil {
		*to = *from
	}
}

func readJSON(fsys fs.FS, name string, into any) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, plain(err))
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// readOptionalJSON is readJSON that leaves into alone where there is no file.
func readOptionalJSON(fsys fs.FS, name string, into any) error {
	if err := readJSON(fsys, name, into); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// plain takes the path off an error, where the message already names it.
func plain(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}
