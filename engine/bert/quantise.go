package bert

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nlpodyssey/safetensors"
)

// settingsFiles are the files of a model folder that Open reads beside the
// weights.
var settingsFiles = []string{
	"config.json", "vocab.txt", "tokenizer_config.json", "modules.json", "1_Pooling/config.json",
	"sentence_bert_config.json", "config_sentence_transformers.json",
}

// Quantise writes the model folder src to dst with its dense layers and word
// vectors as int8 rows: each such tensor NAME becomes NAME of type I8 and
// NAME.scale of type F32, one scale a row. Other tensors that Open reads keep
// their type; heads are left out. name is what the model will call itself. The
// files at dst are replaced one by one, the weights last.
func Quantise(dst string, src fs.FS, name string) error {
	// Opening it refuses what could not be opened afterwards.
	if _, err := Open(src, Options{Name: name}); err != nil {
		return err
	}
	w, err := readWeights(src)
	if err != nil {
		return fmt.Errorf("model %s: %w", name, err)
	}
	out := map[string]safetensors.TensorView{}
	for _, canonical := range slices.Sorted(maps.Keys(w.tensors)) {
		if err := quantiseTensor(out, canonical, w.tensors[canonical]); err != nil {
			return fmt.Errorf("model %s: tensor %q: %w", name, canonical, err)
		}
	}
	b, err := safetensors.Serialize(out, map[string]string{"format": "pt", "name": name})
	if err != nil {
		return fmt.Errorf("model %s: %w", name, err)
	}
	for _, file := range settingsFiles {
		setting, err := fs.ReadFile(src, file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = replaceFile(filepath.Join(dst, file), setting)
		}
		if err != nil {
			return fmt.Errorf("model %s: %w", name, err)
		}
	}
	if err := replaceFile(filepath.Join(dst, safetensorsFile), b); err != nil {
		return fmt.Errorf("model %s: %w", name, err)
	}
	return nil
}

// quantiseTensor adds a tensor to out, as int8 rows where it is a matrix that
// the network multiplies with or looks words up in.
func quantiseTensor(out map[string]safetensors.TensorView, name string, t *tensor) error {
	const words = "embeddings.word_embeddings.weight"
	switch {
	case !strings.HasPrefix(name, "embeddings.") && !strings.HasPrefix(name, "encoder.layer.") && !strings.HasPrefix(name, "pooler."),
		strings.HasSuffix(name, scaleSuffix): // written with its tensor
		return nil
	case t.dtype == safetensors.I8, name != words && !strings.HasSuffix(name, ".dense.weight") && !strings.Contains(name, ".self."),
		len(t.shape) != 2:
		return put(out, name, t.dtype, t.shape, t.data, t.scale)
	}
	rows, columns := t.shape[0], t.shape[1]
	data, scale := make([]byte, 0, rows*columns), make([]float32, rows)
	row, integers := make([]float32, columns), make([]int8, columns)
	for i := range rows {
		t.row(row, i)
		scale[i] = quantiseRow(integers, row)
		for _, q := range integers {
			data = append(data, byte(q))
		}
	}
	return put(out, name, safetensors.I8, t.shape, data, scale)
}

// put adds a tensor and, unless scale is nil, its scales.
func put(out map[string]safetensors.TensorView, name string, dtype safetensors.DType, shape []int, data []byte, scale []float32) error {
	var dims []uint64
	for _, d := range shape {
		dims = append(dims, uint64(d))
	}
	view, err := safetensors.NewTensorView(dtype, dims, data)
	if err != nil {
		return err
	}
	out[name] = view
	if scale == nil {
		return nil
	}
	var bits []byte
	for _, s := range scale {
		bits = binary.LittleEndian.AppendUint32(bits, math.Float32bits(s))
	}
	return put(out, name+scaleSuffix, safetensors.F32, []int{len(scale)}, bits, nil)
}

// replaceFile writes a file whole or not at all.
func replaceFile(name string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
