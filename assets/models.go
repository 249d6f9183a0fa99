package assets

import (
	"embed"
	"io/fs"
	"unsafe"
)

// Quantising again from the published models gives the same bytes.
//
//go:generate go run ./models/quantise -from ../../shared/models -to models

//go:embed models/minilm models/bge-zh
var models embed.FS

// The weights once more, as strings: the program holds them once, and a string
// can be read where it lies.
var (
	//go:embed models/minilm/model.safetensors
	minilmWeights string
	//go:embed models/bge-zh/model.safetensors
	bgeWeights string
)

// Model returns the folder of an embedded model, "minilm" or "bge-zh", as
// engine/bert opens it. Nothing is read before it is opened. An unknown name is
// an fs.ErrNotExist. What fs.ReadFile returns of the weights is the program's
// own memory, not 23 MB of copy, and must not be written to. A folder that is an
// io.Closer is closed once its model is open: the system may then have the memory
// of what was read; what is needed again is read from the program's file.
func Model(name string) (fs.FS, error) {
	if _, err := fs.Stat(models, "models/"+name); err != nil {
		return nil, err
	}
	folder, err := fs.Sub(models, "models/"+name)
	return modelFolder{folder, map[string]string{"minilm": minilmWeights, "bge-zh": bgeWeights}[name]}, err
}

// modelFolder is a model's folder whose weights are not copied.
type modelFolder struct {
	fs.FS
	weights string
}

// ReadFile implements fs.ReadFileFS.
func (f modelFolder) ReadFile(name string) ([]byte, error) {
	if name == "model.safetensors" {
		return unsafe.Slice(unsafe.StringData(f.weights), len(f.weights)), nil
	}
	return fs.ReadFile(f.FS, name)
}

// Close implements io.Closer.
func (f modelFolder) Close() error { return giveBack(f.weights) }
