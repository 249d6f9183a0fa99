package ui

import (
	"slices"
	"sort"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

const (
	paletteWidth  = 640
	paletteHeight = 440
	paletteLine   = 34
)

// palette finds anything that can be done by some letters of its name: what is
// typed narrows the list, arrows choose, return does it, escape leaves.
type palette struct {
	sh     *shell
	over   *over
	before fyne.Focusable // gets the focus back
	field  *paletteField
	list   *widget.List
	none   fyne.CanvasObject // stands in place of an empty list
	found  []*action
	at     int
}

// openPalette shows the command palette; once more closes it.
func (sh *shell) openPalette() {
	if sh.palette != nil {
		sh.closePalette()
		return
	}
	p := &palette{sh: sh, before: sh.canvas.Focused()}
	p.field = newPaletteField(p)
	p.list = widget.NewList(func() int { return len(p.found) }, func() fyne.CanvasObject { return newPaletteRow(p) },
		func(i widget.ListItemID, o fyne.CanvasObject) { o.(*paletteRow).set(i) })
	p.list.HideSeparators = true
	p.none = container.New(layout.NewCustomPaddedLayout(theme.Gap2, 0, theme.Gap3, theme.Gap3), container.NewVBox(
		widgets.NewText(locale.T("Nothing goes by that name. Try another word, or fewer letters."), widgets.Style{Colour: theme.ColorMuted, Cut: true})))
	p.over = newOver(fyne.NewSize(paletteWidth, paletteHeight), theme.Gap2, container.NewBorder(
		widgets.NewLead(p.field), nil, nil, nil,
		container.New(layout.NewCustomPaddedLayout(theme.Gap2, 0, 0, 0), p.list, p.none)), sh.closePalette)
	sh.palette = p
	p.over.Resize(sh.canvas.Size())
	p.narrow("")
	sh.canvas.Overlays().Add(p.over)
	sh.canvas.Focus(p.field)
}

// closePalette gives the focus back to what had it.
func (sh *shell) closePalette() {
	p := sh.palette
	if p == nil {
		return
	}
	sh.palette = nil
	sh.canvas.Overlays().Remove(p.over)
	if p.before != nil {
		sh.canvas.Focus(p.before)
	}
}

// narrow lists what goes with the letters typed, the best first: what cannot be
// done now comes last, and what goes with them far less well than the best is left
// out.
func (p *palette) narrow(typed string) {
	type match struct {
		a     *action
		score int
	}
	var matches []match
	best := 0
	for _, a := range p.sh.actions() {
		if a.id == "edit.palette" {
			continue
		}
		score, ok := a.match(typed)
		if !ok {
			continue
		}
		best = max(best, score)
		matches = append(matches, match{a, score})
	}
	matches = slices.DeleteFunc(matches, func(m match) bool { return 2*m.score < best })
	sort.SliceStable(matches, func(i, j int) bool {
		if x, y := p.works(matches[i].a), p.works(matches[j].a); x != y {
			return x
		}
		if matches[i].score != matches[j].score {
			return matches[i].score > matches[j].score
		}
		// Before anything is typed, what can be done here stands first.
		return typed == "" && p.sh.isHere(matches[i].a) && !p.sh.isHere(matches[j].a)
	})
	p.found = p.found[:0]
	for _, m := range matches {
		p.found = append(p.found, m.a)
	}
	p.choose(0)
}

// isHere says whether an action belongs to the place that is shown.
func (sh *shell) isHere(a *action) bool { return a.place != nil && a.place == sh.place }

// wordsAfterNames lets names that begin with what is typed come first, then those
// that have it in them, then what is called so.
const wordsAfterNames = 20

// match scores how well an action goes with what is typed: by the letters of its
// name in the present language, or in English for whoever knows it by that; by whole
// words of it; or by the words that it is called by besides.
func (a *action) match(typed string) (score int, ok bool) {
	score, ok = fuzzy(typed, a.title())
	if english, also := fuzzy(typed, a.name); also {
		score, ok = max(score, english), true
	}
	if by := called(typed, a.title()+" "+a.name); by > 0 {
		score, ok = max(score, by-wordsAfterNames), true
	}
	also := searchWords[a.id]
	if by := called(typed, a.title()+" "+a.name+" "+also+" "+locale.T(also)); by > 0 {
		score, ok = max(score, by-2*wordsAfterNames), true
	}
	return score, ok
}

// title is the action's name with the submenu it stands in.
func (a *action) title() string {
	if a.under != "" {
		return locale.T("%s: %s", locale.T(a.under), locale.T(a.name))
	}
	return locale.T(a.name)
}

func (p *palette) choose(i int) {
	p.at = min(max(i, 0), max(len(p.found)-1, 0))
	if len(p.found) > 0 {
		p.none.Hide()
	} else {
		p.none.Show()
	}
	p.list.Refresh()
	if len(p.found) > 0 {
		p.list.ScrollTo(p.at)
	}
}

// run closes the palette and does what is chosen.
func (p *palette) run() {
	if p.at < len(p.found) {
		a := p.found[p.at]
		p.sh.closePalette()
		p.sh.do(a)
	}
}

// What a letter counts at the beginning of a word, and right behind the one before.
const (
	wordStart = 8
	inARun    = 5
)

// fuzzy scores how well the letters typed, in their order, go with a name; false
// where one of them is missing. Beginnings of words and runs of letters count
// more, long names a little less.
func fuzzy(typed, name string) (score int, ok bool) {
	want := []rune(strings.ToLower(strings.Join(strings.Fields(typed), "")))
	if len(want) == 0 {
		return 0, true
	}
	letters := []rune(strings.ToLower(name))
	const none = -1 << 30
	// best[j] is the best score of the letters so far with the last of them at j.
	best := make([]int, len(letters))
	for i, w := range want {
		next := slices.Repeat([]int{none}, len(letters))
		before := none // the best of the letters before, two places or more back
		for j, l := range letters {
			if j >= 2 && i > 0 {
				before = max(before, best[j-2])
			}
			if l != w {
				continue
			}
			gain := 1
			if j == 0 || !unicode.IsLetter(letters[j-1]) && !unicode.IsDigit(letters[j-1]) {
				gain = wordStart
			}
			switch {
			case i == 0:
				next[j] = gain
			case j > 0:
				next[j] = max(before+gain, best[j-1]+max(gain, inARun))
			}
		}
		best = next
	}
	score = slices.Max(append(best, none))
	if score < 0 {
		return 0, false
	}
	if strings.HasPrefix(strings.ToLower(name), strings.ToLower(typed)) {
		score = 2 * len(want) * wordStart // beats any beginnings of words, and the shortest of these is first
	}
	return 10*score - len(letters)/4, true
}

// paletteField is where the letters are typed.
type paletteField struct {
	widget.Entry
	p *palette
}

func newPaletteField(p *palette) *paletteField {
	f := &paletteField{p: p}
	f.ExtendBaseWidget(f)
	f.PlaceHolder = locale.T("What do you want to do?")
	f.Icon = theme.Icon("search", theme.ColorMuted)
	f.OnChanged = p.narrow
	f.OnSubmitted = func(string) { p.run() }
	return f
}

// paletteStep is how far page up and page down go.
const paletteStep = 8

// TypedKey implements fyne.Focusable.
func (f *paletteField) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		f.p.sh.closePalette()
	case fyne.KeyDown:
		f.p.choose(f.p.at + 1)
	case fyne.KeyUp:
		f.p.choose(f.p.at - 1)
	case fyne.KeyPageDown:
		f.p.choose(f.p.at + paletteStep)
	case fyne.KeyPageUp:
		f.p.choose(f.p.at - paletteStep)
	default:
		f.Entry.TypedKey(e)
	}
}

