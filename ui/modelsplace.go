package ui

import "touchstone/ui/locale"

func init() { registerPlace(placeModels, newModelsPlace) }

func newModelsPlace(sh *shell) *place {
	m := newModels(sh)
	sh.models = m
	idle := func() bool { return m.stop == nil }
	busy := locale.Mark("Something is being learned: wait for it, or cancel it.")
	return &place{
		content: m.content, side: m.side, enter: m.load, refresh: m.load,
		actions: append([]action{
			{id: "models.import", name: "Import a ranker…", group: groupRanking, leads: true, apart: true, run: m.pickRanker},
			{id: "models.tune", name: "Fine-tune the encoder", group: groupRanking, leads: true, enabled: idle, why: busy, run: m.tune},
			{id: "models.curve", name: "Draw the learning curve", group: groupRanking, leads: true, enabled: idle, why: busy, run: m.drawCurve},
			{id: "models.clicks", name: "Import a log of clicks…", group: groupRanking, leads: true, run: m.clicks.pick},
			{id: "models.clicks.said", name: "What clicks say", group: groupRanking, leads: true, enabled: m.clicks.any, why: locale.Mark("No clicks are known yet: import a log of them."), run: m.clicks.list},
		}, m.exportActions()...),
	}
}
