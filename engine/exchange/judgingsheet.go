package exchange

import (
	"encoding/csv"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"touchstone/engine"
)

// JudgingSheet is a table to be filled with grades by someone without the app.
// It is read back as any table of judgments is.
type JudgingSheet struct {
	Scale engine.Scale
	Judge string // filled in where it is known
	Rows  []JudgingRow
}

// JudgingRow is one pair to judge.
type JudgingRow struct {
	Query   engine.Query
	Product engine.Product
}

var sheetHeader = []string{"query", "information_need", "docid", "title", "brand", "category", "price", "description", "rating", "judge", "note"}

// ratingColumn is where the grades go, from 0.
const ratingColumn = 8

// sheetWidths are those of the columns, in characters.
var sheetWidths = []float64{24, 30, 14, 60, 16, 18, 10, 60, 10, 12, 24}

func (s *JudgingSheet) cells(r JudgingRow) []string {
	p := &r.Product
	price := ""
	if p.Price.Known {
		price = strings.TrimSpace(strconv.FormatFloat(p.Price.Value, 'f', -1, 64) + " " + p.Currency)
	}
	return []string{r.Query.Text, r.Query.Need, p.ID, p.Title, p.Brand, p.Category, price, p.Description, "", s.Judge, ""}
}

// WriteJudgingSheet writes it as .csv or .xlsx, by the name of the file. A
// spreadsheet offers the grades in a list and explains them on a second sheet.
func WriteJudgingSheet(path string, s JudgingSheet) error {
	if strings.EqualFold(filepath.Ext(path), ".csv") {
		return WriteFile(path, func(w io.Writer) error { return s.writeCSV(w) })
	}
	return WriteFile(path, func(w io.Writer) error { return s.writeXLSX(w) })
}

func (s *JudgingSheet) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(sheetHeader); err != nil {
		return err
	}
	for _, r := range s.Rows {
		cells := s.cells(r)
		for i := range cells {
			cells[i] = guard(cells[i])
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (s *JudgingSheet) writeXLSX(w io.Writer) (err error) {
	defer fence(&err)
	if len(s.Rows) >= excelize.TotalRows {
		return fmt.Errorf("%d pairs are more than a spreadsheet holds (%d): write .csv", len(s.Rows), excelize.TotalRows-1)
	}
	file := excelize.NewFile()
	defer file.Close()
	const name, help = "Judge", "Grades"
	if err := file.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	rows, err := file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	bold, err := file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	for i, width := range sheetWidths {
		if err := rows.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := rows.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	header := make([]any, len(sheetHeader))
	for i, h := range sheetHeader {
		header[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	if err := rows.SetRow("A1", header); err != nil {
		return err
	}
	for i, r := range s.Rows {
		cells := s.cells(r)
		values := make([]any, len(cells))
		for c, text := range cells {
			if len(text) > excelize.TotalCellChars && (c == 0 || c == 2) {
				return fmt.Errorf("the query %q or the product ID %q is longer than a spreadsheet's cell holds: write .csv", shorten(cells[0], 80), shorten(cells[2], 80))
			}
			if len(text) > excelize.TotalCellChars {
				text = strings.ToValidUTF8(text[:excelize.TotalCellChars], "")
			}
			values[c] = text // as text, which no spreadsheet runs
		}
		at, err := excelize.CoordinatesToCellName(1, i+2)
		if err != nil {
			return err
		}
		if err := rows.SetRow(at, values); err != nil {
			return err
		}
	}
	if err := rows.Flush(); err != nil {
		return err
	}
	column, err := excelize.ColumnNumberToName(ratingColumn + 1)
	if err != nil {
		return err
	}
	list := excelize.NewDataValidation(true)
	list.Sqref = fmt.Sprintf("%s2:%s%d", column, column, len(s.Rows)+1)
	grades := make([]string, len(s.Scale))
	for g := range s.Scale {
		grades[g] = strconv.Itoa(g)
	}
	if err := list.SetDropList(grades); err != nil {
		return err
	}
	if err := file.AddDataValidation(name, list); err != nil {
		return err
	}
	if _, err := file.NewSheet(help); err != nil {
		return err
	}
	for g, label := range s.Scale {
		if err := file.SetSheetRow(help, fmt.Sprintf("A%d", g+1), &[]any{g, label.Name, label.Help}); err != nil {
			return err
		}
	}
	_, err = file.WriteTo(w)
	return err
}
