package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"touchstone/engine"
	"touchstone/engine/compare"
	"touchstone/engine/measure"
)

var update = flag.Bool("update", false, "write the golden files again")

// hostile is a report whose names try to be markup, formulas and terminators.
func hostile(t *testing.T) *Report {
	t.Helper()
	metric, err := measure.Parse("ndcg@3")
	if err != nil {
		t.Fatal(err)
	}
	metric.Max = 3
	in := compare.Input{
		A: compare.Side{Name: `</title><script>alert("A")</script>`, Runs: map[string][]string{}},
		B: compare.Side{Name: "=cmd|' /C calc'!A0", Runs: map[string][]string{}}, Qrels: engine.Qrels{}, Metric: metric,
	}
	for i := range 12 {
		query := fmt.Sprintf("<img src=x onerror=alert(%d)> | ]]> \x01 `q`", i)
		in.Qrels[query] = map[string]engine.Grade{"right": 3, "half": 1.5, "wrong": 0}
		in.A.Runs[query] = []string{"right", "half", "<script>"}
		in.B.Runs[query] = []string{"wrong", "<script>", "right"}
	}
	r := &Report{Catalogue: "'\"><b>shop</b>", Products: 4, Made: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC), Comparison: compare.Compare(in)}
	for _, q := range r.Lost(3) {
		pages := r.Pages(q)
		for _, page := range [][]compare.Line{pages.A, pages.B} {
			for i := range page {
				page[i].Product.Title = page[i].Product.ID
			}
		}
		r.Worst = append(r.Worst, pages)
	}
	for i := range r.Unsettled {
		r.Unsettled[i].Product.Title = r.Unsettled[i].Product.ID
	}
	return r
}

func written(t *testing.T, r *Report, format string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := r.Write(&out, format); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestGolden keeps the text forms as they are; the numbers in them come from a
// comparison with a fixed seed.
func TestGolden(t *testing.T) {
	for _, format := range []string{"html", "markdown", "junit"} {
		got := written(t, hostile(t), format)
		file := filepath.Join("testdata", "hostile."+format+".golden")
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from %s; look at it and run with -update", format, file)
		}
	}
}

// TestHTMLIsOneHarmlessFile reads the page as a browser does: no script, no
// handler, nothing to fetch, and the names as text.
func TestHTMLIsOneHarmlessFile(t *testing.T) {
	page, err := html.Parse(bytes.NewReader(written(t, hostile(t), "html")))
	if err != nil {
		t.Fatal(err)
	}
	tags := map[string]int{}
	var text strings.Builder
	for n := range page.Descendants() {
		switch n.Type {
		case html.TextNode:
			text.WriteString(n.Data)
		case html.ElementNode:
			tags[n.Data]++
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "href" || strings.Contains(a.Val, "://") {
					t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
				}
			}
		}
	}
	for _, tag := range []string{"script", "img", "link", "iframe", "b"} {
		if want := map[string]int{"b": 2}[tag]; tags[tag] != want {
			t.Errorf("%d <%s>, want %d", tags[tag], tag, want)
		}
	}
	if tags["svg"] != 3 || tags["circle"] != 12 || tags["section"] != 3 {
		t.Errorf("plots and pages: %v", tags)
	}
	for _, name := range []string{"<script>", "<img src=x onerror=alert(11)>", `</title><script>alert("A")</script>`, "B is worse"} {
		if !strings.Contains(text.String(), name) {
			t.Errorf("the page does not show %q", name)
		}
	}
}

// TestPictures reads both forms back; names may not break out of the SVG.
func TestPictures(t *testing.T) {
	r := hostile(t)
	picture, err := png.Decode(bytes.NewReader(written(t, r, "png")))
	if err != nil {
		t.Fatal(err)
	}
	if size := picture.Bounds().Size(); size.X < 900 || size.Y < 300 {
		t.Errorf("the picture is %v", size)
	}
	svg := xml.NewDecoder(bytes.NewReader(written(t, r, "svg")))
	for {
		token, err := svg.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok && (start.Name.Local == "script" || start.Name.Local == "img") {
			t.Errorf("<%s> in the picture", start.Name.Local)
		}
	}
}

