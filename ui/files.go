package ui

import (
	"context"
	"path/filepath"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/widgets"
)

// importCatalogue reads files into the workspace beside the window, with the
// roles that a person gave to columns. The places show the products as soon as
// they are found by their words, while their meaning is still being encoded.
func (sh *shell) importCatalogue(files []string, mapping map[string]engine.Role, problems func(string, []workbench.RowProblem)) {
	sh.readCatalogue(files, mapping, problems, sh.bench.Import)
}

// readCatalogue is importCatalogue by another way to read the files in.
func (sh *shell) readCatalogue(files []string, mapping map[string]engine.Role, problems func(string, []workbench.RowProblem),
	read func(context.Context, []string, map[string]engine.Role, engine.OnProgress) (*workbench.ImportReport, error)) {
	name := fileNames(files)
	sh.work(locale.T("Importing %s", name), func(ctx context.Context, progress engine.OnProgress) notice {
		searchable := false
		report, err := read(ctx, files, mapping, func(p engine.Progress) {
			progress.Report(p)
			if p.Stage == "encoding" && !searchable {
				searchable = true
				sh.post(sh.refresh)
			}
		})
		switch {
		case err != nil && ctx.Err() != nil:
			return notice{text: locale.T("Import of %s cancelled.", name)}
		case err != nil:
			return failure(locale.T("%s was not imported", name), err)
		}
		if report.Addresses > 0 {
			sh.post(func() { sh.offerPictures(report.Addresses) })
		}
		n := imported(name, report, problems)
		if n.action == "" && report.Missing > 0 {
			n.action, n.do, n.stays = locale.T("Remove those…"), func() { sh.askRemove(files, mapping, problems, report.Missing) }, true
		}
		return n
	})
}

// askRemove asks whether products that the files of an import lack are to go.
func (sh *shell) askRemove(files []string, mapping map[string]engine.Role, problems func(string, []workbench.RowProblem), missing int) {
	closing := func() {}
	text := locale.N(missing, "%d product of this workspace is not in %s. If the file is the whole catalogue, it can go: its grades stay, and a backup is kept.",
		"%d products of this workspace are not in %s. If the file is the whole catalogue, they can go: their grades stay, and a backup is kept.", fileNames(files))
	closing = sh.over(locale.T("Remove what the file lacks"), widgets.NewParagraph(text, scaleWidth, widgets.Style{}),
		widgets.NewButton(locale.N(missing, "Remove %d product", "Remove %d products"), widgets.Primary, func() {
			closing()
			sh.readCatalogue(files, mapping, problems, sh.bench.Replace)
		}))
}

// resume encodes what a cancelled import left.
func (sh *shell) resume() {
	b := sh.bench
	sh.work(locale.T("Going on"), func(ctx context.Context, progress engine.OnProgress) notice {
		if err := b.Resume(ctx, progress); err != nil && ctx.Err() == nil {
			return failure(locale.T("The products were not encoded"), err)
		}
		return notice{}
	})
}

// unencoded is the notice of products that an import, or whoever made a judging
// pack, left to encode.
func (sh *shell) unencoded() (notice, bool) {
	st := sh.bench.Status()
	return notice{
		text: locale.T("%d of %d products are found by their words only: they are not encoded yet.",
			st.Products-st.Encoded, st.Products),
		action: locale.T("Encode them"), do: sh.resume,
	}, st.Encoded < st.Products
}

// work runs something long beside the window, with its progress on screen, and
// tells what it returns. The screen is read again afterwards.
func (sh *shell) work(name string, do func(ctx context.Context, progress engine.OnProgress) notice) {
	var cancel context.CancelFunc
	j := sh.notices.job(name, func() { cancel() })
	cancel = sh.tasks.start(func(ctx context.Context) func() {
		n := do(ctx, func(p engine.Progress) { sh.post(func() { j.show(p) }) })
		return func() {
			j.done()
			if n.text != "" {
				sh.notices.tell(n)
			}
			if n, ok := sh.unencoded(); ok {
				sh.notices.tell(n)
			}
			sh.refresh()
		}
	}, true)
}

func imported(name string, r *workbench.ImportReport, problems func(string, []workbench.RowProblem)) notice {
	n := notice{text: locale.T("%s: %s added, %d changed, %d as before, in %.1f s.", name,
		locale.N(r.Added, "%d product", "%d products"), r.Changed, r.Unchanged, r.Seconds)}
	if r.Removed > 0 {
		n.text += locale.N(r.Removed, " %d product was removed.", " %d products were removed.")
	}
	if r.Missing > 0 {
		n.text += locale.N(r.Missing, " %d product is not in it and stays.", " %d products are not in it and stay.")
	}
	if r.Skipped > 0 {
		n.text += locale.N(r.Skipped, " %d row was skipped.", " %d rows were skipped.")
	}
	n.text += sentences(r.Notes)
	if len(r.Problems) > 0 {
		n.action, n.do, n.stays = locale.T("Which"), func() { problems(name, r.Problems) }, true
	}
	return n
}

// importJudgments reads a file of grades beside the window.
func (sh *shell) importJudgments(file string, problems func(string, []workbench.RowProblem)) {
	b, name := sh.bench, filepath.Base(file)
	sh.work(locale.T("Importing judgments from %s", name), func(ctx context.Context, _ engine.OnProgress) notice {
		r, err := b.ImportJudgments(ctx, file, "")
		if err != nil {
			return failure(locale.T("No judgments were imported from %s", name), err)
		}
		n := notice{text: locale.T("%s (%s): %s of %s.", name, r.Format,
			locale.N(r.Read, "%d judgment", "%d judgments"), locale.N(r.Queries, "%d query", "%d queries"))}
		if r.Unknown > 0 {
			n.text += locale.T(" %d name products that the catalogue lacks; they are kept.", r.Unknown)
		}
		n.text += sentences(r.Notes)
		if len(r.Problems) > 0 {
			n.action, n.do, n.stays = locale.T("What was skipped"), func() { problems(name, r.Problems) }, true
		}
		return n
	})
}

// exportJudgments writes all grades to a file beside the window.
func (sh *shell) exportJudgments(format, file string) {
	b := sh.bench
	sh.tasks.start(func(ctx context.Context) func() {
		notes, err := b.ExportJudgments(ctx, format, file)
		return func() {
			if err != nil {
				sh.notices.tell(failure(locale.T("The judgments were not exported"), err))
				return
			}
			sh.notices.tell(notice{text: locale.T("Judgments exported to %s.", file) + sentences(notes)})
		}
	}, true)
}

// sentences puts notes behind a text.
func sentences(notes []string) string {
	text := ""
	for _, note := range notes {
		text += locale.T(" %s", locale.Say(note))
	}
	return text
}

func fileNames(files []string) string {
	if len(files) == 1 {
		return filepath.Base(files[0])
	}
	return locale.T("%d files", len(files))
}
