package ui

import (
	"runtime"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/assets"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
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
				w.pickFile(catalogueEndings, func(path string) { w.shell.importCatalogue([]string{path}, showProblems(w.win)) })
			})
		}),
		item("Import judgments…", "", func() {
			w.onWorkspace(func() {
				w.pickFile(nil, func(path string) { w.shell.importJudgments(path, showProblems(w.win)) })
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
	w.onSearch(func(s *search) {
		if w.win.Canvas().Focused() == s.field {
			s.field.Undo()
			return
		}
		s.undo()
	})
}

// keys are the keys of the search screen, as listed in the help.
var keys = []struct{ keys, does string }{
	{"0 1 2 3", "grade the selected result and go on"},
	{"↑ ↓ or k j", "select a result"},
	{"Delete", "take the grade away"},
	{"Z", "undo the last grade"},
	{"E", "why the selected result stands there"},
	{"/", "type a query"},
	{"Enter", "in the field: search now, go to the results"},
	{"Esc", "in the field: clear it; in the results: back to the field"},
	{"Ctrl L", "learn from the grades"},
	{"Ctrl + and −", "larger and smaller text"},
	{"Tab", "go through fields, results, sliders and buttons"},
}

func (w *window) showKeys() {
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2))
	for _, k := range keys {
		column.Add(container.New(widgets.Columns{120, 0}, widgets.NewText(k.keys, widgets.Style{Bold: true}), widgets.NewText(k.does, widgets.Style{})))
	}
	dialog.NewCustom("Keys", "Close", container.New(layout.NewCustomPaddedLayout(theme.Gap3, theme.Gap3, theme.Gap2, theme.Gap2), column), w.win).Show()
}

func (w *window) showAbout() {
	const width = 560
	text := func(t string) fyne.CanvasObject { return widgets.NewParagraph(t, width, widgets.Style{}) }
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap3),
		widgets.NewText("Touchstone "+w.deps.Version, widgets.Style{Size: theme.SizeTitle, Bold: true}),
		text("A bench on which a ranking is tested and taught. Nothing leaves this machine."),
		widgets.NewText("Licences", widgets.Style{Bold: true}),
		text("Touchstone is under the Apache License 2.0. It carries all-MiniLM-L6-v2 (Apache License 2.0) and "+
			"bge-small-zh-v1.5 (MIT), and is built with Fyne (BSD 3-Clause); the file NOTICE lists everything."),
		text("The font, Touchstone Sans, is made of Inter and Noto Sans CJK:"),
		widgets.NewParagraph(assets.FontLicence, width, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}),
	)
	scroll := container.NewVScroll(container.New(layout.NewCustomPaddedLayout(theme.Gap2, theme.Gap2, theme.Gap2, theme.Gap4), column))
	scroll.SetMinSize(fyne.NewSize(width+40, 420))
	dialog.NewCustom("About", "Close", scroll, w.win).Show()
}

// noWorkspace is the page while no workspace is open.
func (w *window) noWorkspace() fyne.CanvasObject {
	return empty("No workspace is open",
		"A workspace is one file that holds a catalogue, its grades and its rankers. Open the sample to look around, or make one for your own products.",
		container.New(layout.NewCustomPaddedLayout(theme.Gap2, 0, 0, 0), container.NewHBox(
			widgets.NewButton("Open the sample", widgets.Primary, w.openSample),
			widgets.NewButton("New workspace…", widgets.Bordered, w.newWorkspace),
			widgets.NewButton("Open…", widgets.Bordered, func() {
				w.pickFile([]string{workspaceEnding}, func(path string) { w.open(path, w.deps.Open) })
			}))))
}
