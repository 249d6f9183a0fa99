package exchange

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"touchstone/engine"
)

// QueryFormats are the formats that WriteQueries writes: all that is known of a
// query, Quepid's information needs, the Search Relevance Workbench's NDJSON,
// and BEIR's queries.
var QueryFormats = []string{"csv", "needs", "srw", "beir"}

// WriteQueries writes a query set.
func WriteQueries(path, format string, queries []engine.Query) error {
	write, ok := map[string]func(io.Writer, []engine.Query) error{
		"csv": writeQueryCSV, "needs": writeNeeds, "srw": writeSRWQueries, "beir": writeBEIRQueries,
	}[format]
	if !ok {
		return fmt.Errorf("there is no format %q for queries; the formats are %s", format, strings.Join(QueryFormats, ", "))
	}
	return WriteFile(path, func(w io.Writer) error { return write(w, queries) })
}

func writeQueryCSV(w io.Writer, queries []engine.Query) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"query", "information_need", "weight", "tags", "notes"}); err != nil {
		return err
	}
	for _, q := range queries {
		weight := ""
		if q.Weight > 0 {
			weight = strconv.FormatFloat(q.Weight, 'g', -1, 64)
		}
		if err := out.Write([]string{guard(q.Text), guard(q.Need), weight, guard(strings.Join(q.Tags, ";")), guard(q.Note)}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func writeNeeds(w io.Writer, queries []engine.Query) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"query", "information_need"}); err != nil {
		return err
	}
	for _, q := range queries {
		if err := out.Write([]string{guard(q.Text), guard(q.Need)}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func writeSRWQueries(w io.Writer, queries []engine.Query) error {
	return eachJSONLine(w, queries, func(q engine.Query) any {
		return struct {
			Text   string `json:"queryText"`
			Answer string `json:"referenceAnswer,omitempty"`
		}{q.Text, q.Need}
	})
}

func writeBEIRQueries(w io.Writer, queries []engine.Query) error {
	return eachJSONLine(w, queries, func(q engine.Query) any {
		return struct {
			ID   string `json:"_id"`
			Text string `json:"text"`
		}{queryToken(q.Text), q.Text}
	})
}

func eachJSONLine(w io.Writer, queries []engine.Query, line func(engine.Query) any) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for _, q := range queries {
		if err := out.Encode(line(q)); err != nil {
			return err
		}
	}
	return nil
}
