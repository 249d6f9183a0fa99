package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// resultList is the ranked page. While it has the focus, one key does one thing:
// see keys.
type resultList struct {
	widget.List
	s       *search
	focused bool
	colours map[string]int // feature → its place, which decides its colour
	full    float64        // the score that fills a bar
}

func newResultList(s *search) *resultList {
	l := &resultList{s: s}
	l.Length = func() int {
		if s.page == nil {
			return 0
		}
		return len(s.page.Results)
	}
	l.CreateItem = func() fyne.CanvasObject { return newResultRow(l) }
	l.UpdateItem = func(i int, item fyne.CanvasObject) {
		item.(*resultRow).set(i)
		if s.page != nil && i >= len(s.page.Results)-resultsWanted/4 {
			s.more()
		}
	}
	l.HideSeparators = true
	l.ExtendBaseWidget(l)
	return l
}

// show draws the page again where it stands.
func (l *resultList) show() {
	l.colours = featureColours(l.s.bench)
	l.full = 0
	if l.s.page != nil {
		l.full = fullBar(l.s.page)
	}
	l.Refresh()
}

// featureColours are the features' places, which decide their colours.
func featureColours(b Bench) map[string]int {
	colours := map[string]int{}
	for i, f := range b.Features() {
		colours[f.Name] = i
	}
	return colours
}

// fullBar is the score that fills a bar: the most that adds up on a page.
func fullBar(page *workbench.Page) float64 {
	full := 0.0
	for i := range page.Results {
		sum := 0.0
		for _, c := range page.Results[i].Contributions {
			sum += max(c.Contribution, 0)
		}
		full = max(full, sum)
	}
	return full
}

// FocusGained implements fyne.Focusable.
func (l *resultList) FocusGained() { l.focused = true; l.Refresh() }

// FocusLost implements fyne.Focusable.
func (l *resultList) FocusLost() { l.focused = false; l.Refresh() }

// TypedKey implements fyne.Focusable.
func (l *resultList) TypedKey(e *fyne.KeyEvent) { l.s.key(e.Name) }

// TypedRune implements fyne.Focusable.
func (l *resultList) TypedRune(r rune) { l.s.typed(r) }

// everything is farther than any page reaches.
const everything = 1 << 30

// pageStep is how many rows page up and page down move.
const pageStep = 10

// key does what a key means while no text is typed.
func (s *search) key(name fyne.KeyName) {
	switch name {
	case fyne.KeyDown:
		s.move(1)
	case fyne.KeyUp:
		s.move(-1)
	case fyne.KeyPageDown:
		s.move(pageStep)
	case fyne.KeyPageUp:
		s.move(-pageStep)
	case fyne.KeyHome:
		s.move(-everything)
	case fyne.KeyEnd:
		s.move(everything)
	case fyne.KeyLeft, fyne.KeyRight:
		if s.split.on() {
			s.split.face(map[fyne.KeyName]int{fyne.KeyLeft: 0, fyne.KeyRight: 1}[name])
		}
	case fyne.KeyDelete, fyne.KeyBackspace:
		s.clearSelected()
	case fyne.KeyEscape:
		if !s.closeAside() {
			s.focus(s.field)
		}
	}
}

// gradeRune grades the selected result with a figure; false for any other letter.
func (s *search) gradeRune(r rune) bool {
	g := int(r - '0')
	if r < '0' || r > '9' || g >= len(s.bench.Scale()) {
		return false
	}
	s.gradeSelected(engine.Grade(g))
	return true
}

const (
	rankWidth   = 28
	scoreWide   = 200
	scoreNarrow = 96
	titleWanted = 280 // below this the score gives up space
	titleLeast  = 200 // below this the thumbnail does
	rowInset    = theme.Gap3
	betweenRows = 1.5 // half way to the next row
)

// resultRow shows one result. Its objects are made once and changed in place.
type resultRow struct {
	widget.BaseWidget
	resultParts
	list *resultList

	line       *canvas.Rectangle
	why, score *widgets.Text
	strip      *widgets.GradeStrip
}

func newResultRow(l *resultList) *resultRow {
	r := &resultRow{
		list: l, resultParts: newResultParts(),
		line:  canvas.NewRectangle(nil),
		why:   widgets.NewText(locale.T("why"), widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorAccentText}),
		score: widgets.NewText("", widgets.Style{Align: fyne.TextAlignTrailing}),
		strip: widgets.NewGradeStrip(len(l.s.bench.Scale())),
	}
	r.strip.SetColours(gradeColours(l.s.bench.Scale()))
	r.strip.OnGrade = func(g engine.Grade) {
		id := r.id
		l.s.focus(l)
		l.s.pick(id)
		if i := l.s.row(id); i >= 0 {
			if old := l.s.page.Results[i].Grade; old != nil && *old == g {
				l.s.grade(id, nil) // pressed again: taken away
				return
			}
		}
		l.s.grade(id, &g)
	}
	r.ExtendBaseWidget(r)
	return r
}

