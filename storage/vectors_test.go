package storage

import (
	"context"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"touchstone/engine/workbench"
)

// TestBlocks stores vectors of several blocks in a jumble and reads them back,
// before and after products of them are deleted.
func TestBlocks(t *testing.T) {
	const n, dim = 2*blockRows + 100, 6
	w := newWorkspace(t)
	want := newTwin()
	products := catalogue(n)
	if _, err := w.PutProducts(t.Context(), products); err != nil {
		t.Fatal(err)
	}
	want.putProducts(products)
	all := vectorsFor(0, n, dim)
	for _, v := range all {
		for i := range v.Values {
			v.Values[i] = float32(math.Round(float64(v.Values[i])*256) / 256) // exact in half precision
		}
	}
	for _, part := range [][]workbench.Vector{all[blockRows+5 : blockRows+9], {all[2000], all[3], all[2100], all[0]}, all[:1500], all[7:]} {
		if err := w.PutVectors(t.Context(), "minilm", part); err != nil {
			t.Fatal(err)
		}
		want.putVectors("minilm", part)
		expect(t, w, want)
	}
	var ids []string
	for _, p := range products[:blockRows] {
		ids = append(ids, p.ID)
	}
	ids = append(ids, products[n-1].ID)
	if err := w.DeleteProducts(t.Context(), ids); err != nil {
		t.Fatal(err)
	}
	want.deleteProducts(ids)
	expect(t, w, want)
	var first []uint32
	err := w.EachVectorBlock(t.Context(), "minilm", func(b workbench.VectorBlock) error {
		first = append(first, b.First)
		return nil
	})
	if err != nil || !slices.Equal(first, []uint32{blockRows, 2 * blockRows}) {
		t.Errorf("blocks at %v, %v: the empty one should be gone", first, err)
	}
}

// TestModels: vectors of another model replace those of the first.
func TestModels(t *testing.T) {
	w := newWorkspace(t)
	put(t, w, "a", "b")
	ctx := t.Context()
	count := func(model string) (n int) {
		t.Helper()
		err := w.EachVectorBlock(ctx, model, func(b workbench.VectorBlock) error {
			for _, h := range b.Hashes {
				if h != 0 {
					n++
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if err := w.PutVectors(ctx, "minilm", []workbench.Vector{{Row: 0, Hash: 1, Values: []float32{1}}, {Row: 1, Hash: 1, Values: []float32{1}}}); err != nil {
		t.Fatal(err)
	}
	if err := w.PutVectors(ctx, "bge-zh", nil); err != nil {
		t.Fatal(err)
	}
	if count("minilm") != 2 || count("bge-zh") != 0 || count("") != 0 {
		t.Error("no vectors at all took the place of others")
	}
	if err := w.PutVectors(ctx, "bge-zh", []workbench.Vector{{Row: 1, Hash: 1, Values: []float32{1, 2}}}); err != nil {
		t.Fatal(err)
	}
	if count("minilm") != 0 || count("bge-zh") != 1 {
		t.Error("the first model's vectors are still there")
	}
}

func TestVectorsThatCannotBeStored(t *testing.T) {
	w := newWorkspace(t)
	want := fillSample(t, w)
	ok := workbench.Vector{Row: 0, Hash: 1, Values: []float32{1, 2, 3}}
	for name, c := range map[string]struct {
		model  string
		vector workbench.Vector
		want   string
	}{
		"no hash":        {"minilm", workbench.Vector{Row: 0, Values: ok.Values}, "row 0 has no hash"},
		"no product":     {"minilm", workbench.Vector{Row: 3, Hash: 1, Values: ok.Values}, "row 3 has no product"},
		"too long":       {"minilm", workbench.Vector{Row: 0, Hash: 1, Values: []float32{1, 2, 3, 4}}, "has 4 values, others have 3"},
		"not a number":   {"minilm", workbench.Vector{Row: 0, Hash: 1, Values: []float32{1, float32(math.NaN()), 3}}, "value 1 of the vector of row 0 is NaN"},
		"infinite":       {"minilm", workbench.Vector{Row: 0, Hash: 1, Values: []float32{1, 2, float32(math.Inf(-1))}}, "is -Inf"},
		"too large":      {"minilm", workbench.Vector{Row: 0, Hash: 1, Values: []float32{1, 2, 65520}}, "is 65520"},
		"another length": {"bge-zh", workbench.Vector{Row: 0, Hash: 1, Values: []float32{1}}, "has 1 values, others have 3"},
	} {
		err := w.PutVectors(t.Context(), c.model, []workbench.Vector{ok, c.vector})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), w.Path()) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, values := range [][]float32{nil, make([]float32, maxDim+1)} {
		err := w.PutVectors(t.Context(), "minilm", []workbench.Vector{{Row: 0, Hash: 1, Values: values}})
		if err == nil || !strings.Contains(err.Error(), "from 1 to 65536 values") {
			t.Errorf("%d values: %v", len(values), err)
		}
	}
	if err := w.PutVectors(t.Context(), "minilm", []workbench.Vector{{Row: 0, Hash: 1, Values: []float32{1}}}); err == nil || !strings.Contains(err.Error(), "have 3 values, not 1") {
		t.Errorf("another length of the same model: %v", err)
	}
	expect(t, w, want)
}

// TestBlockViews: a block that is not aligned reads the same as one that is.
func TestBlockViews(t *testing.T) {
	b := newBlock(3, 5)
	for i := range b.data[blockHeader:] {
		b.data[blockHeader+i] = byte(i * 7)
	}
	odd := block{b.dim, b.rows, append(make([]byte, 1, 1+len(b.data)), b.data...)[1:]}
	want, got := b.view(10), odd.view(10)
	if !slices.Equal(want.Hashes, got.Hashes) || !slices.Equal(want.Half, got.Half) || got.First != 10 || got.Dim != 3 {
		t.Errorf("got %v, want %v", got, want)
	}
	if want.Hashes[1] != binary.LittleEndian.Uint64(b.data[blockHeader+8:]) {
		t.Errorf("hash %x", want.Hashes[1])
	}
}

// TestBlocksLieInTheFile: blocks of a reopened file are aligned, so that reading
// them copies nothing.
func TestBlocksLieInTheFile(t *testing.T) {
	w := newWorkspace(t)
	fill(t, w, 3*blockRows+11, 7)
	w = reopen(t, w)
	sum := 0
	read := func() {
		err := w.EachVectorBlock(context.Background(), "minilm", func(b workbench.VectorBlock) error {
			sum += int(b.Half[0])
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if bytes := testing.AllocsPerRun(5, read); bytes > 100 {
		t.Errorf("%v allocations for 4 blocks", bytes)
	}
	if sum == 0 {
		t.Error("all values are zero")
	}
}

// TestDeleteBeyondShortBlock deletes a row that its block does not reach to.
func TestDeleteBeyondShortBlock(t *testing.T) {
	w := newWorkspace(t)
	put(t, w, "a", "b", "c")
	if err := w.PutVectors(t.Context(), "minilm", []workbench.Vector{{Row: 0, Hash: 1, Values: []float32{1}}}); err != nil {
		t.Fatal(err)
	}
	if err := w.DeleteProducts(t.Context(), []string{"c"}); err != nil {
		t.Fatal(err)
	}
	counts, err := w.Check(t.Context())
	if err != nil || counts.Vectors != 1 || counts.Products != 2 {
		t.Errorf("%+v, %v", counts, err)
	}
}
