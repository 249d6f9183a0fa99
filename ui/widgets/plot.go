package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// plot is what all plots have in common: one of their parts, a bar, a dot, a bin
// or a point, may lie under the pointer.
type plot struct {
	widget.BaseWidget
	// OnHover is called with the part under the pointer, −1 for none; it may be nil.
	OnHover func(i int)

	part  func(pos fyne.Position) int // that lies there, −1 for none
	hover int                         // −1 for none
}

// MouseIn implements desktop.Hoverable.
func (p *plot) MouseIn(e *desktop.MouseEvent) { p.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (p *plot) MouseMoved(e *desktop.MouseEvent) { p.over(p.part(e.Position)) }

// MouseOut implements desktop.Hoverable.
func (p *plot) MouseOut() { p.over(-1) }

func (p *plot) over(i int) {
	if i == p.hover {
		return
	}
	p.hover = i
	p.Refresh()
	if p.OnHover != nil {
		p.OnHover(i)
	}
}

// choicePlot is a plot of which a part is chosen by pressing it.
type choicePlot struct {
	plot
	// OnChosen is called when another part is chosen; it may be nil.
	OnChosen func(i int)

	parts  int
	chosen int // −1 for none
}

// renew shows other parts; which one is chosen is forgotten.
func (p *choicePlot) renew(parts int) {
	p.parts, p.chosen, p.hover = parts, -1, -1
	p.Refresh()
}

// Choose marks a part, −1 for none, without calling OnChosen.
func (p *choicePlot) Choose(i int) {
	if i >= p.parts {
		i = -1
	}
	p.chosen = i
	p.Refresh()
}

// Chosen is the part that is marked, −1 for none.
func (p *choicePlot) Chosen() int { return p.chosen }

func (p *choicePlot) choose(i int) {
	if i < 0 || i >= p.parts {
		return
	}
	p.Choose(i)
	if p.OnChosen != nil {
		p.OnChosen(i)
	}
}

// marked is the part that is pointed at, or else the one that is chosen, −1 for
// none.
func (p *choicePlot) marked() int {
	if p.hover >= 0 {
		return p.hover
	}
	return p.chosen
}

// Tapped implements fyne.Tappable.
func (p *choicePlot) Tapped(e *fyne.PointEvent) { p.choose(p.part(e.Position)) }

// Cursor implements desktop.Cursorable.
func (p *choicePlot) Cursor() desktop.Cursor { return desktop.PointerCursor }
