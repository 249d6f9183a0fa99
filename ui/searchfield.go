package ui

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/locale"
	"touchstone/ui/theme"
)

// searchField is where a query is typed. Escape clears it, return and the down
// arrow lead to the results.
type searchField struct {
	widget.Entry
	onDown func()
}

func newSearchField() *searchField {
	f := &searchField{}
	f.ExtendBaseWidget(f)
	f.PlaceHolder = locale.T("Search the catalogue")
	f.Icon = theme.Icon("search", theme.ColorMuted)
	return f
}

// TypedKey implements fyne.Focusable.
func (f *searchField) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		f.SetText("")
	case fyne.KeyDown:
		f.onDown()
	default:
		f.Entry.TypedKey(e)
	}
}

// TypedRune implements fyne.Focusable. The key that leads to the field begins no
// query where the field has the focus already.
func (f *searchField) TypedRune(r rune) {
	if r != '/' || f.Text != "" {
		f.Entry.TypedRune(r)
	}
}

// SetText changes the text, of which nothing is selected then: the toolkit would
// keep where the selection began, and the second letter typed would replace the
// first.
func (f *searchField) SetText(text string) {
	if f.SelectedText() != "" {
		f.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	}
	f.Entry.SetText(text)
}

// setQuietly changes the text without a search for it.
func (f *searchField) setQuietly(text string) {
	changed := f.OnChanged
	f.OnChanged = nil
	f.SetText(text)
	f.OnChanged = changed
	f.CursorColumn = utf8.RuneCountInString(text)
	f.Refresh()
}
