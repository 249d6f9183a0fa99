package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// rail is the column of places at the left. At its foot are the light or dark
// look and the list of keys.
type rail struct {
	content    fyne.CanvasObject
	places     *fyne.Container
	buttons    map[*place]*widgets.Button
	look, help *widgets.Button
}

func newRail() *rail {
	r := &rail{places: container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))}
	r.look, r.help = widgets.NewIconButton("theme", nil), widgets.NewIconButton("help", nil)
	r.content = widgets.NewPanel(widgets.Surface{Fill: theme.ColorSurface, Across: 7, Down: theme.Gap3},
		container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap), r.places, layout.NewSpacer(), r.look, r.help))
	return r
}

// set shows a button for each place of a workspace.
func (r *rail) set(places []*place, goTo func(id string)) {
	r.places.RemoveAll()
	r.buttons = map[*place]*widgets.Button{}
	for _, p := range places {
		b := widgets.NewIconButton(p.kind.id, func() { goTo(p.kind.id) })
		r.buttons[p] = b
		r.places.Add(b)
	}
}

// setNames says beside the icons what they mean, or not.
func (r *rail) setNames(on bool) {
	name := func(b *widgets.Button, text string) {
		if !on {
			text = ""
		}
		b.SetLabel(text)
	}
	for p, b := range r.buttons {
		name(b, locale.T(p.kind.name))
	}
	name(r.look, locale.T("Light or dark"))
	name(r.help, locale.T("Keys"))
	r.content.Refresh()
}

// mark shows which place is up.
func (r *rail) mark(up *place) {
	for p, b := range r.buttons {
		b.SetSelected(p == up)
	}
}
