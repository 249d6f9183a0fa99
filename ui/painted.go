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

// stale is whether the row was last painted in another look than that of now, in
// which it is about to be.
func (p *painted) stale(row fyne.Widget) bool {
	was := p.row
	p.row = fynetheme.ColorForWidget(theme.ColorRow, row)
	return p.row != was
}
