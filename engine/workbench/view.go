package workbench

import (
	"bytes"
	"context"
	"fmt"

	"touchstone/engine"
	"touchstone/engine/rank"
	"touchstone/engine/retrieve"
	"touchstone/engine/text"
)

// view is what searches read: an immutable picture of the catalogue as it was
// when the view was made. A change makes a new view; searches that run keep
// theirs.
type view struct {
	analyzer  *text.Analyzer
	index     *retrieve.Index
	encoder   engine.Encoder // nil while the workspace has no model
	documents *documents
	extractor *rank.Extractor
}

// wordsName is the name of the lexical index among the derived data.
const wordsName = "words"

// look makes the view of what is stored now, and makes the lexical index again
// where it is missing, damaged or of an older state of the products.
func (b *Bench) look(ctx context.Context, progress engine.OnProgress) error {
	settings := b.store.Settings()
	v := &view{}
	var err error
	if v.analyzer, err = text.New(settings.Catalogue.Language); err != nil {
		return err
	}
	segment, err := b.words(ctx, v.analyzer, progress)
	if err != nil {
		return err
	}
	if settings.Model != "" && settings.Model != AutoModel {
		if v.encoder, err = b.models(settings.Model); err != nil {
			return err
		}
	}
	vectors, err := b.vectors(ctx, v.encoder)
	if err != nil {
		return err
	}
	v.index = retrieve.NewIndex([]*retrieve.Segment{segment}, vectors, retrieve.Options{})
	v.documents = &documents{store: b.store, analyzer: v.analyzer, byRow: map[uint32]*rank.Document{}}
	v.extractor = &rank.Extractor{IDF: v.index.IDF, Vector: v.index.Vector}
	b.view.Store(v)
	return nil
}

// words opens the stored lexical index, or builds and stores it.
func (b *Bench) words(ctx context.Context, analyzer *text.Analyzer, progress engine.OnProgress) (*retrieve.Segment, error) {
	var segment *retrieve.Segment
	generation := b.store.Generation()
	_, err := b.store.Derived(wordsName, func(data []byte) error {
		s, err := retrieve.Open(bytes.Clone(data))
		if err == nil && s.Generation() == generation && s.Language() == analyzer.Language() {
			segment = s
		}
		return nil // whatever is wrong with it, it can be made again
	})
	if err == nil && segment != nil {
		return segment, nil
	}
	builder := retrieve.NewBuilder(analyzer)
	done := 0
	err = b.store.EachProduct(ctx, func(row uint32, p engine.Product) error {
		builder.Add(row, &p)
		if done++; done%256 == 0 {
			progress.Report(engine.Progress{Stage: "indexing", Done: done})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	data, err := builder.Build(generation)
	if err != nil {
		return nil, err
	}
	if segment, err = retrieve.Open(data); err != nil {
		return nil, fmt.Errorf("the index that was just made cannot be read: %w", err)
	}
	return segment, b.store.PutDerived(wordsName, data)
}

// vectors reads what is stored of the encoder's vectors; nil without an encoder.
func (b *Bench) vectors(ctx context.Context, encoder engine.Encoder) (*retrieve.Vectors, error) {
	if encoder == nil {
		return nil, nil
	}
	vectors := retrieve.NewVectors(encoder.Dim())
	err := b.store.EachVectorBlock(ctx, encoder.Name(), func(block VectorBlock) error {
		return vectors.Put(block.First, block.Hashes, block.Half)
	})
	return vectors, err
}

// ParseFilter reads the conditions of a filter: price<100, brand=Sony
func ParseFilter(s string) (engine.Filter, error) { return retrieve.ParseFilter(s) }