// paletteRow is one action: its name, its menu and its key.
type paletteRow struct {
	widget.BaseWidget
	painted
	p         *palette
	i         int
	back      *canvas.Rectangle
	name      *widgets.Text
	menu, key *widgets.Text
}

func newPaletteRow(p *palette) *paletteRow {
	caption := widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Align: fyne.TextAlignTrailing}
	r := &paletteRow{p: p, back: canvas.NewRectangle(nil), name: widgets.NewText("", widgets.Style{Cut: true}),
		menu: widgets.NewText("", caption), key: widgets.NewText("", caption)}
	r.back.CornerRadius = theme.Rounded
	r.ExtendBaseWidget(r)
	return r
}

// Tapped implements fyne.Tappable.
func (r *paletteRow) Tapped(*fyne.PointEvent) {
	r.p.at = r.i
	r.p.run()
}

// works says whether an action works where the person is.
func (p *palette) works(a *action) bool { return p.sh.can(a) && !p.sh.elsewhere(a) }

func (r *paletteRow) set(i int) {
	if i >= len(r.p.found) {
		return
	}
	a := r.p.found[i]
	r.i = i
	r.name.SetText(a.title())
	colour := fynetheme.ColorNameForeground
	if !r.p.sh.can(a) {
		colour = theme.ColorMuted
	}
	r.name.SetColour(colour)
	r.menu.SetText(a.group.title())
	r.key.SetText(a.key.String())
	r.back.Hidden = i != r.p.at
	r.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (r *paletteRow) CreateRenderer() fyne.WidgetRenderer { return &paletteRowRenderer{r} }

type paletteRowRenderer struct{ r *paletteRow }

func (w *paletteRowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{w.r.back, w.r.name, w.r.menu, w.r.key}
}
func (w *paletteRowRenderer) Destroy()           {}
func (w *paletteRowRenderer) MinSize() fyne.Size { return fyne.NewSize(200, paletteLine) }

func (w *paletteRowRenderer) Layout(size fyne.Size) {
	const menuWidth, keyWidth = 100, 90
	r := w.r
	r.back.Resize(size)
	place := func(t *widgets.Text, x, width float32) {
		h := t.MinSize().Height
		t.Move(fyne.NewPos(x, (size.Height-h)/2))
		t.Resize(fyne.NewSize(width, h))
	}
	right := size.Width - theme.Gap3
	place(r.key, right-keyWidth, keyWidth)
	place(r.menu, right-keyWidth-menuWidth, menuWidth)
	place(r.name, theme.Gap3, right-keyWidth-menuWidth-2*theme.Gap3)
}

func (w *paletteRowRenderer) Refresh() {
	w.r.renew(w.r, w.r.name, w.r.menu, w.r.key)
	w.r.back.FillColor = fynetheme.ColorForWidget(theme.ColorRow, w.r)
	w.r.back.Refresh()
}
