package exchange

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"touchstone/engine"
)

// Querqy's rules.txt: an input and "=>", and below it what is to be done. UP and
// DOWN give points; a hundred of them are one distance from the last score to
// the first (engine.Rule.By).
const querqyPoints = 100

var querqyInstruction = regexp.MustCompile(`^(?i)(SYNONYM|UP|DOWN|FILTER|DELETE|DECORATE)\s*(?:\(([^)]*)\))?\s*:\s*(.*)$`)

func (in *ruleIntake) querqy(s *source, lim limits) error {
	in.Format = "Querqy rules.txt"
	lines := lineReader{r: s.Reader, max: lim.Record}
	block := querqyBlock{}
	for {
		raw, err := lines.next()
		if errors.Is(err, io.EOF) {
			in.endBlock(&block)
			return nil
		}
		if err != nil {
			return err
		}
		if err := checkText(raw, lines.number, s.decoded); err != nil {
			return err
		}
		line := strings.TrimSpace(string(raw))
		switch input, isInput := strings.CutSuffix(line, "=>"); {
		case line == "" || line[0] == '#':
		case isInput:
			in.endBlock(&block)
			block = in.beginBlock(strings.TrimSpace(input), lines.number)
		case block.line == 0:
			in.problems.add(lines.number, false, "stands before any input: a rule begins with a line that ends in =>")
		case line[0] == '@':
			in.property(&block, line)
		default:
			in.instruction(&block, line, lines.number)
		}
	}
}

// querqyBlock is an input and what was read below it.
type querqyBlock struct {
	line   int
	words  string // the input without its marks
	when   engine.When
	plain  bool // the input may stand anywhere: no part of When is needed
	off    bool
	means  []string // synonyms
	drops  []string // deletions
	others []engine.Rule
	lines  []int
}

// beginBlock reads an input: quotes bind it to the ends of the query, a star at
// its end stands for the rest of a word.
func (in *ruleIntake) beginBlock(input string, line int) querqyBlock {
	b := querqyBlock{line: line}
	first, last := strings.HasPrefix(input, `"`), strings.HasSuffix(input, `"`) && len(input) > 1
	b.words = strings.TrimSpace(strings.Trim(input, `"`))
	switch {
	case strings.HasSuffix(b.words, "*"):
		b.words = strings.TrimSuffix(b.words, "*")
		pattern := `(^|\s)` + regexp.QuoteMeta(b.words) + `\S+`
		if first {
			pattern = "^" + regexp.QuoteMeta(b.words) + `\S+`
		}
		b.when.Pattern = pattern
	case first && last:
		b.when.Queries = []string{b.words}
	case first:
		b.when.Pattern = "^" + regexp.QuoteMeta(b.words) + `(\s|$)`
	case last:
		b.when.Pattern = `(^|\s)` + regexp.QuoteMeta(b.words) + "$"
	default:
		b.plain = true
		b.when.Has = []string{b.words}
	}
	if b.words == "" {
		in.problems.add(line, false, "has no input before =>")
		b.line = 0
	}
	return b
}

func (in *ruleIntake) property(b *querqyBlock, line string) {
	name, value, _ := strings.Cut(line, ":")
	if strings.TrimSpace(name) == "@enabled" {
		b.off = strings.TrimSpace(value) == "false"
	}
}

func (in *ruleIntake) instruction(b *querqyBlock, line string, number int) {
	m := querqyInstruction.FindStringSubmatch(line)
	if m == nil {
		in.problems.add(number, false, "is no instruction that is known: want SYNONYM, UP, DOWN, FILTER, DELETE or DECORATE, a colon and what is meant")
		return
	}
	what, param, text := strings.ToUpper(m[1]), strings.TrimSpace(m[2]), strings.TrimSpace(m[3])
	if text == "" && what != "DELETE" {
		in.problems.add(number, false, "%s says nothing", what)
		return
	}
	switch what {
	case "SYNONYM":
		if param != "" {
			in.problems.add(number, true, "the weight %s of a synonym is left out: all count the same", param)
		}
		b.means = append(b.means, text)
		return
	case "DELETE":
		if text == "" {
			text = b.words
		}
		b.drops = append(b.drops, text)
		return
	}
	r := engine.Rule{When: b.when}
	switch what {
	case "DECORATE":
		url, ok := strings.CutPrefix(text, "REDIRECT")
		if !ok {
			in.problems.add(number, false, "DECORATE means something to the shop alone; only DECORATE: REDIRECT is read")
			return
		}
		r.Kind, r.URL = engine.RedirectRule, strings.Trim(strings.TrimSpace(url), `"`)
	case "UP", "DOWN":
		points := 1.0
		if param != "" {
			var err error
			if points, err = strconv.ParseFloat(param, 64); err != nil {
				in.problems.add(number, false, "%s(%s): a number was expected", what, param)
				return
			}
		}
		r.Kind, r.By = engine.BoostRule, points/querqyPoints
		if what == "DOWN" {
			r.Kind = engine.BuryRule
		}
		if out, err := querqyAbout(&r, text); err != nil || out {
			in.problems.add(number, false, "%s: %s cannot be read: field:value or field:[from TO to] was expected", what, text)
			return
		}
	case "FILTER":
		r.Kind = engine.FilterRule
		out, err := querqyAbout(&r, text)
		if err != nil {
			in.problems.add(number, false, "FILTER: %s cannot be read: field:value or field:[from TO to] was expected", text)
			return
		}
		if out {
			r.Kind = engine.HideRule
		}
	}
	b.others, b.lines = append(b.others, r), append(b.lines, number)
}

