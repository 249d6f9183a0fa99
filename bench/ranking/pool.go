package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"touchstone/bench/electronics"
	"touchstone/engine"
	"touchstone/engine/measure"
	"touchstone/engine/rank"
	"touchstone/engine/retrieve"
	"touchstone/engine/text"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

// catalogue is a workspace, ready to be searched.
type catalogue struct {
	analyzer *text.Analyzer
	encoder  engine.Encoder
	index    *retrieve.Index
	docs     map[uint32]*rank.Document
	qrels    engine.Qrels
}

// pool is what one judged query brings up, and its judged products.
type pool struct {
	query    string
	items    []engine.Candidate
	found    []bool // the search brought it up by itself
	features rank.Matrix
}

// open reads a workspace and indexes its products.
func open(ctx context.Context, workspace string) (*catalogue, error) {
	store, err := storage.Open(workspace, storage.Options{})
	if err != nil {
		return nil, err
	}
	c, err := read(ctx, store)
	return c, errors.Join(err, store.Close())
}

func read(ctx context.Context, store workbench.Store) (*catalogue, error) {
	settings := store.Settings()
	c := &catalogue{docs: map[uint32]*rank.Document{}}
	var err error
	if c.analyzer, err = text.New(settings.Catalogue.Language); err != nil {
		return nil, err
	}
	if c.encoder, err = electronics.Encoder(settings.Model); err != nil {
		return nil, err
	}
	builder := retrieve.NewBuilder(c.analyzer, nil)
	if err := store.EachProduct(ctx, func(row uint32, p engine.Product) error {
		builder.Add(row, &p)
		c.docs[row] = rank.NewDocument(&p, c.analyzer)
		return nil
	}); err != nil {
		return nil, err
	}
	data, err := builder.Build(store.Generation())
	if err != nil {
		return nil, err
	}
	segment, err := retrieve.Open(data)
	if err != nil {
		return nil, err
	}
	vectors := retrieve.NewVectors(c.encoder.Dim())
	if err := store.EachVectorBlock(ctx, c.encoder.Name(), func(b workbench.VectorBlock) error {
		return vectors.Put(b.First, b.Hashes, b.Half)
	}); err != nil {
		return nil, err
	}
	lexicon, _ := c.encoder.(engine.Lexicon)
	c.index = retrieve.NewIndex([]*retrieve.Segment{segment}, vectors, retrieve.Options{Lexicon: lexicon})
	if missing := c.index.Len() - c.index.Encoded(); missing > 0 {
		return nil, fmt.Errorf("%s: %d of %d products have no vector of this model; import the catalogue again to finish encoding", store.Path(), missing, c.index.Len())
	}
	var judgments []engine.Judgment
	if err := store.EachJudgment(ctx, func(j engine.Judgment) error {
		judgments = append(judgments, j)
		return nil
	}); err != nil {
		return nil, err
	}
	c.qrels, err = measure.Agree(judgments, measure.Median)
	return c, err
}

// bringUp searches every judged query.
func (c *catalogue) bringUp(ctx context.Context) ([]*pool, error) {
	extractor := &rank.Extractor{IDF: c.index.IDF, Vector: c.index.AppendVector}
	var pools []*pool
	for _, query := range slices.Sorted(maps.Keys(c.qrels)) {
		request := engine.Request{Analysis: c.analyzer.Analyze(query)}
		err := c.index.Widen(&request.Analysis, false)
		if err != nil {
			return nil, err
		}
		if request.Vector, err = c.encoder.EncodeQuery(ctx, request.Analysis.Clean); err != nil {
			return nil, err
		}
		bySearch, err := c.index.Retrieve(ctx, request)
		if err != nil {
			return nil, err
		}
		found := make(map[uint32]bool, len(bySearch.Items))
		for _, item := range bySearch.Items {
			found[item.Row] = true
		}
		request.Include = slices.Sorted(maps.Keys(c.qrels[query]))
		all, err := c.index.Retrieve(ctx, request)
		if err != nil {
			return nil, err
		}
		p := &pool{query: query, items: all.Items}
		docs := make([]*rank.Document, len(all.Items))
		for i, item := range all.Items {
			docs[i] = c.docs[item.Row]
			p.found = append(p.found, found[item.Row])
		}
		p.features = extractor.Extract(&request.Analysis, p.items, docs)
		pools = append(pools, p)
	}
	return pools, nil
}
