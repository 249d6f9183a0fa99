package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// splitView is what a split looks like: a head above each column, and one list
// whose rows hold the results of one rank of both.
type splitView struct {
	content *fyne.Container
	heads   [2]*splitHead
	list    *splitList
	full    [2]float64 // the score that fills a bar, see resultList
}

// splitGutter is the room between the columns, in which lines join a product
// with itself.
const splitGutter = 24

func newSplitView(sp *split) *splitView {
	v := &splitView{list: newSplitList(sp)}
	for i, c := range sp.columns {
		v.heads[i] = newSplitHead(c)
	}
	heads := container.New(splitColumns{}, v.heads[0].content, widgets.NewText("", widgets.Style{}), v.heads[1].content)
	v.content = container.NewBorder(heads, nil, nil, nil, v.list)
	return v
}

// joinedRows is how far a product may have moved for a line to follow it all the
// time: farther ones would hide each other, and have one while they are marked.
const joinedRows = 10

// splitColumns lays out two columns and what stands between them.
type splitColumns struct{}

// Layout implements fyne.Layout.
func (splitColumns) Layout(o []fyne.CanvasObject, size fyne.Size) {
	wide := (size.Width - splitGutter) / 2
	for i, x := range []float32{0, wide, wide + splitGutter} {
		width := wide
		if i == 1 {
			width = splitGutter
		}
		o[i].Move(fyne.NewPos(x, 0))
		o[i].Resize(fyne.NewSize(width, size.Height))
	}
}

// MinSize implements fyne.Layout.
func (splitColumns) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[2].MinSize()
	return fyne.NewSize(2*max(a.Width, b.Width)+splitGutter, max(a.Height, b.Height))
}

// splitHead says what a column is ranked by, and how good that is.
type splitHead struct {
	column  *splitColumn
	chip    *widgets.Chip
	figure  *widgets.Text
	delta   *widgets.Delta // of B against A
	content fyne.CanvasObject
}

// splitNames are what the columns are called.
var splitNames = [2]string{"A", "B"}

func newSplitHead(c *splitColumn) *splitHead {
	h := &splitHead{column: c, delta: widgets.NewDelta(),
		figure: widgets.NewText("", widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Cut: true})}
	h.chip = widgets.NewChip("", h.open)
	h.delta.Hide()
	h.content = container.New(splitHeadLayout{}, h.chip, h.figure, h.delta)
	return h
}

// open lists what the column can be given.
func (h *splitHead) open() {
	h.column.of.s.refine.menu(h.chip, h.column.menu()...)
}

// splitHeadLayout puts the choice, with the difference beside it, above the figures.
type splitHeadLayout struct{}

// Layout implements fyne.Layout.
func (splitHeadLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	chip, figure, delta := o[0].MinSize(), o[1].MinSize(), o[2].MinSize()
	o[0].Move(fyne.NewPos(theme.Gap3, 0))
	right := size.Width - theme.Gap2
	if o[2].Visible() {
		right -= delta.Width
		o[2].Move(fyne.NewPos(right, (chip.Height-delta.Height)/2))
		o[2].Resize(delta)
		right -= theme.Gap2
	}
	o[0].Resize(fyne.NewSize(max(min(chip.Width, right-theme.Gap3), 0), chip.Height))
	o[1].Move(fyne.NewPos(theme.Gap3, chip.Height+theme.Gap))
	o[1].Resize(fyne.NewSize(max(size.Width-2*theme.Gap3, 0), figure.Height))
}

// MinSize implements fyne.Layout.
func (splitHeadLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(160, max(o[0].MinSize().Height, o[2].MinSize().Height)+theme.Gap+o[1].MinSize().Height+theme.Gap2)
}

// show draws both columns as they are.
func (sp *split) show() {
	for k, c := range sp.columns {
		c.places = map[string]int{}
		page := c.shown()
		if page == nil {
			continue
		}
		for i := range page.Results {
			c.places[page.Results[i].Product.ID] = i
		}
		sp.full[k] = fullBar(page)
	}
	sp.showHeads()
	sp.list.show()
}

// showHeads says what the columns are and how good.
func (sp *split) showHeads() {
	var values [2]float64
	measured := true
	for i, h := range sp.heads {
		c := sp.columns[i]
		h.chip.Set(splitNames[i], c.label(), i == sp.faced)
		text := c.says
		page := c.shown()
		score, ok := workbench.QueryScore{}, false
		if page != nil && page.Query == sp.s.query {
			score, ok = sp.s.bench.Measure(page)
		}
		measured = measured && ok
		if text == "" && page != nil {
			text = judgedOn(page)
			if ok {
				text = locale.Name(metric("ndcg@10")+" "+number(score.Value, 3)) + " · " + text
			}
		}
		h.figure.SetText(text)
		values[i] = score.Value
	}
	d, text := values[1]-values[0], ""
	if measured {
		text = signed(d, 3)
	}
	sp.heads[1].delta.Set(d, text)
	for _, h := range sp.heads {
		h.content.Refresh()
	}
}

