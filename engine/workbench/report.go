package workbench

import (
	"io"
	"time"

	"touchstone/engine/exchange"
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
