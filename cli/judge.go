package cli

import (
	"fmt"

	"touchstone/engine/workbench"
)

type judgmentsCmd struct {
	Workspace string   `arg:""`
	Files     []string `arg:"" help:"Judgment files; the format is recognised from the content."`
	Judge     string   `help:"Whose grades these are, where the file does not say."`
}

func (c *judgmentsCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		for _, file := range c.Files {
			report, err := bench.ImportJudgments(s, file, c.Judge)
			if err != nil {
				return err
			}
			printProblems(s.Stderr, report.Problems)
			for _, note := range report.Notes {
				fmt.Fprintln(s.Stderr, note)
			}
			fmt.Fprintf(s.Stdout, "%s: %d grades of %d queries read as %s", file, report.Read, report.Queries, report.Format)
			if report.Unknown > 0 {
				fmt.Fprintf(s.Stdout, "; %d are of products that the catalogue lacks, kept until it has them", report.Unknown)
			}
			fmt.Fprintln(s.Stdout)
		}
		return nil
	})
}
