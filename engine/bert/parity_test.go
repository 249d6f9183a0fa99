package bert

import (
	"math"
	"os"
	"slices"
	"testing"

	"touchstone/engine"
	"touchstone/engine/kernel"
)

// TestGoldenEmbeddings holds float32 vectors of the published folders within
// 1e-4 of Hugging Face's, value by value, on each instruction set of this
// machine: all rows on the best, some on the others; -short leaves out plain Go,
// which takes minutes under the race detector.
func TestGoldenEmbeddings(t *testing.T) {
	available := kernel.Available()
	for _, model := range []string{"all-MiniLM-L6-v2", "bge-small-zh-v1.5"} {
		for i, isa := range available {
			t.Run(model+"/"+isa.String(), func(t *testing.T) {
				if isa == kernel.Portable && testing.Short() {
					t.Skip("plain Go is slow with a model of this size")
				}
				t.Setenv("TOUCHSTONE_KERNEL", isa.String())
				checkGolden(t, model, i == len(available)-1 && !testing.Short())
			})
		}
	}
}

func checkGolden(t *testing.T, model string, all bool) {
	m := openShared(t, model, Options{})
	rows := readGolden(t, model)
	var texts []string
	var want [][]float32
	for i, row := range rows {
		if got := m.Tokenize(row.Text); !slices.Equal(got, row.IDs) {
			t.Errorf("row %d %q: ids %v, want %v", i+1, row.Text, got, row.IDs)
		}
		if row.Embedding != nil {
			texts, want = append(texts, row.Text), append(want, row.Embedding)
		}
	}
	if !all {
		texts = texts[:4]
	}
	got, err := m.Encode(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	var worst float64
	for i := range got {
		d := distance(got[i], want[i])
		if worst = max(worst, d); d > 1e-4 {
			t.Errorf("%q: off by %.2g", texts[i], d)
		}
	}
	t.Logf("%d token sequences equal; %d vectors, largest difference %.2g", len(rows), len(texts), worst)
}

// TestGoldenPoolings holds the three poolings of tiny-bert-chinese, before
// normalisation.
func TestGoldenPoolings(t *testing.T) {
	rows := readGolden(t, "tiny-bert-chinese")
	for _, c := range []struct {
		pooling Pooling
		want    func(golden) []float32
	}{
		{CLS, func(g golden) []float32 { return g.CLS }},
		{Mean, func(g golden) []float32 { return g.Mean }},
		{Pooler, func(g golden) []float32 { return g.Pooler }},
	} {
		t.Run(string(c.pooling), func(t *testing.T) {
			m := openShared(t, "tiny-bert-chinese", Options{Pooling: c.pooling})
			for _, row := range rows {
				ids := m.Tokenize(row.Text)
				if !slices.Equal(ids, row.IDs) {
					t.Errorf("%q: ids %v, want %v", row.Text, ids, row.IDs)
				}
				if d := distance(forward(m, 1, ids), c.want(row)); d > 1e-5 {
					t.Errorf("%q: off by %.2g", row.Text, d)
				}
			}
		})
	}
}

// distance is the largest difference between two vectors' values.
func distance(a, b []float32) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	var d float64
	for i := range a {
		d = max(d, math.Abs(float64(a[i]-b[i])))
	}
	return d
}

// TestEmbeddedFidelity holds the vectors of the embedded int8 models near those
// of the published ones, on each instruction set of this machine: a cosine of
// 0.995 for each text, 0.999 on average.
func TestEmbeddedFidelity(t *testing.T) {
	available := kernel.Available()
	for folder, model := range map[string]string{"minilm": "all-MiniLM-L6-v2", "bge-zh": "bge-small-zh-v1.5"} {
		for i, isa := range available {
			t.Run(folder+"/"+isa.String(), func(t *testing.T) {
				if isa == kernel.Portable && testing.Short() {
					t.Skip("plain Go is slow with a model of this size")
				}
				t.Setenv("TOUCHSTONE_KERNEL", isa.String())
				checkFidelity(t, folder, model, i == len(available)-1 && !testing.Short())
			})
		}
	}
}

func checkFidelity(t *testing.T, folder, model string, all bool) {
	m, err := Open(os.DirFS("../../assets/models/"+folder), Options{Precision: Int8})
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	var want [][]float32
	for _, row := range readGolden(t, model) {
		if row.Embedding != nil && (all || len(row.IDs) < 12 && len(texts) < 4) {
			texts, want = append(texts, row.Text), append(want, row.Embedding)
		}
	}
	got, err := m.Encode(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	var sum float32
	least, at := float32(1), 0
	for i := range got {
		cosine := engine.Dot(got[i], want[i])
		sum += cosine
		if cosine < least {
			least, at = cosine, i
		}
	}
	mean := sum / float32(len(got))
	t.Logf("%s: %d vectors, cosine mean %.5f, least %.5f (%q)", m.Name(), len(got), mean, least, texts[at])
	if least < 0.995 || all && mean < 0.999 {
		t.Errorf("cosine mean %.5f, least %.5f: it must be 0.999 and 0.995", mean, least)
	}
}
