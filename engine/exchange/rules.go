package exchange

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"touchstone/engine"
)

// RuleFile is what a file of rules held. The rules have no IDs, and nobody has
// looked yet whether they are valid.
type RuleFile struct {
	Format   string
	Rules    []engine.Rule
	Lines    []int // where each of Rules began, 0 where the format has no lines
	Notes    []string
	Problems []Problem
	Skipped  int
}

// RuleOptions say what a file of rules leaves open.
type RuleOptions struct {
	// Filter reads the conditions of a table's filter column: price<100, brand=Sony
	Filter func(string) (engine.Filter, error)
}

// OpenRules reads a file of rules: Touchstone's own JSON, Querqy's rules.txt,
// rules and synonyms as Algolia exports them, or a table with a column called
// kind. The format is recognised by its content; "-" is standard input.
func OpenRules(path string, o RuleOptions) (*RuleFile, error) {
	s, err := open(path, defaultLimits)
	if err != nil {
		return nil, err
	}
	f, err := readRules(s, o, defaultLimits)
	return f, errors.Join(fileError(s.name, err), s.Close())
}

// ruleIntake gathers the rules of one file.
type ruleIntake struct {
	RuleFile
	options  RuleOptions
	problems problems
}

func (in *ruleIntake) add(line int, r engine.Rule) {
	in.Rules, in.Lines = append(in.Rules, r), append(in.Lines, line)
}

func readRules(s *source, o RuleOptions, lim limits) (*RuleFile, error) {
	in := &ruleIntake{options: o, problems: problems{file: s.name, limit: lim.Problems}}
	if err := in.read(s, lim); err != nil {
		return nil, err
	}
	in.Problems, in.Skipped = in.problems.list, in.problems.skipped
	if len(in.Rules) == 0 && len(in.Problems) == 0 {
		return nil, errors.New("no rules in it: want Querqy's rules.txt, Algolia's JSON, or a table with a column kind")
	}
	return &in.RuleFile, nil
}

func (in *ruleIntake) read(s *source, lim limits) error {
	head, err := s.peek()
	if err != nil {
		return err
	}
	text := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case s.binary:
		return in.table(s, lim)
	case len(text) == 0:
		return errEmpty
	case text[0] == '{' || text[0] == '[':
		data, err := io.ReadAll(io.LimitReader(s, int64(lim.Document)+1))
		if err == nil && len(data) > lim.Document {
			err = fmt.Errorf("larger than %s", bytesText(int64(lim.Document)))
		}
		if err != nil {
			return err
		}
		return in.json(data)
	case looksLikeQuerqy(string(head)):
		return in.querqy(s, lim)
	}
	return in.table(s, lim)
}

// looksLikeQuerqy reports whether the first line that is neither blank nor a
// comment gives an input.
func looksLikeQuerqy(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			return strings.HasSuffix(line, "=>")
		}
	}
	return false
}

// RuleFormats are the forms in which rules are written.
var RuleFormats = []string{"json", "querqy", "csv"}

// WriteRules writes rules to a file, "-" for standard output. The notes say what
// the format could not hold.
func WriteRules(path, format string, rules []engine.Rule) (notes []string, err error) {
	var write func(io.Writer) error
	switch format {
	case "json":
		bare := make([]engine.Rule, len(rules))
		for i := range rules {
			bare[i] = rules[i].Clone()
			bare[i].ID = 0 // of this workspace alone
		}
		write = func(w io.Writer) error {
			return writeJSON(w, struct {
				Rules []engine.Rule `json:"rules"`
			}{bare})
		}
	case "querqy":
		var text string
		text, notes = querqyText(rules)
		write = func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
	case "csv":
		write = func(w io.Writer) error { return writeRuleTable(w, rules) }
	default:
		return nil, fmt.Errorf("there is no format %q for rules; the formats are %s", format, strings.Join(RuleFormats, ", "))
	}
	return notes, WriteFile(path, write)
}

// json reads Touchstone's own rules or Algolia's, in a list or below a key.
func (in *ruleIntake) json(data []byte) error {
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		var file struct{ Rules, Synonyms, Hits []json.RawMessage }
		if err := json.Unmarshal(data, &file); err != nil {
			return jsonProblem(data, err)
		}
		list = append(append(file.Rules, file.Synonyms...), file.Hits...)
	}
	for i, raw := range list {
		var kind struct {
			Kind        string          `json:"kind"`
			Type        string          `json:"type"`
			Consequence json.RawMessage `json:"consequence"`
		}
		if err := json.Unmarshal(raw, &kind); err != nil {
			in.problems.add(0, false, "entry %d is no rule: %v", i+1, err)
			continue
		}
		var err error
		switch {
		case kind.Kind != "":
			in.Format = "Touchstone rules"
			var r engine.Rule
			if err = json.Unmarshal(raw, &r); err == nil {
				r.ID = 0
				in.add(0, r)
			}
		case kind.Type != "":
			in.Format = "Algolia JSON"
			err = in.algoliaSynonym(raw)
		case kind.Consequence != nil:
			in.Format = "Algolia JSON"
			err = in.algoliaRule(raw)
		default:
			err = errors.New("it has neither kind nor type nor consequence")
		}
		if err != nil {
			in.problems.add(0, false, "entry %d cannot be read: %v", i+1, err)
		}
	}
	return nil
}

