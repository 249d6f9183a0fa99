package exchange

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"touchstone/engine"
)

// Queries is what a file of queries held.
type Queries struct {
	Format   string         // for people: "query set CSV", "one query a line"
	Queries  []engine.Query // each text once, in the order of the file
	Problems []Problem
	Skipped  int // rows not read, listed in Problems or not
}

// needNames are the columns of what stands behind a query, folded by foldName.
var needNames = []string{"information need", "need", "reference answer", "description", "narrative", "intent"}

// The columns of what else is known of a query.
var (
	weightNames   = []string{"weight", "frequency", "freq", "count", "searches", "search volume", "volume", "hits", "times", "n", "搜索次数", "次数", "频次", "频率", "搜索量"}
	tagNames      = []string{"tags", "tag", "labels", "标签"}
	aboutNames    = []string{"notes", "note", "comment", "comments", "remark", "备注"}
	searchActions = []string{"search", "query", "on search", "search request"}
)

// OpenQueries reads a query set: Quepid's information needs, the Search
// Relevance Workbench's NDJSON and JSON, BEIR's and WANDS' queries, any table
// with a column of queries, or text with one query a line. "-" is standard
// input. A log is one, too: a query that comes often has how often as its weight.
func OpenQueries(path string) (*Queries, error) {
	s, err := open(path, defaultLimits)
	if err != nil {
		return nil, err
	}
	q, err := readQueries(s, defaultLimits)
	return q, errors.Join(fileError(s.name, err), s.Close())
}

func readQueries(s *source, lim limits) (*Queries, error) {
	in := &intake{problems: problems{file: s.name, limit: lim.Problems}, queries: map[string]int{}, asked: map[string]float64{}}
	if err := in.readQueries(s, lim); err != nil {
		return nil, err
	}
	out := &Queries{in.format, in.order, in.problems.list, in.problems.skipped}
	often := slices.ContainsFunc(slices.Collect(maps.Values(in.asked)), func(n float64) bool { return n > 1 })
	// A file that says what is meant is a set that someone wrote, no log.
	often = often && !slices.ContainsFunc(out.Queries, func(q engine.Query) bool { return q.Need != "" })
	for i := range out.Queries {
		if q := &out.Queries[i]; often && q.Weight == 0 {
			q.Weight = in.asked[q.Text]
		}
	}
	return out, nil
}

func (in *intake) readQueries(s *source, lim limits) error {
	head, err := s.peek()
	if err != nil {
		return err
	}
	if text := bytes.TrimLeft(head, " \t\r\n"); s.binary || len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		return in.queryRows(s, lim)
	}
	first := firstLines(string(head), 1)
	if len(first) == 0 {
		return errEmpty
	}
	cells := strings.Split(first[0], string(sniffDelimiter(head)))
	named := slices.ContainsFunc(cells, func(c string) bool {
		return slices.Contains(queryNames, foldName(strings.Trim(c, `"`)))
	})
	switch {
	case named && len(cells) > 1:
		return in.queryRows(s, lim)
	case numberedQueries(string(head)):
		in.format = "numbered queries"
	default:
		in.format = "one query a line"
	}
	return in.eachLine(s, lim, func(line string, number int) {
		if in.format == "numbered queries" {
			_, text, ok := strings.Cut(line, "\t")
			if !ok {
				in.problems.add(number, false, "has no tab between a number and a query")
				return
			}
			line = strings.TrimSpace(text)
		} else if named { // the name of the only column
			named = false
			return
		}
		if n := len(line); n > 1 && line[0] == '"' && line[n-1] == '"' {
			line = strings.ReplaceAll(line[1:n-1], `""`, `"`)
		}
		in.query(line, "")
		in.asked[line]++
	})
}

// numberedQueries recognises lines of an identifier, a tab and a query.
func numberedQueries(text string) bool {
	lines := firstLines(text, 20)
	for _, line := range lines {
		if id, query, ok := strings.Cut(line, "\t"); !ok || !isNumber(id) || strings.Contains(query, "\t") {
			return false
		}
	}
	return len(lines) > 0
}

// queryRows reads a table or JSON objects with a column of queries.
func (in *intake) queryRows(s *source, lim limits) error {
	f, err := openRows(s, lim)
	if err != nil {
		return err
	}
	in.format = "query set " + f.format
	return errors.Join(in.eachQueryRow(f), f.Close())
}

func (in *intake) eachQueryRow(f *rowFile) error {
	counted := map[string]bool{} // searches by identifier: UBI names the query in each event after it, too
	err := f.each(&in.problems, func(r row) error {
		q, id, action, bulk := in.queryRow(f, r)
		switch {
		case bulk, action != "" && !slices.Contains(searchActions, action), id != "" && counted[id]:
			return nil
		case q.Text == "":
			in.problems.add(r.line, false, "names no query")
			return nil
		}
		counted[id] = true
		in.query(q.Text, q.Need)
		at := &in.order[in.queries[q.Text]]
		at.Weight += q.Weight
		if at.Note == "" {
			at.Note = q.Note
		}
		at.Tags = slices.Compact(slices.Sorted(slices.Values(append(at.Tags, q.Tags...))))
		in.asked[q.Text]++
		return nil
	})
	if err == nil && len(in.order) == 0 {
		err = fmt.Errorf("no column of queries in it: want one called query (its columns are %s)", strings.Join(f.columns.names[:min(len(f.columns.names), 20)], ", "))
	}
	return err
}

// queryRow reads one row. id is that of one search of a log, "" where there is
// none; bulk marks the lines that tell an index what to do with the next one.
func (in *intake) queryRow(f *rowFile, r row) (q engine.Query, id, action string, bulk bool) {
	bulk = len(r.cells) > 0
	typed := ""
	for _, cell := range r.cells {
		name := foldName(f.columns.names[cell.column])
		bulk = bulk && (strings.HasPrefix(name, "index ") || strings.HasPrefix(name, "create "))
		switch {
		case name == "user query": // what was typed; UBI's query is what the search engine was sent
			typed = cell.text
		case slices.Contains(queryNames, name), name == "text" && q.Text == "":
			q.Text = cell.text
		case slices.Contains(needNames, name):
			q.Need = cell.text
		case slices.Contains(weightNames, name):
			if w, err := strconv.ParseFloat(strings.ReplaceAll(cell.text, ",", ""), 64); err == nil && w > 0 && !math.IsInf(w, 0) {
				q.Weight = w
			}
		case slices.Contains(tagNames, name):
			for _, tag := range strings.FieldsFunc(cell.text, func(c rune) bool { return strings.ContainsRune(",;|，；", c) }) {
				if tag = strings.TrimSpace(tag); tag != "" {
					q.Tags = append(q.Tags, tag)
				}
			}
		case slices.Contains(aboutNames, name):
			q.Note = cell.text
		case name == "query id":
			id = cell.text
		case name == "action name":
			action = strings.ToLower(strings.ReplaceAll(cell.text, "_", " "))
		}
	}
	q.Text = cmp.Or(typed, q.Text)
	return q, id, action, bulk
}
