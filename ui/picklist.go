package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/widgets"
)

// pickList is a list whose arrows choose at once, and which leaves letters to
// the place that it is on: the toolkit's own swallows them and wants a space.
type pickList struct {
	widget.List
	typed func(rune) bool // of the place
}

func newPickList(length func() int, create func() fyne.CanvasObject, update func(int, fyne.CanvasObject), picked func(int), typed func(rune) bool) *pickList {
	l := &pickList{typed: typed}
	l.Length, l.CreateItem, l.UpdateItem, l.OnSelected = length, create, update, picked
	l.HideSeparators = true
	l.ExtendBaseWidget(l)
	return l
}

// first chooses the row that the keys are at, when they come to the list.
func (l *pickList) first() { l.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace}) }

// TypedRune implements fyne.Focusable.
func (l *pickList) TypedRune(r rune) {
	if r != ' ' { // as a key it chooses
		l.typed(r)
	}
}

// TypedKey implements fyne.Focusable.
func (l *pickList) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyUp, fyne.KeyDown:
		l.List.TypedKey(e)
		l.first()
	case fyne.KeySpace:
		l.List.TypedKey(e)
	default:
		widgets.PassKey(l, e)
	}
}
