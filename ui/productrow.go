package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// productRow shows a product in a list that does not rank: its title, what kind
// of thing it is, and a figure or a word at the right.
type productRow struct {
	widget.BaseWidget
	painted
	content            *fyne.Container
	pictures           *thumbnails
	thumb              *widgets.Thumbnail
	title, about, note *widgets.Text
}

func newProductRow(pictures *thumbnails) *productRow {
	caption := fynetheme.SizeNameCaptionText
	r := &productRow{
		pictures: pictures,
		thumb:    widgets.NewThumbnail(),
		title:    widgets.NewText("", widgets.Style{Bold: true, Cut: true}),
		about:    widgets.NewText("", widgets.Style{Size: caption, Colour: theme.ColorMuted, Cut: true}),
		note:     widgets.NewText("", widgets.Style{Size: caption, Colour: theme.ColorMuted, Align: fyne.TextAlignTrailing}),
	}
	r.content = container.New(layout.NewCustomPaddedLayout(theme.Gap2, theme.Gap2, theme.Gap3, theme.Gap3),
		container.NewBorder(nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, 0, theme.Gap3), r.thumb),
			container.New(layout.NewCustomPaddedLayout(0, 0, theme.Gap3, 0), container.NewCenter(r.note)),
			container.New(layout.NewCustomPaddedVBoxLayout(1), layout.NewSpacer(), r.title, r.about, layout.NewSpacer())))
	r.ExtendBaseWidget(r)
	return r
}

func (r *productRow) set(p *engine.Product, note string) {
	r.title.SetText(p.Title)
	r.about.SetText(about(p))
	r.pictures.show(r.thumb, p, pictureRow)
	r.renew(r, r.content)
	if note != r.note.Text() {
		r.note.SetText(note)
		r.content.Refresh() // it takes another width
	}
}

// CreateRenderer implements fyne.Widget.
func (r *productRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(r.content)
}
