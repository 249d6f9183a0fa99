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
	"runtime"
	"strings"
	"sync"

	"github.com/nlpodyssey/safetensors"
	"golang.org/x/sync/errgroup"
)

// settingsFiles are the files of a model folder that Open reads beside the
// weights.
var settingsFiles = []string{
	"config.json", "vocab.txt", "tokenizer_config.json", "modules.json", "1_Pooling/config.json",
	"sentence_bert_config.json", "config_sentence_transformers.json",
}

// Quantise writes the model folder src to dst with its dense layers and word
// vectors as int8 rows: each such tensor NAME becomes NAME of type I8 and
// NAME.scale of type F32, one scale a row; those that follow a layer
// normalisation get NAME.column_scale too, one a column. Other tensors that Open
// reads keep their type; heads are left out. name is what the model will call
// itself. The files at dst are replaced one by one, the weights last.
func Quantise(dst string, src fs.FS, name string) error {
	b, err := quantisedWeights(src, name)
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

// quantisedWeights is the safetensors file of a folder's weights in int8.
func quantisedWeights(src fs.FS, name string) ([]byte, error) {
	s, err := readSettings(src)
	if err != nil {
		return nil, err
	}
	w, err := readWeights(src)
	if err != nil {
		return nil, err
	}
	quantised, err := quantise(w.tensors, s.architecture)
	if err != nil {
		return nil, err
	}
	out := map[string]safetensors.TensorView{}
	for tensorName, t := range quantised {
		if !isPart(tensorName) || isScale(tensorName) { // scales are written with their tensor
			continue
		}
		if err := put(out, tensorName, t); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", tensorName, err)
		}
	}
	return safetensors.Serialize(out, map[string]string{"format": "pt", "name": name})
}

const wordVectors = "embeddings.word_embeddings.weight"

// isPart reports a tensor of BERT itself, heads left out.
func isPart(name string) bool {
	return strings.HasPrefix(name, "embeddings.") || strings.HasPrefix(name, "encoder.layer.") || strings.HasPrefix(name, "pooler.")
}

func isScale(name string) bool {
	return strings.HasSuffix(name, scaleSuffix) || strings.HasSuffix(name, columnSuffix)
}

// isRows reports a tensor to round row by row: a matrix that the network
// multiplies with, or the word vectors.
func isRows(name string, t *tensor) bool {
	return isPart(name) && len(t.shape) == 2 &&
		(name == wordVectors || strings.HasSuffix(name, ".dense.weight") || strings.Contains(name, ".self."))
}

// quantise returns tensors with the matrices and the word vectors as int8 rows.
// Those that are so already stay as they are, and so does all else.
func quantise(t tensors, a architecture) (tensors, error) {
	var names []string
	for name, tensor := range t {
		if isRows(name, tensor) && tensor.dtype != safetensors.I8 {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return t, nil
	}
	columns, err := columnScales(t, a)
	if err != nil {
		return nil, err
	}
	quantised := maps.Clone(t)
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, name := range names {
		group.Go(func() error {
			rows := quantiseRows(t[name], columns[name])
			mu.Lock()
			defer mu.Unlock()
			quantised[name] = rows
			return nil
		})
	}
	return quantised, group.Wait()
}

// quantiseRows rounds a matrix to int8 rows, its columns first divided by their
// scales unless columns is nil.
func quantiseRows(t *tensor, columns []float32) *tensor {
	rows, width := t.shape[0], t.width()
	data, scale := make([]byte, rows*width), make([]float32, rows)
	q := &tensor{dtype: safetensors.I8, shape: t.shape, data: data, scale: scale, columns: columns}
	row, integers := make([]float32, width), q.integers()
	for i := range rows {
		t.row(row, i)
		for j, c := range columns {
			row[j] /= c
		}
		scale[i] = quantiseRow(integers[i*width:(i+1)*width], row)
	}
	return q
}

// quantiseRow rounds a row to integers from -127 to 127 times the returned
// scale, which maps the largest value of the row to the end of that range.
func quantiseRow(dst []int8, row []float32) (scale float32) {
	var top float32
	for _, v := range row {
		top = max(top, v, -v)
	}
	scale = top / 127
	for i, v := range row {
		dst[i] = 0
		if scale > 0 {
			dst[i] = int8(math.RoundToEven(float64(v / scale)))
		}
	}
	return scale
}

// put adds a tensor and the scales that it has.
func put(out map[string]safetensors.TensorView, name string, t *tensor) error {
	var dims []uint64
	for _, d := range t.shape {
		dims = append(dims, uint64(d))
	}
	view, err := safetensors.NewTensorView(t.dtype, dims, t.data)
	if err != nil {
		return err
	}
	out[name] = view
	for suffix, scales := range map[string][]float32{scaleSuffix: t.scale, columnSuffix: t.columns} {
		if scales == nil {
			continue
		}
		var bits []byte
		for _, s := range scales {
			bits = binary.LittleEndian.AppendUint32(bits, math.Float32bits(s))
		}
		if err := put(out, name+suffix, &tensor{dtype: safetensors.F32, shape: []int{len(scales)}, data: bits}); err != nil {
			return err
		}
	}
	return nil
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
