package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"

	"touchstone/assets"
	"touchstone/cli"
	"touchstone/engine/bert"
)

// encoders keeps the models that were opened: a window that opens another
// workspace of the same model has it at once.
var encoders models

type models struct {
	mu     sync.Mutex
	opened map[modelKey]*bert.Model
}

type modelKey struct {
	name      string
	precision bert.Precision
}

func (m *models) open(name string, precision bert.Precision) (*bert.Model, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := modelKey{name, precision}
	if model, ok := m.opened[key]; ok {
		return model, nil
	}
	model, err := openModel(name, precision)
	if err != nil {
		return nil, err
	}
	if m.opened == nil {
		m.opened = map[modelKey]*bert.Model{}
	}
	m.opened[key] = model
	return model, nil
}

// locatedModel is where a model's files are.
type locatedModel struct {
	files    fs.FS
	name     string // that finds it again, whatever folder the program runs in
	embedded bool
}

// locateModel finds a model by the name of an embedded or an imported one, or
// by its folder.
func locateModel(name string) (locatedModel, error) {
	if files, err := assets.Model(name); err == nil {
		return locatedModel{files, name, true}, nil
	}
	if modelName.MatchString(name) {
		store, err := modelStore()
		if err != nil {
			return locatedModel{}, err
		}
		if folder := filepath.Join(store, name); isFolder(folder) {
			return locatedModel{os.DirFS(folder), name, false}, nil
		}
	}
	if !isFolder(name) {
		return locatedModel{}, fmt.Errorf("model %q: neither minilm or bge-zh, nor one that was imported, nor a folder with config.json, vocab.txt and weights", name)
	}
	folder, err := filepath.Abs(name)
	return locatedModel{os.DirFS(name), folder, false}, err
}

// openModel opens a model: an embedded one as int8, a folder as it is, unless
// asked otherwise.
func openModel(name string, precision bert.Precision) (*bert.Model, error) {
	m, err := locateModel(name)
	if err != nil {
		return nil, err
	}
	o := bert.Options{Precision: precision}
	if !m.embedded {
		o.Name = filepath.Base(m.name)
	} else if precision == "" {
		o.Precision = bert.Int8
	}
	return bert.Open(m.files, o)
}

func openEncoder(model, precision string) (cli.Encoder, error) {
	return encoders.open(model, bert.Precision(precision))
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// modelName is what a model in the store may be called: never a path.
var modelName = regexp.MustCompile(`^[\pL\pN][\pL\pN._-]{0,63}$`)

// modelStore is where imported models live, one folder each.
func modelStore() (string, error) {
	config, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("imported models need a place to live: %w", err)
	}
	return filepath.Join(config, "touchstone", "models"), nil
}

// importModel copies a model folder into the store, all or nothing, once it is
// known to open.
func importModel(ctx context.Context, folder, name string) (about string, err error) {
	if _, err := assets.Model(name); err == nil || !modelName.MatchString(name) {
		return "", fmt.Errorf("import model: %q cannot be its name; use letters, digits, dots and dashes, and neither minilm nor bge-zh", name)
	}
	model, err := bert.Open(os.DirFS(folder), bert.Options{Name: name})
	if err != nil {
		return "", err
	}
	store, err := modelStore()
	if err != nil {
		return "", err
	}
	to := filepath.Join(store, name)
	if isFolder(to) {
		return "", fmt.Errorf("import model: there is a model called %s already, in %s; remove that folder first, or choose another name", name, to)
	}
	if err := os.MkdirAll(store, 0o755); err != nil {
		return "", err
	}
	half, err := os.MkdirTemp(store, ".importing-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(half)
	if err := copyModel(ctx, half, os.DirFS(folder)); err != nil {
		return "", fmt.Errorf("import model %s: %w", name, err)
	}
	return model.Name(), os.Rename(half, to)
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
