package ui

import (
	"fyne.io/fyne/v2"

	"touchstone/ui/locale"
)

func init() { registerPlace(placeCatalogue, newCataloguePlace) }

func newCataloguePlace(sh *shell) *place {
	c := newCatalogue(sh.bench, sh.tasks, around{pictures: sh.pictures, tell: sh.notices.tell, focus: sh.canvas.Focus, onStatus: sh.showStatus, typed: sh.rune},
		sh.edits, func() { sh.act("file.import") }, sh.resume)
	sh.catalogue = c
	toField := func() { c.focus(c.field) }
	selected := func() bool { return c.product() != nil }
	none := locale.Mark("Select a product first.")
	return &place{
		content: c.content, side: c.side.content,
		enter: c.enter, undo: c.edits.undo,
		refresh: func() {
			if c.list != nil { // it was looked at
				c.refresh()
			}
		},
		leave: c.lists.stop,
		actions: []action{
			{id: "catalogue.field", name: "Find a product", group: groupCatalogue, leads: true, key: letter('/'), run: toField},
			{id: "catalogue.save", name: "Save the product", group: groupCatalogue, key: withMain(fyne.KeyS), enabled: c.editor.dirty, why: "Nothing of the product was changed.", run: c.editor.store},
			{id: "catalogue.hide", name: "Hide the product, or show it again", group: groupCatalogue, enabled: selected, why: none, run: c.hide},
			{id: "catalogue.shown", name: "List what can be found", group: groupCatalogue, leads: true, apart: true, run: func() { c.choose(false) }},
			{id: "catalogue.hidden", name: "List what is hidden", group: groupCatalogue, leads: true, run: func() { c.choose(true) }},
			{id: "catalogue.undo", name: "Take back the last change of a product", group: groupCatalogue, anywhere: true, run: c.edits.undo},
		},
		keys: []keyHelp{
			{"↓", "in the field: go to the products"},
		},
	}
}
