package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// resultParts are what a result shows wherever it is listed: its place and how
// far that moved, its picture, its title, what kind of thing it is, and its score
// as a bar. They are made once and changed in place.
type resultParts struct {
	id string // product
	painted

	back, focus               *canvas.Rectangle
	rank, moved, title, about *widgets.Text
	thumb                     *widgets.Thumbnail
	bar                       *widgets.ScoreBar
	parts                     []widgets.Part
}

func newResultParts() resultParts {
	caption := fynetheme.SizeNameCaptionText
	r := resultParts{
		back: canvas.NewRectangle(nil), focus: canvas.NewRectangle(nil),
		rank:  widgets.NewText("", widgets.Style{Colour: theme.ColorMuted, Align: fyne.TextAlignTrailing}),
		moved: widgets.NewText("", widgets.Style{Size: caption, Align: fyne.TextAlignTrailing}),
		title: widgets.NewText("", widgets.Style{Bold: true, Cut: true}),
		about: widgets.NewText("", widgets.Style{Size: caption, Colour: theme.ColorMuted, Cut: true}),
		thumb: widgets.NewThumbnail(), bar: widgets.NewScoreBar(),
	}
	r.back.CornerRadius, r.focus.CornerRadius = theme.Rounded, 1.5
	return r
}

// set shows the i-th result of a page. A score of full fills the bar.
func (r *resultParts) set(s *search, result *engine.Result, i int, colours map[string]int, full float64) {
	r.id = result.Product.ID
	r.rank.SetText(fmt.Sprint(i + 1))
	r.title.SetText(result.Product.Title)
	s.pictures.show(r.thumb, &result.Product, pictureRow)
	r.parts = r.parts[:0]
	for _, c := range result.Contributions {
		r.parts = append(r.parts, widgets.Part{Value: c.Contribution, Colour: theme.Feature(colours[c.Feature])})
	}
	r.bar.Set(r.parts, full)
}

// setMoved says how far the result has moved.
func (r *resultParts) setMoved(text string, colour fyne.ThemeColorName) {
	r.moved.SetText(text)
	r.moved.SetColour(colour)
}

// lines are the heights of the two lines of text and how high they are together.
func (r *resultParts) lines() (body, caption, both float32) {
	body, caption = r.title.MinSize().Height, r.about.MinSize().Height
	return body, caption, body + caption + 1
}

// asText is a width that grows with the size of text.
func asText(width float32) float32 {
	return width * max(fynetheme.Size(fynetheme.SizeNameText)/widgets.DesignText, 1)
}

// placeRank puts the place at x, above how far it moved where it did.
func (r *resultParts) placeRank(x, width, height float32) {
	body, caption, both := r.lines()
	top := (height - both) / 2
	putAt(r.moved, x, top+body+1, width, caption)
	if r.moved.Text() == "" {
		top = (height - body) / 2
	}
	putAt(r.rank, x, top, width, body)
}

// putAt moves and resizes an object; less than no width is none.
func putAt(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(width, 0), height))
}
