package bert

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"touchstone/engine"
)

// TestQuantiseRow holds that each value is rounded to the nearest level and that
// the largest stands at the end of the range.
func TestQuantiseRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.SliceOfN(rapid.Float32Range(-100, 100), 1, 40).Draw(t, "row")
		integers := make([]int8, len(row))
		scale := quantiseRow(integers, row)
		var top int8
		for i, v := range row {
			if d := math.Abs(float64(float32(integers[i])*scale - v)); d > float64(scale)*0.5001 {
				t.Fatalf("%g became %d × %g", v, integers[i], scale)
			}
			top = max(top, integers[i], -integers[i])
		}
		if scale > 0x1p-120 && top != 127 {
			t.Fatalf("the largest level of %v is %d, want 127", row, top)
		}
	})
}

// TestQuantise holds that a quantised folder opens in both precisions, gives the
// vectors of rounding at opening, and stays as it is when quantised again.
func TestQuantise(t *testing.T) {
	folder, dst := tinyFolder(t), t.TempDir()
	folder = with(folder, "1_Pooling/config.json", []byte(`{"pooling_mode_cls_token":true}`))
	if err := Quantise(dst, folder, "tiny"); err != nil {
		t.Fatal(err)
	}
	published := mustEncode(t, mustOpen(t, folder, Options{}), "a phone")[0]
	quantised := mustOpen(t, os.DirFS(dst), Options{Precision: Int8})
	got := mustEncode(t, quantised, "a phone")[0]
	if cosine := engine.Dot(got, published); cosine < 0.99 || cosine == 1 {
		t.Errorf("cosine to the published model's vector %g, want just under 1", cosine)
	}
	if d := distance(got, mustEncode(t, mustOpen(t, folder, Options{Precision: Int8}), "a phone")[0]); d != 0 {
		t.Errorf("off by %g from the published folder opened as int8", d)
	}
	if cosine := engine.Dot(got, mustEncode(t, mustOpen(t, os.DirFS(dst), Options{}), "a phone")[0]); cosine < 0.99 || cosine == 1 {
		t.Errorf("cosine to float32 arithmetic over the same weights %g, want just under 1", cosine)
	}
	if quantised.Pooling() != CLS {
		t.Errorf("pooling %s, want cls", quantised.Pooling())
	}
	again := t.TempDir()
	if err := Quantise(again, os.DirFS(dst), "tiny"); err != nil {
		t.Fatal(err)
	}
	first, err1 := os.ReadFile(filepath.Join(dst, safetensorsFile))
	second, err2 := os.ReadFile(filepath.Join(again, safetensorsFile))
	if err1 != nil || err2 != nil || !bytes.Equal(first, second) {
		t.Errorf("quantised again it is another file (%v, %v)", err1, err2)
	}
}

func TestQuantiseRefusesBeforeWriting(t *testing.T) {
	dst := t.TempDir()
	if err := Quantise(dst, with(tinyFolder(t), "config.json", []byte(`{"model_type":"roberta"}`)), "tiny"); err == nil {
		t.Error("no error for a RoBERTa folder")
	}
	entries, err := os.ReadDir(dst)
	if err != nil || len(entries) != 0 {
		t.Errorf("%d files were written (%v)", len(entries), err)
	}
}
