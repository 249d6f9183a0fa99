package workbench

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"touchstone/engine"
	"touchstone/engine/exchange"
	"touchstone/engine/measure"
)

// ImportJudgments reads a file of judgments into the workspace, all or none.
// judge is whose grades they are where the file does not say; "" is the judge
// of the workspace.
func (b *Bench) ImportJudgments(ctx context.Context, file, judge string) (*JudgmentReport, error) {
	read, err := b.readJudgments(file, judge)
	if err != nil {
		return nil, err
	}
	if err := b.keepBackup(ctx, "import"); err != nil {
		return nil, err
	}
	report := &JudgmentReport{Format: read.Format, Read: len(read.Judgments), Notes: read.Notes, Skipped: read.Skipped}
	for _, p := range read.Problems {
		report.Problems = append(report.Problems, RowProblem{File: p.File, Line: p.Line, What: p.What})
	}
	queries := map[string]bool{}
	ids := make([]string, len(read.Judgments))
	for i, j := range read.Judgments {
		ids[i] = j.Product
	}
	if err := b.bring(ctx, ids); err != nil {
		return nil, err
	}
	for _, j := range read.Judgments {
		queries[j.Query] = true
		if _, ok, err := b.store.Row(j.Product); err != nil {
			return nil, err
		} else if !ok {
			report.Unknown++
		}
	}
	report.Queries = len(queries)
	if err := b.notSeenHere(read.Judgments); err != nil {
		return nil, err
	}
	if err := b.store.BringJudgments(ctx, read.Judgments); err != nil {
		return nil, err
	}
	for _, j := range read.Judgments {
		if stands, ok := b.grades.judgment(j.Judge, j.Query, j.Product); !ok || !stands.Same(&j) { // as the file keeps it
			b.grades.put(j)
		}
	}
	return report, b.putQueries(read.Queries)
}

// notSeenHere gives judgments from elsewhere the text that their product has now,
// as far as they do not say which one the judge saw: the nearest thing known, and
// what a later change of the product is told from. What stands already keeps its
// own: a file read again says nothing of the text.
func (b *Bench) notSeenHere(judgments []engine.Judgment) error {
	hashes := map[string]uint64{} // 0 is a product that the catalogue lacks
	for i := range judgments {
		j := &judgments[i]
		if j.Seen != 0 {
			continue
		}
		if stands, ok := b.grades.judgment(j.Judge, j.Query, j.Product); ok && stands.Same(j) {
			continue
		}
		hash, known := hashes[j.Product]
		if !known {
			p, ok, err := b.store.Product(j.Product)
			if err != nil {
				return err
			}
			if ok {
				hash = p.TextHash()
			}
			hashes[j.Product] = hash
		}
		j.Seen = hash
	}
	return nil
}

func (b *Bench) readJudgments(file, judge string) (*exchange.Judgments, error) {
	if judge == "" {
		settings := b.store.Settings()
		judge = settings.judge()
	}
	return exchange.OpenJudgments(file, exchange.JudgmentOptions{Judge: judge, Time: time.Now().UTC(), Scale: b.Scale()})
}

// ReadQrels reads a file of judgments without keeping it: one grade for each
// pair, for Evaluate.
func (b *Bench) ReadQrels(_ context.Context, file string) (engine.Qrels, error) {
	read, err := b.readJudgments(file, "")
	if err != nil {
		return nil, err
	}
	if len(read.Judgments) == 0 {
		return nil, fmt.Errorf("%s: no judgments in it could be read", file)
	}
	return measure.Agree(read.Judgments, b.Consensus())
}

// ExportJudgments writes the judgments in one of exchange.JudgmentFormats. The
// notes say what the format could not hold.
func (b *Bench) ExportJudgments(ctx context.Context, format, file string) (notes []string, err error) {
	queries, err := b.store.Queries()
	if err != nil {
		return nil, err
	}
	export := exchange.JudgmentExport{Queries: queries, Scale: b.Scale(), Title: func(product string) (string, error) {
		p, _, err := b.store.Product(product)
		return p.Title, err
	}}
	err = b.store.EachJudgment(ctx, func(j engine.Judgment) error {
		export.Judgments = append(export.Judgments, j)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if export.Agreed, err = b.qrels(); err != nil {
		return nil, err
	}
	if format == "letor" {
		if export.Features, err = b.featuresOf(ctx, export.Agreed); err != nil {
			return nil, err
		}
	}
	return exchange.WriteJudgments(file, format, export)
}

// featuresOf looks up the features of judged pairs.
func (b *Bench) featuresOf(ctx context.Context, qrels engine.Qrels) (func(query, product string) ([]float64, error), error) {
	data, err := b.dataset(ctx, qrels, nil)
	if err != nil {
		return nil, err
	}
	type pair struct{ query, product string }
	rows := map[pair][]float64{}
	d := len(data.Features)
	for _, g := range data.Groups {
		for i, product := range g.Products {
			if !math.IsNaN(g.Grades[i]) {
				rows[pair{g.Query, product}] = g.X[i*d : (i+1)*d]
			}
		}
	}
	none := make([]float64, d) // of a product that the catalogue lacks
	return func(query, product string) ([]float64, error) {
		if row, ok := rows[pair{query, product}]; ok {
			return row, nil
		}
		return none, nil
	}, nil
}

// Queries is the query set: the listed queries, then those that are only
// judged, by text.
func (b *Bench) Queries() ([]engine.Query, error) {
	listed, err := b.store.Queries()
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, q := range listed {
		known[q.Text] = true
	}
	for _, text := range b.grades.queries() {
		if !known[text] {
			listed = append(listed, engine.Query{Text: text})
		}
	}
	return slices.Clip(listed), nil
}

// ExportQueries writes the query set in one of exchange.QueryFormats.
func (b *Bench) ExportQueries(format, file string) error {
	queries, err := b.Queries()
	if err != nil {
		return err
	}
	return exchange.WriteQueries(file, format, queries)
}

// ImportQueries reads a file of queries, with their information needs where it
// gives them, into the query set; it returns how many.
func (b *Bench) ImportQueries(ctx context.Context, file string) (int, error) {
	read, err := exchange.OpenQueries(file)
	if err == nil {
		err = b.keepBackup(ctx, "import")
	}
	if err != nil {
		return 0, err
	}
	return len(read.Queries), b.putQueries(read.Queries)
}
