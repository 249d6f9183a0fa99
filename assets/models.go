package assets

import (
	"embed"
	"io/fs"
)

// Quantising again from the published models gives the same bytes.
//
//go:generate go run ./models/quantise -from ../../shared/models -to models

//go:embed models/minilm models/bge-zh
var models embed.FS

// Model returns the folder of an embedded model, "minilm" or "bge-zh", as
// engine/bert opens it. Nothing is read before it is opened. An unknown name is
// an fs.ErrNotExist.
func Model(name string) (fs.FS, error) {
	if _, err := fs.Stat(models, "models/"+name); err != nil {
		return nil, err
	}
	return fs.Sub(models, "models/"+name)
}
