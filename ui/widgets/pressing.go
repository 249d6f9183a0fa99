package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Hovered is told the label of the button or chip that the pointer is on, and ""
// when it leaves: they hide the pointer from what lies below them.
var Hovered = func(pressed fyne.CanvasObject, label string) {}

// pressing is what a widget that is pressed embeds: it is pressed with the
// pointer, with space and with return, and knows whether the pointer is on it and
// whether it has the focus.
type pressing struct {
	OnTapped func()

	self    labelled
	hovered bool
	focused bool
}

// labelled is a widget with a text on it.
type labelled interface {
	fyne.Widget
	Label() string
}

// Tapped implements fyne.Tappable.
func (p *pressing) Tapped(*fyne.PointEvent) {
	Hovered(p.self, "") // whoever presses it knows what it says, and it may be gone now
	if !p.disabled() && p.OnTapped != nil {
		p.OnTapped()
	}
}

func (p *pressing) disabled() bool {
	d, ok := p.self.(fyne.Disableable)
	return ok && d.Disabled()
}

// MouseIn implements desktop.Hoverable.
func (p *pressing) MouseIn(*desktop.MouseEvent) {
	p.hovered = true
	p.self.Refresh()
	Hovered(p.self, p.self.Label())
}

// MouseMoved implements desktop.Hoverable.
func (p *pressing) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (p *pressing) MouseOut() {
	p.hovered = false
	p.self.Refresh()
	Hovered(p.self, "")
}

// Cursor implements desktop.Cursorable.
func (p *pressing) Cursor() desktop.Cursor {
	if p.disabled() {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// FocusGained implements fyne.Focusable.
func (p *pressing) FocusGained() { p.focused = true; p.self.Refresh() }

// FocusLost implements fyne.Focusable.
func (p *pressing) FocusLost() { p.focused = false; p.self.Refresh() }

// TypedRune implements fyne.Focusable: it types nothing, so that letters mean
// what they mean without it.
func (p *pressing) TypedRune(r rune) { PassRune(p.self, r) }

// TypedKey implements fyne.Focusable: space and return press it.
func (p *pressing) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		p.Tapped(nil)
	default:
		PassKey(p.self, e)
	}
}
