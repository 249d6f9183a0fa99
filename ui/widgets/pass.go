package widgets

import "fyne.io/fyne/v2"

// PassKey hands a key that a focused object has no use for to its canvas, as if
// nothing had the focus.
func PassKey(o fyne.CanvasObject, e *fyne.KeyEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(e)
	}
}

// PassRune hands a letter that a focused object has no use for to its canvas, as
// if nothing had the focus.
func PassRune(o fyne.CanvasObject, r rune) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}

// PassEscape hands escape to the canvas of a focused object, and every other key
// to the object's own handling.
func PassEscape(o fyne.CanvasObject, e *fyne.KeyEvent, own func(*fyne.KeyEvent)) {
	if e.Name == fyne.KeyEscape {
		PassKey(o, e)
		return
	}
	own(e)
}
