package ui

import (
	"touchstone/engine"
	"touchstone/ui/locale"
)

// storedName is what a ranker is called in the workspace, NAME@VERSION.
func storedName(b Bench, r *engine.Ranker) string {
	if d := b.Default(); r.Version == 0 || r.Name == d.Name && r.Version == d.Version {
		return r.Name
	}
	return r.Versioned()
}

// inUse tells that a ranker came into use, with a way back to the one before.
func (sh *shell) inUse(text string, before engine.Ranker) {
	sh.notices.tell(notice{text: text, action: locale.T("Undo"), do: func() { sh.backToRanker(before) }})
}

// backToRanker takes a ranker into use again.
func (sh *shell) backToRanker(r engine.Ranker) {
	b := sh.bench
	sh.tasks.inOrder(func() func() {
		used, err := b.Adopt(storedName(b, &r))
		return func() {
			if err != nil {
				sh.notices.tell(failure(locale.T("The ranker was not taken into use"), err))
				return
			}
			sh.notices.tell(notice{text: locale.T("%s is in use again.", rankerName(&used, ""))})
			sh.refresh()
		}
	})
}
