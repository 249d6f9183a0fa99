package ui

import (
	"context"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
)

// aboutRules are the notices of what was last done to the rules: the Undo of an
// earlier step would take back the newest.
const aboutRules = "rules"

// change does something to the rules, in order, and lists them again.
func (r *rules) change(failed string, do func() error, then func()) {
	r.sh.tasks.inOrder(func() func() {
		err := do()
		return func() {
			if err != nil {
				r.sh.notices.tell(failure(failed, err))
				return
			}
			then()
			r.reload()
			if r.sh.search != nil {
				r.sh.search.refresh()
			}
		}
	})
}

// keep stores the rule of the editor.
func (r *rules) keep() {
	rule, err := r.rule()
	if err != nil {
		r.says.SetText(capital(locale.Say(err.Error())))
		return
	}
	r.store(rule)
}

func (r *rules) store(rule engine.Rule) {
	b := r.sh.bench
	var stored []engine.Rule
	r.change(locale.T("The rule was not kept"), func() (err error) {
		stored, err = b.PutRules(rule)
		return err
	}, func() {
		r.fill(stored[0])
		r.sh.notices.tell(notice{text: locale.T("Rule %d is kept, and works from now on.", stored[0].ID), action: locale.T("Undo"), do: r.undo, about: aboutRules})
	})
}

// flip switches the rule off, or on again.
func (r *rules) flip() {
	rule, err := r.rule()
	if err != nil || rule.ID == 0 {
		return
	}
	rule.Off = !rule.Off
	r.store(rule)
}

// remove takes the rule of the editor out.
func (r *rules) remove() {
	b, id := r.sh.bench, r.draft.ID
	if id == 0 {
		return
	}
	r.change(locale.T("The rule was not removed"), func() error { return b.RemoveRules(id) }, func() {
		r.begin()
		r.sh.notices.tell(notice{text: locale.T("Rule %d is removed.", id), action: locale.T("Undo"), do: r.undo, about: aboutRules})
	})
}

// undo takes back the newest change of rules.
func (r *rules) undo() {
	b := r.sh.bench
	found := false
	r.change(locale.T("Nothing was taken back"), func() (err error) {
		_, found, err = b.UndoRules()
		return err
	}, func() {
		r.begin()
		text := locale.T("The last change of rules is taken back.")
		if !found {
			text = locale.T("There is no change of rules to take back.")
		}
		r.sh.notices.tell(notice{text: text, about: aboutRules})
	})
}

// read imports a file of rules.
func (r *rules) read() {
	b := r.sh.bench
	r.sh.files.open(locale.T("Import rules…"), []string{".txt", ".json", ".csv", ".tsv", ".xlsx"}, func(path string) {
		var report *workbench.RuleImport
		r.change(locale.T("The rules were not imported"), func() (err error) {
			report, err = b.ImportRules(context.Background(), path, "")
			return err
		}, func() {
			n := notice{text: locale.T("%d rules were added, %d were known, %d could not be read.", len(report.Added), report.Known, report.Skipped), about: aboutRules}
			if len(report.Problems) > 0 {
				n.action, n.do = locale.T("Show them"), func() { r.sh.files.problems(workspaceName(path), report.Problems) }
			}
			r.sh.notices.tell(n)
		})
	})
}

// write exports the rules in use.
func (r *rules) write(title, format, name string) {
	b := r.sh.bench
	r.sh.files.save(title, name, func(path string) {
		var notes []string
		r.change(locale.T("The rules were not exported"), func() (err error) {
			notes, err = b.ExportRules(nil, format, path)
			return err
		}, func() {
			text := locale.T("The rules are in %s.", path)
			for _, note := range notes {
				text += " " + locale.Say(note) + "."
			}
			r.sh.notices.tell(notice{text: text})
		})
	})
}
