package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

type queriesCmd struct {
	List   queryListCmd   `cmd:"" default:"withargs" help:"Print the query set with each query's score."`
	Import queryImportCmd `cmd:"" help:"Read queries, with what is known of them, into the set."`
	Export queryExportCmd `cmd:"" help:"Write the set."`
	Sample querySampleCmd `cmd:"" help:"Choose queries from a log: search terms with how often, one query a line, or UBI."`
	Edit   queryEditCmd   `cmd:"" help:"Add a query, or change what is known of one."`
	Remove queryRemoveCmd `cmd:"" help:"Take queries out of the set; their grades stay."`
	Merge  queryMergeCmd  `cmd:"" help:"Make one query of several that mean the same, grades included."`
}

type queryListCmd struct {
	Workspace string `arg:""`
	Tag       string `help:"Only queries with this tag."`
	Twins     bool   `help:"Only queries that are the same but for case, width and spaces."`
	JSON      bool   `name:"json"`
}

// queryJSON is one query of the set. Value, worst and best are null where
// nothing is judged.
type queryJSON struct {
	Query    string        `json:"query"`
	Need     string        `json:"need,omitempty"`
	Tags     []string      `json:"tags,omitempty"`
	Note     string        `json:"note,omitempty"`
	Weight   float64       `json:"weight,omitempty"`
	Pairs    int           `json:"pairs"` // products judged
	Value    engine.Number `json:"value"`
	Worst    engine.Number `json:"worst"`
	Best     engine.Number `json:"best"`
	Coverage float64       `json:"coverage"`
	Twins    []string      `json:"twins,omitempty"`
}

func (c *queryListCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		progress, finish := s.progress()
		rows, err := bench.QuerySet(s, true, progress)
		finish()
		if err != nil {
			return err
		}
		list := []queryJSON{}
		for _, r := range rows {
			if c.Tag != "" && !r.HasTag(c.Tag) || c.Twins && len(r.Twins) == 0 {
				continue
			}
			q := queryJSON{Query: r.Text, Need: r.Need, Tags: r.Tags, Note: r.Note, Weight: r.Weight, Pairs: r.Pairs, Coverage: r.Coverage, Twins: r.Twins}
			if r.Pairs > 0 {
				q.Worst, q.Best = engine.Known(r.Worst), engine.Known(r.Best)
			}
			if r.Measured() {
				q.Value = engine.Known(r.Value)
			}
			list = append(list, q)
		}
		if c.JSON {
			return s.writeJSON(list)
		}
		w := tabwriter.NewWriter(s.Stdout, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "query\tndcg@10\tbounds\tjudged\tcoverage\tweight\ttags")
		for _, q := range list {
			value, bounds := "–", "–"
			if q.Value.Known {
				value = fmt.Sprintf("%.3f", q.Value.Value)
			}
			if q.Best.Known {
				bounds = fmt.Sprintf("%.3f to %.3f", q.Worst.Value, q.Best.Value)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%.0f %%\t%g\t%s", q.Query, value, bounds, q.Pairs, 100*q.Coverage, q.Weight, strings.Join(q.Tags, ", "))
			if len(q.Twins) > 0 {
				fmt.Fprintf(w, "\tthe same as %q?", q.Twins)
			}
			fmt.Fprintln(w)
		}
		return w.Flush()
	})
}

type queryImportCmd struct {
	Workspace string   `arg:""`
	Files     []string `arg:"" help:"Information needs, query sets or any table with a column of queries."`
}

func (c *queryImportCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		for _, file := range c.Files {
			n, err := bench.ImportQueries(s, file)
			if err != nil {
				return err
			}
			fmt.Fprintf(s.Stdout, "%s: %d queries\n", file, n)
		}
		return nil
	})
}

type queryExportCmd struct {
	Workspace string `arg:""`
	Format    string `default:"csv" help:"csv (all that is known), needs (Quepid), srw (NDJSON), beir."`
	Out       string `required:""`
}

func (c *queryExportCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error { return bench.ExportQueries(c.Format, c.Out) })
}

type querySampleCmd struct {
	Workspace string `arg:""`
	File      string `arg:"" help:"The log."`
	N         int    `default:"100" help:"How many queries."`
	How       string `default:"parts" enum:"parts,frequency,most" help:"parts: as many from head, torso and tail; frequency: in proportion to how often each was asked; most: those asked most."`
	Seed      int64  `default:"1"`
}

func (c *querySampleCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		sampled, err := bench.SampleLog(s, workbench.SampleRequest{File: c.File, N: c.N, How: workbench.Sampling(c.How), Seed: c.Seed})
		if err == nil {
			fmt.Fprintf(s.Stdout, "%d queries added, %d were there\n", len(sampled.Added), sampled.Known)
		}
		return err
	})
}

type queryEditCmd struct {
	Workspace string   `arg:""`
	Query     string   `arg:""`
	Need      *string  `help:"The information need."`
	Note      *string  `help:"A note."`
	Tags      []string `help:"Its tags, in place of those it has."`
	Weight    *float64 `help:"How often it is asked beside others."`
}

func (c *queryEditCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		queries, err := bench.Queries()
		if err != nil {
			return err
		}
		q := engine.Query{Text: c.Query}
		for _, known := range queries {
			if known.Text == c.Query {
				q = known
			}
		}
		if c.Need != nil {
			q.Need = *c.Need
		}
		if c.Note != nil {
			q.Note = *c.Note
		}
		if c.Tags != nil {
			q.Tags = c.Tags
		}
		if c.Weight != nil {
			q.Weight = *c.Weight
		}
		return bench.PutQuery(q)
	})
}

type queryRemoveCmd struct {
	Workspace string   `arg:""`
	Queries   []string `arg:""`
}

func (c *queryRemoveCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		_, err := bench.RemoveQueries(c.Queries...)
		return err
	})
}

type queryMergeCmd struct {
	Workspace string   `arg:""`
	Keep      string   `arg:"" help:"The query that stays."`
	Others    []string `arg:"" help:"Those that become it."`
}

func (c *queryMergeCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		m, err := bench.MergeQueries(s, c.Keep, c.Others...)
		if err == nil {
			fmt.Fprintf(s.Stdout, "%d grades moved to %q, %d were there, %d differ and are kept as of another judge\n", m.Added, c.Keep, m.Known, m.Conflicts)
		}
		return err
	})
}
