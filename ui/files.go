package ui

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// importCatalogue reads files into the workspace beside the window.
func (sh *shell) importCatalogue(files []string, problems func(string, []workbench.RowProblem)) {
	s, b := sh.search, sh.bench
	if s == nil {
		return
	}
	name := fileNames(files)
	var cancel context.CancelFunc
	j := sh.notices.job("Importing "+name, func() { cancel() })
	cancel = sh.tasks.start(func(ctx context.Context) func() {
		report, err := b.Import(ctx, files, nil, func(p engine.Progress) {
			s.tasks.post(func() { j.show(p) })
		})
		cancelled := ctx.Err() != nil
		return func() {
			j.done()
			switch {
			case cancelled && err != nil:
				sh.notices.tell(notice{text: "Import of " + name + " cancelled. What was read is kept; import it again to go on."})
			case err != nil:
				sh.notices.tell(failure(name+" was not imported", err))
			default:
				sh.notices.tell(imported(name, report, problems))
			}
			s.refresh()
		}
	}, true)
}

func imported(name string, r *workbench.ImportReport, problems func(string, []workbench.RowProblem)) notice {
	n := notice{text: fmt.Sprintf("%s: %s added, %d changed, %d as before, in %.1f s.", name,
		count(r.Added, "product", "products"), r.Changed, r.Unchanged, r.Seconds)}
	if len(r.Problems) > 0 {
		n.text += " " + count(len(r.Problems), "row was skipped.", "rows were skipped.")
		n.action, n.do = "Which", func() { problems(name, r.Problems) }
	}
	return n
}

// importJudgments reads a file of grades beside the window.
func (sh *shell) importJudgments(file string, problems func(string, []workbench.RowProblem)) {
	s, b, name := sh.search, sh.bench, filepath.Base(file)
	if s == nil {
		return
	}
	var cancel context.CancelFunc
	j := sh.notices.job("Importing judgments from "+name, func() { cancel() })
	cancel = sh.tasks.start(func(ctx context.Context) func() {
		r, err := b.ImportJudgments(ctx, file, "")
		return func() {
			j.done()
			if err != nil {
				sh.notices.tell(failure("No judgments were imported from "+name, err))
				return
			}
			n := notice{text: fmt.Sprintf("%s (%s): %s of %s.", name, r.Format,
				count(r.Read, "judgment", "judgments"), count(r.Queries, "query", "queries"))}
			if r.Unknown > 0 {
				n.text += printer.Sprintf(" %d name products that the catalogue lacks; they are kept.", r.Unknown)
			}
			if len(r.Problems) > 0 {
				n.action, n.do = "What was skipped", func() { problems(name, r.Problems) }
			}
			sh.notices.tell(n)
			s.refresh()
		}
	}, true)
}

// exportJudgments writes all grades to a file beside the window.
func (sh *shell) exportJudgments(format, file string) {
	s, b := sh.search, sh.bench
	if s == nil {
		return
	}
	sh.tasks.start(func(ctx context.Context) func() {
		err := b.ExportJudgments(ctx, format, file)
		return func() {
			if err != nil {
				sh.notices.tell(failure("The judgments were not exported", err))
				return
			}
			sh.notices.tell(notice{text: "Judgments exported to " + file + "."})
		}
	}, true)
}

func fileNames(files []string) string {
	if len(files) == 1 {
		return filepath.Base(files[0])
	}
	return fmt.Sprintf("%d files", len(files))
}

const problemsShown = 200

// showProblems lists the rows that a file import skipped.
func showProblems(w fyne.Window) func(string, []workbench.RowProblem) {
	return func(name string, problems []workbench.RowProblem) {
		column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
		for _, p := range problems[:min(len(problems), problemsShown)] {
			column.Add(widgets.NewParagraph(fmt.Sprintf("Line %d: %s", p.Line, strings.TrimSpace(p.What)), 520, widgets.Style{}))
		}
		if more := len(problems) - problemsShown; more > 0 {
			column.Add(widgets.NewText(printer.Sprintf("… and %d more", more), widgets.Style{Colour: theme.ColorMuted}))
		}
		scroll := container.NewVScroll(column)
		scroll.SetMinSize(fyne.NewSize(540, 320))
		dialog.NewCustom("Skipped in "+name, "Close", scroll, w).Show()
	}
}
