package ui

import (
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
			s.lines = append(s.lines, keyHelp{k.keys, locale.T(k.does)})
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
	everywhere.lines = append(everywhere.lines, keyHelp{"Tab", "go through fields, results, sliders and buttons"})
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

func (w *window) showKeys() {
	const keyWidth, width = 120, 520
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2))
	for i, s := range w.shell.keySections() {
		if i > 0 {
			column.Add(container.New(layout.NewCustomPaddedLayout(theme.Gap2, 0, 0, 0), widgets.NewText(s.title, widgets.Style{Colour: theme.ColorMuted})))
		} else {
			column.Add(widgets.NewText(s.title, widgets.Style{Colour: theme.ColorMuted}))
		}
		for _, k := range s.lines {
			column.Add(container.New(widgets.Columns{keyWidth, 0}, widgets.NewText(k.keys, widgets.Style{Bold: true}), widgets.NewParagraph(k.does, width-keyWidth-theme.Gap2, widgets.Style{})))
		}
	}
	w.show(locale.T("Keys"), column)
}