func TestNothingToShow(t *testing.T) {
	metric, err := measure.Parse("ndcg@10")
	if err != nil {
		t.Fatal(err)
	}
	r := &Report{Comparison: compare.Compare(compare.Input{Metric: metric})}
	for _, format := range Formats {
		if out := written(t, r, format); len(out) == 0 {
			t.Errorf("%s is empty", format)
		}
	}
	if err := r.Write(io.Discard, "pdf"); err == nil || !strings.Contains(err.Error(), "html") {
		t.Errorf("an unknown format: %v, want the known ones named", err)
	}
}

func TestJUnitFailsOnlyWhenWorse(t *testing.T) {
	for _, turned := range []bool{false, true} {
		r := hostile(t)
		if turned {
			r.Verdict = measure.Better
		}
		var s suite
		if err := xml.Unmarshal(written(t, r, "junit"), &s); err != nil {
			t.Fatal(err)
		}
		if failed := s.Cases[0].Failure != nil; failed == turned || (s.Failures == 1) == turned {
			t.Errorf("verdict %s: %+v", r.Verdict, s)
		}
	}
}

func TestSheetHoldsTheNumbers(t *testing.T) {
	r := hostile(t)
	file, err := excelize.OpenReader(bytes.NewReader(written(t, r, "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows := map[string]int{"Answer": 22 + len(r.Warnings), "Metrics": 2, "Queries": 13, "Where B hurts": 1 + 3*6, "Unsettled": 1 + len(r.Unsettled)}
	for name, want := range rows {
		got, err := file.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != want {
			t.Errorf("%s: %d rows, want %d", name, len(got), want)
		}
		for i, row := range got {
			for j := range row {
				at, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if formula, err := file.GetCellFormula(name, at); err != nil || formula != "" {
					t.Errorf("%s %s holds the formula %q, %v", name, at, formula, err)
				}
			}
		}
	}
	if name, err := file.GetCellValue("Answer", "B4"); err != nil || name != r.B.Name {
		t.Errorf("B is called %q, %v", name, err)
	}
	text, err := file.GetCellValue("Answer", "B10", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if delta, err := strconv.ParseFloat(text, 64); err != nil || math.Abs(delta-r.Delta) > 1e-12 {
		t.Errorf("difference %s, want %v, %v", text, r.Delta, err)
	}
	exact, err := file.GetCellValue("Answer", "B13", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := strconv.ParseFloat(exact, 64); err != nil || p != r.P || p >= 0.001 {
		t.Errorf("p is kept as %s, it is %v, %v", exact, r.P, err)
	}
	if shown, err := file.GetCellValue("Answer", "B13"); err != nil || shown != "< 0.001" {
		t.Errorf("p is shown as %q, %v", shown, err)
	}
}

func TestEvaluation(t *testing.T) {
	low, high := 0.5, 0.9
	for _, c := range []struct {
		bar  *float64
		says string
		fail bool
	}{{nil, "ndcg@10 of learned v2 is 0.7500", false}, {&low, "ndcg@10 of learned v2 is 0.7500, not under 0.5000", false}, {&high, "ndcg@10 of learned v2 is 0.7500, under 0.9000", true}} {
		e := Evaluation{Ranker: "learned v2", Metric: "ndcg@10", Convention: "standard", Mean: 0.75, Queries: 2, Coverage: 0.5,
			Bar: c.bar, Lowest: []Scored{{"<b>&|", 0.25}}}
		var text, suiteText bytes.Buffer
		if err := errors.Join(e.Write(&text, "markdown"), e.Write(&suiteText, "junit")); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text.String(), "## "+c.says) || !strings.Contains(text.String(), `| \<b\>\&\| | 0.250 |`) {
			t.Errorf("%s: %s", c.says, text.String())
		}
		var s suite
		if err := xml.Unmarshal(suiteText.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		if failed := s.Cases[0].Failure != nil; failed != c.fail || !strings.Contains(s.Cases[0].Out, c.says) {
			t.Errorf("%s: %+v", c.says, s)
		}
	}
	if err := new(Evaluation).Write(io.Discard, "html"); err == nil {
		t.Error("an unknown format was written")
	}
}

// A failing writer is an error, not a half-written success.
func TestWriteErrors(t *testing.T) {
	for _, format := range Formats {
		if err := hostile(t).Write(full{}, format); err == nil {
			t.Errorf("%s: nothing was written and nothing was said", format)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
