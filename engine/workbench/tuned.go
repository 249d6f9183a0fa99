package workbench

import (
	"context"
	"fmt"

	"touchstone/engine"
	"touchstone/engine/learn/tune"
	"touchstone/engine/rank"
	"touchstone/engine/retrieve"
)

// tunedEncoder is an encoder with a head behind it.
type tunedEncoder struct {
	engine.Encoder
	head *engine.Head
}

// Name implements engine.Encoder.
func (t *tunedEncoder) Name() string {
	return fmt.Sprintf("%s · %s v%d", t.Encoder.Name(), t.head.Name, t.head.Version)
}

// Encode implements engine.Encoder.
func (t *tunedEncoder) Encode(ctx context.Context, texts []string) ([][]float32, error) {
	vectors, err := t.Encoder.Encode(ctx, texts)
	for i := range vectors {
		vectors[i] = t.mapped(vectors[i])
	}
	return vectors, err
}

// EncodeQuery implements engine.Encoder.
func (t *tunedEncoder) EncodeQuery(ctx context.Context, query string) ([]float32, error) {
	vector, err := t.Encoder.EncodeQuery(ctx, query)
	return t.mapped(vector), err
}

// mapped is a vector behind the head, a copy: encoders keep what they hand out.
func (t *tunedEncoder) mapped(vector []float32) []float32 {
	out := append([]float32(nil), vector...)
	tune.Apply(t.head, out, make([]float32, t.head.Rank))
	return out
}

// behind is the view with the vectors of products and queries behind a head,
// nil for the shipped encoder. The stored vectors stay those of the shipped
// encoder, so that going back costs nothing.
func (v *view) behind(head *engine.Head) (*view, error) {
	next := *v
	next.encoder = v.base
	vectors := v.vectors
	if head != nil && v.base != nil {
		if err := tune.Check(head); err != nil {
			return nil, err
		}
		if head.Dim != v.base.Dim() {
			return nil, fmt.Errorf("fine-tuned %s v%d is for vectors of %d values, those of %s have %d", head.Name, head.Version, head.Dim, v.base.Name(), v.base.Dim())
		}
		next.encoder = &tunedEncoder{v.base, head}
		vectors = v.vectors.Mapped(func(rows []float32) { tune.Apply(head, rows, make([]float32, head.Rank)) })
	}
	lexicon, _ := v.base.(engine.Lexicon)
	next.index = retrieve.NewIndex(v.words, vectors, retrieve.Options{Dictionary: v.whole, Lexicon: lexicon})
	next.extractor = &rank.Extractor{IDF: next.index.IDF, Vector: next.appendVector}
	return &next, nil
}

// head is the head in use behind an encoder; nil for none, where it was made
// for another encoder, and where the products' vectors lie elsewhere, as shipped.
func (b *Bench) head(base engine.Encoder) (*engine.Head, error) {
	settings := b.store.Settings()
	name := settings.Head
	if name == "" || base == nil || settings.source() != "" {
		return nil, nil
	}
	heads, err := b.store.Heads()
	if err != nil {
		return nil, err
	}
	for i := range heads {
		if h := &heads[i]; h.Versioned() == name && h.Base == base.Name() {
			return h, nil
		}
	}
	return nil, nil
}
