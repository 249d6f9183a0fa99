package cli

import (
	"fmt"

	"touchstone/engine/workbench"
)

type exportCmd struct {
	Workspace string `arg:""`
	What      string `arg:"" enum:"judgments,ranker,run" help:"judgments, ranker, or run: what a ranker makes of every query."`
	Format    string `required:"" help:"judgments: quepid, trec, letor, beir, rre, csv, xlsx; ranker: touchstone, es-ltr, solr-ltr, ranklib; run: trec, csv."`
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
		}
		notes, err := bench.ExportJudgments(s, c.Format, c.Out)
		for _, note := range notes {
			fmt.Fprintln(s.Stderr, note)
		}
		return err
	})
}
