package cli

import (
	"fmt"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

type exportCmd struct {
	Workspace string `arg:""`
	What      string `arg:"" enum:"judgments,ranker,run,report" help:"judgments, ranker, run: what a ranker makes of every query, or report: it against the one before it."`
	Format    string `required:"" help:"judgments: quepid, quepid-book, quepid-json, trec, letor, beir, rre, rank-eval, srw, wands, csv, xlsx; ranker: touchstone, es-ltr, opensearch-ltr, solr-ltr, ranklib; run: trec, csv, quepid-snapshot; report: html, xlsx, markdown, junit, png, svg."`
	Out       string `required:"" help:"The file to write."`
	Ranker    string `help:"A ranker by name; otherwise the one in use."`
}

func (c *exportCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		ranker := bench.Ranker()
		if c.Ranker != "" {
			var err error
			if ranker, err = bench.Named(c.Ranker); err != nil {
				return err
			}
		}
		switch c.What {
		case "ranker":
			return bench.ExportRanker(ranker, c.Format, c.Out)
		case "run":
			progress, finish := s.progress()
			defer finish()
			return bench.ExportRun(s, &ranker, c.Format, c.Out, progress)
		case "report":
			return c.report(s, bench, &ranker)
		}
		notes, err := bench.ExportJudgments(s, c.Format, c.Out)
		for _, note := range notes {
			fmt.Fprintln(s.Stderr, note)
		}
		return err
	})
}

// report compares a ranker with the one before it.
func (c *exportCmd) report(s *session, bench *workbench.Bench, ranker *engine.Ranker) error {
	before, err := bench.Before(ranker)
	if err != nil {
		return err
	}
	progress, finish := s.progress()
	compared, err := bench.Compare(s, workbench.CompareRequest{A: workbench.Side{Ranker: &before}, B: workbench.Side{Ranker: ranker}, Seed: 1}, progress)
	finish()
	if err != nil {
		return err
	}
	return bench.WriteReport(compared, c.Format, c.Out)
}
