package ui

import (
	"runtime"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"touchstone/ui/theme"
)

// The files that each import offers, and the forms that judgments are written in.
var (
	catalogueEndings = []string{".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xlsx", ".gz"}
	judgmentForms    = []struct{ label, format, file string }{
		{"CSV", "csv", "judgments.csv"},
		{"Quepid", "quepid", "judgments-quepid.csv"},
		{"TREC qrels", "trec", "judgments.qrels"},
		{"BEIR", "beir", "judgments.tsv"},
		{"LETOR / SVMlight", "letor", "judgments.letor"},
		{"Rated Ranking Evaluator", "rre", "judgments.json"},
		{"Excel", "xlsx", "judgments.xlsx"},
	}
)

// mainModifier is the modifier of the desktop's shortcuts.
func mainModifier() fyne.KeyModifier {
	if runtime.GOOS == "darwin" {
		return fyne.KeyModifierSuper
	}
	return fyne.KeyModifierControl
}

// samplePlace is where further samples go in the File menu.
const samplePlace = 3

func item(label string, key fyne.KeyName, do func()) *fyne.MenuItem {
	m := fyne.NewMenuItem(label, do)
	if key != "" {
		m.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: mainModifier()}
	}
	return m
}

// menu is where every shortcut with a modifier lives: a focused text field
// would swallow those of the canvas.
func (w *window) menu() *fyne.MainMenu {
	export := fyne.NewMenuItem("Export judgments", nil)
	export.ChildMenu = fyne.NewMenu("")
	for _, f := range judgmentForms {
		export.ChildMenu.Items = append(export.ChildMenu.Items, fyne.NewMenuItem(f.label+"…", func() {
			w.onWorkspace(func() {
				w.pickNewFile(f.file, func(path string) { w.shell.exportJudgments(f.format, path) })
			})
		}))
	}
	quit := item("Quit", fyne.KeyQ, func() { w.win.Close() })
	quit.IsQuit = true
	undo := fyne.NewMenuItem("Undo grade", w.undo)
	undo.Shortcut = &fyne.ShortcutUndo{}
	file := fyne.NewMenu("File",
		item("New…", fyne.KeyN, w.newWorkspace),
		item("Open…", fyne.KeyO, func() {
			w.pickFile([]string{workspaceEnding}, func(path string) { w.open(path, w.deps.Open) })
		}),
		item("Open the sample", "", w.openSample),
		fyne.NewMenuItemSeparator(),
		item("Import catalogue…", fyne.KeyI, func() {
			w.onWorkspace(func() {
				w.pickFile(catalogueEndings, func(path string) { w.shell.importCatalogue([]string{path}, w.showProblems) })
			})
		}),
		item("Import judgments…", "", func() {
			w.onWorkspace(func() {
				w.pickFile(nil, func(path string) { w.shell.importJudgments(path, w.showProblems) })
			})
		}),
		export,
		fyne.NewMenuItemSeparator(),
		quit,
	)
	for i, sample := range w.deps.Samples {
		file.Items = slices.Insert(file.Items, samplePlace+i, item("Open the sample: "+sample.Name, "", func() {
			w.replace("the sample", sample.Open, w.remember)
		}))
	}
	return fyne.NewMainMenu(
		file,
		fyne.NewMenu("Edit",
			undo,
			item("Search field", fyne.KeyF, func() { w.onSearch(func(s *search) { s.focus(s.field) }) }),
		),
		fyne.NewMenu("Ranking",
			item("Learn from the grades", fyne.KeyL, func() {
				w.onSearch(func(s *search) {
					if s.status.Judgments > 0 {
						s.learn()
					}
				})
			}),
			item("Keep the weights on the sliders", "", func() { w.onSearch((*search).keep) }),
			item("Reset the sliders", "", func() { w.onSearch((*search).reset) }),
			item("Go back to the first weights", "", func() { w.onSearch((*search).useDefault) }),
			item("Why does it stand there?", fyne.KeyE, func() { w.onSearch(func(s *search) { s.inspector.toggleWhy() }) }),
		),
		fyne.NewMenu("View",
			item("Search", fyne.Key1, w.shell.toSearch),
			item("Judge", fyne.Key2, w.shell.toJudge),
			fyne.NewMenuItemSeparator(),
			item("Light", "", func() { w.setLook(theme.Light) }),
			item("Dark", "", func() { w.setLook(theme.Dark) }),
			item("Like the desktop", "", func() { w.setLook(theme.System) }),
			fyne.NewMenuItemSeparator(),
			item("Larger text", fyne.KeyEqual, func() { w.resizeText(1) }),
			item("Smaller text", fyne.KeyMinus, func() { w.resizeText(-1) }),
			item("Normal text", fyne.Key0, func() { w.resizeText(0) }),
		),
		fyne.NewMenu("Help",
			item("Keys", fyne.KeySlash, w.showKeys),
			item("About Touchstone", "", w.showAbout),
		),
	)
}

// undo takes back typing while text is typed, otherwise the newest grade.
func (w *window) undo() {
	if field, ok := w.win.Canvas().Focused().(interface{ Undo() }); ok {
		field.Undo()
		return
	}
	w.onScreen(func(s place) { s.undo() })
}
