package ui

import (
	"strings"

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

// judgeList shows all products of the queue for one query under each other, to
// grade several at once. Their order stays while they are graded.
type judgeList struct {
	j       *judge
	on      bool // the list is shown in place of the card
	query   string
	at      []int              // of judge.items
	marked  map[[2]string]bool // query and product: the queue may change under the list
	list    *widget.List
	content fyne.CanvasObject
}

func newJudgeList(j *judge) *judgeList {
	l := &judgeList{j: j, marked: map[[2]string]bool{}}
	l.list = widget.NewList(func() int { return len(l.at) }, func() fyne.CanvasObject { return newJudgeLine(l) }, func(i int, o fyne.CanvasObject) {
		o.(*judgeLine).set(l.at[i])
	})
	l.list.HideSeparators = true
	l.content = widgets.NewPanel(widgets.Surface{Fill: theme.ColorSurface, Stroke: fynetheme.ColorNameSeparator, Radius: 2 * theme.Rounded, Across: theme.Gap2, Down: theme.Gap2}, l.list)
	return l
}

// toggle shows the list, or the one product again.
func (l *judgeList) toggle() {
	l.on = !l.on
	l.marked = map[[2]string]bool{}
	l.j.show()
}

// show lists what the queue has for the query of the item on screen.
func (l *judgeList) show() {
	item := l.j.item()
	if !l.on || item == nil {
		return
	}
	if l.query != item.Query.Text {
		clear(l.marked)
	}
	l.query, l.at = item.Query.Text, nil
	for i := range l.j.items {
		if l.j.items[i].Query.Text == l.query {
			l.at = append(l.at, i)
		}
	}
	for row, i := range l.at {
		if i == l.j.at {
			l.list.ScrollTo(row)
		}
	}
	l.list.Refresh()
}

// pair is the query and the product of an item.
func (l *judgeList) pair(i int) [2]string {
	return [2]string{l.j.items[i].Query.Text, l.j.items[i].Product.ID}
}

// mark takes an item into the selection, or out of it.
func (l *judgeList) mark(i int) {
	if pair := l.pair(i); l.marked[pair] {
		delete(l.marked, pair)
	} else {
		l.marked[pair] = true
	}
	l.j.show()
}

// markHere marks the item on screen and goes to the next one of the list.
func (l *judgeList) markHere() {
	if l.j.item() == nil {
		return
	}
	i := l.j.at
	l.mark(i)
	if i+1 < len(l.j.items) && l.j.items[i+1].Query.Text == l.query {
		l.j.move(1)
	}
}

// markAll marks everything, or nothing if all is marked.
func (l *judgeList) markAll() {
	all := len(l.marked)
	for i := range l.j.items {
		if l.j.items[i].Query.Text == l.query {
			l.marked[l.pair(i)] = true
		}
	}
	if len(l.marked) == all {
		clear(l.marked)
	}
	l.j.show()
}

// grade gives the selection one grade, nil for none, as one step.
func (l *judgeList) grade(g *engine.Grade) {
	j := l.j
	var products []string
	before := map[int]judged{}
	for i := range j.items {
		if j.items[i].Query.Text == l.query && l.marked[l.pair(i)] {
			before[i] = j.items[i]
			products = append(products, j.items[i].Product.ID)
		}
	}
	if len(products) == 0 {
		return
	}
	query := l.query
	for i := range before {
		item := &j.items[i]
		item.Grade, item.state = g, graded
		if g == nil {
			item.state = waiting
		}
		j.s.setGrade(query, item.Product.ID, g)
	}
	l.marked = map[[2]string]bool{}
	j.s.store(func() error {
		if g == nil {
			return j.bench.Clear(query, products...)
		}
		return j.bench.GradeMany(query, products, *g)
	}, func(err error) {
		if err == nil {
			j.count()
			return
		}
		for i, item := range before {
			if i < len(j.items) && j.items[i].Product.ID == item.Product.ID && j.items[i].Query.Text == query {
				j.items[i] = item
				j.s.setGrade(query, item.Product.ID, item.Grade)
			}
		}
		j.show()
	})
	j.show()
}

// judgeLine is one product of the list.
type judgeLine struct {
	widget.BaseWidget
	painted
	l           *judgeList
	i           int
	content     fyne.CanvasObject
	here        *widgets.Panel // lies behind the product that keys are about
	mark        *widgets.Text
	title, kind *widgets.Text
	strip       *widgets.GradeStrip
}

func newJudgeLine(l *judgeList) *judgeLine {
	line := &judgeLine{
		l:     l,
		mark:  widgets.NewText("", widgets.Style{Bold: true, Align: fyne.TextAlignCenter}),
		title: widgets.NewText("", widgets.Style{Bold: true, Cut: true}),
		kind:  widgets.NewText("", widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Cut: true}),
		strip: widgets.NewGradeStrip(len(l.j.buttons)),
	}
	line.strip.SetColours(gradeColours(l.j.scale))
	keys := make([]string, len(l.j.scale))
	for g := range keys {
		keys[g] = strings.ToUpper(l.j.scale.Key(g))
	}
	line.strip.SetKeys(keys)
	line.strip.OnGrade = func(g engine.Grade) {
		l.j.at = line.i
		l.j.grade(g)
	}
	row := container.NewBorder(nil, nil, container.NewGridWrap(fyne.NewSize(28, line.mark.MinSize().Height), line.mark), container.NewCenter(line.strip),
		container.New(layout.NewCustomPaddedVBoxLayout(1), line.title, line.kind))
	line.here = widgets.NewPanel(widgets.Surface{Fill: theme.ColorRow, Radius: theme.Rounded}, container.NewWithoutLayout())
	line.content = container.NewStack(line.here, container.New(layout.NewCustomPaddedLayout(theme.Gap2, theme.Gap2, theme.Gap2, theme.Gap2), row))
	line.ExtendBaseWidget(line)
	return line
}

func (line *judgeLine) set(i int) {
	if i >= len(line.l.j.items) {
		return // the queue is another one, and the list about to be shown anew
	}
	line.i = i
	item := &line.l.j.items[i]
	mark, colour := "○", theme.ColorMuted
	if line.l.marked[line.l.pair(i)] {
		mark, colour = "●", theme.ColorAccentText
	}
	line.here.Hidden = i != line.l.j.at
	line.mark.SetText(mark)
	line.mark.SetColour(colour)
	line.title.SetText(item.Product.Title)
	line.kind.SetText(about(&item.Product))
	line.strip.Set(item.Grade)
	line.renew(line, line.content)
}

// Tapped implements fyne.Tappable.
func (line *judgeLine) Tapped(*fyne.PointEvent) {
	if line.i >= len(line.l.j.items) {
		return
	}
	line.l.j.at = line.i
	line.l.mark(line.i)
}

// CreateRenderer implements fyne.Widget.
func (line *judgeLine) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(line.content)
}

// marks says how many products are marked.
func (l *judgeList) marks() string {
	if n := len(l.marked); n > 0 {
		return locale.N(n, "%d marked: a grade key grades it, Delete clears it", "%d marked: a grade key grades them, Delete clears them")
	}
	return locale.T("X marks a product, A marks all")
}
