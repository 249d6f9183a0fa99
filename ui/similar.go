package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

const (
	similarWanted = 50
	asideWidth    = 300 // of what is said above the list, until its width is known
)

// showSimilar lists the products nearest to the selected one in place of the
// results, which come back with Escape.
func (s *search) showSimilar() {
	r := s.result()
	if r == nil {
		return
	}
	of := r.Product
	s.tasks.newest(&s.similars, 0, func(ctx context.Context) func() {
		page, err := s.bench.Similar(ctx, of.ID, similarWanted)
		return func() {
			if err != nil {
				s.tell(failure(locale.T("Similar products were not found"), err))
				return
			}
			s.showAside(locale.T("Like “%s”", of.Title), locale.T("Nearest in meaning first, 1 is the same. Press one to search for its title."), page.Results,
				func(r *engine.Result) string { return number(r.Score, 3) })
		}
	})
}

// closeAside brings the results back; it says whether they were away.
func (s *search) closeAside() bool {
	if s.aside == nil {
		return false
	}
	s.similars.stop()
	s.aside = nil
	s.showMiddle()
	s.toResults()
	return true
}

// showAside lists products in place of the results: what they are, how they were
// chosen, and a note on each.
func (s *search) showAside(title, how string, found []engine.Result, note func(*engine.Result) string) {
	list := widget.NewList(func() int { return len(found) }, func() fyne.CanvasObject { return newProductRow(s.pictures) },
		func(i int, o fyne.CanvasObject) { o.(*productRow).set(&found[i].Product, note(&found[i])) })
	list.HideSeparators = true
	list.OnSelected = func(i int) { s.open(found[i].Product.Title) }
	head := container.NewBorder(nil, nil, nil, container.NewCenter(widgets.NewButton(locale.T("Back to the results"), widgets.Bordered, func() { s.closeAside() })),
		container.New(layout.NewCustomPaddedLayout(0, 0, 0, theme.Gap4), container.New(wrapping{},
			widgets.NewText(title, widgets.Style{Bold: true, Cut: true}),
			widgets.NewParagraph(how, asideWidth, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}))))
	s.aside = container.NewBorder(container.New(layout.NewCustomPaddedLayout(theme.Gap2, theme.Gap2, theme.Gap3, theme.Gap3), head), nil, nil, nil, list)
	s.showMiddle()
}
