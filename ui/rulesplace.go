package ui

import (
	"fyne.io/fyne/v2"

	"touchstone/ui/locale"
)

func init() { registerPlace(placeRules, newRulesPlace) }

func newRulesPlace(sh *shell) *place {
	r := newRules(sh)
	sh.rules = r
	editing := func() bool { return r.draft.ID != 0 }
	none := locale.Mark("Select a rule first.")
	return &place{
		content: r.content, side: r.side,
		enter: r.enter, leave: r.leave, refresh: func() { r.stale = true }, undo: r.undo,
		actions: []action{
			{id: "rules.new", name: "New rule", group: groupSearch, leads: true, key: letter('n'), run: r.begin},
			{id: "rules.keep", name: "Keep the rule", group: groupSearch, key: withMain(fyne.KeyReturn), run: r.keep},
			{id: "rules.off", name: "Switch the rule off, or on again", group: groupSearch, enabled: editing, why: none, run: r.flip},
			{id: "rules.remove", name: "Remove the rule", group: groupSearch, enabled: editing, why: none, run: r.remove},
			{id: "rules.import", name: "Import rules…", group: groupSearch, leads: true, run: r.read},
			{id: "rules.export", name: "Export rules (Querqy)…", group: groupSearch, leads: true, run: func() { r.write(locale.T("Export rules (Querqy)…"), "querqy", "rules.txt") }},
			{id: "rules.export.json", name: "Export rules (JSON)…", group: groupSearch, leads: true, run: func() { r.write(locale.T("Export rules (JSON)…"), "json", "rules.json") }},
			{id: "rules.export.csv", name: "Export rules (CSV)…", group: groupSearch, leads: true, run: func() { r.write(locale.T("Export rules (CSV)…"), "csv", "rules.csv") }},
			{id: "rules.undo", name: "Take back the last change of rules", group: groupSearch, run: r.undo},
		},
	}
}
