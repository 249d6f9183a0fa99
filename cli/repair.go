package cli

import (
	"fmt"

	"touchstone/engine/workbench"
)

type repairCmd struct {
	Workspace string `arg:"" help:"The damaged workspace; it stays as it is."`
	New       string `arg:"" help:"The workspace to make of what can be read; it must not exist."`
}

func (c *repairCmd) Run(s *session) error {
	saved, err := s.Upkeep.Repair(s, c.Workspace, c.New)
	if err != nil {
		return err
	}
	printCounts(s, saved.Counts)
	for _, line := range saved.Lost {
		fmt.Fprintln(s.Stdout, "lost:", line)
	}
	if saved.Undated > 0 {
		fmt.Fprintf(s.Stdout, "%d records may be older than what was lost: look at them, or compare with a backup\n", saved.Undated)
	}
	if len(saved.Lost) == 0 && saved.Undated == 0 {
		fmt.Fprintln(s.Stdout, "nothing was lost")
	}
	return nil
}

type restoreCmd struct {
	Workspace string `arg:"" help:"The workspace to replace; the present file is kept in WORKSPACE.backups."`
	Backup    string `arg:"" optional:"" help:"A backup of it; without one, the automatic backups are listed."`
}

func (c *restoreCmd) Run(s *session) error {
	if c.Backup == "" {
		return c.list(s)
	}
	aside, err := s.Upkeep.Restore(s, c.Workspace, c.Backup)
	if err != nil {
		return err
	}
	if aside != "" {
		fmt.Fprintln(s.Stdout, "the file before is kept as", aside)
	}
	return nil
}

func (c *restoreCmd) list(s *session) error {
	backups, err := s.Upkeep.Backups(c.Workspace)
	if err != nil {
		return err
	}
	for _, b := range backups {
		fmt.Fprintf(s.Stdout, "%s  %-14s %8.1f MB  %s\n    %s\n", b.Time.Local().Format("2006-01-02 15:04:05"), b.Reason, megabytes(b.Bytes), b.Path, holds(s, b))
	}
	if len(backups) == 0 {
		fmt.Fprintln(s.Stdout, "there is no automatic backup yet; one is made before every import, and once a day")
	}
	return nil
}

// holds says in a line what a backup holds.
func holds(s *session, b workbench.Backup) string {
	held, err := s.Upkeep.Look(b.Path)
	if err != nil {
		return err.Error()
	}
	graded := ""
	if !held.Graded.IsZero() {
		graded = ", the newest of " + held.Graded.Local().Format("2006-01-02 15:04")
	}
	return fmt.Sprintf("%d products, %d grades%s", held.Products, held.Judgments, graded)
}

type compactCmd struct {
	Workspace string `arg:""`
}

func (c *compactCmd) Run(s *session) error {
	before, after, err := s.Upkeep.Compact(s, c.Workspace)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Stdout, "%.1f MB before, %.1f MB after\n", megabytes(before), megabytes(after))
	return nil
}

func megabytes(bytes int64) float64 { return float64(bytes) / 1e6 }

func printCounts(s *session, counts []workbench.Count) {
	for _, n := range counts {
		fmt.Fprintf(s.Stdout, "%8d %s\n", n.N, n.What)
	}
}
