package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/x448/float16"

	"touchstone/engine"
	"touchstone/engine/retrieve"
	"touchstone/engine/text"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

// index is a workspace's index by itself, below the program's use cases: the
// peers have none of them.
type index struct {
	*retrieve.Index
	analyzer *text.Analyzer
	encoder  engine.Encoder
}

// openIndex reads the index that a workspace has stored, and its vectors.
func openIndex(ctx context.Context, path string) (*index, error) {
	store, err := storage.Open(path, storage.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	x, err := readIndex(ctx, store)
	return x, errors.Join(err, store.Close())
}

func readIndex(ctx context.Context, store *storage.Workspace) (*index, error) {
	x := &index{}
	var err error
	if x.analyzer, err = text.New(store.Settings().Catalogue.Language); err != nil {
		return nil, err
	}
	if x.encoder, err = encoder(store.Settings().Model); err != nil {
		return nil, err
	}
	var segment *retrieve.Segment
	found, err := store.Derived("words", func(data []byte) (err error) {
		segment, err = retrieve.Open(bytes.Clone(data))
		return err
	})
	if err != nil || !found {
		return nil, errors.Join(err, errors.New("the workspace has no index"))
	}
	vectors := retrieve.NewVectors(x.encoder.Dim())
	err = store.EachVectorBlock(ctx, x.encoder.Name(), func(b workbench.VectorBlock) error {
		return vectors.Put(b.First, b.Hashes, b.Half)
	})
	x.Index = retrieve.NewIndex([]*retrieve.Segment{segment}, vectors, retrieve.Options{})
	return x, err
}

// whole are the terms of a query without the parts of longer ones, which the
// peers do not know.
func (x *index) whole(query string) engine.Analysis {
	a := x.analyzer.Analyze(query)
	kept := a.Terms[:0]
	for _, t := range a.Terms {
		if !t.Part {
			kept = append(kept, t)
		}
	}
	a.Terms = kept
	return a
}

// floatsFile writes the vectors of a workspace as float32, row after row, for
// the peers.
func (b *bench) floatsFile(ctx context.Context, path string) (string, error) {
	file := strings.TrimSuffix(path, ".touchstone") + ".f32"
	return file, b.make(file, func(part string) error {
		return writeFrom(path, part, func(store *storage.Workspace, out *bufio.Writer) error {
			model, err := encoder(store.Settings().Model)
			if err != nil {
				return err
			}
			return store.EachVectorBlock(ctx, model.Name(), func(block workbench.VectorBlock) error {
				for _, h := range block.Half {
					if err := writeFloat(out, float16.Frombits(h).Float32()); err != nil {
						return err
					}
				}
				return nil
			})
		})
	})
}

// wordsFile writes the words of each product on a line, for the peers: those of
// all its text, as the index makes them.
func (b *bench) wordsFile(ctx context.Context, path string) (string, error) {
	file := strings.TrimSuffix(path, ".touchstone") + ".words"
	return file, b.make(file, func(part string) error {
		return writeFrom(path, part, func(store *storage.Workspace, out *bufio.Writer) error {
			analyzer, err := text.New(store.Settings().Catalogue.Language)
			if err != nil {
				return err
			}
			return store.EachProduct(ctx, func(_ uint32, p engine.Product) error {
				texts := []string{p.Title, p.Brand, p.Category, p.Description}
				for _, a := range p.Attributes {
					texts = append(texts, a.Value)
				}
				for _, t := range texts {
					for token := range analyzer.Tokens(t) {
						if !token.Part {
							if _, err := out.WriteString(token.Text + " "); err != nil {
								return err
							}
						}
					}
				}
				return out.WriteByte('\n')
			})
		})
	})
}

func writeFrom(workspace, file string, write func(*storage.Workspace, *bufio.Writer) error) error {
	store, err := storage.Open(workspace, storage.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer store.Close()
	f, err := os.Create(filepath.Clean(file))
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(f, 1<<20)
	return errors.Join(write(store, out), out.Flush(), f.Close())
}
