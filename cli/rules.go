package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// rulesCmd has the workspace first, as every command has: touchstone rules W add …
type rulesCmd struct {
	Workspace struct {
		Workspace string       `arg:""`
		List      rulesList    `cmd:"" default:"withargs" help:"List the rules of a set."`
		Add       rulesAdd     `cmd:"" help:"Add a rule, or change one with --id."`
		Remove    rulesRemove  `cmd:"" help:"Remove rules by number."`
		Undo      rulesUndo    `cmd:"" help:"Take back the newest change of rules."`
		Import    rulesImport  `cmd:"" help:"Read rules: Querqy's rules.txt, Algolia's JSON, a table (.xlsx, .csv), or Touchstone's own JSON."`
		Export    rulesExport  `cmd:"" help:"Write rules as json, querqy or csv."`
		Check     rulesCheck   `cmd:"" help:"List rules that act against each other and rules that do nothing."`
		Effect    rulesEffect  `cmd:"" help:"What a rule, or another set, does to the query set."`
		Use       rulesUse     `cmd:"" help:"Search by another set from now on: main, off or a name."`
		History   rulesHistory `cmd:"" help:"List the newest changes of rules."`
	} `arg:""`
}

// withRules opens the workspace of the command and finds a set of it.
func (s *session) withRules(path, set string, use func(*workbench.Bench, *workbench.RuleSet) error) error {
	return s.with(path, func(bench *workbench.Bench) error {
		found, err := bench.RuleSet(set)
		if err != nil {
			return err
		}
		return use(bench, found)
	})
}

// ruleFlags describe one rule.
type ruleFlags struct {
	Kind     engine.RuleKind `arg:"" help:"pin, hide, boost, bury, filter, synonym, replace or redirect."`
	Query    []string        `sep:"none" help:"A whole query on which it acts; may be repeated."`
	Has      []string        `sep:"none" help:"Words that the query has; may be repeated."`
	Pattern  string          `help:"A regular expression (RE2) that the query matches."`
	Products []string        `name:"product" sep:"none" help:"A product's ID; may be repeated."`
	Filter   string          `help:"Which products: price<100, brand=Sony"`
	Words    string          `help:"Which products: those that have all these words."`
	Position int             `help:"pin: the place, 1 for the first." default:"1"`
	By       float64         `help:"boost, bury: as a share of the distance from the last score to the first." default:"0.5"`
	Terms    []string        `name:"term" sep:"none" help:"synonym, replace: a term; repeated, the first is what is typed."`
	OneWay   bool            `help:"synonym: the first term finds the others, not the other way round."`
	URL      string          `name:"url" help:"redirect: where to."`
	From     time.Time       `format:"2006-01-02" help:"The day from which it acts."`
	Until    time.Time       `format:"2006-01-02" help:"The day from which it acts no longer."`
	Author   string          `help:"Who made it; otherwise the judge of the workspace."`
	Note     string          `help:"Why."`
	Off      bool            `help:"Keep it, but switched off."`
	Set      string          `help:"The set that it belongs to; otherwise main."`
	ID       uint64          `name:"id" help:"The number of a rule to change."`
}

func (f *ruleFlags) rule() (engine.Rule, error) {
	r := engine.Rule{ID: f.ID, Set: f.Set, Kind: f.Kind, When: engine.When{Queries: f.Query, Has: f.Has, Pattern: f.Pattern},
		Products: f.Products, Words: f.Words, Terms: f.Terms, OneWay: f.OneWay, URL: f.URL, From: f.From, Until: f.Until, Author: f.Author, Note: f.Note, Off: f.Off}
	switch f.Kind {
	case engine.PinRule:
		r.Position = f.Position
	case engine.BoostRule, engine.BuryRule:
		r.By = f.By
	}
	var err error
	r.Filter, err = workbench.ParseFilter(f.Filter)
	return r, err
}

type rulesList struct {
	Set  string `help:"The set; otherwise the one in use."`
	JSON bool   `name:"json" help:"Print JSON."`
}

func (c *rulesList) Run(s *session, g *grammar) error {
	return s.withRules(g.Rules.Workspace.Workspace, c.Set, func(_ *workbench.Bench, set *workbench.RuleSet) error {
		if c.JSON {
			return s.writeJSON(struct {
				Set   string        `json:"set"`
				Rules []engine.Rule `json:"rules"`
			}{set.Name, append([]engine.Rule{}, set.Rules...)})
		}
		w := tabwriter.NewWriter(s.Stdout, 0, 4, 2, ' ', 0)
		for i := range set.Rules {
			r := &set.Rules[i]
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\n", r.ID, workbench.RuleText(r), ruleState(r), r.Author, r.Note)
		}
		return w.Flush()
	})
}

