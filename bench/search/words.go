package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"touchstone/bench/peer"
	"touchstone/engine"
)

// words measures the best 100 by BM25 for one query at a time, ours, bleve's and
// bm25s's in turn. All have the same words of the same products, and get the same
// words of each query; ours keeps five fields apart, theirs have one.
func (b *bench) words(ctx context.Context) error {
	path, err := b.recombined(ctx, b.products)
	if err != nil {
		return err
	}
	x, err := openIndex(ctx, path)
	if err != nil {
		return err
	}
	queries, err := b.typedQueries(min(200, b.queries))
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\nwords: the best %d of %d products, %d queries, one at a time\n", nearestK, x.Len(), len(queries))
	peers := map[string]*peer.Process{}
	if b.peers {
		file, err := b.wordsFile(ctx, path)
		if err != nil {
			return err
		}
		for _, p := range []struct {
			name  string
			start func(context.Context) (*peer.Process, error)
		}{{"bleve", b.bleve}, {"bm25s", b.python}} {
			theirs, err := p.start(ctx)
			if err != nil {
				return err
			}
			defer theirs.Stop()
			var rows struct{ Rows int }
			if err := theirs.Ask(map[string]any{"do": "load_words", "file": file, "name": fmt.Sprintf("%s-%d", p.name, x.Len())}, &rows); err != nil {
				return errors.Join(err, theirs.Stop())
			}
			fmt.Fprintf(b.out, "  %s: %s; %d products\n", p.name, theirs.Versions, rows.Rows)
			peers[p.name] = theirs
		}
	}
	took := map[string]times{}
	for i, query := range queries {
		analysis := x.whole(query)
		began := time.Now()
		if _, err := x.Retrieve(ctx, engine.Request{Analysis: analysis, Depth: nearestK}); err != nil {
			return err
		}
		ours := time.Since(began)
		var terms []string
		for _, t := range analysis.Terms {
			if !slices.Contains(terms, t.Text) {
				terms = append(terms, t.Text)
			}
		}
		answers := map[string]time.Duration{"ours": ours}
		for name, p := range peers {
			var answer struct {
				MS float64 `json:"ms"`
			}
			if err := p.Ask(map[string]any{"do": "search_words", "words": terms, "k": nearestK, "threads": 1}, &answer); err != nil {
				return err
			}
			answers[name] = time.Duration(answer.MS * 1e6)
		}
		if i >= warming {
			for name, t := range answers {
				took[name] = append(took[name], t)
			}
		}
	}
	for _, name := range []string{"ours", "bleve", "bm25s"} {
		if t := took[name]; t != nil {
			fmt.Fprintf(b.out, "  %s: mean %.2f ms, %s\n", name, t.mean(), t)
		}
	}
	return nil
}
