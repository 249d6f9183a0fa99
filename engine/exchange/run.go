package exchange

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// RunFormats are the formats that WriteRun writes.
var RunFormats = []string{"trec", "csv", "quepid-snapshot"}

// Ranked is one line of a run: a product at its place in the ranking of a query.
type Ranked struct {
	Query   string
	Product string
	Rank    int // 1 is first
	Score   float64
}

// WriteRun writes what a ranker made of a query set, in the order given. tag
// names the ranker, at is when it ranked.
func WriteRun(path, format, tag string, at time.Time, run []Ranked) error {
	switch format {
	case "trec":
		return WriteFile(path, func(w io.Writer) error { return writeTRECRun(w, tag, run) })
	case "csv":
		return WriteFile(path, func(w io.Writer) error { return writeRunCSV(w, tag, run) })
	case "quepid-snapshot":
		return WriteFile(path, func(w io.Writer) error { return writeSnapshotCSV(w, tag, at, run) })
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

// writeSnapshotCSV writes a run as Quepid writes a snapshot; Touchstone has no
// cases, and the score is the one field beside the place.
func writeSnapshotCSV(w io.Writer, tag string, at time.Time, run []Ranked) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write([]string{"Snapshot Name", "Snapshot Time", "Case ID", "Query Text", "Doc ID", "Doc Position", "score"}); err != nil {
		return err
	}
	for _, r := range run {
		if err := out.Write([]string{guard(tag), at.UTC().Format(time.RFC3339), "0", guard(r.Query), guard(r.Product), strconv.Itoa(r.Rank), strconv.FormatFloat(r.Score, 'g', -1, 64)}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
