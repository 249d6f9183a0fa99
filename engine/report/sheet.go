package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"touchstone/engine/compare"
)

// sheet writes the numbers, one sheet for each table. Texts are written as
// text, which no spreadsheet runs as a formula.
func (r *Report) sheet(w io.Writer) (err error) {
	defer func() {
		if p := recover(); p != nil { // the library panics on what it cannot write
			err = fmt.Errorf("the spreadsheet could not be made: %v", p)
		}
	}()
	file := excelize.NewFile()
	defer file.Close()
	for i, t := range r.tables() {
		if i == 0 {
			err = file.SetSheetName("Sheet1", t.name)
		} else {
			_, err = file.NewSheet(t.name)
		}
		if err == nil {
			err = t.write(file)
		}
		if err != nil {
			return fmt.Errorf("sheet %s: %w", t.name, err)
		}
	}
	_, err = file.WriteTo(w)
	return err
}

// pValue is a cell that holds a p-value as it is and shows it as measure.Chance
// writes it.
type pValue float64

var shownChance = `[<0.001]\<\ \0\.\0\0\1;0.000`

// table is one sheet: a header and rows of texts and numbers.
type table struct {
	name   string
	widths []float64 // of the columns, in characters
	rows   [][]any
}

func (r *Report) tables() []table {
	answer := table{"Answer", []float64{22, 100}, [][]any{
		{"Comparison", r.Sentence},
		{"Detail", r.Detail()},
		{"A", r.A.Name},
		{"B", r.B.Name},
		{"Verdict", string(r.Verdict)},
		{"Metric", r.Metric.Label()},
		{"Convention", r.Metric.Convention.String()},
		{"A mean", r.A.Mean},
		{"B mean", r.B.Mean},
		{"Difference", r.Delta},
		{"95 % interval from", r.Low},
		{"95 % interval to", r.High},
		{"p", pValue(r.P)},
		{"Queries won", r.Wins},
		{"Queries lost", r.Losses},
		{"Queries equal", r.Ties},
		{"Queries left out", r.Skipped},
		{"A judged coverage", r.A.Coverage},
		{"B judged coverage", r.B.Coverage},
		{"Catalogue", r.Catalogue},
		{"Products", r.Products},
		{"Made", r.Made.UTC().Format("2006-01-02 15:04:05 UTC")},
	}}
	for _, warning := range r.Warnings {
		answer.rows = append(answer.rows, []any{"Careful", warning})
	}
	metrics := table{"Metrics", []float64{22, 12, 12, 12, 12, 12, 12, 12}, [][]any{
		{"Metric", "A", "B", "Difference", "From", "To", "p", "p (Holm)", "Won", "Lost", "Equal"}}}
	for _, m := range r.Metrics {
		metrics.rows = append(metrics.rows, []any{m.Metric.Label(), m.A, m.B, m.Delta, m.Low, m.High, pValue(m.P), pValue(m.Corrected), m.Wins, m.Losses, m.Ties})
	}
	queries := table{"Queries", []float64{40, 12, 12, 12}, [][]any{
		{"Query", "A", "B", "Difference", "A judged", "B judged", "A worst", "A best", "B worst", "B best", "Jaccard", "RBO"}}}
	for _, q := range r.Queries {
		queries.rows = append(queries.rows, []any{q.Query, q.A.Value, q.B.Value, q.Delta, q.A.Judged, q.B.Judged,
			q.A.Worst, q.A.Best, q.B.Worst, q.B.Best, q.Jaccard, q.RBO})
	}
	pages := table{"Where B hurts", []float64{30, 6, 6, 20, 60, 8, 14}, [][]any{
		{"Query", "Page", "Rank", "Product", "Title", "Grade", "Rank on the other"}}}
	for _, p := range r.Worst {
		for _, page := range []struct {
			side  string
			lines []compare.Line
		}{{"A", p.A}, {"B", p.B}} {
			for _, line := range page.lines {
				row := []any{p.Query.Query, page.side, line.Rank, line.Product.ID, line.Product.Title, nil, nil}
				if line.Grade != nil {
					row[5] = float64(*line.Grade)
				}
				if line.Other > 0 {
					row[6] = line.Other
				}
				pages.rows = append(pages.rows, row)
			}
		}
	}
	unsettled := table{"Unsettled", []float64{30, 20, 60, 10, 10, 12}, [][]any{
		{"Query", "Product", "Title", "Rank in A", "Rank in B", "Swing"}}}
	for _, p := range r.Unsettled {
		unsettled.rows = append(unsettled.rows, []any{p.Query, p.Product.ID, p.Product.Title, p.RankA, p.RankB, p.Swing})
	}
	return []table{answer, metrics, queries, pages, unsettled}
}

func (t *table) write(file *excelize.File) error {
	rows, err := file.NewStreamWriter(t.name)
	if err != nil {
		return err
	}
	for i, width := range t.widths {
		if err := rows.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	bold, err := file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	small, err := file.NewStyle(&excelize.Style{CustomNumFmt: &shownChance})
	if err != nil {
		return err
	}
	for i, row := range t.rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		options := excelize.RowOpts{}
		if i == 0 {
			options.StyleID = bold
		}
		for j, cell := range row {
			switch value := cell.(type) {
			case string:
				if len(value) > excelize.TotalCellChars {
					row[j] = strings.ToValidUTF8(value[:excelize.TotalCellChars-3], "") + "…"
				}
			case pValue:
				row[j] = excelize.Cell{StyleID: small, Value: float64(value)}
			}
		}
		if err := rows.SetRow(at, row, options); err != nil {
			return err
		}
	}
	return rows.Flush()
}
