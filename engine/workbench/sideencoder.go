package workbench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"touchstone/engine"
	"touchstone/engine/retrieve"
)

// Shipped is the encoder of the workspace without what fine-tuning made of it, as
// a side of a comparison.
const Shipped = "shipped"

// otherVectors are the products' vectors by an encoder that the workspace does not
// use: of the one that was asked for last, in memory alone.
type otherVectors struct {
	mu         sync.Mutex // held while they are made
	encoder    string
	generation uint64
	vectors    *retrieve.Vectors

	looking sync.Mutex
	of      *view // the view that the others are made of
	others  []otherView
}

// otherView is a view by another encoder, by what names it.
type otherView struct {
	name string
	view *view
}

// sidesAtOnce is how many such views are kept: both sides of a comparison.
const sidesAtOnce = 2

// checkEncoder finds out whether there is an encoder of this name: "shipped", a
// fine-tuned one as NAME or NAME@VERSION, or a model.
func (b *Bench) checkEncoder(name string) error {
	settings := b.store.Settings()
	if settings.source() != "" {
		return errors.New("the products' vectors lie in another engine: encoders can only be compared where the catalogue is here")
	}
	if name == Shipped {
		return nil
	}
	if head, err := b.headNamed(name); head != nil || err != nil {
		return err
	}
	_, err := b.models(name)
	return err
}

// headNamed finds a fine-tuned encoder as NAME@VERSION, or the newest of a NAME;
// nil where there is none.
func (b *Bench) headNamed(name string) (*engine.Head, error) {
	heads, err := b.store.Heads()
	if err != nil {
		return nil, err
	}
	for i := range slices.Backward(heads) {
		if heads[i].Versioned() == name || heads[i].Name == name {
			return &heads[i], nil
		}
	}
	return nil, nil
}

// encodedBy is a view with the vectors of another encoder. Those of another model
// are made for the comparison, which takes about as long as an import; the views
// asked for last are kept, so that a query typed beside another does not wait.
func (b *Bench) encodedBy(ctx context.Context, v *view, name string, progress engine.OnProgress) (*view, error) {
	head, err := b.headNamed(name)
	if err != nil {
		return nil, err
	}
	if head != nil {
		name = head.Versioned()
	}
	o := &b.besides
	o.looking.Lock()
	for i := range o.others {
		if o.of == v && o.others[i].name == name {
			kept := o.others[i].view
			o.looking.Unlock()
			return kept, nil
		}
	}
	o.looking.Unlock()
	made, err := b.encodeBeside(ctx, v, name, head, progress)
	if err != nil {
		return nil, err
	}
	o.looking.Lock()
	defer o.looking.Unlock()
	if o.of != v {
		o.of, o.others = v, nil
	}
	o.others = append([]otherView{{name, made}}, o.others[:min(len(o.others), sidesAtOnce-1)]...)
	return made, nil
}

// encodeBeside makes a view with the vectors of another encoder: of a fine-tuned
// one where head is not nil.
func (b *Bench) encodeBeside(ctx context.Context, v *view, name string, head *engine.Head, progress engine.OnProgress) (*view, error) {
	if name == Shipped {
		return v.behind(nil)
	}
	if head != nil {
		if v.base == nil || v.base.Name() != head.Base {
			return nil, fmt.Errorf("%s was made for %s, which is not the encoder of this workspace", head.Versioned(), head.Base)
		}
		return v.behind(head)
	}
	encoder, err := b.models(name)
	if err != nil {
		return nil, err
	}
	next := *v
	if v.base == nil || v.base.Name() != encoder.Name() {
		next.base = encoder
		if next.vectors, err = b.vectorsBy(ctx, encoder, progress); err != nil {
			return nil, err
		}
	}
	return next.behind(nil)
}

// vectorsBy encodes the catalogue in memory.
func (b *Bench) vectorsBy(ctx context.Context, encoder engine.Encoder, progress engine.OnProgress) (*retrieve.Vectors, error) {
	o := &b.besides
	o.mu.Lock()
	defer o.mu.Unlock()
	generation := b.store.Generation()
	if o.vectors != nil && o.encoder == encoder.Name() && o.generation == generation {
		return o.vectors, nil
	}
	var rows []uint32
	err := b.store.EachProduct(ctx, func(row uint32, _ engine.Product) error {
		rows = append(rows, row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	vectors := retrieve.NewVectors(encoder.Dim())
	start := time.Now()
	for done := 0; done < len(rows); {
		batch := rows[done:min(done+encodeBatch, len(rows))]
		if err := b.encodeInto(ctx, vectors, encoder, batch); err != nil {
			return nil, err
		}
		done += len(batch)
		perRow := time.Since(start) / time.Duration(done)
		progress.Report(engine.Progress{Stage: "encoding", Done: done, Total: len(rows), Left: perRow * time.Duration(len(rows)-done)})
	}
	o.encoder, o.generation, o.vectors = encoder.Name(), generation, vectors
	return vectors, nil
}

// encodeInto encodes the products of some rows, in order, as one block.
func (b *Bench) encodeInto(ctx context.Context, into *retrieve.Vectors, encoder engine.Encoder, rows []uint32) error {
	first := rows[0]
	hashes := make([]uint64, rows[len(rows)-1]-first+1)
	values := make([][]float32, len(hashes))
	texts := make([]string, len(rows))
	for i, row := range rows {
		p, ok, err := b.store.ProductAt(row)
		if err != nil {
			return err
		}
		if ok { // or else deleted meanwhile
			texts[i], hashes[row-first] = p.Text(), p.TextHash()
		}
	}
	encoded, err := encoder.Encode(ctx, texts)
	if err != nil {
		return err
	}
	for i, row := range rows {
		if hashes[row-first] != 0 {
			values[row-first] = encoded[i]
		}
	}
	return into.PutFloats(first, hashes, values)
}

// adoptEncoder makes a side's encoder the one in use. Another model would need
// another workspace.
func (b *Bench) adoptEncoder(name string) error {
	if name == Shipped {
		return b.UseEncoder("")
	}
	head, err := b.headNamed(name)
	if err != nil {
		return err
	}
	if head != nil {
		return b.UseEncoder(head.Versioned())
	}
	if base := b.view.Load().base; base != nil && strings.EqualFold(name, b.store.Settings().Model) {
		return b.UseEncoder("")
	}
	return fmt.Errorf("adopt: %s is another model than this workspace's; make a workspace with it (touchstone new FILE --model %s), then import catalogue and judgments there", name, name)
}
