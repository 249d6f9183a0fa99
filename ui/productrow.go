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
		note:     widgets.NewText("", widgets.Style{Size: caption, Colour: theme.ColorMuted, Align: fyne.TextAlignTrailing, Cut: true}),
	}
	r.content = container.New(layout.NewCustomPaddedLayout(theme.Gap2, theme.Gap2, theme.Gap3, theme.Gap3), container.New(productCells{r}, r.thumb, r.title, r.about, r.note))
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

// productCells places the parts of a productRow. A note that would take much of
// the line stands below the title.
type productCells struct{ r *productRow }

// noteMost is the share of a row that a note beside the title may take.
const noteMost = 0.4

// Layout implements fyne.Layout.
func (c productCells) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	r := c.r
	tile := r.thumb.MinSize()
	putAt(r.thumb, 0, (size.Height-tile.Height)/2, tile.Width, tile.Height)
	x := tile.Width + theme.Gap3
	room := max(size.Width-x, 0)
	body, caption := r.title.MinSize().Height, r.about.MinSize().Height
	top := (size.Height - body - 1 - caption) / 2
	note := float32(0)
	if r.note.Text() != "" {
		note = fyne.MeasureText(r.note.Text(), fynetheme.Size(fynetheme.SizeNameCaptionText), fyne.TextStyle{}).Width + 1
	}
	beside := note <= noteMost*room
	note = min(note, room)
	rest := room - note - theme.Gap3
	r.about.Hidden = rest < productKindLeast
	if beside {
		putAt(r.note, size.Width-note, (size.Height-caption)/2, note, caption)
		putAt(r.title, x, top, rest, body)
	} else {
		putAt(r.note, size.Width-note, top+body+1, note, caption)
		putAt(r.title, x, top, room, body)
	}
	putAt(r.about, x, top+body+1, rest, caption)
}

// productKindLeast is the width in which it can still be read what kind of thing a
// product is.
const productKindLeast = 60

// MinSize implements fyne.Layout.
func (c productCells) MinSize([]fyne.CanvasObject) fyne.Size {
	r := c.r
	tile := r.thumb.MinSize()
	return fyne.NewSize(tile.Width+theme.Gap3+productKindLeast, max(tile.Height, r.title.MinSize().Height+1+r.about.MinSize().Height))
}

// CreateRenderer implements fyne.Widget.
func (r *productRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(r.content)
}
