package workbench

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/assets"
	"touchstone/engine/bert"
)

// newEncoders are encoders with a store of their own, and a model folder to
// import.
func newEncoders(t *testing.T) (m *Encoders, store, folder string) {
	t.Helper()
	store, folder = filepath.Join(t.TempDir(), "models"), t.TempDir()
	files, err := assets.Model("minilm")
	if err == nil {
		err = os.CopyFS(folder, files)
	}
	if err != nil {
		t.Fatal(err)
	}
	return &Encoders{Embedded: assets.Model, Folder: func() (string, error) { return store, nil }}, store, folder
}

func TestImportModel(t *testing.T) {
	m, store, folder := newEncoders(t)
	prefix := "query: "
	in := ModelImport{Folder: folder, Name: "shop", Precision: "int8", Pooling: "max", QueryPrefix: &prefix}
	about, err := m.Import(t.Context(), in)
	if err != nil || !strings.HasPrefix(about, "shop · int8 · ") {
		t.Fatalf("%q, %v", about, err)
	}
	if err := os.RemoveAll(folder); err != nil { // the store keeps a copy
		t.Fatal(err)
	}
	model, err := m.Open("shop", "")
	if err != nil {
		t.Fatal(err)
	}
	if model.Name() != about || model.Pooling() != bert.Max || model.QueryPrefix() != prefix {
		t.Errorf("%s, pooling %s, prefix %q", model.Name(), model.Pooling(), model.QueryPrefix())
	}
	if again, err := m.Open("shop", ""); err != nil || again != model {
		t.Errorf("opened a second time it is another model (%v)", err)
	}
	if full, err := m.Locate(filepath.Join(store, "shop")); err != nil || full != filepath.Join(store, "shop") {
		t.Errorf("by its folder: %q, %v", full, err)
	}
	if entries, err := os.ReadDir(store); err != nil || len(entries) != 1 {
		t.Errorf("the store has %d folders, want 1 (%v)", len(entries), err)
	}
}

func TestImportModelRefuses(t *testing.T) {
	m, store, good := newEncoders(t)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	// with is a model folder with a file changed; nil removes it.
	with := func(name string, change func([]byte) []byte) string {
		folder := t.TempDir()
		if err := os.CopyFS(folder, os.DirFS(good)); err != nil {
			t.Fatal(err)
		}
		old, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		if b := change(old); b == nil {
			err = os.Remove(filepath.Join(folder, name))
		} else {
			err = os.WriteFile(filepath.Join(folder, name), b, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		return folder
	}
	bomb := with("model.safetensors", func([]byte) []byte { return nil })
	if err := os.WriteFile(filepath.Join(bomb, "pytorch_model.bin"), zipBomb(t), 0o644); err != nil {
		t.Fatal(err)
	}
	replace := func(old, new string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.Replace(b, []byte(old), []byte(new), 1) }
	}
	for _, c := range []struct {
		what string
		ctx  context.Context
		in   ModelImport
		want string
	}{
		{"a path as a name", t.Context(), ModelImport{Folder: good, Name: "../up"}, `"../up" cannot be its name`},
		{"an embedded model's name", t.Context(), ModelImport{Folder: good, Name: "minilm"}, `"minilm" cannot be its name`},
		{"no model", t.Context(), ModelImport{Folder: t.TempDir(), Name: "shop"}, "config.json: "},
		{"RoBERTa", t.Context(), ModelImport{Folder: with("config.json", replace(`"bert"`, `"roberta"`)), Name: "shop"}, `model_type is "roberta"`},
		{"DistilBERT", t.Context(), ModelImport{Folder: with("config.json", replace(`"bert"`, `"distilbert"`)), Name: "shop"}, `model_type is "distilbert"`},
		{"relative positions", t.Context(), ModelImport{Folder: with("config.json", replace(`"model_type"`, `"position_embedding_type": "relative_key", "model_type"`)), Name: "shop"}, "relative_key"},
		{"cut weights", t.Context(), ModelImport{Folder: with("model.safetensors", func(b []byte) []byte { return b[:len(b)/2] }), Name: "shop"}, "model.safetensors is truncated"},
		{"another shape", t.Context(), ModelImport{Folder: with("config.json", replace("1536", "1535")), Name: "shop"}, `has shape [1536 384]`},
		{"no pooler", t.Context(), ModelImport{Folder: good, Name: "shop", Pooling: "pooler"}, `"pooler.dense.weight" is missing`},
		{"an unknown pooling", t.Context(), ModelImport{Folder: good, Name: "shop", Pooling: "median"}, `pooling "median"`},
		{"an unknown precision", t.Context(), ModelImport{Folder: good, Name: "shop", Precision: "int4"}, `precision "int4"`},
		{"a zip bomb", t.Context(), ModelImport{Folder: bomb, Name: "shop"}, "compressed or truncated"},
		{"cancelled", cancelled, ModelImport{Folder: good, Name: "shop"}, context.Canceled.Error()},
	} {
		t.Run(c.what, func(t *testing.T) {
			if _, err := m.Import(c.ctx, c.in); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
			if entries, err := os.ReadDir(store); len(entries) > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%d folders were left in the store (%v)", len(entries), err)
			}
		})
	}
	if _, err := m.Import(t.Context(), ModelImport{Folder: good, Name: "shop"}); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Import(t.Context(), ModelImport{Folder: good, Name: "shop"}); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("a name twice: %v", err)
	}
}

// zipBomb is a small archive whose list of tensors unpacks to 64 MB.
func zipBomb(t *testing.T) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("m/data.pkl")
	if err == nil {
		_, err = f.Write(make([]byte, 64<<20))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOpenNoModel(t *testing.T) {
	m, _, _ := newEncoders(t)
	if _, err := m.Open("none", ""); err == nil || !strings.Contains(err.Error(), `model "none"`) {
		t.Errorf("%v", err)
	}
}
