package assets_test

import (
	"errors"
	"io/fs"
	"testing"

	"touchstone/assets"
	"touchstone/engine/bert"
)

func openEmbedded(t testing.TB, name string) *bert.Model {
	t.Helper()
	folder, err := assets.Model(name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := bert.Open(folder, bert.Options{Precision: bert.Int8})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestEmbeddedModelsOpen(t *testing.T) {
	for _, c := range []struct {
		name    string
		dim     int
		pooling bert.Pooling
	}{{"minilm", 384, bert.Mean}, {"bge-zh", 512, bert.CLS}} {
		m := openEmbedded(t, c.name)
		if m.Dim() != c.dim || m.Pooling() != c.pooling {
			t.Errorf("%s: %d values, %s pooling; want %d, %s", c.name, m.Dim(), m.Pooling(), c.dim, c.pooling)
		}
		vector, err := m.EncodeQuery(t.Context(), "手机 mobile phone")
		if err != nil || len(vector) != c.dim {
			t.Errorf("%s: a vector of %d values, %v", c.name, len(vector), err)
		}
	}
	if _, err := assets.Model("none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an unknown model: %v, want fs.ErrNotExist", err)
	}
}

// BenchmarkFirstVector is the time from nothing to the first query's vector.
func BenchmarkFirstVector(b *testing.B) {
	for _, name := range []string{"minilm", "bge-zh"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := openEmbedded(b, name).EncodeQuery(b.Context(), "wireless mouse"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
