package widgets

import (
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
)

// Delta is a badge that says how something changed: better, worse or not. The
// direction is told by an arrow and a sign as well as by the colour.
type Delta struct {
	widget.BaseWidget
	change float64
	text   *Text
	panel  *Panel
}

// NewDelta makes a badge that shows nothing yet.
func NewDelta() *Delta {
	d := &Delta{text: NewText("", Style{Size: fynetheme.SizeNameCaptionText})}
	d.panel = NewPanel(Surface{Radius: 9, Across: theme.Gap2, Down: 1}, d.text)
	d.ExtendBaseWidget(d)
	return d
}

// Set shows a change and its figures, such as "+0.027". The sign of change
// decides the arrow and the colours: more is better, 0 is neither.
func (d *Delta) Set(change float64, figures string) {
	arrow, ink, fill := "", theme.ColorMuted, theme.ColorTrackSoft
	switch {
	case change > 0:
		arrow, ink, fill = "▲ ", theme.ColorRise, theme.ColorRiseSoft
	case change < 0:
		arrow, ink, fill = "▼ ", theme.ColorFall, theme.ColorFallSoft
	}
	d.change = change
	d.panel.surface.Fill = fill
	d.text.SetColour(ink)
	d.text.SetText(arrow + figures)
	d.Hidden = figures == ""
	d.panel.Refresh()
	d.Refresh()
}

// Text is what the badge says.
func (d *Delta) Text() string { return d.text.Text() }

// CreateRenderer implements fyne.Widget.
func (d *Delta) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(d.panel) }
