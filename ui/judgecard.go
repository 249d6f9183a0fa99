package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

const (
	pictureLarge = 300
	pictureSmall = 120
	readable     = 620 // the widest line of text
)

// judgeCard shows one product large, with the words that the query asks for lit.
type judgeCard struct {
	content fyne.CanvasObject

	pictures    *thumbnails
	picture     *widgets.Thumbnail
	title       *widgets.Paragraph
	about       *widgets.Paragraph
	description *widgets.Paragraph
	attributes  *fyne.Container
	text        *fyne.Container
	scroll      *container.Scroll
	pair        [2]string // query and product shown
	width       float32
	longest     float32 // name of an attribute, at the design's size of text
}

func newJudgeCard() *judgeCard {
	c := &judgeCard{
		picture:     widgets.NewThumbnail(),
		title:       widgets.NewParagraph("", readable, widgets.Style{Size: theme.SizeTitle, Bold: true}),
		about:       widgets.NewParagraph("", readable, widgets.Style{Colour: theme.ColorMuted}),
		description: widgets.NewParagraph("", readable, widgets.Style{}),
		attributes:  container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap)),
	}
	c.text = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap3), c.title, c.about, c.description, c.attributes)
	c.scroll = container.NewVScroll(c.text)
	c.content = widgets.NewPanel(
		widgets.Surface{Fill: theme.ColorSurface, Stroke: fynetheme.ColorNameSeparator, Radius: 2 * theme.Rounded, Across: theme.Gap6, Down: theme.Gap6},
		container.New(&cardLayout{c}, c.picture, c.scroll))
	return c
}

// set shows a product; matches finds the words of a query in a text.
func (c *judgeCard) set(item *workbench.QueueItem, matches func(query, text string) [][2]int) {
	query, p := item.Query.Text, &item.Product
	if c.pair == [2]string{query, p.ID} {
		return
	}
	c.pair = [2]string{query, p.ID}
	c.pictures.show(c.picture, p, pictureCard)
	c.title.SetText(p.Title)
	c.title.SetMarks(matches(query, p.Title))
	kind := about(p)
	if p.Rating.Known {
		kind += " · ★ " + number(p.Rating.Value, 1)
	}
	if p.Popularity.Known {
		kind += " (" + locale.Number(p.Popularity.Value, 0) + ")"
	}
	if !p.Date.IsZero() {
		kind += " · " + locale.Month(p.Date)
	}
	c.about.SetText(kind)
	c.description.SetText(p.Description)
	c.description.SetMarks(matches(query, p.Description))
	c.description.Hidden = p.Description == ""
	c.attributes.RemoveAll()
	c.longest = 0
	for _, a := range p.Attributes {
		c.longest = max(c.longest, fyne.MeasureText(a.Name, widgets.DesignText, fyne.TextStyle{}).Width+1)
		name := widgets.NewText(a.Name, widgets.Style{Colour: theme.ColorMuted, Cut: true})
		value := widgets.NewParagraph(a.Value, c.valueWidth(), widgets.Style{})
		value.SetMarks(matches(query, a.Value))
		c.attributes.Add(container.New(widgets.Columns{attributeName, 0}, name, value))
	}
	c.fitAttributes()
	c.text.Refresh()
	c.scroll.ScrollToTop()
}

// attributeName is the least room for the names of attributes.
const attributeName = 120

// nameWidth is as wide as the longest name needs, and at most two fifths.
func (c *judgeCard) nameWidth() float32 { return max(min(c.longest, c.width*2/5), attributeName) }

func (c *judgeCard) valueWidth() float32 { return max(c.width-c.nameWidth()-theme.Gap2, 80) }

// fitAttributes gives names and values the room that they have now.
func (c *judgeCard) fitAttributes() {
	for _, o := range c.attributes.Objects {
		row := o.(*fyne.Container)
		row.Layout = widgets.Columns{c.nameWidth(), 0}
		row.Objects[1].(*widgets.Paragraph).SetWidth(c.valueWidth())
		row.Refresh()
	}
}

// setWidth breaks the texts for the space there is.
func (c *judgeCard) setWidth(width float32) {
	if width = min(max(width, 120), readable); width == c.width {
		return
	}
	c.width = width
	for _, p := range []*widgets.Paragraph{c.title, c.about, c.description} {
		p.SetWidth(width)
	}
	c.fitAttributes()
}

// cardLayout puts the picture beside the text, smaller where space is short.
type cardLayout struct{ card *judgeCard }

// Layout implements fyne.Layout.
func (l *cardLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	side := float32(pictureLarge)
	if size.Width < pictureLarge+readable || size.Height < pictureLarge {
		side = min(max(min(size.Width/3, size.Height), pictureSmall), pictureLarge)
	}
	o[0].Resize(fyne.NewSquareSize(side))
	x := side + theme.Gap6
	o[1].Move(fyne.NewPos(x, 0))
	l.card.setWidth(size.Width - x - theme.Gap4)
	o[1].Resize(fyne.NewSize(size.Width-x, size.Height))
}

// MinSize implements fyne.Layout.
func (l *cardLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(pictureSmall+theme.Gap6+200, pictureSmall)
}
