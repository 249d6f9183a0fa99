package workbench

import (
	"cmp"
	"io"
	"slices"
	"time"

	"touchstone/engine"
	"touchstone/engine/exchange"
	"touchstone/engine/rank"
	"touchstone/engine/report"
)

// WriteReport writes a comparison in one of report.Formats: html, xlsx,
// markdown, junit, png, svg. "-" is standard output.
func (b *Bench) WriteReport(c *Comparison, format, file string) error {
	status := b.Status()
	r := report.Report{Catalogue: status.Catalogue.Name, Products: status.Products, Made: time.Now(), Comparison: c}
	for _, q := range c.Lost(MostLosses) {
		pages, err := b.ComparedPages(c, q)
		if err != nil {
			return err
		}
		r.Worst = append(r.Worst, pages)
	}
	return exchange.WriteFile(file, func(w io.Writer) error { return r.Write(w, format) })
}

// WriteEvaluation writes an evaluation of a ranker in one of
// report.EvaluationFormats: markdown, junit. bar is the least mean that is good
// enough; nil where none was set.
func (b *Bench) WriteEvaluation(e *Evaluation, r *engine.Ranker, bar *float64, format, file string) error {
	if r == nil {
		r = b.ranker.Load()
	}
	out := report.Evaluation{
		Ranker: rankerLabel(r), Metric: e.Metric, Convention: e.Convention, Mean: e.Mean, Queries: e.Queries, Skipped: e.Skipped,
		Coverage: e.Coverage, Bounds: e.Bounds, Bar: bar, Made: time.Now(),
	}
	for _, q := range e.PerQuery {
		out.Lowest = append(out.Lowest, report.Scored{Query: q.Query, Value: q.Value})
	}
	slices.SortStableFunc(out.Lowest, func(x, y report.Scored) int { return cmp.Compare(x.Value, y.Value) })
	out.Lowest = out.Lowest[:min(len(out.Lowest), MostLosses)]
	return exchange.WriteFile(file, func(w io.Writer) error { return out.Write(w, format) })
}

// Before is what a ranker is measured against when no one says: the version
// before it, the default for a first version, and plain words for the default.
func (b *Bench) Before(r *engine.Ranker) (engine.Ranker, error) {
	if r.Name == rank.Default().Name {
		return b.Named(baselines[0])
	}
	rankers, err := b.store.Rankers()
	if err != nil {
		return engine.Ranker{}, err
	}
	for _, older := range slices.Backward(rankers) {
		if older.Name == r.Name && older.Version < r.Version {
			return older, nil
		}
	}
	return rank.Default(), nil
}