// splitList is both pages. While it has the focus, a key does what it does in the
// results; left and right go to the other column.
type splitList struct {
	widget.List
	sp      *split
	focused bool
	colours map[string]int
}

func newSplitList(sp *split) *splitList {
	l := &splitList{sp: sp}
	l.Length = func() int {
		rows := 0
		for _, c := range sp.columns {
			if page := c.shown(); page != nil {
				rows = max(rows, len(page.Results))
			}
		}
		return rows
	}
	l.CreateItem = func() fyne.CanvasObject { return newSplitRow(sp) }
	l.UpdateItem = func(i int, item fyne.CanvasObject) {
		item.(*splitRow).set(i)
		if page := sp.s.page; page != nil && i >= len(page.Results)-resultsWanted/4 {
			sp.s.more()
		}
	}
	l.HideSeparators = true
	l.ExtendBaseWidget(l)
	return l
}

func (l *splitList) show() {
	l.colours = featureColours(l.sp.s.bench)
	l.Refresh()
}

// FocusGained implements fyne.Focusable.
func (l *splitList) FocusGained() { l.focused = true; l.Refresh() }

// FocusLost implements fyne.Focusable.
func (l *splitList) FocusLost() { l.focused = false; l.Refresh() }

// TypedKey implements fyne.Focusable.
func (l *splitList) TypedKey(e *fyne.KeyEvent) { l.sp.s.key(e.Name) }

// TypedRune implements fyne.Focusable.
func (l *splitList) TypedRune(r rune) { l.sp.s.typed(r) }

// splitRow is the results of one rank, and the lines from them to where they
// stand in the other column.
type splitRow struct {
	widget.BaseWidget
	sp      *split
	content *fyne.Container
	cells   [2]*splitCell
	joins   [2]*widgets.Joins // from the product at the left to the middle, from there to the one at the right
}

func newSplitRow(sp *split) *splitRow {
	r := &splitRow{sp: sp}
	for i := range r.cells {
		r.cells[i], r.joins[i] = newSplitCell(sp, i), widgets.NewJoins()
	}
	joins := container.NewGridWithColumns(2, r.joins[0], r.joins[1])
	joins.Layout = halves{}
	r.content = container.New(splitColumns{}, r.cells[0], joins, r.cells[1])
	r.ExtendBaseWidget(r)
	return r
}

func (r *splitRow) set(i int) {
	for k, c := range r.sp.columns {
		cell, page := r.cells[k], c.shown()
		other := r.sp.columns[1-k]
		if page == nil || i >= len(page.Results) {
			cell.Hide()
			r.joins[k].Set(nil)
			continue
		}
		cell.Show()
		there, ok := other.places[page.Results[i].Product.ID]
		same := other.shown() != nil && other.shown().Query == page.Query
		cell.set(page, i, there, ok, same)
		r.joins[k].Set(nil)
		near := max(there-i, i-there) <= joinedRows
		if marked := cell.id == r.sp.s.selected || cell.id == r.sp.pointed; ok && same && (near || marked) {
			r.joins[k].Set([][2]float32{r.half(k, i, there)})
		}
	}
	r.Refresh()
}

// half is this row's half of the line between a product at rank i of column k and
// where it stands in the other: the other row draws the rest.
func (r *splitRow) half(k, i, there int) [2]float32 {
	high := r.MinSize().Height
	here, far := high/2, high/2+float32(there-i)*(high+fynetheme.Size(fynetheme.SizeNamePadding))
	middle := (here + far) / 2
	if k == 0 {
		return [2]float32{here, middle}
	}
	return [2]float32{middle, here}
}

// CreateRenderer implements fyne.Widget.
func (r *splitRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(r.content)
}

// halves lays two objects side by side, with nothing between them.
type halves struct{}

// Layout implements fyne.Layout.
func (halves) Layout(o []fyne.CanvasObject, size fyne.Size) {
	half := fyne.NewSize(size.Width/2, size.Height)
	o[0].Resize(half)
	o[1].Move(fyne.NewPos(half.Width, 0))
	o[1].Resize(half)
}

// MinSize implements fyne.Layout.
func (halves) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// movedText says what a badge says of a product at rank i that stands at there in
// the other column.
func movedText(column, i, there int, ok bool) (string, fyne.ThemeColorName) {
	switch {
	case !ok && column == 0:
		return locale.T("gone"), theme.ColorFall
	case !ok:
		return locale.T("new"), theme.ColorRise
	case column == 0 || there == i:
		return "", theme.ColorMuted
	case there > i:
		return fmt.Sprintf("▲%d", there-i), theme.ColorRise
	}
	return fmt.Sprintf("▼%d", i-there), theme.ColorFall
}