var (
	querqyRaw   = regexp.MustCompile(`^\*\s*(-?)([\pL\pN_.-]+):(.+)$`)
	querqyRange = regexp.MustCompile(`^\[\s*(\S+)\s+TO\s+(\S+)\s*\]$`)
)

// querqyAbout reads which products are meant: words, or after a star a query in
// Lucene's language, of which fields with a value or a range are known. out is
// what a minus before it says.
func querqyAbout(r *engine.Rule, text string) (out bool, err error) {
	if rest, ok := strings.CutPrefix(text, "-"); ok && !strings.HasPrefix(text, "*") {
		r.Words = strings.TrimSpace(rest)
		return true, nil
	}
	if !strings.HasPrefix(text, "*") {
		r.Words = text
		return false, nil
	}
	m := querqyRaw.FindStringSubmatch(text)
	if m == nil {
		return false, errors.New("unknown")
	}
	field, value := m[2], strings.TrimSpace(m[3])
	if limits := querqyRange.FindStringSubmatch(value); limits != nil {
		if limits[1] != "*" {
			r.Filter = append(r.Filter, engine.Condition{Field: field, Op: ">=", Value: limits[1]})
		}
		if limits[2] != "*" {
			r.Filter = append(r.Filter, engine.Condition{Field: field, Op: "<=", Value: limits[2]})
		}
		if len(r.Filter) == 0 {
			return false, errors.New("unknown")
		}
		return m[1] == "-", nil
	}
	if n := len(value); n > 1 && value[0] == '"' && value[n-1] == '"' {
		value = value[1 : n-1]
	} else if strings.ContainsAny(value, ` ()[]{}^~*?"`) {
		return false, errors.New("unknown")
	}
	if field == "id" {
		r.Products = []string{value}
	} else {
		r.Filter = engine.Filter{{Field: field, Op: "=", Value: value}}
	}
	return m[1] == "-", nil
}

// endBlock makes rules of a block. A deletion of the whole input beside a
// synonym is a replacement.
func (in *ruleIntake) endBlock(b *querqyBlock) {
	if b.line == 0 {
		return
	}
	when := b.when
	if b.plain {
		when = engine.When{} // the terms say it
	}
	add := func(line int, r engine.Rule) {
		r.Off = b.off
		in.add(line, r)
	}
	whole := len(b.drops) == 1 && strings.EqualFold(b.drops[0], b.words)
	switch {
	case whole && len(b.means) == 1:
		add(b.line, engine.Rule{Kind: engine.ReplaceRule, When: when, Terms: []string{b.words, b.means[0]}})
	default:
		if len(b.means) > 0 {
			add(b.line, engine.Rule{Kind: engine.SynonymRule, When: when, Terms: append([]string{b.words}, b.means...), OneWay: true})
		}
		for _, drop := range b.drops {
			r := engine.Rule{Kind: engine.ReplaceRule, When: b.when, Terms: []string{drop}}
			if whole {
				r.When = when
			}
			add(b.line, r)
		}
	}
	for i, r := range b.others {
		add(b.lines[i], r)
	}
	b.line = 0
}

