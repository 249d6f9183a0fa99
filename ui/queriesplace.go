package ui

import (
	"fyne.io/fyne/v2"

	"touchstone/ui/locale"
)

func init() { registerPlace(placeQueries, newQueriesPlace) }

func newQueriesPlace(sh *shell) *place {
	q := newQueries(sh.bench, sh.tasks, around{pictures: sh.pictures, tell: sh.notices.tell, focus: sh.canvas.Focus, onStatus: sh.countAgain, typed: sh.rune},
		func(query string) {
			sh.goTo(placeSearch)
			sh.search.open(query)
		},
		func(query string) {
			sh.goTo(placeJudge)
			sh.judge.page(query)
		},
		func() { sh.act("queries.import") })
	q.over = func(title string, content fyne.CanvasObject, buttons ...fyne.CanvasObject) func() {
		return sh.over(title, content, buttons...)
	}
	sh.queries = q
	selected := func() bool { return q.row() != nil }
	none := locale.Mark("Select a query first.")
	pick := func(title string, then func(path string)) func() {
		return func() { sh.files.open(title, nil, then) }
	}
	return &place{
		content: q.content, side: q.pane.content,
		enter: q.enter, leave: q.reads.stop,
		refresh: func() {
			if q.rows != nil { // it was looked at
				q.load()
			}
		},
		actions: []action{
			{id: "queries.field", name: "Find a query", group: groupQueries, leads: true, key: letter('/'), run: func() { q.focus(q.field) }},
			{id: "queries.open", name: "Open the query in Search", group: groupQueries, key: letter('o'), enabled: selected, why: none, run: q.openSelected},
			{id: "queries.judge", name: "Judge the query’s page", group: groupQueries, key: letter('g'), enabled: selected, why: none, run: q.judgeSelected},
			{id: "queries.ideal", name: "Ideal page of the selected query", group: groupQueries, key: letter('i'), enabled: selected, why: none, run: func() { sh.showIdeal(q.row().Query.Text) }},
			{id: "queries.save", name: "Save what is known of the query", group: groupQueries, key: withMain(fyne.KeyE), enabled: q.pane.dirty, why: "Nothing of the query was changed.", run: q.pane.store},
			{id: "queries.merge", name: "Make one of queries that are almost the same…", group: groupQueries, enabled: func() bool { r := q.row(); return r != nil && len(r.Twins) > 0 }, why: "No other query is the same but for case, width and spaces.", run: q.merge},
			{id: "queries.remove", name: "Remove the query from the set", group: groupQueries, enabled: selected, why: none, run: q.remove},
			{id: "queries.import", name: "Import queries…", group: groupQueries, apart: true, anywhere: true, run: pick(locale.T("Import queries…"), func(path string) {
				q.change(locale.T("The queries were not imported"), func() error {
					n, err := q.bench.ImportQueries(sh.tasks.ctx, path)
					if err == nil {
						sh.tasks.post(func() { q.tell(notice{text: locale.N(n, "%d query was read", "%d queries were read") + "."}) })
					}
					return err
				})
			})},
			{id: "queries.sample", name: "Choose queries from a log…", group: groupQueries, anywhere: true, run: pick(locale.T("Choose queries from a log…"), q.sample)},
		},
		keys: []keyHelp{
			{"↓", "in the field: go to the queries"},
		},
	}
}
