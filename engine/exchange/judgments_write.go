package exchange

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/xuri/excelize/v2"

	"touchstone/engine"
)

// JudgmentFormats are the formats that WriteJudgments writes.
var JudgmentFormats = []string{"quepid", "quepid-book", "quepid-json", "trec", "letor", "beir", "rre", "rank-eval", "srw", "wands", "csv", "xlsx"}

// JudgmentExport is what a file of judgments is made from.
type JudgmentExport struct {
	Judgments []engine.Judgment // of every judge: csv, xlsx and Quepid's books write these
	Agreed    engine.Qrels      // one grade for each pair: the other formats write these
	Queries   []engine.Query    // the query set: quepid lists those without judgments too
	Scale     engine.Scale      // for Quepid's books; nil is engine.DefaultScale
	// Features are the numbers of a pair for letor, in the order of the ranker
	// that will be exported beside; nil writes none.
	Features func(query, product string) ([]float64, error)
	// Title is what a product is called, for quepid-json, where judges see it; nil
	// writes none.
	Title func(product string) (string, error)
}

// WriteJudgments writes a file of judgments in one of JudgmentFormats. Notes say
// in plain sentences what the format could not hold.
func WriteJudgments(path, format string, x JudgmentExport) (notes []string, err error) {
	write, ok := map[string]func(io.Writer, *JudgmentExport) (rounded int, err error){
		"quepid": writeQuepid, "trec": writeQrels, "letor": writeLETOR, "beir": writeBEIR,
		"quepid-book": writeBookCSV, "quepid-json": writeBookJSON, "rank-eval": writeRankEval, "srw": writeSRW,
		"rre": writeRRE, "wands": writeWANDS, "csv": writeJudgmentCSV, "xlsx": writeJudgmentSheet,
	}[format]
	if !ok {
		return nil, fmt.Errorf("there is no format %q for judgments; the formats are %s", format, strings.Join(JudgmentFormats, ", "))
	}
	rounded := 0
	err = WriteFile(path, func(w io.Writer) error {
		rounded, err = write(w, &x)
		return err
	})
	switch {
	case err != nil || rounded == 0:
	case format == "wands":
		notes = append(notes, fmt.Sprintf("WANDS knows Exact, Partial and Irrelevant only: %s.", plural(rounded, "grade between became Partial, which is read as another grade", "grades between became Partial, which is read as another grade")))
	default:
		notes = append(notes, fmt.Sprintf("The format %s holds whole grades only: %s rounded, halves up.", format, plural(rounded, "grade was", "grades were")))
	}
	return notes, err
}

// agreed calls fn with every pair, ordered by query and product.
func (x *JudgmentExport) agreed(fn func(number int, query, product string, g engine.Grade) error) error {
	for i, query := range slices.Sorted(maps.Keys(x.Agreed)) {
		products := x.Agreed[query]
		for _, product := range slices.Sorted(maps.Keys(products)) {
			if err := fn(i+1, query, product, products[product]); err != nil {
				return err
			}
		}
	}
	return nil
}

// whole rounds a grade for the formats that hold whole ones.
func whole(g engine.Grade, rounded *int) string {
	n := math.Floor(float64(g) + 0.5)
	if n != float64(g) {
		*rounded++
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

func gradeText(g engine.Grade) string { return strconv.FormatFloat(float64(g), 'f', -1, 64) }

// writeQuepid writes ratings as Quepid does: floats, and queries without
// ratings padded.
func writeQuepid(w io.Writer, x *JudgmentExport) (int, error) {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"query", "docid", "rating"}); err != nil {
		return 0, err
	}
	err := x.agreed(func(_ int, query, product string, g engine.Grade) error {
		rating := gradeText(g)
		if !strings.Contains(rating, ".") {
			rating += ".0"
		}
		return out.Write([]string{guard(query), guard(product), rating})
	})
	if err != nil {
		return 0, err
	}
	for _, q := range x.Queries {
		if len(x.Agreed[q.Text]) == 0 {
			if err := out.Write([]string{guard(q.Text), "", ""}); err != nil {
				return 0, err
			}
		}
	}
	out.Flush()
	return 0, out.Error()
}

func writeQrels(w io.Writer, x *JudgmentExport) (rounded int, err error) {
	err = x.agreed(func(_ int, query, product string, g engine.Grade) error {
		if err := oneToken("TREC", product); err != nil {
			return err
		}
		_, err := fmt.Fprintf(w, "%s 0 %s %s\n", queryToken(query), product, whole(g, &rounded))
		return err
	})
	return rounded, err
}

// oneToken refuses product IDs that a format parted by white space cannot hold.
func oneToken(format, product string) error {
	if product == "" || strings.IndexFunc(product, unicode.IsSpace) >= 0 {
		return fmt.Errorf("the product ID %q has white space in it, which %s cannot hold: export csv", product, format)
	}
	return nil
}

func writeLETOR(w io.Writer, x *JudgmentExport) (rounded int, err error) {
	err = x.agreed(func(number int, query, product string, g engine.Grade) error {
		if strings.ContainsAny(query, "\t\r\n") || strings.ContainsAny(product, "\t\r\n") {
			return fmt.Errorf("the query %q or the product ID %q has a tab or a line break in it, which LETOR cannot hold: export csv", query, product)
		}
		var b strings.Builder
		fmt.Fprintf(&b, "%s qid:%d", whole(g, &rounded), number)
		if x.Features != nil {
			values, err := x.Features(query, product)
			if err != nil {
				return err
			}
			for i, v := range values {
				fmt.Fprintf(&b, "\t%d:%s", i+1, strconv.FormatFloat(v, 'g', -1, 64))
			}
		}
		_, err := fmt.Fprintf(w, "%s # %s\t%s\n", &b, product, query)
		return err
	})
	return rounded, err
}

