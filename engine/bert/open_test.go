package bert

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nlpodyssey/safetensors"
)

// TestOpenRefuses holds that each defect is refused, and named.
func TestOpenRefuses(t *testing.T) {
	folder := tinyFolder(t)
	config := func(key string, value any) fstest.MapFS {
		var c map[string]any
		if err := json.Unmarshal(folder["config.json"].Data, &c); err != nil {
			t.Fatal(err)
		}
		c[key] = value
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		return with(folder, "config.json", b)
	}
	tensor := func(change func(tensors)) fstest.MapFS {
		w := tinyTensors(tinyArchitecture, 1)
		change(w)
		return with(folder, safetensorsFile, serialise(t, w))
	}
	weights := folder[safetensorsFile].Data
	const query = "encoder.layer.1.attention.self.query.weight"
	for _, c := range []struct {
		name    string
		folder  fstest.MapFS
		options Options
		want    string // in the error
	}{
		{"no files", fstest.MapFS{}, Options{}, "config.json: file does not exist"},
		{"broken config", with(folder, "config.json", []byte("{")), Options{}, "config.json: unexpected end"},
		{"RoBERTa", config("model_type", "roberta"), Options{}, `model_type is "roberta"`},
		{"DistilBERT", config("model_type", "distilbert"), Options{}, `model_type is "distilbert"`},
		{"relative positions", config("position_embedding_type", "relative_key"), Options{}, "relative_key"},
		{"another activation", config("hidden_act", "relu"), Options{}, `hidden_act is "relu"`},
		{"decoder", config("is_decoder", true), Options{}, "is_decoder"},
		{"no size", config("hidden_size", 0), Options{}, "hidden_size is 0"},
		{"a huge size", config("vocab_size", 1<<40), Options{}, "vocab_size is 1099511627776"},
		{"heads that do not divide", config("num_attention_heads", 5), Options{}, "no multiple"},
		{"epsilon", config("layer_norm_eps", 0), Options{}, "layer_norm_eps"},
		{"no vocabulary", with(folder, "vocab.txt", nil), Options{}, "vocab.txt: file does not exist"},
		{"a vocabulary without [CLS]", with(folder, "vocab.txt", []byte("[UNK]\n[SEP]\n")), Options{}, `no "[CLS]"`},
		{"a vocabulary too large", with(folder, "vocab.txt", []byte(tinyVocabulary+"d\n")), Options{}, "vocab.txt has 15 tokens"},
		{"another tokenizer", with(folder, "tokenizer_config.json", []byte(`{"tokenizer_class":"BertJapaneseTokenizer"}`)), Options{}, "BertJapaneseTokenizer"},
		{"words split elsewhere", with(folder, "tokenizer_config.json", []byte(`{"do_basic_tokenize":false}`)), Options{}, "do_basic_tokenize"},
		{"a dense module", with(folder, "modules.json", []byte(`[{"type":"sentence_transformers.models.Dense","path":"2_Dense"}]`)), Options{}, "Dense"},
		{"pooling elsewhere", with(folder, "modules.json", []byte(`[{"type":"sentence_transformers.models.Pooling","path":"pool"}]`)), Options{}, `"pool"`},
		{"two poolings", with(folder, "1_Pooling/config.json", []byte(`{"pooling_mode_cls_token":true,"pooling_mode_max_tokens":true}`)), Options{}, "both cls and max"},
		{"no pooling", with(folder, "1_Pooling/config.json", []byte(`{"pooling_mode_cls_token":false}`)), Options{}, "no pooling"},
		{"weighted pooling", with(folder, "1_Pooling/config.json", []byte(`{"pooling_mode_weightedmean_tokens":true}`)), Options{}, "pooling_mode_weightedmean_tokens"},
		{"an unknown pooling", folder, Options{Pooling: "median"}, `pooling "median"`},
		{"an unknown precision", folder, Options{Precision: "int4"}, `precision "int4"`},
		{"unknown options kept", with(folder, optionsFile, []byte(`{"pooling":"median"}`)), Options{}, `touchstone.json: pooling "median"`},
		{"broken options", with(folder, optionsFile, []byte(`{"pooling":1}`)), Options{}, "touchstone.json: "},
		{"no weights", with(folder, safetensorsFile, nil), Options{}, "no weights"},
		{"empty weights", with(folder, safetensorsFile, []byte{}), Options{}, "model.safetensors is truncated"},
		{"truncated weights", with(folder, safetensorsFile, weights[:len(weights)-1]), Options{}, "model.safetensors is truncated"},
		{"truncated header", with(folder, safetensorsFile, weights[:100]), Options{}, "model.safetensors is truncated"},
		{"a missing tensor", tensor(func(w tensors) { delete(w, query) }), Options{}, `"` + query + `" is missing`},
		{"a missing pooler", tensor(func(w tensors) { delete(w, "pooler.dense.bias") }), Options{Pooling: Pooler}, `"pooler.dense.bias" is missing`},
		{"a wrong shape", tensor(func(w tensors) { w[query].shape = []int{6, 24} }), Options{}, `"` + query + `" has shape [6 24]: config.json asks for [12 12]`},
		{"a wrong type", tensor(func(w tensors) { w[query].dtype = safetensors.I32 }), Options{}, `"` + query + `" is of type I32`},
		{"int8 without scales", tensor(func(w tensors) { w[query].dtype, w[query].data = safetensors.I8, make([]byte, 144) }), Options{}, `no scales in "` + query + scaleSuffix},
		{"scales of another shape", tensor(func(w tensors) {
			w[query].dtype, w[query].data, w[query].scale = safetensors.I8, make([]byte, 144), make([]float32, 11)
		}), Options{}, "one a row"},
		{"column scales of another shape", tensor(func(w tensors) {
			w[query].dtype, w[query].data, w[query].scale, w[query].columns = safetensors.I8, make([]byte, 144), make([]float32, 12), make([]float32, 13)
		}), Options{}, "one a column"},
		{"a name twice", tensor(func(w tensors) { w["bert."+query] = w[query] }), Options{}, "twice"},
		{"a missing shard", with(with(folder, safetensorsFile, nil), indexFile, []byte(`{"weight_map":{"x":"part-1.safetensors"}}`)), Options{}, "part-1.safetensors, named in"},
		{"no zip", with(with(folder, safetensorsFile, nil), pytorchFile, []byte("\x80\x02")), Options{}, "pytorch_model.bin: truncated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.options.Name = "tiny"
			_, err := Open(c.folder, c.options)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "model tiny: ") {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

// TestOpenForms holds that the same weights in another form give the same
// vectors.
func TestOpenForms(t *testing.T) {
	folder := tinyFolder(t)
	w := tinyTensors(tinyArchitecture, 1)
	want := mustEncode(t, mustOpen(t, folder, Options{}), "a phone", "case")
	renamed, first, second := tensors{"cls.predictions.bias": w["pooler.dense.bias"]}, tensors{}, tensors{}
	half, brain := tensors{}, tensors{}
	index := struct {
		Map map[string]string `json:"weight_map"`
	}{map[string]string{}}
	for name, t := range w {
		renamed["bert."+strings.NewReplacer("LayerNorm.weight", "LayerNorm.gamma", "LayerNorm.bias", "LayerNorm.beta").Replace(name)] = t
		shard, file := first, "part-1.safetensors"
		if len(name)%2 == 0 {
			shard, file = second, "part-2.safetensors"
		}
		shard[name], index.Map[name] = t, file
		half[name], brain[name] = to16(t, safetensors.F16), to16(t, safetensors.BF16)
	}
	indexJSON, err := json.Marshal(index)
	if err != nil {
		t.Fatal(err)
	}
	sharded := with(folder, safetensorsFile, nil)
	sharded[indexFile] = &fstest.MapFile{Data: indexJSON}
	sharded["part-1.safetensors"] = &fstest.MapFile{Data: serialise(t, first)}
	sharded["part-2.safetensors"] = &fstest.MapFile{Data: serialise(t, second)}
	for _, c := range []struct {
		name      string
		folder    fstest.MapFS
		tolerance float64
	}{
		{"prefix, gamma and beta, a head", with(folder, safetensorsFile, serialise(t, renamed)), 0},
		{"shards", sharded, 0},
		{"F16", with(folder, safetensorsFile, serialise(t, half)), 0.01},
		{"BF16", with(folder, safetensorsFile, serialise(t, brain)), 0.05},
	} {
		got := mustEncode(t, mustOpen(t, c.folder, Options{}), "a phone", "case")
		for i := range want {
			if d := distance(got[i], want[i]); d > c.tolerance {
				t.Errorf("%s: off by %g", c.name, d)
			}
		}
	}
}

// to16 rounds an F32 tensor toward zero into 16 bits.
func to16(t *tensor, dtype safetensors.DType) *tensor {
	out := &tensor{dtype: dtype, shape: t.shape}
	for _, v := range t.values() {
		bits := math.Float32bits(v)
		h := uint16(bits >> 16)
		if dtype == safetensors.F16 {
			h = uint16(bits>>16&0x8000 | (max(bits>>13&0x3ffff, 112<<10) - 112<<10))
		}
		out.data = binary.LittleEndian.AppendUint16(out.data, h)
	}
	return out
}

func TestSettings(t *testing.T) {
	folder := tinyFolder(t)
	folder = with(folder, "tokenizer_config.json", []byte(`{"do_lower_case":false,"model_max_length":1e30,"cls_token":{"content":"[CLS]","lstrip":false}}`))
	folder = with(folder, "sentence_bert_config.json", []byte(`{"max_seq_length":5}`))
	folder = with(folder, "1_Pooling/config.json", []byte(`{"word_embedding_dimension":12,"pooling_mode_max_tokens":true,"pooling_mode_mean_tokens":false}`))
	folder = with(folder, "config_sentence_transformers.json", []byte(`{"prompts":{"query":"a a "}}`))
	m := mustOpen(t, folder, Options{Name: "tiny"})
	if got := len(m.Tokenize("a b c a b c")); got != 5 {
		t.Errorf("%d tokens of a long text, want 5", got)
	}
	if got := m.Tokenize("A"); got[1] != 1 {
		t.Errorf("ids %v: a cased model knows no A", got)
	}
	if m.Pooling() != Max || m.Dim() != 12 || !strings.HasPrefix(m.Name(), "tiny · fp32 · ") {
		t.Errorf("pooling %s, %d values, name %s", m.Pooling(), m.Dim(), m.Name())
	}
	query, err := m.EncodeQuery(t.Context(), "b")
	if err != nil {
		t.Fatal(err)
	}
	if d := distance(query, mustEncode(t, m, "a a b")[0]); d != 0 {
		t.Errorf("a query differs from the same text with its prefix by %g", d)
	}
}

// TestOptionsAreKept holds that options kept with a folder count where none are
// given, and only there.
func TestOptionsAreKept(t *testing.T) {
	dir, prefix, none := t.TempDir(), "query: ", ""
	if err := os.CopyFS(dir, with(tinyFolder(t), "config_sentence_transformers.json", []byte(`{"prompts":{"query":"a a "}}`))); err != nil {
		t.Fatal(err)
	}
	if err := (Options{Name: "left out", Precision: Int8, Pooling: CLS, QueryPrefix: &prefix}).Keep(dir); err != nil {
		t.Fatal(err)
	}
	m := mustOpen(t, os.DirFS(dir), Options{Name: "tiny"})
	if m.Pooling() != CLS || m.QueryPrefix() != prefix || !strings.HasPrefix(m.Name(), "tiny · int8 · ") {
		t.Errorf("as kept: pooling %s, prefix %q, name %s", m.Pooling(), m.QueryPrefix(), m.Name())
	}
	m = mustOpen(t, os.DirFS(dir), Options{Precision: FP32, Pooling: Max, QueryPrefix: &none})
	if m.Pooling() != Max || m.QueryPrefix() != "" || !strings.Contains(m.Name(), " · fp32 · ") {
		t.Errorf("as asked: pooling %s, prefix %q, name %s", m.Pooling(), m.QueryPrefix(), m.Name())
	}
	query, err := m.EncodeQuery(t.Context(), "b")
	if err != nil || distance(query, mustEncode(t, m, "b")[0]) != 0 {
		t.Errorf("without a prefix a query is not the same as a text (%v)", err)
	}
	if err := (Options{}).Keep(dir); err != nil {
		t.Fatal(err)
	}
	if m := mustOpen(t, os.DirFS(dir), Options{}); m.Pooling() != Mean || m.QueryPrefix() != "a a " {
		t.Errorf("as the folder says: pooling %s, prefix %q", m.Pooling(), m.QueryPrefix())
	}
}

// TestNamesDiffer holds that models whose vectors differ have different names.
func TestNamesDiffer(t *testing.T) {
	folder := tinyFolder(t)
	seen := map[string]string{}
	for what, open := range map[string]func() *Model{
		"as it is": func() *Model { return mustOpen(t, folder, Options{}) },
		"int8":     func() *Model { return mustOpen(t, folder, Options{Precision: Int8}) },
		"pooling":  func() *Model { return mustOpen(t, folder, Options{Pooling: CLS}) },
		"named":    func() *Model { return mustOpen(t, folder, Options{Name: "tiny"}) },
		"weights": func() *Model {
			return mustOpen(t, with(folder, safetensorsFile, serialise(t, tinyTensors(tinyArchitecture, 2))), Options{})
		},
		"vocabulary": func() *Model {
			return mustOpen(t, with(folder, "vocab.txt", []byte(strings.Replace(tinyVocabulary, "phone", "phones", 1))), Options{})
		},
		"length": func() *Model {
			return mustOpen(t, with(folder, "sentence_bert_config.json", []byte(`{"max_seq_length":5}`)), Options{})
		},
		"upper case": func() *Model {
			return mustOpen(t, with(folder, "tokenizer_config.json", []byte(`{"do_lower_case":false}`)), Options{})
		},
	} {
		name := open().Name()
		if other, ok := seen[name]; ok {
			t.Errorf("%s and %s are both named %s", what, other, name)
		}
		seen[name] = what
	}
}

func FuzzSafetensors(f *testing.F) {
	f.Add(serialise(f, tensors{
		"x":   {dtype: safetensors.I8, shape: []int{2, 3}, data: make([]byte, 6), scale: []float32{1, 2}},
		"y":   {dtype: safetensors.F16, shape: []int{2}, data: make([]byte, 4)},
		"z.a": {dtype: safetensors.F32, shape: []int{1, 1}, data: make([]byte, 4)},
	}))
	f.Fuzz(func(t *testing.T, b []byte) {
		w := weights{tensors: tensors{}}
		if err := w.addSafetensors(safetensorsFile, b); err != nil {
			return
		}
		checkTensors(t, w.tensors)
	})
}

// checkTensors decodes every tensor that get lets through.
func checkTensors(t *testing.T, w tensors) {
	for name, found := range w {
		for _, d := range found.shape {
			if d < 1 {
				return
			}
		}
		if got, err := w.get(name, found.shape...); err == nil && len(found.shape) > 0 {
			got.values()
		}
	}
}
