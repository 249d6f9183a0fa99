package ui

import "touchstone/ui/locale"

func init() { registerPlace(placeJudge, newJudgePlace) }

func newJudgePlace(sh *shell) *place {
	j := newJudge(sh.search, sh.person, sh.canvas.Unfocus, func() { sh.goTo(placeSearch) })
	sh.judge = j
	there := func() bool { return j.item() != nil }
	none := locale.Mark("Nothing is on screen to judge.")
	return &place{
		content: j.content, side: j.side.content,
		enter: j.enter, key: j.key, rune: j.rune, undo: j.undo,
		actions: []action{
			{id: "judge.skip", name: "Skip this product", group: groupJudging, key: letter('s'), enabled: there, why: none, run: j.skip},
			{id: "judge.unsure", name: "Can’t tell", group: groupJudging, key: letter('?'), enabled: there, why: none, run: j.cannotTell},
			{id: "judge.later", name: "Judge it later", group: groupJudging, key: letter('l'), enabled: there, why: none, run: j.later},
			{id: "judge.note", name: "Write a note", group: groupJudging, key: letter('n'), enabled: there, why: none, run: j.toNote},
			{id: "judge.explain", name: "Explain where it stands", group: groupJudging, key: letter('e'), enabled: there, why: none, run: j.explain},
			{id: "judge.undo", name: "Take back the last grade", group: groupJudging, key: letter('z'), run: j.undo},
		},
		keys: []keyHelp{
			{"0 1 2 3", "grade the product on screen and go on"},
			{"← →", "look back and on"},
		},
	}
}
