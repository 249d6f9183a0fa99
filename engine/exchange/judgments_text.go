package exchange

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"touchstone/engine"
)

// firstLines are the first n lines of a text that are not blank.
func firstLines(text string, n int) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
		if len(lines) == n {
			break
		}
	}
	return lines
}

// looksLikeLETOR recognises "4 qid:1 1:9.83 2:12.3 # 7555".
func looksLikeLETOR(text string) bool {
	for _, line := range firstLines(text, 20) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		return len(fields) >= 2 && strings.HasPrefix(fields[1], "qid:") && isNumber(fields[0])
	}
	return false
}

// looksLikeQrels recognises "qid iter docno rel". A first broken line among
// good ones does not hide the format.
func looksLikeQrels(text string) bool {
	lines := firstLines(text, 20)
	good := 0
	for _, line := range lines {
		f := strings.Fields(line)
		if len(f) == 4 && isNumber(f[3]) && (isNumber(f[1]) || strings.EqualFold(f[1], "Q0")) {
			good++
		}
	}
	return good > 0 && good*2 > len(lines)
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// eachLine calls fn with the lines of a text that are valid and not blank.
func (in *intake) eachLine(s *source, lim limits, fn func(line string, number int)) error {
	lines := lineReader{r: s.Reader, max: lim.Record}
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := checkText(line, lines.number, s.decoded); err != nil {
			in.problems.add(lines.number, false, "%v", err)
			continue
		}
		if text := strings.TrimSpace(string(line)); text != "" {
			fn(text, lines.number)
		}
	}
}

func (in *intake) readQrels(s *source, lim limits) error {
	in.format = "TREC qrels"
	return in.eachLine(s, lim, func(line string, number int) {
		f := strings.Fields(line)
		if len(f) != 4 {
			in.problems.add(number, false, "has %d parts, and qrels have four: query, iteration, product, rating", len(f))
			return
		}
		in.add(number, engine.Judgment{Query: in.queryText(f[0]), Product: f[2]}, f[3])
	})
}

// readLETOR reads what stands in a comment after the features: the product's
// ID, then the query.
func (in *intake) readLETOR(s *source, lim limits) error {
	in.format = "LETOR"
	return in.eachLine(s, lim, func(line string, number int) {
		data, comment, _ := strings.Cut(line, "#")
		f := strings.Fields(data)
		if len(f) == 0 {
			return // nothing but a comment
		}
		qid, ok := "", false
		if len(f) >= 2 {
			qid, ok = strings.CutPrefix(f[1], "qid:")
		}
		if !ok {
			in.problems.add(number, false, "does not start with a rating and qid:")
			return
		}
		j := engine.Judgment{}
		j.Product, j.Query = letorComment(comment)
		if j.Query == "" {
			j.Query = in.queryText(qid)
		}
		if j.Product == "" {
			in.problems.add(number, false, "names no product: want it in a comment at the end, as in # 7555")
			return
		}
		in.add(number, j, f[0])
	})
}

// letorComment takes "7555<TAB>star wars", "7555 star wars" and the original
// LETOR's "docid = GX001 inc = 1 prob = 0.1" apart.
func letorComment(comment string) (product, query string) {
	comment = strings.TrimSpace(comment)
	if rest, ok := strings.CutPrefix(comment, "docid"); ok {
		if rest, ok = strings.CutPrefix(strings.TrimSpace(rest), "="); ok {
			product, _, _ = strings.Cut(strings.TrimSpace(rest), " ")
			return product, ""
		}
	}
	product, query, ok := strings.Cut(comment, "\t")
	if !ok {
		product, query, _ = strings.Cut(comment, " ")
	}
	return strings.TrimSpace(product), strings.TrimSpace(query)
}

// Formats that part their fields by white space name a query by a token. As
// Touchstone writes it, the token is the query with its white space and percent
// signs escaped as in a URL, so that qrels and runs agree without another file.
func queryToken(query string) string {
	var b strings.Builder
	for _, r := range query {
		if r == '%' || r <= ' ' || r == 0x7f || r == 0x85 || r > 0x7f && strings.TrimSpace(string(r)) == "" {
			for _, c := range []byte(string(r)) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// queryText is the query that an identifier stands for: as the file of queries
// beside the judgments says, or else the identifier itself, unescaped.
func (in *intake) queryText(id string) string {
	if in.topics == nil {
		in.topics = readTopics(in.path, in.limits)
	}
	if text, ok := in.topics[id]; ok {
		return text
	}
	if text, err := url.PathUnescape(id); err == nil {
		return text
	}
	return id
}

// readTopics looks for the queries that identifiers stand for in the files that
// BEIR (queries.jsonl, beside the qrels or one folder up) and WANDS (query.csv)
// keep them in. It is empty when there is none that can be read.
func readTopics(path string, lim limits) map[string]string {
	topics := map[string]string{}
	if path == "" || path == "-" {
		return topics
	}
	folder := filepath.Dir(path)
	for _, beside := range []string{"queries.jsonl", "query.csv", filepath.Join("..", "queries.jsonl")} {
		s, err := open(filepath.Join(folder, beside), lim)
		if err != nil {
			continue
		}
		defer s.Close()
		f, err := openRows(s, lim)
		if err != nil {
			continue
		}
		defer f.Close()
		for {
			r, err := f.next()
			var bad *rowError
			if err != nil && !errors.As(err, &bad) {
				return topics
			}
			var id, text string
			for _, cell := range r.cells {
				switch foldName(f.columns.names[cell.column]) {
				case "_id", "id", "query id":
					id = cell.text
				case "text", "query":
					text = cell.text
				}
			}
			if id != "" && text != "" {
				topics[id] = text
			}
		}
	}
	return topics
}
