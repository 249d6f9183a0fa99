package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// TestBadInput gives the commands what people really have: each bad file gets a
// clear message and changes nothing, each odd one is read as a person would.
func TestBadInput(t *testing.T) {
	dir := t.TempDir()
	w := filepath.Join(dir, "w.touchstone")
	path := func(name string, content []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
		return file
	}
	good := path("good.csv", []byte("id,title,price\n1,Desk lamp,49.90\n2,Floor lamp,129\n"))
	must(t, "import", w, good)

	gbk, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte("编号,标题,价格\ng1,华为手机 全新 正品 国行,199元\ng2,苹果手机 全新 正品 国行,299元\n"))
	if err != nil {
		t.Fatal(err)
	}
	var utf16le bytes.Buffer
	for _, u := range utf16.Encode([]rune("\ufeffid,title\nu1,Wandleuchte für außen\n")) {
		utf16le.Write([]byte{byte(u), byte(u >> 8)})
	}
	var half bytes.Buffer
	z := gzip.NewWriter(&half)
	for range 2000 {
		if _, err := z.Write([]byte(`{"id":"z` + strings.Repeat("1", 50) + `","title":"half"}` + "\n")); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	cut := half.Bytes()[:half.Len()/2]

	// products is what the workspace holds after each import.
	for _, c := range []struct {
		name     string
		content  []byte
		code     int
		says     string // on either output
		products string
	}{
		{"empty.csv", nil, 1, "empty", "2 products"},
		{"picture.csv", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00"), 1, "picture.csv", "2 products"},
		{"cut.jsonl.gz", cut, 1, "cut.jsonl.gz", "2 products"},
		{"duplicates.csv", []byte("id,title\nd1,One\nd1,Two\n"), 0, "duplicates.csv:3", "3 products"},
		{"gbk.csv", gbk, 0, "GB", "5 products"},
		{"utf16.csv", utf16le.Bytes(), 0, "UTF-16", "6 products"},
		{"noid.csv", []byte("title,price\nSide table,99\nCoffee table,149\n"), 0, "ID", "8 products"},
		{"price.csv", []byte("id,title,price\np1,Chandelier,\"1.299,00 €\"\n"), 0, "1 added", "9 products"},
		{"long.jsonl", []byte(`{"id":"l1","title":"Long story","description":"` + strings.Repeat("word ", 1<<20) + `"}` + "\n"), 0, "1 added", "10 products"},
		{"rows.jsonl", []byte("{\"id\":\"r1\",\"title\":\"Right\"}\nwrong\n{\"id\":\"r2\",\"title\":\"Right too\"}\n"), 0, "rows.jsonl:2", "12 products"},
	} {
		code, stdout, stderr := run(t, "", "import", w, path(c.name, c.content))
		if code != c.code || !strings.Contains(stdout+stderr, c.says) {
			t.Errorf("%s: exit %d, want %d and %q in: %s%s", c.name, code, c.code, c.says, stdout, stderr)
		}
		if out := must(t, "check", w); !strings.Contains(out, " "+c.products) {
			t.Errorf("%s: want %s, check says\n%s", c.name, c.products, out)
		}
	}
	if out := must(t, "search", w, "chandelier", "--filter", "price=1299", "--json"); !strings.Contains(out, `"p1"`) {
		t.Errorf("a price of 1.299,00 € is not found as 1299: %s", out)
	}
	must(t, "search", w, strings.Repeat("lamp and ", 1112))
	if _, stdout, stderr := run(t, "", "judgments", w, path("unknown.csv", []byte("query,docid,rating\nlamp,1,3\nlamp,nobody,2\n"))); !strings.Contains(stdout, "1 are of products that the catalogue lacks") {
		t.Errorf("a grade for an unknown product: %s%s", stdout, stderr)
	}

	whole, err := os.ReadFile(w)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"truncated.touchstone": whole[:len(whole)/2],
		"nothing.touchstone":   {},
		"foreign.touchstone":   []byte(strings.Repeat("not a workspace at all\n", 4096)),
	} {
		file := path(name, content)
		for _, args := range [][]string{{"search", file, "lamp"}, {"check", file}, {"import", file, good}} {
			if code, _, stderr := run(t, "", args...); code != 1 || !strings.Contains(stderr, name) {
				t.Errorf("%v: exit %d, %q; want a message that names the file", args, code, stderr)
			}
		}
		if after, err := os.ReadFile(file); err != nil || !bytes.Equal(after, content) {
			t.Errorf("%s was changed by a refused command (%v)", name, err)
		}
	}
}
