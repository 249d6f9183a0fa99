package cli

import (
	"fmt"

	"touchstone/engine/workbench"
)

type recommendCmd struct {
	Workspace string `arg:""`
	Profile   string `required:"" help:"The shopper's name."`
	K         int    `short:"k" default:"10" help:"Results wanted."`
	JSON      bool   `name:"json" help:"Print JSON."`
}

func (c *recommendCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		page, err := bench.Recommend(s, c.Profile, c.K)
		if err != nil {
			return err
		}
		return s.answer(page, c.JSON)
	})
}

type eventsCmd struct {
	Workspace string   `arg:""`
	Files     []string `arg:"" help:"UBI's NDJSON, other JSON Lines or tables with profile, product, action (view, add, buy) and time."`
}

func (c *eventsCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		for _, file := range c.Files {
			report, err := bench.ImportEvents(s, file)
			if err != nil {
				return err
			}
			printProblems(s.Stderr, report.Problems)
			fmt.Fprintf(s.Stdout, "%s: %d events of %d shoppers read", file, report.Read, report.Profiles)
			if report.Others > 0 {
				fmt.Fprintf(s.Stdout, "; %d rows tell of other things, such as impressions and searches", report.Others)
			}
			if report.Unknown > 0 {
				fmt.Fprintf(s.Stdout, "; %d events are of products that the catalogue lacks, kept until it has them", report.Unknown)
			}
			if report.Shown+report.Clicked > 0 {
				fmt.Fprintf(s.Stdout, "; %d results of %d queries shown, %d clicked", report.Shown, report.Queries, report.Clicked)
			}
			switch {
			case report.Repeated:
				fmt.Fprintf(s.Stdout, "; all %d shown or clicked were counted before and are not again", report.Known)
			case report.Known > 0:
				fmt.Fprintf(s.Stdout, "; %d more were counted before and are not again", report.Known)
			}
			fmt.Fprintln(s.Stdout)
		}
		return nil
	})
}
