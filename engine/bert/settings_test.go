package bert

import (
	"encoding/json"
	"testing"
	"testing/fstest"
)

// FuzzSettings reads any model folder's settings: an error, or a model that
// could be computed.
func FuzzSettings(f *testing.F) {
	config, err := json.Marshal(tinyArchitecture)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(config, []byte(tinyVocabulary), []byte(`{"do_lower_case":false,"model_max_length":1e30}`), []byte(`{"pooling_mode_cls_token":true}`), []byte(`{"prompts":{"query":"q: "}}`))
	f.Add([]byte(`{"model_type":"bert","hidden_size":-1}`), []byte("[PAD]\n\xff\n"), []byte(`{"unk_token":{"content":1}}`), []byte(`[]`), []byte(`null`))
	f.Add([]byte(`{"hidden_size":1e400}`), []byte(""), []byte(`{`), []byte(``), []byte(``))
	f.Fuzz(func(t *testing.T, config, vocabulary, tokenizer, pooling, prompts []byte) {
		files := fstest.MapFS{}
		for name, data := range map[string][]byte{
			"config.json": config, "vocab.txt": vocabulary, "tokenizer_config.json": tokenizer,
			"1_Pooling/config.json": pooling, "config_sentence_transformers.json": prompts,
		} {
			if len(data) > 0 {
				files[name] = &fstest.MapFile{Data: data}
			}
		}
		s, err := readSettings(files)
		if err != nil {
			return
		}
		if s.Hidden < 1 || s.Hidden%s.Heads != 0 || s.maxTokens < 2 || s.maxTokens > s.Positions || s.pooling == "" || s.tokenizer.Size() > s.Vocabulary {
			t.Fatalf("settings that cannot be computed: %+v", s)
		}
	})
}
