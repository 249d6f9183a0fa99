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

type exportCmd struct {
	Workspace string `arg:""`
	What      string `arg:"" enum:"judgments,ranker" help:"judgments or ranker."`
	Format    string `required:"" help:"judgments: quepid, trec, letor, beir, rre, csv, xlsx; ranker: touchstone, es-ltr, solr-ltr, ranklib."`
	Out       string `required:"" help:"The file to write."`
	Ranker    string `help:"The ranker to write, by name; otherwise the one in use."`
}

func (c *exportCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		if c.What == "judgments" {
			notes, err := bench.ExportJudgments(s, c.Format, c.Out)
			for _, note := range notes {
				fmt.Fprintln(s.Stderr, note)
			}
			return err
		}
		ranker := bench.Ranker()
		if c.Ranker != "" {
			var err error
			if ranker, err = bench.Named(c.Ranker); err != nil {
				return err
			}
		}
		return bench.ExportRanker(ranker, c.Format, c.Out)
	})
}
