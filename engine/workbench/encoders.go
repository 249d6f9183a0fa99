package workbench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"

	"touchstone/engine/bert"
)

// Encoders are the models of this machine: those inside the program, those that
// a person imported, and model folders anywhere. It keeps what it opened, so that
// another workspace of the same model has it at once. It is safe for concurrent
// use.
type Encoders struct {
	Embedded func(name string) (fs.FS, error) // an error where there is none of that name; closed where it is an io.Closer
	Folder   func() (string, error)           // of imported models, one folder each; made when needed

	mu     sync.Mutex
	opened map[modelKey]*bert.Model
}

type modelKey struct {
	name      string
	precision bert.Precision
}

// ModelImport is a model folder to import.
type ModelImport struct {
	Folder string // Hugging Face's: config.json, vocab.txt, weights
	Name   string // what the model is to be called

	// What is kept with the model.
	Pooling     string  // one of Poolings; "" is as the folder says, or mean
	Precision   string  // "fp32", or "int8" to write its weights so; "" is fp32
	QueryPrefix *string // stands before each query; nil is as the folder says
}

// Poolings are the ways from the vectors of a text's tokens to its own.
var Poolings = []string{string(bert.Mean), string(bert.CLS), string(bert.Max), string(bert.Pooler)}

// modelName is what an imported model may be called: never a path.
var modelName = regexp.MustCompile(`^[\pL\pN][\pL\pN._-]{0,63}$`)

// Open opens a model by the name of an embedded or an imported one, or by its
// folder. Where no precision is asked for, an embedded one is int8, any other as
// it was imported.
func (m *Encoders) Open(name string, precision bert.Precision) (*bert.Model, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := modelKey{name, precision}
	if model, ok := m.opened[key]; ok {
		return model, nil
	}
	files, full, embedded, err := m.locate(name)
	if err != nil {
		return nil, err
	}
	o := bert.Options{Precision: precision}
	if !embedded {
		o.Name = filepath.Base(full)
	} else if precision == "" {
		o.Precision = bert.Int8
	}
	model, err := bert.Open(files, o)
	if err != nil {
		return nil, err
	}
	if read, ok := files.(io.Closer); ok {
		if err := read.Close(); err != nil {
			return nil, fmt.Errorf("model %s: %w", name, err)
		}
	}
	if m.opened == nil {
		m.opened = map[modelKey]*bert.Model{}
	}
	m.opened[key] = model
	return model, nil
}

// Locate is the name that finds a model again, whatever folder the program runs
// in. An error says that there is no such model.
func (m *Encoders) Locate(name string) (string, error) {
	_, full, _, err := m.locate(name)
	return full, err
}

// Names lists the models that can be opened by name: the embedded ones and those
// that were imported. A store that cannot be read has none.
func (m *Encoders) Names() []string {
	names := []string{"minilm", "bge-zh"}
	names = slices.DeleteFunc(names, func(name string) bool { _, err := m.Embedded(name); return err != nil })
	store, err := m.Folder()
	if err != nil {
		return names
	}
	entries, err := os.ReadDir(store)
	if err != nil {
		return names
	}
	for _, e := range entries {
		if e.IsDir() && modelName.MatchString(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names
}

func (m *Encoders) locate(name string) (files fs.FS, full string, embedded bool, err error) {
	if files, err := m.Embedded(name); err == nil {
		return files, name, true, nil
	}
	if modelName.MatchString(name) {
		store, err := m.Folder()
		if err != nil {
			return nil, "", false, err
		}
		if folder := filepath.Join(store, name); isFolder(folder) {
			return os.DirFS(folder), name, false, nil
		}
	}
	if !isFolder(name) {
		return nil, "", false, fmt.Errorf("model %q: neither minilm or bge-zh, nor one that was imported, nor a folder with config.json, vocab.txt and weights", name)
	}
	full, err = filepath.Abs(name)
	return os.DirFS(name), full, false, err
}

// Import takes a model folder in, all or nothing: it must open before anything
// is written, and the copy must open before it counts. It returns what the model
// calls itself.
func (m *Encoders) Import(ctx context.Context, in ModelImport) (about string, err error) {
	if _, err := m.Embedded(in.Name); err == nil || !modelName.MatchString(in.Name) {
		return "", fmt.Errorf("import model: %q cannot be its name; use letters, digits, dots and dashes, and neither minilm nor bge-zh", in.Name)
	}
	store, err := m.Folder()
	if err != nil {
		return "", err
	}
	to := filepath.Join(store, in.Name)
	if isFolder(to) {
		return "", fmt.Errorf("import model: there is a model called %s already, in %s; remove that folder first, or choose another name", in.Name, to)
	}
	from, keep := os.DirFS(in.Folder), bert.Options{Precision: bert.Precision(in.Precision), Pooling: bert.Pooling(in.Pooling), QueryPrefix: in.QueryPrefix}
	check := keep
	check.Name = in.Name
	if keep.Precision == bert.Int8 {
		check.Precision = bert.FP32 // int8 weights are made below, once
	}
	if _, err := bert.Open(from, check); err != nil {
		return "", fmt.Errorf("import model from %s: %w", in.Folder, err)
	}
	if err := os.MkdirAll(store, 0o755); err != nil {
		return "", err
	}
	half, err := os.MkdirTemp(store, ".importing-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(half)
	if keep.Precision == bert.Int8 {
		err = errors.Join(bert.Quantise(half, from, in.Name), ctx.Err())
	} else {
		err = copyModel(ctx, half, from)
	}
	if err == nil {
		err = keep.Keep(half)
	}
	if err != nil {
		return "", fmt.Errorf("import model %s: %w", in.Name, err)
	}
	model, err := bert.Open(os.DirFS(half), bert.Options{Name: in.Name})
	if err != nil {
		return "", err
	}
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("import model %s: %w", in.Name, err)
	}
	return model.Name(), os.Rename(half, to)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// modelFiles are the parts of a model folder that the encoder reads, and the
// licence. Folders from a hub hold the same weights in other forms beside them.
var modelFiles = []string{"*.json", "*/config.json", "vocab.txt", "*.safetensors", "pytorch_model*.bin", "LICENSE*"}

// copyModel copies the files of a model folder; it can be cancelled between
// files.
func copyModel(ctx context.Context, to string, from fs.FS) error {
	for _, pattern := range modelFiles {
		names, err := fs.Glob(from, pattern)
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := errors.Join(ctx.Err(), copyFile(filepath.Join(to, filepath.FromSlash(name)), from, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

func copyFile(to string, from fs.FS, name string) error {
	in, err := from.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
