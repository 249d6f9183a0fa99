package exchange

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"touchstone/engine"
)

// endless repeats a text for a number of bytes without holding it.
type endless struct {
	text string
	left int64
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n+len(e.text) <= len(p) && e.left > 0 {
		n += copy(p[n:], e.text)
		e.left -= int64(len(e.text))
	}
	if n == 0 {
		n = copy(p, e.text)
		e.left -= int64(n)
	}
	return n, nil
}

// readHostile reads a catalogue to its end and returns what ended it, and by
// how much the memory in use grew at the end.
func readHostile(t *testing.T, r io.Reader, lim limits) (products int, grown uint64, end error) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	c, err := readCatalogue(r, "hostile", CatalogueOptions{}, lim)
	for err == nil {
		if _, err = c.Next(); err == nil {
			products++
		}
	}
	runtime.ReadMemStats(&after)
	if after.HeapSys > before.HeapSys {
		grown = after.HeapSys - before.HeapSys
	}
	return products, grown, err
}

func TestHostileFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 16 MiB for each file, which takes long under the race detector")
	}
	const huge = 10 << 30 // what the readers below could give; none is read to its end
	tests := []struct {
		name string
		r    io.Reader
		want string
	}{
		{"a line of 10 GB", io.MultiReader(strings.NewReader("id,title\n1,"), &endless{"word ", huge}), "line 2 is longer than 16 MiB"},
		{"a first line of 10 GB", &endless{"word ", huge}, "line 1 is longer than 16 MiB"},
		{"a JSON line of 10 GB", io.MultiReader(strings.NewReader(`{"id":"1","title":"`), &endless{"word ", huge}), "line 1 is longer than 16 MiB"},
		{"an element of 10 GB", io.MultiReader(strings.NewReader(`[{"id":"1","title":"`), &endless{"word ", huge}), "longer than 16 MiB"},
		{"7 million columns", io.MultiReader(strings.NewReader("id,title"), &endless{",x", 15e6}), "columns"},
		{"10 million members", io.MultiReader(strings.NewReader(`{"id":"1","title":"a","x":[0`), &endless{",1", 20e6}), "longer than 16 MiB"},
		{"deep lists", io.MultiReader(strings.NewReader(`{"id":"1","title":`), &endless{"[", 1 << 20}), "line 1"},
		{"deep lists in a list", io.MultiReader(strings.NewReader(`[{"id":"1","title":`), &endless{"[", 1 << 20}), "line 1"},
		{"deep objects", strings.NewReader(strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100)), "nested more than 64 deep"},
		{"endless wrapper", io.MultiReader(strings.NewReader(`{"products":{"a":"`), &endless{"word ", huge}), "longer than 16 MiB"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			products, grown, err := readHostile(t, test.r, defaultLimits)
			if products > 0 || !strings.Contains(fmt.Sprint(err), test.want) {
				t.Errorf("%d products, ended by %v; want %q", products, err, test.want)
			}
			if grown > 256<<20 {
				t.Errorf("the heap grew by %s", bytesText(int64(grown)))
			}
		})
	}
}

func TestColumnsOverManyRows(t *testing.T) {
	lim := defaultLimits
	lim.Columns = 100
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, "{\"id\":\"%d\",\"title\":\"Green tea\",\"x%d\":1}\n", i, i)
	}
	c, err := readCatalogue(strings.NewReader(b.String()), "wide", CatalogueOptions{}, lim)
	for err == nil {
		_, err = c.Next()
	}
	if !strings.Contains(err.Error(), "100 different columns") {
		t.Errorf("ended by %v", err)
	}
}

// bombLimits look at the ratio early, so that small bombs do.
var bombLimits = func() limits {
	lim := defaultLimits
	lim.Slack = 1 << 20
	return lim
}()

func TestGzipBomb(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, "id,title\n1,Green tea\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(z, &endless{"\n", 5 << 20}); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, _, err := readHostile(t, &b, bombLimits)
	if err == nil || !strings.Contains(err.Error(), "decompression bomb") {
		t.Errorf("5 MB out of %d bytes: %v", b.Len(), err)
	}
}

func TestZipBomb(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err == nil {
		_, err = io.Copy(w, &endless{strings.Repeat(" ", 1<<16), 5 << 20})
	}
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	_, _, err = readHostile(t, &b, bombLimits)
	if err == nil || !strings.Contains(err.Error(), "decompression bomb") {
		t.Errorf("5 MB out of %d bytes: %v", b.Len(), err)
	}
}

