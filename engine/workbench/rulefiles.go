package workbench

import (
	"context"
	"fmt"

	"touchstone/engine"
	"touchstone/engine/exchange"
	"touchstone/engine/rules"
)

// RuleImport says what an import of rules did.
type RuleImport struct {
	Format   string
	Added    []engine.Rule
	Known    int // rules that stood already, word for word
	Skipped  int // rules that were not read
	Problems []RowProblem
	Notes    []string
}

// ImportRules reads a file of rules into a set ("" is the one that each rule
// names, or else the first) as one change, which one UndoRules takes back. A
// rule that is not valid is left out and named.
func (b *Bench) ImportRules(_ context.Context, file, set string) (*RuleImport, error) {
	read, err := exchange.OpenRules(file, exchange.RuleOptions{Filter: ParseFilter})
	if err != nil {
		return nil, err
	}
	report := &RuleImport{Format: read.Format, Skipped: read.Skipped, Notes: read.Notes}
	for _, p := range read.Problems {
		report.Problems = append(report.Problems, RowProblem{File: p.File, Line: p.Line, What: p.What})
	}
	standing := map[string]bool{}
	for _, r := range b.rules.Load().all {
		standing[sameRule(&r)] = true
	}
	var put []engine.Rule
	for i := range read.Rules {
		r := read.Rules[i]
		if set != "" {
			r.Set = set
		}
		r.Set = storedSet(r.Set)
		if err := rules.Valid(&r); err != nil {
			report.Skipped++
			report.Problems = append(report.Problems, RowProblem{File: file, Line: read.Lines[i], What: fmt.Sprintf("%s: %v", RuleText(&r), err)})
			continue
		}
		if key := sameRule(&r); standing[key] {
			report.Known++
			continue
		} else {
			standing[key] = true
		}
		put = append(put, r)
	}
	if len(put) == 0 {
		return report, nil
	}
	report.Added, err = b.PutRules(put...)
	return report, err
}

// sameRule is equal for rules that do the same.
func sameRule(r *engine.Rule) string {
	bare := r.Clone()
	bare.ID, bare.Author = 0, ""
	return fmt.Sprintf("%+v", bare)
}

// ExportRules writes a set in one of exchange.RuleFormats; nil is the set in
// use. The notes say what the format could not hold.
func (b *Bench) ExportRules(set *RuleSet, format, file string) (notes []string, err error) {
	return exchange.WriteRules(file, format, b.ruled(set).Rules)
}
