package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/ui/theme"
)

// painted is the look in which a row of a list was last painted. A list keeps the
// rows that are out of sight, and where the look changes the toolkit paints anew
// only what is in sight.
type painted struct{ row color.Color }

// renew paints the parts of a row anew where it was last painted in another look
// than that of now.
func (p *painted) renew(row fyne.Widget, parts ...fyne.CanvasObject) {
	was := p.row
	p.row = fynetheme.ColorForWidget(theme.ColorRow, row)
	if p.row == was {
		return
	}
	for _, part := range parts {
		part.Refresh()
	}
}
