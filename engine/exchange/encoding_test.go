package exchange

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"touchstone/engine"
)

const (
	chineseShop = "编号,标题,品牌,价格\n1,华为手机 新款,华为,6999元\n2,小米手机壳,小米,29.9\n"
	germanShop  = "id;title;brand;price\n1;Kaffeemühle für 2 Größen;Möbius;1.299,00 €\n2;Wasserkocher, weiß;Rommelsbacher;49,90 €\n"
)

func encoded(t testing.TB, with encoding.Encoding, text string) string {
	t.Helper()
	out, err := with.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEncodings(t *testing.T) {
	utf16le := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	utf16be := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	tests := []struct {
		name     string
		with     encoding.Encoding
		mark     string
		encoding string
		texts    []string
	}{
		{"UTF-8", nil, "", "UTF-8", []string{chineseShop, germanShop}},
		{"UTF-8 with a mark", nil, "\xef\xbb\xbf", "UTF-8", []string{chineseShop, germanShop}},
		{"UTF-16LE with a mark", utf16le, "\xff\xfe", "UTF-16LE", []string{chineseShop, germanShop}},
		{"UTF-16BE with a mark", utf16be, "\xfe\xff", "UTF-16BE", []string{chineseShop, germanShop}},
		{"UTF-16LE", utf16le, "", "UTF-16LE", []string{chineseShop, germanShop}},
		{"UTF-16BE", utf16be, "", "UTF-16BE", []string{chineseShop, germanShop}},
		{"GBK", simplifiedchinese.GBK, "", "GB18030", []string{chineseShop}},
		{"GB18030", simplifiedchinese.GB18030, "", "GB18030", []string{chineseShop}},
		{"Windows-1252", charmap.Windows1252, "", "Windows-1252", []string{germanShop}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, text := range test.texts {
				want, _ := readAll(t, text, nil)
				coded := text
				if test.with != nil {
					coded = encoded(t, test.with, text)
				}
				got, c := readAll(t, test.mark+coded, nil)
				if c.Encoding != test.encoding || len(c.Problems()) > 0 {
					t.Errorf("read as %s with problems %v", c.Encoding, c.Problems())
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("products (-as UTF-8 +got):\n%s", diff)
				}
				if converted := len(c.Notes()) > 0; converted != (test.with != nil) {
					t.Errorf("notes %q", c.Notes())
				}
			}
		})
	}
}

// TestLongTextKeepsItsEncoding has characters straddle the end of the sample.
func TestLongTextKeepsItsEncoding(t *testing.T) {
	for _, pad := range []int{0, 1, 2, 3} {
		text := "id,title\n" + strings.Repeat("x", pad) + "1," + strings.Repeat("华为手机", 20000) + "\n2,壳\n"
		for name, coded := range map[string]string{"UTF-8": text, "GB18030": encoded(t, simplifiedchinese.GB18030, text)} {
			products, c := readAll(t, coded, nil)
			if c.Encoding != name || len(products) != 2 || products[1].Title != "壳" {
				t.Errorf("pad %d: %d products, read as %s, want %s", pad, len(products), c.Encoding, name)
			}
		}
	}
}

func TestBrokenTextIsRefusedByLine(t *testing.T) {
	products, c := readAll(t, "id,title\n1,Green tea\n2,Bl\xffck tea\n3,Té\n4,W\xfehite tea\n", nil)
	want := []string{
		"test:3: the text is not UTF-8: byte 5 of the row is 0xff",
		"test:5: the text is not UTF-8: byte 4 of the row is 0xfe",
	}
	if diff := cmp.Diff(want, lines(c.Problems())); diff != "" || len(products) != 2 {
		t.Errorf("%d products; problems (-want +got):\n%s", len(products), diff)
	}
	gbk := encoded(t, simplifiedchinese.GBK, chineseShop) + "3,\xff\xff,a,1\n"
	products, c = readAll(t, gbk, nil)
	if len(products) != 2 || len(c.Problems()) != 1 || c.Problems()[0].Line != 4 {
		t.Errorf("%d products and problems %v of damaged GBK", len(products), c.Problems())
	}
}