// TestZipBombThatLies has a directory that claims a small size.
func TestZipBombThatLies(t *testing.T) {
	if testing.Short() {
		t.Skip("packs 300 MiB")
	}
	var packed bytes.Buffer
	deflate, err := flate.NewWriter(&packed, flate.BestCompression)
	if err == nil {
		_, err = io.Copy(deflate, &endless{strings.Repeat(" ", 1<<16), 300 << 20})
	}
	if err := errors.Join(err, deflate.Close()); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"xl/workbook.xml", "xl/worksheets/sheet1.xml"} {
		w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: 1000})
		if err == nil {
			_, err = w.Write(packed.Bytes())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, grown, err := readHostile(t, &b, bombLimits)
	if err == nil || grown > 256<<20 {
		t.Errorf("ended by %v; the heap grew by %s", err, bytesText(int64(grown)))
	}
}

func TestZipArchiveIsNoSpreadsheet(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if _, err := z.Create("../../etc/passwd"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := readHostile(t, &b, bombLimits); err == nil || !strings.Contains(err.Error(), "unpack it first") {
		t.Errorf("ended by %v", err)
	}
}

func TestLargeValueIsCutAndReported(t *testing.T) {
	long := strings.Repeat("茶", 5<<20/3)
	for name, text := range map[string]string{
		"CSV":        "id,title,description\n1,Green tea," + long + "\n2,Black tea,short\n",
		"JSON Lines": `{"id":"1","title":"Green tea","description":"` + long + "\"}\n" + `{"id":"2","title":"Black tea","description":"short"}`,
	} {
		products, c := readAll(t, text, nil)
		if len(products) != 2 || c.Format != name {
			t.Fatalf("%d products of %s, want 2 of %s", len(products), c.Format, name)
		}
		if got := products[0].Description; len(got) > defaultLimits.Field || len(got) < defaultLimits.Field-3 || !strings.HasPrefix(long, got) {
			t.Errorf("%s: kept %d bytes", name, len(got))
		}
		if p := c.Problems(); len(p) != 1 || !p[0].Kept || c.Skipped() != 0 || !strings.Contains(p[0].What, "description") {
			t.Errorf("%s: problems %v", name, p)
		}
	}
}

func TestProblemsAreCountedBeyondTheirLimit(t *testing.T) {
	lim := defaultLimits
	lim.Problems = 3
	c, err := readCatalogue(strings.NewReader("id,title\n0,Tea\n"+strings.Repeat("broken\n", 50)), "many", CatalogueOptions{}, lim)
	if err != nil {
		t.Fatal(err)
	}
	drain(t, c)
	if len(c.Problems()) != 3 || c.Skipped() != 50 {
		t.Errorf("%d listed of %d", len(c.Problems()), c.Skipped())
	}
}

// TestOnePercentBroken is a catalogue in which every hundredth row is broken in
// one of the ways that rows break: the rest comes through, and each broken row
// is named by its line.
func TestOnePercentBroken(t *testing.T) {
	broken := []string{
		"%d,\"never closed,1.00,x\n", "%d,two columns\n", "%d,bad \xff byte,1.00,x\n", "%d,\"quote\" inside,1.00,x\n", "%d,too,many,1.00,x,y\n", "%d,,1.00,\n",
	}
	var b strings.Builder
	b.WriteString("id,title,price,description\n")
	want := map[int]bool{}
	const rows = 20000
	for i := range rows {
		if i%100 == 50 {
			want[i+2] = true
			fmt.Fprintf(&b, broken[i/100%len(broken)], i)
			continue
		}
		fmt.Fprintf(&b, "%d,\"Tea number %d, green\",%d.50,\"It is \"\"good\"\"; drink it\"\n", i, i, i%90+1)
	}
	products, c := readAll(t, b.String(), nil)
	if len(products) != rows-len(want) {
		t.Errorf("%d products, want %d", len(products), rows-len(want))
	}
	for _, p := range c.Problems() {
		if !want[p.Line] {
			t.Errorf("a good row was refused: %v", p)
		}
		delete(want, p.Line)
	}
	if len(want) > 0 {
		t.Errorf("%d broken rows were not named", len(want))
	}
	if products[1].Price != engine.Known(2.5) || products[1].Description != `It is "good"; drink it` {
		t.Errorf("a good row: %+v", products[1])
	}
}
