package bert

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
)

// Options choose how a folder is opened. What they leave open is as the options
// that were kept in the folder say, or else as its other files do, in FP32.
type Options struct {
	Name      string    `json:"-"` // of the model; "" is what the weights call themselves
	Precision Precision `json:"precision,omitempty"`
	Pooling   Pooling   `json:"pooling,omitempty"`
	// QueryPrefix stands before each query, where a model was trained so:
	// "query: ". nil leaves it open, "" is none.
	QueryPrefix *string `json:"query_prefix,omitempty"`
}

// optionsFile is a folder's record of the options that were chosen for it.
const optionsFile = "touchstone.json"

// Keep writes the options into a model folder, to be those of every Open that
// does not choose others.
func (o Options) Keep(folder string) error {
	b, err := json.MarshalIndent(o, "", "\t")
	if err != nil {
		return err
	}
	return replaceFile(filepath.Join(folder, optionsFile), append(b, '\n'))
}

// readOptions reads the options kept in a folder, the zero ones where there are
// none.
func readOptions(fsys fs.FS) (Options, error) {
	var o Options
	if err := readOptionalJSON(fsys, optionsFile, &o); err != nil {
		return o, err
	}
	if err := o.check(); err != nil {
		return o, fmt.Errorf("%s: %w", optionsFile, err)
	}
	return o, nil
}

func (o Options) check() error {
	switch o.Precision {
	case "", FP32, Int8:
	default:
		return fmt.Errorf("precision %q: it must be fp32 or int8", o.Precision)
	}
	switch o.Pooling {
	case "", Mean, CLS, Max, Pooler:
	default:
		return fmt.Errorf("pooling %q: it must be mean, cls, max or pooler", o.Pooling)
	}
	return nil
}

// or fills what o leaves open from other options.
func (o Options) or(other Options) Options {
	o.Precision, o.Pooling = cmp.Or(o.Precision, other.Precision), cmp.Or(o.Pooling, other.Pooling)
	o.QueryPrefix = cmp.Or(o.QueryPrefix, other.QueryPrefix)
	return o
}
