package cli

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"touchstone/engine/workbench"
)

type snapshotCmd struct {
	Workspace string `arg:""`
	Name      string `arg:"" optional:"" help:"What to call it; without a name, the snapshots are listed."`
	Ranker    string `help:"A ranker by name; otherwise the one in use."`
	File      string `help:"Read what another program ranked instead: a TREC run, a Quepid snapshot, or a table with columns for query, docid, and rank or score."`
}

func (c *snapshotCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		if c.File != "" {
			return c.read(s, bench)
		}
		if c.Name == "" {
			return c.list(s, bench)
		}
		ranker, err := named(bench, c.Ranker)
		if err != nil {
			return err
		}
		progress, finish := s.progress()
		snapshot, err := bench.TakeSnapshot(s, c.Name, ranker, progress)
		finish()
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.Stdout, "%d queries ranked by %s are kept; compare with snapshot:%s\n", len(snapshot.Runs), snapshot.By(), snapshot.Name)
		return err
	})
}

// read keeps what another program ranked.
func (c *snapshotCmd) read(s *session, bench *workbench.Bench) error {
	if c.Ranker != "" {
		return errors.New("--ranker and --file: a file is what another program ranked; leave one of them out")
	}
	r, err := bench.ReadSnapshot(c.File, c.Name)
	if err != nil {
		return err
	}
	printProblems(s.Stderr, r.Problems)
	for _, note := range []struct {
		n    int
		what string
	}{{r.Unknown, "products of it are not in this catalogue; they keep their places"}, {r.Strange, "queries of it are not in the query set"}} {
		if note.n > 0 {
			fmt.Fprintln(s.Stderr, note.n, note.what)
		}
	}
	_, err = fmt.Fprintf(s.Stdout, "%d queries ranked by %s are kept (%s); compare with snapshot:%s\n", len(r.Runs), r.By(), r.Format, r.Name)
	return err
}

func (c *snapshotCmd) list(s *session, bench *workbench.Bench) error {
	all, err := bench.Snapshots()
	if err != nil {
		return err
	}
	if len(all) == 0 {
		s.none("no snapshot is kept yet; a name keeps one")
	}
	w := tabwriter.NewWriter(s.Stdout, 0, 4, 2, ' ', 0)
	for _, snapshot := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d queries\n", snapshot.Name, snapshot.Time.Local().Format("2006-01-02 15:04"), snapshot.By(), len(snapshot.Runs))
	}
	return w.Flush()
}
