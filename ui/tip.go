package ui

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

const (
	tipWidth = 380
	tipRest  = 350 * time.Millisecond // the pointer rests for this long before a word is explained
	tipWords = 4                      // explained at once
)

// surface is the whole of a window below its menu. Where the pointer rests on a
// text that holds words of the glossary, it explains them; no screen has to do
// anything for that. What explains lies above everything and is in no one's way:
// it takes neither clicks nor the focus.
type surface struct {
	widget.BaseWidget
	inner *fyne.Container
	tip   *fyne.Container
	post  func(func())
	hurry bool // the pointer need not rest

	words *lexicon
	lang  locale.Language // of words
	on    fyne.CanvasObject
	text  string // of what the pointer is on
	rest  *time.Timer
}

func newSurface(inner *fyne.Container, post func(func())) *surface {
	s := &surface{inner: inner, post: post, tip: container.NewWithoutLayout()}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer implements fyne.Widget.
func (s *surface) CreateRenderer() fyne.WidgetRenderer { return &surfaceRenderer{s} }

type surfaceRenderer struct{ s *surface }

func (r *surfaceRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.s.inner, r.s.tip}
}
func (r *surfaceRenderer) Destroy()              {}
func (r *surfaceRenderer) MinSize() fyne.Size    { return r.s.inner.MinSize() }
func (r *surfaceRenderer) Layout(size fyne.Size) { r.s.inner.Resize(size); r.s.tip.Resize(size) }
func (r *surfaceRenderer) Refresh()              { r.s.inner.Refresh() }

// MouseIn implements desktop.Hoverable.
func (s *surface) MouseIn(e *desktop.MouseEvent) { s.MouseMoved(e) }

// MouseOut implements desktop.Hoverable.
func (s *surface) MouseOut() { s.leave() }

// MouseMoved implements desktop.Hoverable.
func (s *surface) MouseMoved(e *desktop.MouseEvent) {
	o, text, at := textAt(s.inner, e.Position, fyne.Position{})
	s.over(o, text, at)
}

// over is told what the pointer is on, nil for no text, and where that lies.
func (s *surface) over(o fyne.CanvasObject, text string, at fyne.Position) {
	if o == s.on {
		return
	}
	s.leave()
	if o == nil || text == "" {
		return
	}
	s.on, s.text = o, text
	explain := func() {
		if s.on == o && s.stands() {
			s.explain(s.jargon(text), at, o.Size())
		}
	}
	if s.hurry {
		explain()
		return
	}
	s.rest = time.AfterFunc(tipRest, func() { s.post(explain) })
}

// leave takes the explanation away.
func (s *surface) leave() {
	s.on = nil
	if s.rest != nil {
		s.rest.Stop()
		s.rest = nil
	}
	if s.explains() {
		s.tip.Objects = nil
		s.tip.Refresh()
	}
}

// look takes the explanation away where what it explains is gone, or says
// something else now: a pointer that does not move leaves nothing.
func (s *surface) look() {
	if s.explains() && !s.stands() {
		s.leave()
	}
}

// stands says whether what the pointer is on is still there.
func (s *surface) stands() bool {
	switch o := s.on.(type) {
	case interface{ Text() string }:
		if o.Text() != s.text {
			return false
		}
	case interface{ Label() string }:
		if o.Label() != s.text {
			return false
		}
	}
	return hasVisible(s.inner, s.on)
}

// hasVisible says whether a part of an object is there and visible.
func hasVisible(o, part fyne.CanvasObject) bool {
	return o == part || o.Visible() && slices.ContainsFunc(parts(o), func(child fyne.CanvasObject) bool { return child.Visible() && hasVisible(child, part) })
}

// explains says whether something is explained just now.
func (s *surface) explains() bool { return len(s.tip.Objects) > 0 }

// jargon lists the entries of the glossary that a text needs.
func (s *surface) jargon(text string) []entry {
	if s.words == nil || s.lang != locale.Current() {
		words, err := readLexicon()
		if err != nil {
			return nil // the Help menu says what is wrong with the pages
		}
		s.words, s.lang = words, locale.Current()
	}
	return s.words.in(text)
}

// explain shows entries below what they explain, or above it.
func (s *surface) explain(found []entry, at fyne.Position, of fyne.Size) {
	if len(found) == 0 {
		return
	}
	shown := explanation(found[:min(len(found), tipWords)], tipWidth)
	box := widgets.NewPanel(widgets.Surface{Fill: theme.ColorSurface, Stroke: fynetheme.ColorNameInputBorder, Radius: theme.Rounded, Across: theme.Gap3, Down: theme.Gap2}, shown)
	size, all := box.MinSize(), s.Size()
	x := max(min(at.X, all.Width-size.Width-theme.Gap2), theme.Gap2)
	y := at.Y + of.Height + theme.Gap
	if y+size.Height > all.Height-theme.Gap2 {
		y = max(at.Y-size.Height-theme.Gap, theme.Gap2)
	}
	box.Move(fyne.NewPos(x, y))
	box.Resize(size)
	s.tip.Objects = []fyne.CanvasObject{box}
	s.tip.Refresh()
}

// explanation is the text of some entries.
func explanation(found []entry, width float32) fyne.CanvasObject {
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2))
	for _, e := range found {
		column.Add(container.New(layout.NewCustomPaddedVBoxLayout(1),
			widgets.NewParagraph(strings.Join(e.terms, " · "), width, widgets.Style{Bold: true}),
			widgets.NewParagraph(e.text, width, widgets.Style{Colour: theme.ColorMuted})))
	}
	return column
}

// textAt finds the text that lies at a position of an object, the topmost first,
// and where it lies.
func textAt(o fyne.CanvasObject, pos, origin fyne.Position) (fyne.CanvasObject, string, fyne.Position) {
	size := o.Size()
	if !o.Visible() || pos.X < 0 || pos.Y < 0 || pos.X >= size.Width || pos.Y >= size.Height {
		return nil, "", origin
	}
	if w, ok := o.(interface{ Text() string }); ok {
		return o, w.Text(), origin
	}
	for _, child := range slices.Backward(parts(o)) {
		at := child.Position()
		if found, text, where := textAt(child, pos.Subtract(at), origin.Add(at)); found != nil {
			return found, text, where
		}
	}
	return nil, "", origin
}

// jargonOf lists the entries that an object's texts and buttons need, each once.
func (s *surface) jargonOf(o fyne.CanvasObject) []entry {
	var found []entry
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		text := ""
		switch w := o.(type) {
		case interface{ Text() string }:
			text = w.Text()
		case interface{ Label() string }:
			text = w.Label()
		default:
			for _, child := range parts(o) {
				walk(child)
			}
		}
		for _, e := range s.jargon(text) {
			if !slices.ContainsFunc(found, func(f entry) bool { return f.text == e.text }) {
				found = append(found, e)
			}
		}
	}
	walk(o)
	return found
}

// showWords explains the words of the present page, without a pointer.
func (w *window) showWords() {
	found := w.shell.content.jargonOf(w.shell.content.inner)
	if len(found) == 0 {
		w.showPage(glossaryPage)
		return
	}
	w.show(locale.T("Words on this page"), explanation(found, helpWidth))
	w.win.Canvas().Unfocus()
}
