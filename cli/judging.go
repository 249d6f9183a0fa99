package cli

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

type scaleCmd struct {
	Workspace string `arg:""`
	Scale     string `arg:"" optional:"" help:"binary, 0-3, 0-4, or the grades' names from the lowest, as NAME[:KEY[:#COLOUR]],…; without it, the scale in use is printed."`
	Rescale   bool   `help:"Move the grades that are there to the new scale, in proportion; a backup is kept beside the workspace."`
}

func (c *scaleCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		if c.Scale == "" {
			scale := bench.Scale()
			w := tabwriter.NewWriter(s.Stdout, 0, 4, 2, ' ', 0)
			for g, l := range scale {
				fmt.Fprintf(w, "%d\t%s\tkey %s\t%s\t%s\n", g, l.Name, scale.Key(g), l.Colour, l.Help)
			}
			return w.Flush()
		}
		scale, ok := engine.Scales[c.Scale]
		if !ok {
			scale = engine.ParseScale(c.Scale)
		}
		moved, err := bench.SetScale(s, scale, c.Rescale)
		if err == nil && moved > 0 {
			fmt.Fprintf(s.Stderr, "%d grades moved to the new scale\n", moved)
		}
		return err
	})
}

type assignCmd struct {
	Workspace string   `arg:""`
	Judges    []string `help:"Who judges; without them, how far each has come is printed."`
	Overlap   int      `default:"1" help:"How many judges grade each pair."`
	Depth     int      `default:"10" help:"How many of each ranker's first products."`
	Tag       string   `help:"Only queries with this tag."`
	Seed      int64    `default:"1" help:"Same seed, same shares."`
}

func (c *assignCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		if len(c.Judges) == 0 {
			w := tabwriter.NewWriter(s.Stdout, 0, 4, 2, ' ', 0)
			shares, err := bench.Shares()
			if err != nil {
				return err
			}
			if len(shares) == 0 {
				s.none("nothing is shared out yet; --judges says among whom")
			}
			for _, share := range shares {
				fmt.Fprintf(w, "%s\t%d of %d graded\n", share.Judge, share.Pairs-share.To, share.Pairs)
			}
			return w.Flush()
		}
		progress, finish := s.progress()
		counts, err := bench.Assign(s, workbench.AssignRequest{Judges: c.Judges, Overlap: c.Overlap, Depth: c.Depth, Tag: c.Tag, Seed: c.Seed}, progress)
		finish()
		for _, judge := range slices.Sorted(maps.Keys(counts)) {
			fmt.Fprintf(s.Stdout, "%s: %d pairs\n", judge, counts[judge])
		}
		return err
	})
}

type packCmd struct {
	Workspace string `arg:""`
	Out       string `required:"" help:"The file to write: .touchstone for those who have the app, .xlsx or .csv for the others. With --judges, one file each: NAME-JUDGE.EXT."`
	Judge     string `help:"Only what is shared out to this judge (see assign)."`
	Judges    bool   `help:"A pack for each judge that something is shared out to."`
	Depth     int    `default:"10" help:"How many of each ranker's first products, where nothing is shared out."`
	Tag       string `help:"Only queries with this tag."`
	Seed      int64  `default:"1"`
}

func (c *packCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		judges := []string{c.Judge}
		if c.Judges {
			judges = nil
			shares, err := bench.Shares()
			if err != nil {
				return err
			}
			for _, share := range shares {
				judges = append(judges, share.Judge)
			}
			if len(judges) == 0 {
				return errors.New("a pack for each judge: nothing is shared out; do that with \"touchstone assign\" first")
			}
		}
		for _, judge := range judges {
			file := c.Out
			if c.Judges {
				ext := filepath.Ext(file)
				file = strings.TrimSuffix(file, ext) + "-" + fileName(judge) + ext
			}
			if _, err := os.Stat(file); err == nil {
				return fmt.Errorf("pack %s: there is a file of that name, which may hold grades; name another or move it away", file)
			}
			progress, finish := s.progress()
			packed, err := bench.WritePack(s, workbench.PackRequest{File: file, Judge: judge, Depth: c.Depth, Tag: c.Tag, Seed: c.Seed}, progress)
			finish()
			if err != nil {
				return err
			}
			fmt.Fprintf(s.Stdout, "%s: %d pairs of %d queries and %d products\n", file, packed.Pairs, packed.Queries, packed.Products)
		}
		return nil
	})
}

