package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// keySection is the keys of a place, or those that work everywhere.
type keySection struct {
	title string
	lines []keyHelp
}

// keySections lists every key: of the place that is shown first, then those that
// work everywhere, then those of the other places.
func (sh *shell) keySections() []keySection {
	everywhere := keySection{title: locale.T("Everywhere")}
	of := map[*place]*keySection{}
	for _, p := range sh.places {
		s := &keySection{title: locale.T(p.kind.name)}
		for _, k := range p.keys {
			s.lines = append(s.lines, keyHelp{k.keys, capital(locale.T(k.does))})
		}
		of[p] = s
	}
	for _, a := range sh.actions() {
		if a.key == (key{}) {
			continue
		}
		line := keyHelp{a.key.String(), locale.T(a.name)}
		if a.place == nil || a.anywhere && a.key.name != "" {
			everywhere.lines = append(everywhere.lines, line)
		} else {
			s := of[a.place]
			s.lines = append(s.lines, line)
		}
	}
	everywhere.lines = append(everywhere.lines, keyHelp{"Tab", capital(locale.T("go through fields, results, sliders and buttons"))})
	var sections []keySection
	if sh.place != nil && len(of[sh.place].lines) > 0 {
		sections = append(sections, *of[sh.place])
	}
	sections = append(sections, everywhere)
	for _, p := range sh.places {
		if p != sh.place && len(of[p].lines) > 0 {
			sections = append(sections, *of[p])
		}
	}
	return sections
}

// The list of keys: a column, or two where the window has room for them.
const (
	keysColumn = 400
	keysWide   = 2*keysColumn + 160
)

func (w *window) showKeys() {
	sections := w.shell.keySections()
	lines := 0
	for _, s := range sections {
		lines += len(s.lines) + 2 // with its title and the space above it
	}
	column := func() *fyne.Container { return container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2)) }
	columns := []*fyne.Container{column()}
	if w.win.Canvas().Size().Width >= keysWide {
		columns = append(columns, column())
	}
	at, filled := 0, 0
	for _, s := range sections {
		// Full is a column that has its share already; a section stays whole.
		if at+1 < len(columns) && filled > 0 && 2*filled+len(s.lines) > lines {
			at++
		}
		filled += len(s.lines) + 2
		addKeys(columns[at], s)
	}
	content := fyne.CanvasObject(columns[0])
	if len(columns) > 1 {
		content = container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap6+theme.Gap2), columns[0], columns[1])
	}
	w.show(locale.T("Keys"), content)
}

func addKeys(column *fyne.Container, s keySection) {
	const keyWidth = 104
	above := float32(0)
	if len(column.Objects) > 0 {
		above = theme.Gap4
	}
	column.Add(container.New(layout.NewCustomPaddedLayout(above, 0, 0, 0), widgets.NewText(s.title, widgets.Style{Bold: true})))
	for _, k := range s.lines {
		column.Add(container.New(widgets.Columns{keyWidth, 0}, container.NewHBox(widgets.NewKeyCap(k.keys)),
			widgets.NewParagraph(k.does, keysColumn-keyWidth-theme.Gap2, widgets.Style{})))
	}
}
