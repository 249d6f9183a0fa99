package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Check is the toolkit's box to tick, which has no use for any key but the space.
type Check struct{ widget.Check }

// NewCheck makes a box to tick; changed is told what it was set to, nil for no
// one.
func NewCheck(label string, changed func(bool)) *Check {
	c := &Check{}
	c.Text, c.OnChanged = label, changed
	c.ExtendBaseWidget(c)
	return c
}

// TypedKey implements fyne.Focusable.
func (c *Check) TypedKey(e *fyne.KeyEvent) { PassKey(c, e) }
