package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"testing"
	"unicode/utf8"
)

// The parts of a spreadsheet with one product.
const (
	head     = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	deskLamp = head + `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>` +
		`<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="inlineStr"><is><t>Desk lamp</t></is></c></row></sheetData></worksheet>`
	deskLampTexts = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>id</t></si><si><t>title</t></si></sst>`
)

// FuzzSheet puts any XML into the parts of a spreadsheet that hold the cells and
// their texts.
func FuzzSheet(f *testing.F) {
	f.Add([]byte(deskLamp), []byte(deskLampTexts))
	f.Add([]byte(head+`<row r="1048576"><c r="XFD1048576"><f>1/0</f><v>#DIV/0!</v></c></row><row r="-1"><c r="A0"/></row></sheetData></worksheet>`), []byte(`<sst><si/></sst>`))
	f.Add([]byte(head+`<row><c t="s"><v>99</v></c></row><row><c><f>=cmd|'/c calc'!A1</f></c></row>`), []byte(`&lol;`))
	f.Fuzz(func(t *testing.T, cells, texts []byte) {
		c, err := readCatalogue(bytes.NewReader(sheetOf(t, cells, texts)), "fuzz", CatalogueOptions{}, fuzzLimits)
		if err != nil {
			return
		}
		defer c.Close()
		for {
			p, err := c.Next()
			if err != nil {
				if !errors.Is(err, io.EOF) && err.Error() == "" {
					t.Fatal("an error without words")
				}
				return
			}
			if p.ID == "" || p.Title == "" || !utf8.ValidString(p.Title) {
				t.Fatalf("impossible product %+v", p)
			}
		}
	})
}

// sheetOf is a spreadsheet of these cells and texts.
func sheetOf(t *testing.T, cells, texts []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range map[string][]byte{
		"[Content_Types].xml":        []byte(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`),
		"_rels/.rels":                []byte(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`),
		"xl/workbook.xml":            []byte(`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`),
		"xl/_rels/workbook.xml.rels": []byte(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`),
		"xl/worksheets/sheet1.xml":   cells,
		"xl/sharedStrings.xml":       texts,
	} {
		part, err := z.Create(name)
		if err == nil {
			_, err = part.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestSheetOfParts: what FuzzSheet starts from is read, so that it gets further
// than the first error.
func TestSheetOfParts(t *testing.T) {
	c, err := readCatalogue(bytes.NewReader(sheetOf(t, []byte(deskLamp), []byte(deskLampTexts))), "lamp", CatalogueOptions{}, fuzzLimits)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if p, err := c.Next(); err != nil || p.ID != "1" || p.Title != "Desk lamp" {
		t.Fatalf("%+v, %v", p, err)
	}
}
