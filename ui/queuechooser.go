package ui

import (
	"fyne.io/fyne/v2"

	"touchstone/ui/widgets"
)

// queueChooser chooses a queue. Letters grade even while it has the focus.
type queueChooser struct {
	widgets.Select
	quiet func()
}

func newQueueChooser(names []string, quiet func()) *queueChooser {
	c := &queueChooser{quiet: quiet}
	c.Options = names
	c.ExtendBaseWidget(c)
	return c
}

// TypedRune implements fyne.Focusable.
func (c *queueChooser) TypedRune(r rune) { widgets.PassRune(c, r) }

// TypedKey implements fyne.Focusable.
func (c *queueChooser) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape {
		c.quiet()
		return
	}
	c.Select.TypedKey(e)
}