// querqyText writes rules as rules.txt. The notes say what it cannot hold.
func querqyText(rules []engine.Rule) (string, []string) {
	var s strings.Builder
	lost := map[string]int{}
	s.WriteString("# written by Touchstone; UP(100) is the distance from the last score to the first\n")
	for i := range rules {
		r := &rules[i]
		if r.Set != "" {
			lost["the name of its set"]++
		}
		if !r.From.IsZero() || !r.Until.IsZero() {
			lost["its dates"]++
		}
		inputs := querqyInputs(r)
		if len(inputs) == 0 {
			lost["the rule itself, whose queries have no form there"]++
			continue
		}
		lines := querqyLines(r)
		if len(lines) == 0 {
			lost[fmt.Sprintf("the rule itself, a %s that has no form there", r.Kind)]++
			continue
		}
		s.WriteString("\n")
		for line := range strings.Lines(r.Note) {
			fmt.Fprintf(&s, "# %s\n", strings.TrimSpace(line))
		}
		for k, input := range inputs {
			s.WriteString(input + " =>\n")
			of := lines
			if r.Kind == engine.SynonymRule && !r.OneWay { // each term is an input
				of = nil
				for j, term := range r.Terms {
					if j != k {
						of = append(of, "SYNONYM: "+term)
					}
				}
			}
			for _, line := range of {
				s.WriteString("  " + line + "\n")
			}
			if r.Off {
				s.WriteString("  @enabled: false\n")
			}
		}
	}
	var notes []string
	for what, n := range lost {
		notes = append(notes, fmt.Sprintf("rules.txt leaves out %s: %s", what, plural(n, "rule", "rules")))
	}
	return s.String(), sorted(notes)
}

func querqyInputs(r *engine.Rule) (inputs []string) {
	for _, q := range r.When.Queries {
		inputs = append(inputs, `"`+q+`"`)
	}
	inputs = append(inputs, r.When.Has...)
	if r.When.Pattern != "" {
		return nil
	}
	switch {
	case !r.When.Always():
		if len(r.Terms) > 0 && len(inputs) > 0 && (r.Kind == engine.SynonymRule || r.Kind == engine.ReplaceRule) && !(len(inputs) == 1 && strings.EqualFold(strings.Trim(inputs[0], `"`), r.Terms[0])) {
			if len(r.Terms) > 1 || r.Kind == engine.SynonymRule {
				return nil // a term within a longer query
			}
		}
		return inputs
	case r.Kind == engine.SynonymRule && !r.OneWay:
		return r.Terms
	case len(r.Terms) > 0:
		return r.Terms[:1]
	}
	return nil // on every query
}

func querqyLines(r *engine.Rule) (lines []string) {
	about := func(minus string) (list []string) {
		if r.Words != "" && len(r.Filter)+len(r.Products) == 0 {
			return []string{minus + r.Words}
		}
		if r.Words == "" && len(r.Filter) == 1 && len(r.Products) == 0 {
			c := r.Filter[0]
			switch c.Op {
			case "=":
				return []string{fmt.Sprintf(`* %s%s:"%s"`, minus, c.Field, c.Value)}
			case "<=":
				return []string{fmt.Sprintf("* %s%s:[* TO %s]", minus, c.Field, c.Value)}
			case ">=":
				return []string{fmt.Sprintf("* %s%s:[%s TO *]", minus, c.Field, c.Value)}
			}
		}
		if r.Words == "" && len(r.Filter) == 0 {
			for _, id := range r.Products {
				list = append(list, fmt.Sprintf(`* %sid:"%s"`, minus, id))
			}
		}
		return list
	}
	points := strconv.FormatFloat(r.By*querqyPoints, 'g', -1, 64)
	switch r.Kind {
	case engine.SynonymRule:
		for _, t := range r.Terms[1:] {
			lines = append(lines, "SYNONYM: "+t)
		}
	case engine.ReplaceRule:
		if len(r.Terms) > 1 {
			lines = append(lines, "SYNONYM: "+r.Terms[1])
		}
		lines = append(lines, "DELETE: "+r.Terms[0])
	case engine.BoostRule, engine.BuryRule:
		name := map[engine.RuleKind]string{engine.BoostRule: "UP", engine.BuryRule: "DOWN"}[r.Kind]
		for _, a := range about("") {
			lines = append(lines, fmt.Sprintf("%s(%s): %s", name, points, a))
		}
	case engine.FilterRule:
		for _, a := range about("") {
			lines = append(lines, "FILTER: "+a)
		}
	case engine.HideRule:
		for _, a := range about("-") {
			lines = append(lines, "FILTER: "+a)
		}
	case engine.RedirectRule:
		lines = append(lines, "DECORATE: REDIRECT "+r.URL)
	}
	return lines
}
