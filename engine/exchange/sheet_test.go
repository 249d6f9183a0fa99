package exchange

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"touchstone/engine"
)

// workbook makes a spreadsheet with an empty first sheet and rows in a second.
func workbook(t testing.TB, rows [][]any) []byte {
	t.Helper()
	file := excelize.NewFile()
	defer file.Close()
	if _, err := file.NewSheet("Products"); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err == nil {
			err = file.SetSheetRow("Products", at, &row)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := file.SetCellFormula("Products", "D3", "=1+1"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := file.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var sheetRows = [][]any{
	{"SKU", "Product name", "Brand", "Price", "Release date", "EAN", "In stock", "Notes"},
	{"A1", "Green tea", "Lipton", 1299.5, time.Date(2024, 3, 5, 0, 0, 0, 0, time.UTC), 4006381333931, true, ""},
	{"A2", "Black tea", "Twinings", nil, "2023-01-02", 4006381333948, false},
	{nil, nil, nil},
	{"A3", "=cmd|' /C calc'!A0", "Twinings", "1.299,00 €"},
	{"A4"},
}

func TestSpreadsheetCatalogue(t *testing.T) {
	want := []engine.Product{
		{ID: "A1", Title: "Green tea", Brand: "Lipton", Price: engine.Known(1299.5), Date: time.Date(2024, 3, 5, 0, 0, 0, 0, time.UTC),
			Attributes: []engine.Attribute{{Name: "EAN", Value: "4006381333931"}, {Name: "In stock", Value: "1"}}},
		{ID: "A2", Title: "Black tea", Brand: "Twinings", Date: time.Date(2023, 1, 2, 0, 0, 0, 0, time.UTC),
			Attributes: []engine.Attribute{{Name: "EAN", Value: "4006381333948"}, {Name: "In stock", Value: "0"}}},
		{ID: "A3", Title: "=cmd|' /C calc'!A0", Brand: "Twinings", Price: engine.Known(1299), Currency: "€"},
	}
	book := workbook(t, sheetRows)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write(book); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"plain": book, "gzip": zipped.Bytes()} {
		products, c := readAll(t, string(data), nil)
		if diff := cmp.Diff(want, products); diff != "" || c.Format != "XLSX" {
			t.Errorf("%s, %s (-want +got):\n%s", name, c.Format, diff)
		}
		if diff := cmp.Diff([]string{"test:6: has no title"}, lines(c.Problems())); diff != "" {
			t.Errorf("%s problems (-want +got):\n%s", name, diff)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestDamagedSpreadsheets cuts and flips a spreadsheet in many places: an error
// or fewer rows come of it, never a panic.
func TestDamagedSpreadsheets(t *testing.T) {
	book := workbook(t, sheetRows)
	try := func(data []byte) {
		c, err := ReadCatalogue(bytes.NewReader(data), "damaged", CatalogueOptions{})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "damaged: ") {
				t.Errorf("error without the file's name: %v", err)
			}
			return
		}
		for err == nil {
			_, err = c.Next()
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	for at := 5; at < len(book); at += len(book) / 60 {
		try(book[:at])
		flipped := bytes.Clone(book)
		flipped[at] ^= 0x15
		try(flipped)
	}
}