func TestFilesThatAreRefusedByName(t *testing.T) {
	zipped := func(text string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	tests := []struct{ name, text, want string }{
		{"empty", "", "empty"},
		{"a mark and nothing else", "\xef\xbb\xbf", "empty"},
		{"white space", " \n\r\n\t\n", "empty"},
		{"empty gzip", zipped(""), "empty"},
		{"gzip in gzip", zipped(zipped("id,title\n1,a\n")), "compressed twice"},
		{"damaged gzip", "\x1f\x8b\x08garbage", "damaged"},
		{"cut gzip", zipped(strings.Repeat("id,title\n1,Green tea\n", 9))[:30], "cut off"},
		{"UTF-32", "\xff\xfe\x00\x00i\x00\x00\x00", "UTF-32"},
		{"binary", "\x00\x01\x02\x03\x00\x00\x05\x06\x00\x01", "not text"},
		{"PNG", "\x89PNG\r\n\x1a\n", "picture"},
		{"old Excel", "\xd0\xcf\x11\xe0\xa1\xb1", ".xls"},
		{"Parquet", "PAR1....", "Parquet"},
		{"PDF", "%PDF-1.7", "PDF"},
		{"zstd", "\x28\xb5\x2f\xfd....", "zstd"},
		{"not a zip after all", "PK\x03\x04 and then some text", "damaged"},
		{"HTML", "<!doctype html><title>x</title>", "HTML"},
		{"a header alone", "id,title,price\n", "nothing but a header"},
		{"no title", "id,price\n1,2.50\n2,3.50\n", "looks like a title"},
		{"broken header", "id,\"title\n1,a\n", "header"},
		{"no row can be read", "id,title\n1\n2\n", "line 2"},
		{"an empty list", "[]", "nothing but a header"},
		{"a list that ends", `[{"id":"1","title":"a"}`, "ends in the middle"},
		{"not JSON", "{id: 1}\n{id: 2}\n", "line 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := ReadCatalogue(strings.NewReader(test.text), "shop.csv", CatalogueOptions{})
			for err == nil {
				_, err = c.Next()
			}
			if !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "shop.csv") {
				t.Errorf("error %q, want one that names shop.csv and %q", err, test.want)
			}
		})
	}
}

func TestMapping(t *testing.T) {
	const text = "a,b,c,d\n1,Green tea,Lipton,soft\n2,Black tea,Twinings,strong\n"
	mapping, err := ParseMapping("id=a, title=B,brand=c,description=d")
	if err != nil {
		t.Fatal(err)
	}
	products, _ := readAll(t, text, mapping)
	want := []engine.Product{
		{ID: "1", Title: "Green tea", Brand: "Lipton", Description: "soft"},
		{ID: "2", Title: "Black tea", Brand: "Twinings", Description: "strong"},
	}
	if diff := cmp.Diff(want, products); diff != "" {
		t.Errorf("products (-want +got):\n%s", diff)
	}
	// A mapped title takes the role from the guessed one, which stays findable.
	products, _ = readAll(t, "id,title,name\n1,Green tea,GT-1\n", map[string]engine.Role{"name": engine.RoleTitle})
	if products[0].Title != "GT-1" || products[0].Attributes[0] != (engine.Attribute{Name: "title", Value: "Green tea"}) {
		t.Errorf("mapped title: %+v", products[0])
	}
	for _, bad := range []string{"title", "title=", "colour=x", "title=a,title=b", "title=a,brand=a"} {
		if _, err := ParseMapping(bad); err == nil {
			t.Errorf("the mapping %q was taken", bad)
		}
	}
	if _, err := ReadCatalogue(strings.NewReader(text), "t", CatalogueOptions{Mapping: map[string]engine.Role{"e": engine.RoleTitle}}); err == nil || !strings.Contains(err.Error(), "a, b, c, d") {
		t.Errorf("a column that is not there: %v", err)
	}
}