// ruleState is when a rule acts: "off", "2026-05-01 to 2026-06-01", "".
func ruleState(r *engine.Rule) string {
	from, until := "", ""
	if !r.From.IsZero() {
		from = "from " + r.From.Format(time.DateOnly)
	}
	if !r.Until.IsZero() {
		until = " until " + r.Until.Format(time.DateOnly)
	}
	if r.Off {
		return "off"
	}
	return from + until
}

type rulesAdd struct {
	ruleFlags
	JSON bool `name:"json" help:"Print the rule as it is stored."`
}

func (c *rulesAdd) Run(s *session, g *grammar) error {
	return s.with(g.Rules.Workspace.Workspace, func(bench *workbench.Bench) error {
		r, err := c.rule()
		if err != nil {
			return err
		}
		stored, err := bench.PutRules(r)
		if err != nil {
			return err
		}
		if c.JSON {
			return s.writeJSON(stored[0])
		}
		_, err = fmt.Fprintf(s.Stdout, "rule %d: %s\n", stored[0].ID, workbench.RuleText(&stored[0]))
		return err
	})
}

type rulesRemove struct {
	IDs []uint64 `arg:"" name:"id" help:"Numbers of rules."`
}

func (c *rulesRemove) Run(s *session, g *grammar) error {
	return s.with(g.Rules.Workspace.Workspace, func(bench *workbench.Bench) error { return bench.RemoveRules(c.IDs...) })
}

type rulesUndo struct{}

func (c *rulesUndo) Run(s *session, g *grammar) error {
	return s.with(g.Rules.Workspace.Workspace, func(bench *workbench.Bench) error {
		entry, ok, err := bench.UndoRules()
		if err != nil {
			return err
		}
		if !ok {
			_, err = fmt.Fprintln(s.Stdout, "nothing to undo")
			return err
		}
		_, err = fmt.Fprintf(s.Stdout, "undone: change %d (%d rules removed or changed back, %d as they stood before)\n", entry.Undoes, len(entry.Before), len(entry.After))
		return err
	})
}

type rulesImport struct {
	Files []string `arg:"" help:"Files of rules; - is stdin."`
	Set   string   `help:"Put them into this set."`
}

func (c *rulesImport) Run(s *session, g *grammar) error {
	return s.with(g.Rules.Workspace.Workspace, func(bench *workbench.Bench) error {
		for _, file := range c.Files {
			report, err := bench.ImportRules(s, file, c.Set)
			if err != nil {
				return err
			}
			printProblems(s.Stderr, report.Problems)
			for _, note := range report.Notes {
				fmt.Fprintln(s.Stderr, note)
			}
			fmt.Fprintf(s.Stdout, "%s (%s): %d rules added, %d known already, %d not read\n", file, report.Format, len(report.Added), report.Known, report.Skipped)
		}
		return nil
	})
}

type rulesExport struct {
	Format string `required:"" help:"json, querqy or csv."`
	Out    string `required:"" help:"The file to write; - is stdout."`
	Set    string `help:"The set; otherwise the one in use."`
}

func (c *rulesExport) Run(s *session, g *grammar) error {
	return s.withRules(g.Rules.Workspace.Workspace, c.Set, func(bench *workbench.Bench, set *workbench.RuleSet) error {
		notes, err := bench.ExportRules(set, c.Format, c.Out)
		for _, note := range notes {
			fmt.Fprintln(s.Stderr, note)
		}
		return err
	})
}

type rulesCheck struct {
	Set  string `help:"The set; otherwise the one in use."`
	Fail bool   `help:"Exit 3 when something is found."`
	JSON bool   `name:"json" help:"Print JSON."`
}

func (c *rulesCheck) Run(s *session, g *grammar) error {
	return s.withRules(g.Rules.Workspace.Workspace, c.Set, func(bench *workbench.Bench, set *workbench.RuleSet) error {
		problems, err := bench.CheckRules(set)
		if err != nil {
			return err
		}
		if c.JSON {
			err = s.writeJSON(append([]workbench.RuleProblem{}, problems...))
		} else {
			for _, p := range problems {
				fmt.Fprintln(s.Stdout, p)
			}
			if len(problems) == 0 {
				fmt.Fprintf(s.Stdout, "%d rules, nothing wrong with them\n", len(set.Rules))
			}
		}
		if err == nil && c.Fail && len(problems) > 0 {
			err = fmt.Errorf("%w: %d problems of the rules; the first: %s", errGate, len(problems), problems[0])
		}
		return err
	})
}

type rulesEffect struct {
	Rule    string `xor:"what" help:"A file with one rule as JSON, as list --json prints it; - is stdin."`
	Without uint64 `xor:"what" help:"What switching the rule of this number off would do."`
	Set     string `xor:"what" help:"What another set would do."`
	JSON    bool   `name:"json" help:"Print JSON."`
}

