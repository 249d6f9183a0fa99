package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"touchstone/engine"
	"touchstone/engine/exchange"
	"touchstone/engine/workbench"
)

type openCmd struct {
	Workspace string `arg:"" optional:"" help:"A workspace file, *.touchstone."`
}

// Validate tells a mistyped command from a workspace: the default command takes
// any word as its file.
func (c *openCmd) Validate() error {
	if c.Workspace == "" || strings.ContainsAny(c.Workspace, `./\`) {
		return nil // a path that does not exist is the window's to say
	}
	if _, err := os.Stat(c.Workspace); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%q is neither a command nor a workspace file", c.Workspace)
	}
	return nil
}

func (c *openCmd) Run(s *session) error { return s.Window(c.Workspace) }

type newCmd struct {
	Workspace string `arg:"" help:"The file to make."`
	Model     string `default:"auto" help:"Encoder: auto (by the catalogue's language), minilm, bge-zh, or a Hugging Face BERT folder."`
	Engine    string `help:"Where the catalogue is kept: weaviate=http://host:port/Class?grpc=host:port&ca=FILE&consistency=QUORUM&replication=3&shards=4, of which all behind the port may be left out; otherwise in the file."`
}

func (c *newCmd) Run(s *session) error {
	bench, err := s.Create(c.Workspace, c.Model)
	if err != nil {
		return err
	}
	if c.Engine != "" {
		if err := s.move(bench, c.Engine); err != nil {
			// An empty file that is not where it was wanted would be in the way of the next try.
			return errors.Join(err, bench.Close(), os.Remove(c.Workspace))
		}
	}
	fmt.Fprintf(s.Stderr, "made %s\n", c.Workspace)
	return bench.Close()
}

type importCmd struct {
	Workspace string   `arg:"" help:"The workspace; it is made where there is none."`
	Files     []string `arg:"" help:"Catalogue files."`
	Share     string   `help:"Only this share of the products, for a catalogue at an engine that several machines fill: 2/4 is the second of four."`
	Map       string   `help:"Columns of the roles that guessing gets wrong: title=name,brand=supplier,…"`
	Replace   bool     `help:"The files are the whole catalogue: remove the products that they lack. Judgments stay."`
}

func (c *importCmd) Run(s *session) error {
	mapping, err := exchange.ParseMapping(c.Map)
	if err != nil {
		return err
	}
	part, err := workbench.ParsePart(c.Share)
	if err != nil {
		return err
	}
	open := s.Open
	if _, err := os.Stat(c.Workspace); errors.Is(err, os.ErrNotExist) {
		open = func(path string) (*workbench.Bench, error) { return s.Create(path, "auto") }
	}
	bench, err := open(c.Workspace)
	if err != nil {
		return err
	}
	progress, finish := s.progress()
	run := bench.Import
	switch {
	case c.Replace:
		run = bench.Replace
	case part != (workbench.Part{}):
		run = func(ctx context.Context, files []string, mapping map[string]engine.Role, progress engine.OnProgress) (*workbench.ImportReport, error) {
			return bench.ImportPart(ctx, files, mapping, part, progress)
		}
	}
	report, err := run(s, c.Files, mapping, progress)
	finish()
	if err := errors.Join(err, bench.Close()); err != nil {
		return err
	}
	printProblems(s.Stderr, report.Problems)
	for _, note := range report.Notes {
		fmt.Fprintln(s.Stderr, note)
	}
	fmt.Fprintf(s.Stdout, "%d added, %d changed, %d unchanged, %d removed, %d rows skipped in %.1f s; language %s, model %s\n",
		report.Added, report.Changed, report.Unchanged, report.Removed, report.Skipped, report.Seconds, report.Language, report.Model)
	if report.Missing > 0 {
		fmt.Fprintf(s.Stdout, "%d products are not in these files and stay; --replace removes such products\n", report.Missing)
	}
	for _, f := range report.Fields {
		if f.Role != engine.RoleAttribute && f.Role != engine.RoleIgnore {
			fmt.Fprintf(s.Stdout, "  %-12s %s\n", f.Role, f.Name)
		}
	}
	return nil
}

// printProblems lists the rows that an import skipped, up to a screenful.
func printProblems(out io.Writer, problems []workbench.RowProblem) {
	const most = 20
	for i, p := range problems {
		if i == most {
			fmt.Fprintf(out, "… and %d more\n", len(problems)-most)
			break
		}
		fmt.Fprintf(out, "%s:%d: %s\n", p.File, p.Line, p.What)
	}
}

type backupCmd struct {
	Workspace string `arg:""`
	File      string `arg:"" help:"Where the copy goes; it must not exist."`
}

func (c *backupCmd) Run(s *session) error { return s.Backup(s, c.Workspace, c.File) }

type checkCmd struct {
	Workspace string `arg:""`
}

func (c *checkCmd) Run(s *session) error {
	counts, problems, err := s.Upkeep.Check(s, c.Workspace)
	if err != nil {
		return err
	}
	printCounts(s, counts)
	for _, p := range problems {
		fmt.Fprintln(s.Stdout, p)
	}
	if len(problems) > 0 {
		return fmt.Errorf("%s: %d records are damaged; \"touchstone restore %s\" lists its backups, \"touchstone repair\" saves what can be read into a new file", c.Workspace, len(problems), c.Workspace)
	}
	return nil
}
