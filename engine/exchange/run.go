package exchange

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
)

// RunFormats are the formats that WriteRun writes.
var RunFormats = []string{"trec", "csv"}

// Ranked is one line of a run: a product at its place in the ranking of a query.
type Ranked struct {
	Query   string
	Product string
	Rank    int // 1 is first
	Score   float64
}

// WriteRun writes what a ranker made of a query set, in the order given. tag
// names the ranker.
func WriteRun(path, format, tag string, run []Ranked) error {
	switch format {
	case "trec":
		return WriteFile(path, func(w io.Writer) error { return writeTRECRun(w, tag, run) })
	case "csv":
		return WriteFile(path, func(w io.Writer) error { return writeRunCSV(w, tag, run) })
	}
	return fmt.Errorf("there is no format %q for runs; the formats are %s", format, strings.Join(RunFormats, ", "))
}

func writeTRECRun(w io.Writer, tag string, run []Ranked) error {
	tag = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return '_'
		}
		return r
	}, tag)
	if tag == "" {
		tag = "touchstone"
	}
	for _, r := range run {
		if err := oneToken("TREC", r.Product); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s Q0 %s %d %s %s\n", queryToken(r.Query), r.Product, r.Rank, strconv.FormatFloat(r.Score, 'g', -1, 64), tag); err != nil {
			return err
		}
	}
	return nil
}

func writeRunCSV(w io.Writer, tag string, run []Ranked) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"query", "rank", "docid", "score", "ranker"}); err != nil {
		return err
	}
	for _, r := range run {
		if err := out.Write([]string{guard(r.Query), strconv.Itoa(r.Rank), guard(r.Product), strconv.FormatFloat(r.Score, 'g', -1, 64), guard(tag)}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
