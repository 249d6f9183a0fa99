package ui

import (
	"fyne.io/fyne/v2"

	"touchstone/engine"
	"touchstone/ui/locale"
)

func init() { registerPlace(placeSearch, newSearchPlace) }

func newSearchPlace(sh *shell) *place {
	s := newSearch(sh.bench, sh.tasks, around{canvas: sh.canvas, pictures: sh.pictures, drawing: sh.drawing, tell: sh.notices.tell, focus: sh.canvas.Focus, onStatus: sh.showStatus, typed: sh.rune,
		panes: func() panes { return sh.panes }, divide: sh.divide,
		adopted: func() {
			if sh.place != nil && sh.place.kind.id == placeModels {
				sh.models.load()
			}
		},
		regraded: func() {
			if sh.place != nil && sh.place.kind.id == placeQueries {
				sh.queries.load()
			}
		},
		toRule: func(id uint64) {
			sh.goTo(placeRules)
			sh.rules.edit(id)
		}})
	sh.search = s
	toField := func() {
		s.focus(s.field)
		s.field.TypedShortcut(&fyne.ShortcutSelectAll{}) // what is typed now is another query
	}
	selected := func() bool { return s.result() != nil }
	none := locale.Mark("Select a result first.")
	splitFirst := locale.Mark("Set two rankings side by side first.")
	nothingYet := locale.Mark("There is nothing to learn from yet: grade some results first.")
	return &place{
		content: s.content, side: s.inspector.content,
		enter: toField, refresh: s.refresh, key: s.key, rune: s.gradeRune, undo: func() { s.undoLast(sh.edits) },
		actions: []action{
			{id: "search.field", name: "Type a query", group: groupSearch, key: letter('/'), run: toField},
			{id: "search.next", name: "Next result", group: groupSearch, key: letter('j'), enabled: selected, why: none, run: func() { s.move(1) }},
			{id: "search.previous", name: "Previous result", group: groupSearch, key: letter('k'), enabled: selected, why: none, run: func() { s.move(-1) }},
			{id: "search.why", name: "Why does it stand there?", group: groupSearch, key: letter('e'), run: s.inspector.toggleWhy},
			{id: "search.against", name: "Compare it with another result", group: groupSearch, key: letter('v'), enabled: selected, why: none, run: s.inspector.compareWith},
			{id: "search.reading", name: "How was the query read?", group: groupSearch, key: letter('r'), run: s.reading.toggle},
			{id: "search.similar", name: "Similar products", group: groupSearch, key: letter('m'), enabled: selected, why: none, run: s.showSimilar},
			{id: "search.front", name: "Front page of the shopper", group: groupSearch, key: letter('f'), run: s.showFront},
			{id: "search.ideal", name: "Ideal page of the query", group: groupSearch, key: letter('i'), enabled: func() bool { return s.query != "" }, why: "Type a query first.", run: func() { sh.showIdeal(s.query) }},
			{id: "search.split", name: "Two rankings side by side (A | B)", group: groupSearch, key: withMain(fyne.KeyB).or('b'), on: s.split.on, run: s.toggleSplit},
			{id: "search.split.a", name: "Choose ranking A…", group: groupSearch, enabled: s.split.on, why: splitFirst, run: s.split.heads[0].open},
			{id: "search.split.b", name: "Choose ranking B…", group: groupSearch, enabled: s.split.on, why: splitFirst, run: s.split.heads[1].open},
			{id: "search.split.swap", name: "Swap A and B", group: groupSearch, key: letter('x'), enabled: s.split.on, why: splitFirst, run: s.split.swap},
			{id: "search.field.choose", name: "Narrow by category or brand…", group: groupSearch, apart: true, run: func() { s.refine.openField(s.refine.first()) }},
			{id: "search.price", name: "Narrow by price…", group: groupSearch, run: func() { s.refine.openField(string(engine.RolePrice)) }},
			{id: "search.more", name: "More choices and orders…", group: groupSearch, run: s.refine.openMore},
			{id: "search.shop", name: "Shop as…", group: groupSearch, run: s.refine.openShop},
			{id: "search.all", name: "Take every choice away", group: groupSearch, enabled: s.refine.set, why: "Nothing is chosen.", run: s.refine.clear},
			{id: "search.clear", name: "Take the grade away", group: groupSearch, enabled: selected, why: none, run: s.clearSelected},
			{id: "search.undo", name: "Take back the newest grade or change", group: groupSearch, key: letter('z'), run: func() { s.undoLast(sh.edits) }},
			{id: "search.edit", name: "Change the product…", group: groupSearch, key: letter('p'), apart: true, enabled: selected, why: none, run: func() { s.editSelected(sh) }},
			{id: "search.hide", name: "Hide the product from every search", group: groupSearch, key: letter('h'), enabled: selected, why: none, run: func() { s.hideSelected(sh.edits) }},
			{id: "search.rule", name: "Write a rule for the query…", group: groupSearch, key: letter('u'), enabled: func() bool { return s.query != "" }, why: "Type a query first.", run: func() {
				sh.goTo(placeRules)
				sh.rules.beginAt(s.query, s.selected)
			}},
			{id: "ranking.learn", name: "Learn from the grades", group: groupRanking, key: withMain(fyne.KeyL), anywhere: true,
				enabled: func() bool { return s.status.Judgments > 0 }, why: nothingYet, run: s.learn},
			{id: "ranking.learn.trees", name: "Trees on the weighted sum (LambdaMART)", group: groupRanking, under: "Learn another kind", anywhere: true,
				enabled: func() bool { return s.status.Judgments > 0 }, why: nothingYet, run: func() { s.learnKind(engine.Trees) }},
			{id: "ranking.learn.dnn", name: "A small network on the weighted sum", group: groupRanking, under: "Learn another kind", anywhere: true,
				enabled: func() bool { return s.status.Judgments > 0 }, why: nothingYet, run: func() { s.learnKind(engine.DNN) }},
			{id: "ranking.live", name: "Follow each grade", group: groupRanking, anywhere: true, on: func() bool { return s.live.on }, run: s.toggleLive},
			{id: "ranking.keep", name: "Keep the weights on the sliders", group: groupRanking, anywhere: true,
				enabled: s.changed, why: "The sliders stand where the ranker has them.", run: s.keep},
			{id: "ranking.reset", name: "Reset the sliders", group: groupRanking, anywhere: true,
				enabled: s.changed, why: "The sliders stand where the ranker has them.", run: s.reset},
			{id: "ranking.default", name: "Go back to the first weights", group: groupRanking, anywhere: true, run: s.useDefault},
		},
		keys: []keyHelp{
			{"0 1 2 3", "grade the selected result and go on"},
			{"↑ ↓", "select a result"},
			{"← →", "side by side: to the other ranking"},
			{"Delete", "take the grade away"},
			{"Enter", "in the field: search now, go to the results"},
			{"Esc", "in the field: clear it; in the results: back to the field"},
		},
	}
}