// fileName is a judge's name without what file names cannot hold.
func fileName(judge string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '_'
		}
		return r
	}, judge)
}

type mergeCmd struct {
	Workspace string   `arg:""`
	Files     []string `arg:"" help:"What was judged elsewhere: packs or other workspaces (*.touchstone), or files of judgments."`
	Judge     string   `help:"Whose grades these are, where the file does not say."`
}

func (c *mergeCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		for _, file := range c.Files {
			m, err := bench.Merge(s, file, c.Judge)
			if err != nil {
				return err
			}
			for _, note := range m.Notes {
				fmt.Fprintln(s.Stderr, note)
			}
			fmt.Fprintf(s.Stdout, "%s: %d grades read, %d new, %d newer than here, %d known, %d in conflict (kept as of another judge), %d new queries", file, m.Read, m.Added, m.Updated, m.Known, m.Conflicts, m.Queries)
			if m.Unknown > 0 {
				fmt.Fprintf(s.Stdout, "; %d are of products that the catalogue lacks, kept until it has them", m.Unknown)
			}
			fmt.Fprintln(s.Stdout)
		}
		return nil
	})
}

type historyCmd struct {
	Workspace string `arg:""`
	Query     string `help:"Only of this query."`
	Product   string `help:"Only of this product."`
	Judge     string `help:"Only by this judge."`
	Limit     int    `default:"100" help:"How many of the newest."`
	Undo      int    `help:"Take back so many of the judge's newest steps; needs --judge."`
}

func (c *historyCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		if c.Undo > 0 {
			return c.undo(s, bench)
		}
		changes, err := bench.History(workbench.HistoryRequest{Query: c.Query, Product: c.Product, Judge: c.Judge, Limit: c.Limit})
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(s.Stdout, 0, 4, 2, ' ', 0)
		for _, change := range changes {
			about := change.About()
			undoes := ""
			if change.Undoes != 0 {
				undoes = "undo"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s → %s\t%s\n", change.Time.Local().Format("2006-01-02 15:04:05"), about.Judge,
				about.Query, about.Product, gradeOrNone(change.Before), gradeOrNone(change.After), undoes)
		}
		return w.Flush()
	})
}

func (c *historyCmd) undo(s *session, bench *workbench.Bench) error {
	if c.Judge == "" {
		return errors.New("undo: name the judge whose steps are to be taken back, with --judge")
	}
	for range c.Undo {
		undone, err := bench.UndoOf(c.Judge)
		if err != nil {
			return err
		}
		if len(undone) == 0 {
			fmt.Fprintf(s.Stderr, "nothing of %s is left to undo\n", c.Judge)
			return nil
		}
		for _, change := range undone {
			about := change.About()
			fmt.Fprintf(s.Stdout, "%s, %s: %s → %s\n", about.Query, about.Product, gradeOrNone(change.Before), gradeOrNone(change.After))
		}
	}
	return nil
}

func gradeOrNone(j *engine.Judgment) string {
	if j == nil {
		return "–"
	}
	return fmt.Sprint(j.Grade)
}

type settleCmd struct {
	Workspace  string `arg:""`
	Query      string `arg:"" optional:"" help:"With a product and a grade: settle on it. Without: list what is to discuss."`
	Product    string `arg:"" optional:""`
	Grade      *int   `arg:"" optional:""`
	By         string `help:"Who decides; otherwise the workspace's judge."`
	Discussion string `help:"What was said about it."`
}

func (c *settleCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		if c.Grade == nil {
			list, err := bench.Discussion(false)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				s.none("there is nothing to discuss: no two judges graded a pair differently")
			}
			w := tabwriter.NewWriter(s.Stdout, 0, 4, 2, ' ', 0)
			for _, d := range list {
				fmt.Fprintf(w, "%s\t%s\t%s", d.Query, d.Product, d.Title)
				for _, j := range d.Judgments {
					fmt.Fprintf(w, "\t%s %v", j.Judge, j.Grade)
				}
				fmt.Fprintln(w)
			}
			return w.Flush()
		}
		if c.By != "" {
			before := bench.Status().Judge
			if err := bench.SetJudge(c.By); err != nil {
				return err
			}
			return errors.Join(bench.Settle(c.Query, c.Product, engine.Grade(*c.Grade), c.Discussion), bench.SetJudge(before))
		}
		return bench.Settle(c.Query, c.Product, engine.Grade(*c.Grade), c.Discussion)
	})
}
