package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// sheet is the first worksheet of an XLSX file that has rows, as a table. Cells
// give their stored values: numbers and days without the formatting, formulas
// the result that was stored with them; no formula is ever computed. Numbers have
// 15 digits, as in spreadsheet programs.
type sheet struct {
	file *excelize.File
	rows *excelize.Rows
	line int
	lim  limits
}

// newSheet reads the whole file: a spreadsheet's directory stands at its end.
func newSheet(s *source, lim limits) (_ *sheet, err error) {
	data, err := io.ReadAll(io.LimitReader(s.Reader, int64(lim.Document)+1))
	if err != nil {
		return nil, err
	}
	if len(data) > lim.Document {
		return nil, fmt.Errorf("the spreadsheet is larger than %s: save it as CSV", bytesText(int64(lim.Document)))
	}
	if err := checkZip(data, lim); err != nil {
		return nil, err
	}
	defer fence(&err)
	file, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue:      true,
		UnzipSizeLimit:    lim.Total,
		UnzipXMLSizeLimit: int64(lim.Record),
	})
	if err != nil {
		return nil, fmt.Errorf("the spreadsheet cannot be read: %w", err)
	}
	for _, name := range file.GetSheetList() {
		rows, err := file.Rows(name)
		if err != nil {
			continue // a chart, or damaged: another sheet may do
		}
		_, _, empty := (&sheet{file: file, rows: rows, lim: lim}).next()
		if err := rows.Close(); err != nil {
			return nil, errors.Join(err, file.Close())
		}
		if empty != nil {
			continue
		}
		if rows, err = file.Rows(name); err != nil {
			return nil, errors.Join(err, file.Close())
		}
		return &sheet{file: file, rows: rows, lim: lim}, nil
	}
	return nil, errors.Join(errors.New("no sheet of the spreadsheet has rows that can be read"), file.Close())
}

// checkZip looks at the archive's directory before anything is unpacked.
func checkZip(data []byte, lim limits) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return fmt.Errorf("looks like a spreadsheet or a zip archive, but is damaged: %w", err)
	}
	var total uint64
	book := false
	for _, f := range z.File {
		total += f.UncompressedSize64
		book = book || strings.HasPrefix(strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/")), "xl/")
	}
	switch {
	case !book:
		return errors.New("this is a zip archive and not a spreadsheet: unpack it first")
	case total > uint64(lim.Total), total > uint64(lim.Slack) && total/uint64(len(data)) > uint64(lim.Ratio):
		return fmt.Errorf("looks like a decompression bomb: %s would come out of %s", bytesText(int64(min(total, 1<<62))), bytesText(int64(len(data))))
	}
	return nil
}

// fence turns a panic of excelize on a damaged file into an error.
func fence(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("the spreadsheet is damaged: %v", r)
	}
}

func (t *sheet) next() (cells []string, line int, err error) {
	defer fence(&err)
	for t.rows.Next() {
		t.line++
		cells, err = t.rows.Columns()
		if err != nil {
			return nil, t.line, badRow(t.line, "the row is damaged: %v", err)
		}
		if len(cells) > t.lim.Columns {
			return nil, t.line, fmt.Errorf("line %d has more than %d columns: is this a catalogue?", t.line, t.lim.Columns)
		}
		if strings.TrimSpace(strings.Join(cells, "")) != "" {
			return cells, t.line, nil
		}
	}
	if err := t.rows.Error(); err != nil {
		return nil, t.line, fmt.Errorf("line %d: %w", t.line+1, err)
	}
	return nil, t.line, io.EOF
}

// Close removes the temporary files of a large spreadsheet.
func (t *sheet) Close() error { return errors.Join(t.rows.Close(), t.file.Close()) }
