package workbench

import (
	"context"
	"fmt"

	"touchstone/engine"
	"touchstone/engine/retrieve"
)

// adopt gives what a remote engine brought the scores that the local index would
// give.
func (v *view) adopt(ctx context.Context, ask *engine.Request, found engine.Candidates) (engine.Candidates, error) {
	here, err := v.gather(ask, found.Brought)
	out := engine.Candidates{Facets: found.Facets, Recorded: found.Recorded, Brought: found.Brought}
	if err != nil || len(here.rows) == 0 {
		return out, err
	}
	measured, err := here.measure(ctx, ask)
	if err != nil {
		return out, err
	}
	out.Items = measured.Items
	wordless := 0
	for i := range out.Items {
		item := &out.Items[i]
		item.Row = here.rows[item.Row]
		if item.Matched == ([engine.TextFields]uint64{}) {
			wordless++
		}
	}
	// As the local index counts: what has a word, and the candidates that have none.
	out.Total = found.Total
	if v.far.home {
		out.Total += wordless
	}
	out.Total = max(out.Total, len(out.Items))
	return out, nil
}

// brought are products of an engine, and those of the file that it named, as a
// small index of their own with the dictionary of all.
type brought struct {
	view    *view
	builder *retrieve.Builder
	rows    []uint32 // here, by row of the small index; so are those below
	ids     []string
	hashes  []uint64
	vectors [][]float32
}

// gather reads each product that was brought or has to be on the page, once: from
// the file where it is there.
func (v *view) gather(ask *engine.Request, found []engine.Brought) (*brought, error) {
	here := &brought{view: v, builder: retrieve.NewBuilder(v.analyzer, nil)}
	if v.far.home || len(ask.Filter)+len(ask.Except) == 0 {
		here.builder.Only = map[string]bool{}
		for _, t := range ask.Analysis.Terms {
			here.builder.Only[t.Text] = true
		}
	}
	have := map[string]bool{}
	for i := range found {
		p := &found[i].Product
		if have[p.ID] {
			continue
		}
		have[p.ID] = true
		ok, err := here.local(p.ID)
		if err != nil {
			return here, err
		}
		if ok {
			continue
		}
		row := v.far.sight(p, found[i].Vector)
		reading, err := v.far.reading(row, v.analyzer)
		if err != nil {
			return here, err
		}
		here.add(p, row, found[i].Vector, reading)
	}
	for _, id := range ask.Include {
		if have[id] {
			continue
		}
		have[id] = true
		if _, err := here.local(id); err != nil {
			return here, err
		}
	}
	return here, nil
}

func (b *brought) add(p *engine.Product, row uint32, vector []float32, reading *retrieve.Reading) {
	b.builder.AddRead(uint32(len(b.rows)), p, reading)
	b.rows, b.ids = append(b.rows, row), append(b.ids, p.ID)
	b.hashes, b.vectors = append(b.hashes, p.TextHash()), append(b.vectors, vector)
}

// local adds a product of the file, and reports whether it is there.
func (b *brought) local(id string) (bool, error) {
	v := b.view
	if v.far.home {
		return false, nil
	}
	row, ok, err := v.far.file.Row(id)
	if !ok || err != nil {
		return false, err
	}
	p, ok, err := v.far.file.ProductAt(row)
	if ok && err == nil {
		b.add(&p, row, v.index.Vector(row), retrieve.Read(v.analyzer, &p))
	}
	return ok, err
}

// measure searches the small index, all of which are candidates.
func (b *brought) measure(ctx context.Context, ask *engine.Request) (engine.Candidates, error) {
	small := engine.Request{Analysis: ask.Analysis, Include: b.ids, Only: true, Fusion: ask.Fusion}
	var values *retrieve.Vectors
	if ask.Vector != nil {
		values = retrieve.NewVectors(len(ask.Vector))
		if err := values.PutFloats(0, b.hashes, b.vectors); err != nil {
			return engine.Candidates{}, fmt.Errorf("%s: %w", b.view.far.remote.Name, err)
		}
		small.Vector = ask.Vector
	}
	options := retrieve.Options{}
	if b.view.far.home {
		options.Dictionary = b.view.index.Dictionary()
	} else {
		// The shop's own search may know nothing of these.
		small.Filter, small.Except, small.Exclude = ask.Filter, ask.Except, ask.Exclude
	}
	index, err := smallIndex(b.builder, values, options)
	if err != nil {
		return engine.Candidates{}, err
	}
	return index.Retrieve(ctx, small)
}

// smallIndex is an index of what a builder was given, in memory.
func smallIndex(b *retrieve.Builder, vectors *retrieve.Vectors, options retrieve.Options) (*retrieve.Index, error) {
	data, err := b.Build(0)
	if err != nil {
		return nil, err
	}
	segment, err := retrieve.Open(data)
	if err != nil {
		return nil, err
	}
	return retrieve.NewIndex([]*retrieve.Segment{segment}, vectors, options), nil
}