// Tapped implements fyne.Tappable.
func (r *resultRow) Tapped(e *fyne.PointEvent) {
	s := r.list.s
	s.focus(r.list)
	if why := r.why.Position(); !r.why.Hidden && e.Position.X >= why.X && e.Position.X < why.X+r.why.Size().Width && e.Position.Y < r.bar.Position().Y {
		s.inspector.choose(true)
	}
	s.pick(r.id)
}

// set shows the i-th result of the page.
func (r *resultRow) set(i int) {
	s := r.list.s
	if s.page == nil || i >= len(s.page.Results) {
		return
	}
	result := &s.page.Results[i]
	r.resultParts.set(s, result, i, r.list.colours, r.list.full)
	r.setMoved(movement(s.before, r.id, i))
	r.about.SetText(about(&result.Product))
	r.score.SetText(number(result.Score, 3))
	r.strip.Set(result.Grade)

	selected := r.id == s.selected
	r.back.Hidden, r.line.Hidden = !selected, selected
	r.focus.Hidden = !selected || !r.list.focused
	r.why.Hidden = !selected
	r.Refresh()
}

// movement says how far a product has moved to stand at place now.
func movement(before map[string]int, product string, now int) (string, fyne.ThemeColorName) {
	if before == nil {
		return "", theme.ColorMuted
	}
	was, ok := before[product]
	switch {
	case !ok:
		return "new", theme.ColorRise
	case was > now:
		return fmt.Sprintf("▲%d", was-now), theme.ColorRise
	case was < now:
		return fmt.Sprintf("▼%d", now-was), theme.ColorFall
	}
	return "", theme.ColorMuted
}

// CreateRenderer implements fyne.Widget.
func (r *resultRow) CreateRenderer() fyne.WidgetRenderer {
	w := &resultRowRenderer{r: r, objects: []fyne.CanvasObject{
		r.back, r.focus, r.line, r.rank, r.moved, r.thumb, r.title, r.about, r.why, r.score, r.bar, r.strip,
	}}
	w.Refresh()
	return w
}

type resultRowRenderer struct {
	r       *resultRow
	objects []fyne.CanvasObject
}

func (w *resultRowRenderer) Objects() []fyne.CanvasObject { return w.objects }
func (w *resultRowRenderer) Destroy()                     {}

func (w *resultRowRenderer) MinSize() fyne.Size {
	width := 2*rowInset + asText(rankWidth) + widgets.ThumbnailSize + scoreNarrow + 4*theme.Gap3 + w.r.strip.MinSize().Width
	return fyne.NewSize(width, fynetheme.Size(theme.SizeRow))
}

func (w *resultRowRenderer) Layout(size fyne.Size) {
	r := w.r
	putAt(r.back, 0, -betweenRows, size.Width, size.Height+betweenRows+2)
	putAt(r.focus, 0, 8, 3, size.Height-16)
	putAt(r.line, rowInset, size.Height+betweenRows, size.Width-2*rowInset, 1)

	body, caption, both := r.lines()
	top := (size.Height - both) / 2
	second := top + body + 1
	x := float32(rowInset)
	rank := asText(rankWidth)
	r.placeRank(x, rank, size.Height)
	x += rank + theme.Gap3
	strip := r.strip.MinSize()
	right := size.Width - rowInset - strip.Width
	tile := fynetheme.Size(theme.SizeTile)
	r.thumb.Hidden = right-theme.Gap3-scoreNarrow-theme.Gap4-x-tile-theme.Gap3 < titleLeast
	if !r.thumb.Hidden {
		putAt(r.thumb, x, (size.Height-tile)/2, tile, tile)
		x += tile + theme.Gap3
	}

	putAt(r.strip, right, (size.Height-strip.Height)/2, strip.Width, strip.Height)
	right -= theme.Gap3
	score := min(max(right-x-theme.Gap4-titleWanted, scoreNarrow), scoreWide)
	right -= score
	bar := r.bar.MinSize().Height
	putAt(r.score, right, top, score, body)
	putAt(r.why, right, top+(body-caption), r.why.MinSize().Width, caption)
	putAt(r.bar, right, second+(caption-bar)/2, score, bar)
	right -= theme.Gap4
	putAt(r.title, x, top, right-x, body)
	putAt(r.about, x, second, right-x, caption)
}

func (w *resultRowRenderer) Refresh() {
	r := w.r
	r.renew(r, w.objects...)
	r.back.FillColor = fynetheme.ColorForWidget(theme.ColorRow, r)
	r.focus.FillColor = fynetheme.ColorForWidget(fynetheme.ColorNamePrimary, r)
	r.line.FillColor = fynetheme.ColorForWidget(fynetheme.ColorNameSeparator, r)
	w.Layout(r.Size())
	canvas.Refresh(r)
}