func (c *rulesEffect) Run(s *session, g *grammar) error {
	return s.with(g.Rules.Workspace.Workspace, func(bench *workbench.Bench) error {
		after, err := c.after(s, bench)
		if err != nil {
			return err
		}
		progress, finish := s.progress()
		e, err := bench.RuleEffect(s, nil, after, progress)
		finish()
		if err != nil {
			return err
		}
		if c.JSON {
			return s.writeJSON(effectJSON(e))
		}
		fmt.Fprintf(s.Stdout, "%d of %d queries are affected, %d first pages change; %s %.4f → %.4f over %d judged queries; %.0f ms\n",
			e.Affected, e.Queries, len(e.Changed), e.Metric, e.Before, e.After, e.Judged, milliseconds(e.Took))
		w := tabwriter.NewWriter(s.Stdout, 0, 4, 2, ' ', 0)
		for _, q := range e.Changed {
			score := "not judged"
			if q.Judged {
				score = fmt.Sprintf("%.3f → %.3f", q.Before, q.After)
			}
			fmt.Fprintf(w, "%s\t%s\t%d left, %d came\n", q.Query, score, len(q.Left), len(q.Came))
		}
		return w.Flush()
	})
}

func (c *rulesEffect) after(s *session, bench *workbench.Bench) (*workbench.RuleSet, error) {
	switch {
	case c.Set != "":
		return bench.RuleSet(c.Set)
	case c.Without != 0:
		r, ok := bench.Rule(c.Without)
		if !ok {
			return nil, fmt.Errorf("there is no rule %d; touchstone rules list prints their numbers", c.Without)
		}
		r.Off = true
		return bench.DraftRules(nil, r)
	}
	in := s.Stdin
	if c.Rule != "-" && c.Rule != "" {
		f, err := os.Open(c.Rule)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	var r engine.Rule
	if err := json.NewDecoder(in).Decode(&r); errors.Is(err, io.EOF) {
		return nil, errors.New("no rule was given; name one with --without, a set with --set, or give one as list --json prints it")
	} else if err != nil {
		return nil, fmt.Errorf("the rule cannot be read: %w; give one as list --json prints it", err)
	}
	return bench.DraftRules(nil, r)
}

type effectQuery struct {
	Query  string   `json:"query"`
	Judged bool     `json:"judged"`
	Before float64  `json:"before"`
	After  float64  `json:"after"`
	Left   []string `json:"left"`
	Came   []string `json:"came"`
}

func effectJSON(e *workbench.RuleEffect) any {
	changed := []effectQuery{}
	for _, q := range e.Changed {
		line := effectQuery{q.Query, q.Judged, q.Before, q.After, []string{}, []string{}}
		for _, p := range q.Left {
			line.Left = append(line.Left, p.ID)
		}
		for _, p := range q.Came {
			line.Came = append(line.Came, p.ID)
		}
		changed = append(changed, line)
	}
	return struct {
		Metric   string        `json:"metric"`
		Queries  int           `json:"queries"`
		Affected int           `json:"affected"`
		Judged   int           `json:"judged"`
		Before   float64       `json:"before"`
		After    float64       `json:"after"`
		TookMS   float64       `json:"took_ms"`
		Changed  []effectQuery `json:"changed"`
	}{e.Metric, e.Queries, e.Affected, e.Judged, e.Before, e.After, milliseconds(e.Took), changed}
}

type rulesUse struct {
	Set string `arg:"" help:"main, off or the name of a set."`
}

func (c *rulesUse) Run(s *session, g *grammar) error {
	return s.with(g.Rules.Workspace.Workspace, func(bench *workbench.Bench) error { return bench.UseRules(c.Set) })
}

type rulesHistory struct {
	N int `short:"n" default:"20" help:"Changes listed."`
}

func (c *rulesHistory) Run(s *session, g *grammar) error {
	return s.with(g.Rules.Workspace.Workspace, func(bench *workbench.Bench) error {
		changes, err := bench.RuleHistory(c.N)
		if err != nil {
			return err
		}
		for _, change := range changes {
			fmt.Fprintf(s.Stdout, "%d  %s  %s", change.Seq, change.Time.Local().Format("2006-01-02 15:04"), change.Author)
			if change.Undoes != 0 {
				fmt.Fprintf(s.Stdout, "  takes back %d", change.Undoes)
			}
			fmt.Fprintln(s.Stdout)
			for i := range change.Before {
				fmt.Fprintf(s.Stdout, "  − %d %s\n", change.Before[i].ID, workbench.RuleText(&change.Before[i]))
			}
			for i := range change.After {
				fmt.Fprintf(s.Stdout, "  + %d %s\n", change.After[i].ID, workbench.RuleText(&change.After[i]))
			}
		}
		return nil
	})
}
