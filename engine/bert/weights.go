package bert

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"slices"
	"strings"

	"github.com/nlpodyssey/safetensors"
)

// The files that weights are read from, in this order.
const (
	safetensorsFile = "model.safetensors"
	indexFile       = "model.safetensors.index.json" // of weights in several files
	pytorchFile     = "pytorch_model.bin"
)

// The endings of the names of the tensors that hold the scales of an I8 tensor,
// in F32.
const (
	scaleSuffix  = ".scale"        // one a row
	columnSuffix = ".column_scale" // one a column; may be absent
)

// weights is what the weight files of a folder hold.
type weights struct {
	tensors tensors
	name    string // of the model, "" where the file gives none
	sum     uint32 // CRC-32C of the files
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// readWeights reads the weights of a model folder.
func readWeights(fsys fs.FS) (*weights, error) {
	w := &weights{tensors: tensors{}}
	if b, err := fs.ReadFile(fsys, safetensorsFile); err == nil {
		return w, w.addSafetensors(safetensorsFile, b)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", safetensorsFile, plain(err))
	}

	var index struct {
		Files map[string]string `json:"weight_map"` // tensor → file
	}
	switch err := readJSON(fsys, indexFile, &index); {
	case err == nil:
		return w, w.addShards(fsys, index.Files)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}

	b, err := fs.ReadFile(fsys, pytorchFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no weights: neither %s nor %s is there", safetensorsFile, pytorchFile)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pytorchFile, plain(err))
	}
	return w, w.addPyTorch(b)
}

func (w *weights) addShards(fsys fs.FS, files map[string]string) error {
	var shards []string
	for _, file := range files {
		shards = append(shards, file)
	}
	slices.Sort(shards)
	for _, file := range slices.Compact(shards) {
		b, err := fs.ReadFile(fsys, file)
		if err != nil {
			return fmt.Errorf("%s, named in %s: %w", file, indexFile, plain(err))
		}
		if err := w.addSafetensors(file, b); err != nil {
			return err
		}
	}
	return nil
}

// addSafetensors adds the tensors of one file; they keep b alive.
func (w *weights) addSafetensors(file string, b []byte) error {
	header, meta, err := safetensors.ReadMetadata(b)
	if err != nil {
		return fmt.Errorf("%s is truncated or damaged: %w", file, err)
	}
	w.sum = crc32.Update(w.sum, castagnoli, b)
	w.name = meta.Metadata()["name"]
	data := b[8+header:]
	for name, info := range meta.Tensors() {
		t := &tensor{dtype: info.DType, data: data[info.DataOffsets[0]:info.DataOffsets[1]]}
		for _, d := range info.Shape {
			t.shape = append(t.shape, int(d)) // the file's length bounds the shape
		}
		if err := w.add(file, name, t); err != nil {
			return err
		}
	}
	return w.attachScales()
}

// add files a tensor under its canonical name: without the prefix "bert.", and
// LayerNorm's gamma and beta called weight and bias.
func (w *weights) add(file, name string, t *tensor) error {
	canonical := strings.TrimPrefix(name, "bert.")
	if base, ok := strings.CutSuffix(canonical, "LayerNorm.gamma"); ok {
		canonical = base + "LayerNorm.weight"
	}
	if base, ok := strings.CutSuffix(canonical, "LayerNorm.beta"); ok {
		canonical = base + "LayerNorm.bias"
	}
	if w.tensors[canonical] != nil {
		return fmt.Errorf("%s: tensor %q is there twice, once under another name", file, name)
	}
	w.tensors[canonical] = t
	return nil
}

// attachScales gives the I8 tensors their scales.
func (w *weights) attachScales() error {
	for name, t := range w.tensors {
		if t.dtype != safetensors.I8 {
			continue
		}
		for _, scales := range []struct {
			suffix, one string
			dimension   int
			to          *[]float32
		}{{scaleSuffix, "row", 0, &t.scale}, {columnSuffix, "column", 1, &t.columns}} {
			s := w.tensors[name+scales.suffix]
			if s == nil {
				continue
			}
			if len(t.shape) != 2 || s.dtype != safetensors.F32 || !slices.Equal(s.shape, t.shape[scales.dimension:][:1]) {
				return fmt.Errorf("tensor %q is %s %v: for %q of shape %v it must be F32, one a %s", name+scales.suffix, s.dtype, s.shape, name, t.shape, scales.one)
			}
			*scales.to = s.values()
		}
	}
	return nil
}
