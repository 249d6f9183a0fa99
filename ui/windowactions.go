package ui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"touchstone/ui/locale"
	"touchstone/ui/theme"
)

// The files that each import offers, and the forms that judgments are written in.
var (
	catalogueEndings = []string{".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xlsx", ".gz"}
	judgmentForms    = []struct{ label, format, file string }{
		{locale.Name("CSV"), "csv", "judgments.csv"},
		{locale.Name("Quepid"), "quepid", "judgments-quepid.csv"},
		{locale.Name("Quepid book (CSV)"), "quepid-book", "book.csv"},
		{locale.Name("Quepid book (JSON)"), "quepid-json", "book.json"},
		{locale.Name("TREC qrels"), "trec", "judgments.qrels"},
		{locale.Name("BEIR"), "beir", "judgments.tsv"},
		{locale.Name("LETOR / SVMlight"), "letor", "judgments.letor"},
		{locale.Name("Rated Ranking Evaluator"), "rre", "judgments.json"},
		{locale.Name("Elasticsearch _rank_eval"), "rank-eval", "rank_eval.json"},
		{locale.Name("Search Relevance Workbench"), "srw", "judgments-srw.json"},
		{locale.Name("WANDS"), "wands", "label.csv"},
		{locale.Name("Excel"), "xlsx", "judgments.xlsx"},
	}
)

var noWorkspaceYet = locale.Mark("Open or make a workspace first.")

// actions are what the window offers, whichever place is shown.
func (w *window) actions() []action {
	sh := w.shell
	opened := func() bool { return sh.bench != nil }
	all := []action{
		{id: "file.new", name: "New…", group: groupFile, key: withMain(fyne.KeyN), run: w.newWorkspace},
		{id: "file.open", name: "Open…", group: groupFile, key: withMain(fyne.KeyO), run: w.openWorkspace},
		{id: "file.sample", name: "Open the sample", group: groupFile, run: w.openSample},
	}
	for _, sample := range w.deps.Samples {
		all = append(all, action{id: "file.sample." + sample.Name, name: sample.Name, group: groupFile,
			run: func() { w.replace(locale.T("the sample"), "", sample.Open, w.remember) }})
	}
	all = append(all,
		action{id: "file.import", name: "Open your catalogue…", group: groupFile, key: withMain(fyne.KeyI), apart: true, run: w.openCatalogue},
		action{id: "file.judgments", name: "Import judgments…", group: groupFile, enabled: opened, why: noWorkspaceYet,
			run: func() {
				w.pickFile(locale.T("Import judgments…"), nil, func(path string) { sh.importJudgments(path, w.showProblems) })
			}},
	)
	for _, f := range judgmentForms {
		all = append(all, action{id: "file.export." + f.format, name: f.label + "…", group: groupFile, under: "Export judgments", enabled: opened, why: noWorkspaceYet,
			run: func() {
				w.pickNewFile(locale.T("Export judgments: %s", f.label), f.file, func(path string) { sh.exportJudgments(f.format, path) })
			}})
	}
	all = append(all, w.upkeepActions()...)
	all = append(all, w.engineActions()...)
	all = append(all,
		action{id: "file.model", name: "Import a language model…", group: groupFile, apart: true, enabled: opened, why: noWorkspaceYet, run: w.importModel},
		action{id: "file.quit", name: "Quit", group: groupFile, key: withMain(fyne.KeyQ), apart: true, run: w.quit},

		action{id: "edit.undo", name: "Undo", group: groupEdit, key: withMain(fyne.KeyZ), run: w.undo},
		action{id: "edit.palette", name: "Find anything to do…", group: groupEdit, key: withMain(fyne.KeyK), run: sh.openPalette},
		action{id: "edit.find", name: "Search field", group: groupEdit, key: withMain(fyne.KeyF), enabled: opened, why: noWorkspaceYet, run: func() { sh.goTo(placeSearch) }},
	)
	// A place keeps its number, whichever others have a screen.
	for i, kind := range placeKinds {
		if kind.make != nil {
			all = append(all, action{id: "go." + kind.id, name: kind.name, group: groupView, key: withMain(fyne.KeyName(strconv.Itoa(i + 1))),
				enabled: opened, why: noWorkspaceYet, run: func() { sh.goTo(kind.id) }})
		}
	}
	look := func(id, name string, mode theme.Mode, apart bool) action {
		return action{id: id, name: name, group: groupView, apart: apart, run: func() { w.setLook(mode) }, on: func() bool { return w.look() == mode }}
	}
	for i, l := range locale.Languages {
		all = append(all, action{id: "language." + string(l.Language), name: l.Name, group: groupView, under: "Language", apart: i == 0,
			run: func() { w.speak(l.Language) }, on: func() bool { return locale.Current() == l.Language }})
	}
	all = append(all, w.pictureActions()...)
	all = append(all, w.memoryActions()...)
	all = append(all, w.paneActions()...)
	density := func(id, name string, compact, apart bool) action {
		return action{id: id, name: name, group: groupView, apart: apart, run: func() { w.setCompact(compact) },
			on: func() bool { return w.app.Preferences().Bool(prefCompact) == compact }}
	}
	all = append(all, w.helpActions()...)
	return append(all,
		density("density.comfortable", locale.Mark("Comfortable rows"), false, true),
		density("density.compact", locale.Mark("Compact rows"), true, false),
		look("look.light", locale.Mark("Light"), theme.Light, true),
		look("look.dark", locale.Mark("Dark"), theme.Dark, false),
		look("look.system", locale.Mark("Like the desktop"), theme.System, false),
		action{id: "text.larger", name: "Larger text", group: groupView, key: withMain(fyne.KeyEqual), apart: true, run: func() { w.resizeText(1) }},
		action{id: "text.smaller", name: "Smaller text", group: groupView, key: withMain(fyne.KeyMinus), run: func() { w.resizeText(-1) }},
		action{id: "text.normal", name: "Normal text", group: groupView, key: withMain(fyne.Key0), run: func() { w.resizeText(0) }},

		action{id: "help.keys", name: "Keys", group: groupHelp, key: withMain(fyne.KeySlash).or('?'), run: w.showKeys},
		action{id: "help.words", name: "Words on this page", group: groupHelp, key: withMain(fyne.KeyH), run: w.showWords},
		action{id: "help.diagnostics", name: "Copy diagnostics…", group: groupHelp, run: w.showDiagnostics},
		action{id: "help.tour", name: "Tour in five steps", group: groupHelp, enabled: opened, why: noWorkspaceYet, run: sh.startTour},
		action{id: "help.about", name: "About Touchstone", group: groupHelp, run: w.showAbout},
	)
}

// openCatalogue asks for a file with products.
func (w *window) openCatalogue() {
	w.pickFile(locale.T("Open your catalogue…"), catalogueEndings, func(path string) { w.previewCatalogue([]string{path}) })
}

func (w *window) openWorkspace() {
	w.pickFile(locale.T("Open a workspace"), []string{workspaceEnding}, func(path string) { w.open(path, w.deps.Open) })
}

// undo takes back typing while text is typed, otherwise the newest change.
func (w *window) undo() {
	if field, ok := w.win.Canvas().Focused().(interface{ Undo() }); ok {
		field.Undo()
		return
	}
	w.shell.undo()
}