// jsonProblem says on which line a document breaks off.
func jsonProblem(data []byte, err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		line := 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
		return fmt.Errorf("line %d: %w", line, err)
	}
	return err
}

// The columns of a table of rules. Lists have | between their parts.
var ruleHeader = []string{"kind", "query", "has", "pattern", "products", "filter", "words", "position", "by", "terms", "one way", "url", "from", "until", "author", "note", "off", "set"}

var ruleColumns = map[string]string{
	"queries": "query", "when": "query", "contains": "has", "regex": "pattern", "product": "products", "docid": "products", "id": "products",
	"place": "position", "weight": "by", "synonyms": "terms", "redirect": "url", "start": "from", "end": "until",
	"类型": "kind", "查询": "query", "包含": "has", "模式": "pattern", "商品": "products", "筛选": "filter", "词": "words", "位置": "position",
	"幅度": "by", "同义词": "terms", "单向": "one way", "网址": "url", "开始": "from", "结束": "until", "作者": "author", "备注": "note", "停用": "off", "规则集": "set",
}

// table reads one rule a row.
func (in *ruleIntake) table(s *source, lim limits) error {
	f, err := openRows(s, lim)
	if err != nil {
		return err
	}
	in.Format = f.format + " of rules"
	return errors.Join(in.rows(f), f.Close())
}

func (in *ruleIntake) rows(f *rowFile) error {
	return f.each(&in.problems, func(r row) error {
		cells := map[string]string{}
		for _, cell := range r.cells {
			name := foldName(f.columns.names[cell.column])
			if known, ok := ruleColumns[name]; ok {
				name = known
			}
			cells[name] = cell.text
		}
		rule, err := in.row(cells)
		if err != nil {
			in.problems.add(r.line, false, "%v", err)
		} else {
			in.add(r.line, rule)
		}
		return nil
	})
}

func (in *ruleIntake) row(cells map[string]string) (r engine.Rule, err error) {
	if cells["kind"] == "" {
		return r, errors.New("has no kind: name one in a column called kind (pin, hide, boost, bury, filter, synonym, replace, redirect)")
	}
	r = engine.Rule{Kind: engine.RuleKind(strings.ToLower(cells["kind"])), Words: cells["words"], URL: cells["url"], Author: cells["author"], Note: cells["note"], Set: cells["set"],
		When: engine.When{Queries: parts(cells["query"]), Has: parts(cells["has"]), Pattern: cells["pattern"]}, Products: parts(cells["products"]), Terms: parts(cells["terms"])}
	if text := cells["filter"]; text != "" {
		if in.options.Filter == nil {
			return r, errors.New("its filter cannot be read here")
		}
		if r.Filter, err = in.options.Filter(text); err != nil {
			return r, err
		}
	}
	if text := cells["position"]; text != "" {
		if r.Position, err = strconv.Atoi(text); err != nil {
			return r, fmt.Errorf("position %q is no whole number", text)
		}
	} else if r.Kind == engine.PinRule {
		r.Position = 1
	}
	if text := cells["by"]; text != "" {
		if r.By, err = strconv.ParseFloat(text, 64); err != nil {
			return r, fmt.Errorf("by %q is no number", text)
		}
	}
	for name, into := range map[string]*bool{"one way": &r.OneWay, "off": &r.Off} {
		switch strings.ToLower(cells[name]) {
		case "", "0", "no", "false", "否":
		case "1", "yes", "true", "x", "是":
			*into = true
		default:
			return r, fmt.Errorf("%s %q is neither yes nor no", name, cells[name])
		}
	}
	for name, into := range map[string]*time.Time{"from": &r.From, "until": &r.Until} {
		if text := cells[name]; text != "" {
			if *into, err = ruleTime(text); err != nil {
				return r, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return r, nil
}

// ruleTime reads a day, which begins at midnight UTC, or a moment.
func ruleTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no date such as 2026-12-31", text)
}

// parts splits a list at its bars.
func parts(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, "|") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

func writeRuleTable(w io.Writer, rules []engine.Rule) error {
	out := csv.NewWriter(w)
	if err := out.Write(ruleHeader); err != nil {
		return err
	}
	yes := func(b bool) string {
		if b {
			return "yes"
		}
		return ""
	}
	number := func(v float64) string {
		if v == 0 {
			return ""
		}
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	list := func(of []string) string { return guard(strings.Join(of, " | ")) }
	for i := range rules {
		r := &rules[i]
		row := []string{string(r.Kind), list(r.When.Queries), list(r.When.Has), guard(r.When.Pattern), list(r.Products), guard(filterText(r.Filter)), guard(r.Words),
			number(float64(r.Position)), number(r.By), list(r.Terms), yes(r.OneWay), guard(r.URL), timeText(r.From), timeText(r.Until), guard(r.Author), guard(r.Note), yes(r.Off), guard(r.Set)}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// filterText writes conditions as a filter is typed.
func filterText(filter engine.Filter) string {
	var list []string
	for _, c := range filter {
		list = append(list, quoteCondition(c.Field)+c.Op+quoteCondition(c.Value))
	}
	return strings.Join(list, ", ")
}

var plainCondition = regexp.MustCompile(`^[^\s",=!<>]([^",=!<>]*[^\s",=!<>])?$`)

func quoteCondition(s string) string {
	if plainCondition.MatchString(s) {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
