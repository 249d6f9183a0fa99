package workbench

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"strconv"

	"golang.org/x/sync/errgroup"

	"touchstone/engine"
	"touchstone/engine/rank"
	"touchstone/engine/retrieve"
	"touchstone/engine/text"
)

// The lexical index is stored as derived data: "words" holds the first segment,
// "words.1", "words.2" and so on those that change it.
func wordsName(segment int) string {
	if segment == 0 {
		return "words"
	}
	return "words." + strconv.Itoa(segment)
}

// muchLarger is how many times as many products a segment must have as the one
// upon it; otherwise the two become one. So there are never more than a few, and
// a product is indexed again about as often as the catalogue grows tenfold.
const muchLarger = 8

// indexers is how many goroutines analyse products, besides the one that reads
// them.
const indexers = 2

// changes collects the rows whose products change, from a state on in which the
// index is that of the products.
type changes struct {
	since uint64 // generation
	rows  map[uint32]bool
	seen  map[uint32]bool // rows that an import came upon again, changed or not
}

// watch starts to collect changes.
func (b *Bench) watch() *changes {
	return &changes{since: b.store.Generation(), rows: map[uint32]bool{}, seen: map[uint32]bool{}}
}

// clone is a copy; nil of nil.
func (c *changes) clone() *changes {
	if c == nil {
		return nil
	}
	return &changes{since: c.since, rows: maps.Clone(c.rows), seen: c.seen}
}

func (c *changes) add(rows []uint32) {
	for _, row := range rows {
		c.rows[row] = true
	}
}

// words is the lexical index of the products as they are stored: the segments
// that are there, with a small one upon them for what changed, or all of it made
// again where that is not known.
func (b *Bench) words(ctx context.Context, analyzer *text.Analyzer, changed *changes, progress engine.OnProgress) ([]*retrieve.Segment, error) {
	var segments []*retrieve.Segment
	if v := b.view.Load(); v != nil && v.analyzer.Language() == analyzer.Language() {
		segments = v.words
	} else {
		segments = b.storedWords(analyzer.Language())
	}
	state := func() uint64 {
		if len(segments) == 0 {
			return 0
		}
		return segments[len(segments)-1].Generation()
	}
	if len(segments) > 0 && state() == b.store.Generation() {
		return segments, nil
	}
	stored := len(segments)
	var rows map[uint32]bool // nil: all
	if changed != nil && state() == changed.since {
		rows = changed.rows
	} else {
		segments = nil
	}
	for len(segments) > 0 {
		last := segments[len(segments)-1].Rows()
		if len(last) >= muchLarger*len(rows) {
			break
		}
		changed.add(last)
		segments = segments[:len(segments)-1]
	}
	segment, err := b.index(ctx, analyzer, segments, rows, progress)
	if err != nil {
		return nil, err
	}
	for gone := len(segments) + 1; gone < stored; gone++ {
		if err := b.putDerived(wordsName(gone), nil); err != nil {
			return nil, err
		}
	}
	return append(segments[:len(segments):len(segments)], segment), nil
}

// putDerived keeps what was derived for the next time, where that is allowed.
func (b *Bench) putDerived(name string, data []byte) error {
	if b.store.ReadOnly() {
		return nil
	}
	return b.store.PutDerived(name, data)
}

// copied is a copy of data, made in parts. The collector cannot stop a copy before
// its end, signals it again and again, and has everyone wait for it: up to a second
// for the index of a million products.
func copied(data []byte) []byte {
	const part = 1 << 20
	c := make([]byte, len(data))
	for at := 0; at < len(data); at += part {
		copy(c[at:], data[at:min(at+part, len(data))])
		runtime.Gosched() // where it can be stopped
	}
	return c
}

// storedWords opens the segments that are stored: the first, and those that
// change one after another. Whatever is wrong with them, they can be made again.
func (b *Bench) storedWords(language string) []*retrieve.Segment {
	var segments []*retrieve.Segment
	for {
		var next *retrieve.Segment
		upon := uint64(0)
		if len(segments) > 0 {
			upon = segments[len(segments)-1].Generation()
		}
		_, err := b.store.Derived(wordsName(len(segments)), func(data []byte) error {
			s, err := retrieve.Open(copied(data))
			if err == nil && s.Upon() == upon && s.Language() == language {
				next = s
			}
			return nil
		})
		if err != nil || next == nil {
			return segments
		}
		segments = append(segments, next)
	}
}

// index makes and stores the segment upon others: of some rows, or, where there
// are no others, of all products.
func (b *Bench) index(ctx context.Context, analyzer *text.Analyzer, upon []*retrieve.Segment, rows map[uint32]bool, progress engine.OnProgress) (*retrieve.Segment, error) {
	var base *retrieve.Segment
	if len(upon) > 0 {
		base = upon[len(upon)-1]
	}
	generation := b.store.Generation()
	builder := retrieve.NewBuilder(analyzer, base)
	builder.Note = func(p *engine.Product) []byte { return rank.NewDocument(p, analyzer).Note() }
	type numbered struct {
		row     uint32
		product engine.Product
	}
	read := make(chan numbered, 64)
	group, ctx := errgroup.WithContext(ctx)
	for range indexers {
		group.Go(func() error {
			for p := range read {
				builder.Add(p.row, &p.product)
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(read)
		done := 0
		add := func(row uint32, p engine.Product) error {
			select {
			case read <- numbered{row, p}:
			case <-ctx.Done():
				return ctx.Err()
			}
			if done++; done%256 == 0 {
				progress.Report(engine.Progress{Stage: "indexing", Done: done})
			}
			return nil
		}
		if base == nil {
			return b.store.EachProduct(ctx, add)
		}
		for row := range rows {
			p, ok, err := b.store.ProductAt(row)
			if err == nil && ok {
				err = add(row, p)
			} else if err == nil {
				builder.Delete(row)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	data, err := builder.Build(generation)
	if err != nil {
		return nil, err
	}
	segment, err := retrieve.Open(data)
	if err != nil {
		return nil, fmt.Errorf("the index that was just made cannot be read: %w", err)
	}
	return segment, b.putDerived(wordsName(len(upon)), data)
}
