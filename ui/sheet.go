package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// question is what lies over the window until a person has answered: a sheet, or
// one of the toolkit's own dialogs for files.
type question interface {
	Show()
	Dismiss()
	SetOnClosed(func())
}

// sheet shows something over the window: a title, the content, which scrolls
// where the window is too low for it, and buttons. It is as large as its content
// needs. Escape and the cross close it.
type sheet struct {
	canvas fyne.Canvas
	over   *over
	closed func()
}

// newSheet makes a sheet that is not shown yet. The last button is the main one.
func newSheet(canvas fyne.Canvas, title string, content fyne.CanvasObject, buttons ...fyne.CanvasObject) *sheet {
	s := &sheet{canvas: canvas, closed: func() {}}
	s.over = newSheetOver(title, content, buttons, s.Dismiss)
	return s
}

// Show shows the sheet over everything else.
func (s *sheet) Show() {
	s.over.Resize(s.canvas.Size())
	s.canvas.Overlays().Add(s.over)
}

// Dismiss closes the sheet, once.
func (s *sheet) Dismiss() {
	for _, o := range s.canvas.Overlays().List() {
		if o == s.over {
			s.canvas.Overlays().Remove(s.over)
			s.closed()
			return
		}
	}
}

// SetOnClosed sets what is done after the sheet was closed.
func (s *sheet) SetOnClosed(closed func()) { s.closed = closed }

// newSheetOver lays the parts of a sheet over the window.
func newSheetOver(title string, content fyne.CanvasObject, buttons []fyne.CanvasObject, closes func()) *over {
	l := &sheetLayout{
		title:   widgets.NewText(title, widgets.Style{Size: fynetheme.SizeNameSubHeadingText, Bold: true, Cut: true}),
		close:   widgets.NewIconButton("close", closes),
		content: content,
		buttons: len(buttons) > 0,
	}
	// The bar of the scroll stands in the margin, clear of the content, and so does
	// what lights up around a word that is pointed at.
	l.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 0, theme.Gap, sheetInset-theme.Gap), content))
	l.foot = container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap2), layout.NewSpacer())
	for _, b := range buttons {
		l.foot.Add(b)
	}
	return newOver(fyne.Size{}, 0, container.New(l, l.title, l.close, l.scroll, l.foot), nil)
}

const sheetInset = theme.Gap5

// sheetLayout places title and cross, content, and buttons below each other.
type sheetLayout struct {
	title   *widgets.Text
	close   *widgets.Button
	content fyne.CanvasObject
	scroll  *container.Scroll
	foot    *fyne.Container
	buttons bool // some stand in the foot
}

// around is what stands above the content and below it.
func (l *sheetLayout) around() (head, foot float32) {
	head = theme.Gap3 + max(l.title.MinSize().Height, l.close.MinSize().Height) + theme.Gap2
	foot = sheetInset
	if l.buttons {
		foot += theme.Gap4 + l.foot.MinSize().Height
	}
	return head, foot
}

// Layout implements fyne.Layout.
func (l *sheetLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	head, foot := l.around()
	cross, title := l.close.MinSize(), l.title.MinSize().Height
	line := head - theme.Gap3 - theme.Gap2
	putAt(l.title, sheetInset, theme.Gap3+(line-title)/2, size.Width-2*sheetInset-cross.Width, title)
	putAt(l.close, size.Width-theme.Gap2-cross.Width, theme.Gap3+(line-cross.Height)/2, cross.Width, cross.Height)
	putAt(l.scroll, sheetInset-theme.Gap, head, size.Width-sheetInset, size.Height-head-foot)
	if l.buttons {
		height := l.foot.MinSize().Height
		putAt(l.foot, sheetInset, size.Height-sheetInset-height, size.Width-2*sheetInset, height)
	}
}

// MinSize implements fyne.Layout: it is the size at which nothing has to scroll.
func (l *sheetLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	head, foot := l.around()
	inner := l.content.MinSize()
	width := max(inner.Width, l.foot.MinSize().Width)
	return fyne.NewSize(width+2*sheetInset, head+inner.Height+foot)
}

// sheetField is a text field on a sheet: escape closes the sheet from there, too,
// and tab leads to the next field from one of several lines as well.
type sheetField struct{ widget.Entry }

func newSheetField() *sheetField {
	f := &sheetField{}
	f.ExtendBaseWidget(f)
	return f
}

// newLines makes a field of so many lines, for a sheet or a pane.
func newLines(lines int) *sheetField {
	f := newSheetField()
	if lines > 1 {
		f.MultiLine, f.Wrapping = true, fyne.TextWrapWord
		f.SetMinRowsVisible(lines)
	}
	return f
}

// AcceptsTab implements fyne.Tabbable.
func (f *sheetField) AcceptsTab() bool { return false }

// TypedKey implements fyne.Focusable.
func (f *sheetField) TypedKey(e *fyne.KeyEvent) { widgets.PassEscape(f, e, f.Entry.TypedKey) }

// sheetChoice is a field on a sheet with texts to choose from: escape closes the
// sheet from the field and from the arrow in it.
type sheetChoice struct{ widget.SelectEntry }

func newSheetChoice(choices []string) *sheetChoice {
	f := &sheetChoice{}
	f.ExtendBaseWidget(f)
	f.SetOptions(choices)
	arrow := &sheetArrow{}
	arrow.Importance, arrow.Icon, arrow.OnTapped = widget.LowImportance, fynetheme.MenuDropDownIcon(), f.ActionItem.(*widget.Button).OnTapped
	arrow.ExtendBaseWidget(arrow)
	f.ActionItem = arrow
	return f
}

// TypedKey implements fyne.Focusable.
func (f *sheetChoice) TypedKey(e *fyne.KeyEvent) { widgets.PassEscape(f, e, f.SelectEntry.TypedKey) }

type sheetArrow struct{ widget.Button }

// TypedKey implements fyne.Focusable.
func (a *sheetArrow) TypedKey(e *fyne.KeyEvent) { widgets.PassEscape(a, e, a.Button.TypedKey) }
