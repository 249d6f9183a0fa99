package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/test"

	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

const (
	inspectorMost = 640
	inspectorStep = 40
	pageLeast     = 420 // the page beside the inspector gets no narrower
	railNarrow    = 56
	railWide      = 176
)

// panes is how the window is divided; it is remembered.
type panes struct {
	inspector float32 // its width
	folded    bool    // the inspector is out of the way
	names     bool    // the rail says what its icons mean

	split bool      // the Search place sets two rankings side by side
	sides [2]string // their names, see split
}

// railWidth is how wide the rail is.
func (p *panes) railWidth() float32 {
	if p.names {
		return railWide
	}
	return railNarrow
}

// divide lays the window out anew with another division and remembers it.
func (sh *shell) divide(change func(*panes)) {
	change(&sh.panes)
	sh.panes.inspector = min(max(sh.panes.inspector, inspectorWidth), inspectorMost)
	sh.rail.setNames(sh.panes.names)
	sh.keepPanes(sh.panes)
	sh.content.Refresh()
}

// fitSides breaks the lines of the panes for the width that the window leaves
// them.
func (sh *shell) fitSides(width float32) {
	by := width - sh.sides
	if by == 0 {
		return
	}
	sh.sides = width
	for _, p := range sh.places {
		if p.side != nil {
			stretch(p.side, by)
		}
	}
}

// fillsPane is the least width of a paragraph that takes its share of a pane.
const fillsPane = 200

// stretch gives the paragraphs of a pane that has grown their share of it: those
// that fill it, or nearly.
func stretch(o fyne.CanvasObject, by float32) {
	if p, ok := o.(*widgets.Paragraph); ok {
		if p.Width() >= fillsPane {
			p.SetWidth(p.Width() + by)
		}
		return
	}
	for _, child := range parts(o) {
		stretch(child, by)
	}
}

// parts are the objects that an object is made of.
func parts(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case fyne.Widget:
		return test.WidgetRenderer(o).Objects()
	}
	return nil
}

// paneActions divide the window without a mouse.
func (w *window) paneActions() []action {
	sh := w.shell
	inspector := func() bool { return sh.place != nil && sh.place.side != nil }
	none := locale.Mark("There is no pane beside this page.")
	return []action{
		{id: "pane.wider", name: "Wider pane", group: groupView, key: withMain(fyne.KeyRightBracket), apart: true, enabled: inspector, why: none,
			run: func() { sh.divide(func(p *panes) { p.inspector += inspectorStep }) }},
		{id: "pane.narrower", name: "Narrower pane", group: groupView, key: withMain(fyne.KeyLeftBracket), enabled: inspector, why: none,
			run: func() { sh.divide(func(p *panes) { p.inspector -= inspectorStep }) }},
		{id: "pane.fold", name: "Fold the pane away", group: groupView, key: withMain(fyne.KeyBackslash), enabled: inspector, why: none,
			on: func() bool { return sh.panes.folded }, run: func() { sh.divide(func(p *panes) { p.folded = !p.folded }); w.showMenu() }},
		{id: "pane.names", name: "Names in the rail", group: groupView,
			on: func() bool { return sh.panes.names }, run: func() { sh.divide(func(p *panes) { p.names = !p.names }); w.showMenu() }},
	}
}

// besideBar scrolls a column whose bar stands in the margin at the right of the
// page, clear of the column.
func besideBar(column fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(0, 0, 0, -theme.Gap2),
		container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 0, 0, theme.Gap2), column)))
}

// flush puts a box to tick in line with what stands above it: the toolkit's has a
// margin of its own.
func flush(check fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(0, 0, -theme.Gap2, 0), check)
}

// sideColumn is a column beside the page. It scrolls, with the bar in the margin,
// clear of what stands at the right.
func sideColumn(column fyne.CanvasObject) fyne.CanvasObject {
	return widgets.NewPanel(widgets.Surface{Fill: theme.ColorSurface}, container.NewVScroll(
		container.New(layout.NewCustomPaddedLayout(theme.Gap4, theme.Gap4, theme.Gap4, theme.Gap4), column)))
}