func writeBEIR(w io.Writer, x *JudgmentExport) (rounded int, err error) {
	out := csv.NewWriter(w)
	out.Comma = '\t'
	if err := out.Write([]string{"query-id", "corpus-id", "score"}); err != nil {
		return 0, err
	}
	err = x.agreed(func(_ int, query, product string, g engine.Grade) error {
		return out.Write([]string{queryToken(query), product, whole(g, &rounded)})
	})
	if err != nil {
		return 0, err
	}
	out.Flush()
	return rounded, out.Error()
}

// writeWANDS writes label.csv as the WANDS data set has it (Chen et al., ECIR
// 2022): parted by tabs, three labels. A query's ID is its token, so that no
// query.csv is needed to read it back here.
func writeWANDS(w io.Writer, x *JudgmentExport) (between int, err error) {
	scale := x.Scale
	if scale == nil {
		scale = engine.DefaultScale()
	}
	out := csv.NewWriter(w)
	out.Comma = '\t'
	if err := out.Write([]string{"id", "query_id", "product_id", "label"}); err != nil {
		return 0, err
	}
	line := 0
	err = x.agreed(func(_ int, query, product string, g engine.Grade) error {
		label := "Partial"
		switch {
		case g <= 0:
			label = "Irrelevant"
		case g >= scale.Max():
			label = "Exact"
		case g != labelGrade(label, scale):
			between++
		}
		line++
		return out.Write([]string{strconv.Itoa(line - 1), queryToken(query), product, label})
	})
	if err != nil {
		return 0, err
	}
	out.Flush()
	return between, out.Error()
}

func writeRRE(w io.Writer, x *JudgmentExport) (int, error) {
	type gain struct {
		Gain engine.Grade `json:"gain"`
	}
	type query struct {
		Placeholders map[string]string `json:"placeholders"`
		Relevant     map[string]gain   `json:"relevant_documents"`
	}
	file := struct {
		IDField  string   `json:"id_field"`
		Index    string   `json:"index"`
		Template string   `json:"template"`
		Queries  []*query `json:"queries"`
	}{"id", "touchstone", "template.json", []*query{}}
	last := 0
	err := x.agreed(func(number int, text, product string, g engine.Grade) error {
		if number != last {
			file.Queries = append(file.Queries, &query{map[string]string{"$query": text}, map[string]gain{}})
			last = number
		}
		file.Queries[len(file.Queries)-1].Relevant[product] = gain{g}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return 0, writeJSON(w, file)
}

func writeJSON(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(v)
}

// judgmentHeader names the columns of csv and xlsx; "by" follows where grades
// were settled.
func (x *JudgmentExport) judgmentHeader() []string {
	header := []string{"query", "docid", "rating", "judge", "time", "note"}
	if slices.ContainsFunc(x.Judgments, func(j engine.Judgment) bool { return j.By != "" }) {
		header = append(header, "by")
	}
	return header
}

// everyJudgment are all judgments in the order of their key.
func (x *JudgmentExport) everyJudgment() []engine.Judgment {
	return slices.SortedFunc(slices.Values(x.Judgments), func(a, b engine.Judgment) int {
		return cmp.Or(cmp.Compare(a.Query, b.Query), cmp.Compare(a.Product, b.Product), cmp.Compare(a.Judge, b.Judge))
	})
}

func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func writeJudgmentCSV(w io.Writer, x *JudgmentExport) (int, error) {
	out := csv.NewWriter(w)
	header := x.judgmentHeader()
	if err := out.Write(header); err != nil {
		return 0, err
	}
	for _, j := range x.everyJudgment() {
		cells := []string{guard(j.Query), guard(j.Product), gradeText(j.Grade), guard(j.Judge), timeText(j.Time), guard(j.Note), guard(j.By)}
		if err := out.Write(cells[:len(header)]); err != nil {
			return 0, err
		}
	}
	out.Flush()
	return 0, out.Error()
}

// writeJudgmentSheet writes text as text, which no spreadsheet runs.
func writeJudgmentSheet(w io.Writer, x *JudgmentExport) (_ int, err error) {
	defer fence(&err)
	if len(x.Judgments) >= excelize.TotalRows {
		return 0, fmt.Errorf("%d judgments are more than a spreadsheet holds (%d): export csv", len(x.Judgments), excelize.TotalRows-1)
	}
	file := excelize.NewFile()
	defer file.Close()
	const name = "Judgments"
	if err := file.SetSheetName("Sheet1", name); err != nil {
		return 0, err
	}
	rows, err := file.NewStreamWriter(name)
	if err != nil {
		return 0, err
	}
	bold, err := file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return 0, err
	}
	names := x.judgmentHeader()
	header := make([]any, len(names))
	for i, h := range names {
		header[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	if err := rows.SetRow("A1", header); err != nil {
		return 0, err
	}
	for i, j := range x.everyJudgment() {
		for _, text := range []string{j.Query, j.Product, j.Judge, j.Note} {
			if len(text) > excelize.TotalCellChars {
				return 0, fmt.Errorf("a text of the judgment of %q for the query %q is longer than a spreadsheet's cell holds: export csv", shorten(j.Product, 80), shorten(j.Query, 80))
			}
		}
		at, err := excelize.CoordinatesToCellName(1, i+2)
		if err != nil {
			return 0, err
		}
		cells := []any{j.Query, j.Product, float64(j.Grade), j.Judge, timeText(j.Time), j.Note, j.By}
		if err := rows.SetRow(at, cells[:len(names)]); err != nil {
			return 0, err
		}
	}
	if err := rows.Flush(); err != nil {
		return 0, err
	}
	_, err = file.WriteTo(w)
	return 0, err
}
