package exchange

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// fuzzLimits are small, so that the fuzzer reaches them.
var fuzzLimits = limits{
	Record: 1 << 16, Field: 256, Columns: 200, Lines: 50, Depth: 8,
	Total: 1 << 20, Ratio: 200, Slack: 1 << 18, Document: 1 << 18, Ratings: 1000, Problems: 100,
}

// addSamples makes the sample files of a folder seeds.
func addSamples(f *testing.F, folder string) {
	f.Helper()
	err := filepath.WalkDir(filepath.Join(samples, folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".golden") {
			return err
		}
		data, err := os.ReadFile(path)
		f.Add(data)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
}

func FuzzCatalogue(f *testing.F) {
	addSamples(f, "catalogues")
	f.Add([]byte(encoded(f, simplifiedchinese.GBK, chineseShop)))
	f.Add([]byte("\xff\xfei\x00d\x00\n\x00"))
	f.Add([]byte("sep=\"\n\"\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := readCatalogue(bytes.NewReader(data), "fuzz", CatalogueOptions{}, fuzzLimits)
		if err != nil {
			return
		}
		defer c.Close()
		ids := map[string]bool{}
		for {
			p, err := c.Next()
			if err != nil {
				if again, same := c.Next(); again.ID != "" || same != err {
					t.Fatalf("after its end with %v the catalogue went on: %v, %v", err, again, same)
				}
				break
			}
			if p.ID == "" || p.Title == "" || ids[p.ID] {
				t.Fatalf("a product without a title or an ID of its own: %+v", p)
			}
			ids[p.ID] = true
			for _, text := range []string{p.ID, p.Title, p.Brand, p.Category, p.Currency, p.Image} {
				if !utf8.ValidString(text) {
					t.Fatalf("%q is not UTF-8", text)
				}
			}
			if p.Price.Known && !(p.Price.Value >= 0) || math.IsInf(p.Rating.Value, 0) || math.IsNaN(p.Popularity.Value) {
				t.Fatalf("impossible numbers: %+v", p)
			}
		}
		for _, p := range c.Problems() {
			if p.Line < 1 || p.What == "" {
				t.Fatalf("a problem without a place or a reason: %+v", p)
			}
		}
	})
}

func FuzzJudgments(f *testing.F) {
	addSamples(f, "judgments")
	addSamples(f, "written")
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := newSource(bytes.NewReader(data), "fuzz", fuzzLimits)
		if err != nil {
			return
		}
		j, err := readJudgments(s, "", JudgmentOptions{Judge: "me"}, fuzzLimits)
		if err != nil {
			return
		}
		seen := map[[3]string]bool{}
		for _, x := range j.Judgments {
			key := [3]string{x.Query, x.Product, x.Judge}
			if x.Query == "" || x.Product == "" || x.Judge == "" || seen[key] || !(x.Grade >= 0 && x.Grade <= 3) {
				t.Fatalf("impossible judgment %+v", x)
			}
			seen[key] = true
		}
	})
}

func FuzzQueries(f *testing.F) {
	addSamples(f, "queries")
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := newSource(bytes.NewReader(data), "fuzz", fuzzLimits)
		if err != nil {
			return
		}
		q, err := readQueries(s, fuzzLimits)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, x := range q.Queries {
			if x.Text == "" || seen[x.Text] {
				t.Fatalf("an empty or repeated query: %+v", x)
			}
			seen[x.Text] = true
		}
	})
}

func FuzzRanker(f *testing.F) {
	addSamples(f, "rankers")
	addSamples(f, "written")
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := newSource(bytes.NewReader(data), "fuzz", fuzzLimits)
		if err != nil {
			return
		}
		if r, err := readRanker(s, fuzzLimits); err == nil && (len(r.Weights) == 0 || r.Kind == "") {
			t.Fatalf("a ranker that cannot rank: %+v", r)
		}
	})
}

func FuzzValues(f *testing.F) {
	for _, s := range []string{"1.299,00 €", "4.5 out of 5", "2024-03-05T10:20:30Z", "1.2万", "−5", "☆★", "12/13/2024", "1709634000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, style := range []numberStyle{0, '.', ','} {
			if v, _, ok := parsePrice(s, style); ok && !(v >= 0 && v <= math.MaxFloat64) {
				t.Fatalf("the price of %q is %v", s, v)
			}
		}
		if v, ok := parseRating(s); ok && !(v >= 0 && v <= math.MaxFloat64) {
			t.Fatalf("the rating of %q is %v", s, v)
		}
		for _, order := range []dateOrder{monthFirst, dayFirst} {
			if d, ok := parseDate(s, order); ok && (d.Year() < 1799 || d.Year() > 2200) {
				t.Fatalf("the date of %q is %v", s, d)
			}
		}
		nameRank(s, "title")
		if g := guard(s); s != "" && strings.ContainsAny(g[:1], "-=+@") || strings.TrimSpace(g) != strings.TrimSpace(s) {
			t.Fatalf("guard(%q) = %q", s, g)
		}
	})
}

// FuzzFlatten holds the flattener to encoding/json.
func FuzzFlatten(f *testing.F) {
	f.Add([]byte(`{"a":{"b":[1,2.0,{"c":"\u00e9"}]},"_source":{"d":true},"e":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		data = bytes.TrimSpace(data)
		if len(data) == 0 || data[0] != '{' || !json.Valid(data) || !utf8.Valid(data) || bytes.Count(data, []byte("{"))+bytes.Count(data, []byte("[")) > 60 {
			return
		}
		if hasRepeatedNames(data) {
			return // encoding/json keeps the last of them
		}
		checkFlatten(t, data)
	})
}

// hasRepeatedNames reports whether some object names a member twice, by whether
// a map loses tokens.
func hasRepeatedNames(data []byte) bool {
	count := func(data []byte) int {
		n := 0
		for dec := json.NewDecoder(bytes.NewReader(data)); ; n++ {
			if _, err := dec.Token(); err != nil {
				return n
			}
		}
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return true
	}
	again, err := json.Marshal(v)
	return err != nil || count(again) != count(data)
}

// FuzzTable holds the table reader to encoding/csv on all that it accepts.
func FuzzTable(f *testing.F) {
	f.Add([]byte("a,b\n\"c,\"\"d\ne\",f\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if !utf8.Valid(data) || bytes.ContainsAny(data, "\r") || bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) {
			return
		}
		r := csv.NewReader(bytes.NewReader(data))
		r.FieldsPerRecord = -1
		twin, err := r.ReadAll()
		if err != nil {
			return
		}
		d := newDelimited(&source{Reader: bufio.NewReader(bytes.NewReader(data))}, ',', defaultLimits)
		var got [][]string
		for {
			cells, _, err := d.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				if strings.Contains(err.Error(), "twice") { // encoding/csv takes a bare quote as text there
					return
				}
				t.Fatalf("%q: %v", data, err)
			}
			got = append(got, append([]string{}, cells...))
		}
		if diff := cmp.Diff(withoutBlank(twin), withoutBlank(got)); diff != "" {
			t.Fatalf("%q (-encoding/csv +here):\n%s", data, diff)
		}
	})
}
