package workbench

import (
	"io"
	"slices"
	"time"

	"touchstone/engine"
	"touchstone/engine/exchange"
	"touchstone/engine/rank"
	"touchstone/engine/report"
)

// WriteReport writes a comparison in one of report.Formats: html, xlsx,
// markdown, junit. "-" is standard output.
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
