package workbench

import (
	"context"
	"errors"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

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
	words     []*retrieve.Segment
	index     *retrieve.Index
	encoder   engine.Encoder       // of queries, with the head in use; nil while the workspace has no model
	base      engine.Encoder       // of products, as shipped
	vectors   *retrieve.Vectors    // of base, as stored; nil without an encoder
	whole     *retrieve.Dictionary // of the words of a catalogue elsewhere; nil: the index's own
	hidden    []uint32             // rows of the products that are kept from searches, in order
	extractor *rank.Extractor
	far       *elsewhere // where candidates come from; nil: from the index
}

// look makes the view of what is stored now. Changed says which products or
// vectors changed since the last look; where it is nil, all vectors are read, and
// the lexical index is made again if it is of an older state of the products.
func (b *Bench) look(ctx context.Context, changed *changes, progress engine.OnProgress) error {
	settings := b.store.Settings()
	changedBefore := changed.clone() // words adds to it
	v := &view{}
	var err error
	if v.analyzer, err = text.New(settings.Catalogue.Language); err != nil {
		return err
	}
	if settings.Model != "" && settings.Model != AutoModel {
		if v.base, err = b.models(settings.Model); err != nil {
			return err
		}
	}
	// Side by side: together they are most of opening a large workspace.
	var group errgroup.Group
	group.Go(func() (err error) {
		v.vectors, err = b.vectors(ctx, v.base, changedBefore)
		return err
	})
	v.words, err = b.words(ctx, v.analyzer, changed, progress)
	if err = errors.Join(err, group.Wait()); err != nil {
		return err
	}
	if settings.Home != "" {
		if v.whole, err = b.farWords(ctx); err != nil {
			return err
		}
	}
	if name := settings.source(); name != "" {
		if v.far, err = b.elsewhere(name); err != nil {
			return err
		}
	}
	head, err := b.head(v.base)
	if err != nil {
		return err
	}
	if v, err = v.behind(head); err != nil {
		return err
	}
	for _, row := range v.index.Gone() {
		p, ok, err := b.store.ProductAt(row)
		if err != nil {
			return err
		}
		if ok && p.Hidden {
			v.hidden = append(v.hidden, row)
		}
	}
	b.view.Store(v)
	return nil
}

// vectors reads what is stored of the encoder's vectors; nil without an encoder.
// Where it is known which rows changed, only their blocks are read.
func (b *Bench) vectors(ctx context.Context, encoder engine.Encoder, changed *changes) (*retrieve.Vectors, error) {
	if encoder == nil {
		return nil, nil
	}
	before := b.view.Load()
	if changed == nil || before == nil || before.vectors == nil || before.base.Name() != encoder.Name() {
		vectors := retrieve.NewVectors(encoder.Dim())
		err := b.store.EachVectorBlock(ctx, encoder.Name(), func(block VectorBlock) error {
			return vectors.Put(block.First, block.Hashes, block.Half)
		})
		return vectors, err
	}
	vectors := before.vectors.Clone()
	err := b.store.EachVectorBlockOf(ctx, encoder.Name(), slices.Collect(maps.Keys(changed.rows)), func(block VectorBlock) error {
		return vectors.Put(block.First, block.Hashes, block.Half)
	})
	return vectors, err
}

// ParseFilter reads the conditions of a filter: price<100, brand=Sony
func ParseFilter(s string) (engine.Filter, error) { return retrieve.ParseFilter(s) }
