package ui

import (
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

const (
	emptyWidth   = 420
	offeredShown = 8 // queries offered on an empty page
)

// empty is a page that says what to do instead of showing nothing.
func empty(title, text string, below ...fyne.CanvasObject) fyne.CanvasObject {
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2),
		widgets.NewText(title, widgets.Style{Size: theme.SizeTitle, Bold: true}),
		widgets.NewParagraph(text, emptyWidth, widgets.Style{Colour: theme.ColorMuted}),
	)
	for _, o := range below {
		column.Add(o)
	}
	return container.NewCenter(column)
}

// emptyWorkspace stands where a workspace has no products yet.
func emptyWorkspace() fyne.CanvasObject {
	return empty(locale.T("No products yet"),
		locale.T("Choose File › Open your catalogue… and a CSV, TSV, Excel or JSON file with your products. "+
			"Columns are recognised by what is in them; the file itself is not changed."))
}

// nothingFound stands in place of an empty page of results, with what can be
// done about it.
func nothingFound(s *search) fyne.CanvasObject {
	query := s.page.Query
	if r := []rune(query); len(r) > 60 {
		query = string(r[:60]) + "…"
	}
	if s.refine.set() {
		return empty(locale.T("Nothing matches"),
			locale.T("No product goes with “%s” and everything that was chosen above.", query),
			container.NewHBox(widgets.NewButton(locale.T("Take every choice away"), widgets.Primary, s.refine.clear)))
	}
	return empty(locale.T("Nothing matches"),
		locale.T("No product goes with “%s”. Try fewer words, or look at the terms above: what is matched is what is left there.", query))
}

// noQuery stands where nothing was typed yet, and offers the judged queries
// that do worst: the ones worth looking at.
func noQuery(s *search) fyne.CanvasObject {
	text := locale.T("Type what a shopper would type. Then grade what you see: 0 is wrong, 3 is exactly what was asked.")
	if s.evaluation == nil || len(s.evaluation.PerQuery) == 0 {
		return empty(locale.T("What would a shopper type?"), text)
	}
	worst := append([]workbench.QueryScore(nil), s.evaluation.PerQuery...)
	sort.SliceStable(worst, func(i, j int) bool { return worst[i].Value < worst[j].Value })
	column := container.New(layout.NewCustomPaddedVBoxLayout(0))
	column.Add(widgets.NewText(locale.T("Or open one of yours. Those that do worst:"), widgets.Style{Colour: theme.ColorMuted}))
	for _, q := range worst[:min(len(worst), offeredShown)] {
		column.Add(queryLink(s, q.Query, number(q.Value, 2)))
	}
	return empty(locale.T("What would a shopper type?"), text, column)
}

// queryLink is a query that can be opened, with a figure beside it.
func queryLink(s *search, query, figure string) fyne.CanvasObject {
	link := widgets.NewButton(query, widgets.Quiet, func() { s.open(query) })
	return container.NewHBox(
		container.New(widgets.Columns{40}, widgets.NewText(figure, widgets.Style{Colour: theme.ColorMuted})), link)
}

// noWorkspace is the page while no workspace is open.
func (w *window) noWorkspace() fyne.CanvasObject {
	return empty(locale.T("No workspace is open"),
		locale.T("A workspace is one file that holds a catalogue, its grades and its rankers. Open your own products – a CSV, TSV, Excel or JSON file, also by dropping it here – or the sample to look around."),
		container.New(layout.NewCustomPaddedLayout(theme.Gap2, 0, 0, 0), container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap2),
			widgets.NewButton(locale.T("Open your catalogue…"), widgets.Primary, w.openCatalogue),
			widgets.NewButton(locale.T("Open the sample"), widgets.Bordered, w.openSample),
			widgets.NewButton(locale.T("New workspace…"), widgets.Bordered, w.newWorkspace),
			widgets.NewButton(locale.T("Open…"), widgets.Bordered, w.openWorkspace))))
}
