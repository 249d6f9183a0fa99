package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/assets"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

func (w *window) showAbout() {
	const width = 560
	text := func(t string) fyne.CanvasObject { return widgets.NewParagraph(t, width, widgets.Style{}) }
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap3),
		widgets.NewText(locale.Name("Touchstone ")+w.deps.Version, widgets.Style{Size: theme.SizeTitle, Bold: true}),
		text(locale.T("A bench on which a ranking is tested and taught. Nothing leaves this machine.")),
		widgets.NewText(locale.T("Licences"), widgets.Style{Bold: true}),
		text(locale.T("Touchstone is under the Apache License 2.0. It carries all-MiniLM-L6-v2 (Apache License 2.0) and "+
			"bge-small-zh-v1.5 (MIT), and is built with Fyne (BSD 3-Clause); the file NOTICE lists everything.")),
		text(locale.T("The font, Touchstone Sans, is made of Inter and Noto Sans CJK:")),
		widgets.NewParagraph(assets.FontLicence, width, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}),
	)
	column.Add(container.NewHBox(widgets.NewButton(locale.T("Licences of the libraries"), widgets.Bordered, w.showLicences)))
	w.show(locale.T("About"), column)
}

// showLicences shows the licences of all modules, line by line: they are long.
func (w *window) showLicences() {
	lines := strings.Split(strings.ReplaceAll(assets.Licences, "\t", "    "), "\n")
	list := widget.NewList(func() int { return len(lines) },
		func() fyne.CanvasObject {
			return widgets.NewText("", widgets.Style{Size: fynetheme.SizeNameCaptionText, Cut: true})
		},
		func(i widget.ListItemID, o fyne.CanvasObject) { o.(*widgets.Text).SetText(lines[i]) })
	list.HideSeparators = true
	page := container.NewGridWrap(fyne.NewSize(680, 460), list)
	w.show(locale.T("Licences of the libraries"), page)
}

const problemsShown = 200

// showProblems lists the rows that an import skipped.
func (w *window) showProblems(name string, problems []workbench.RowProblem) {
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
	for _, p := range problems[:min(len(problems), problemsShown)] {
		column.Add(widgets.NewParagraph(locale.T("Line %d: %s", p.Line, locale.Say(strings.TrimSpace(p.What))), 520, widgets.Style{}))
	}
	if more := len(problems) - problemsShown; more > 0 {
		column.Add(widgets.NewText(locale.T("… and %d more", more), widgets.Style{Colour: theme.ColorMuted}))
	}
	w.show(locale.T("Skipped in %s", name), column)
}
