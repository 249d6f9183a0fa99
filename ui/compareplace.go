package ui

import (
	"touchstone/ui/locale"
)

func init() { registerPlace(placeCompare, newComparePlace) }

func newComparePlace(sh *shell) *place {
	c := newCompare(sh)
	sh.compare = c
	mixing := func() bool { return c.shown == viewInterleave && c.interleaving.trial != nil && c.interleaving.at >= 0 }
	compared := func() bool { return c.result != nil }
	first := locale.Mark("Compare two rankings first.")
	return &place{
		content: c.content, side: c.side,
		enter: c.enter, leave: c.leave, refresh: func() { c.stale = true }, key: c.key,
		rune: func(r rune) bool { return c.shown == viewInterleave && c.interleaving.rune(r) },
		actions: []action{
			{id: "compare.again", name: "Compare again", group: groupRanking, leads: true, key: letter('c'), run: c.compare},
			{id: "compare.swap", name: "Swap A and B", group: groupRanking, key: letter('x'), run: c.swap},
			{id: "compare.adopt", name: "Adopt B", group: groupRanking, enabled: compared, why: first, run: c.adopt},
			{id: "compare.report.html", name: "Report as a page (HTML)…", group: groupRanking, enabled: compared, why: first, run: func() { c.report(locale.T("Report as a page (HTML)…"), "html") }},
			{id: "compare.report.xlsx", name: "Report as a spreadsheet (Excel)…", group: groupRanking, enabled: compared, why: first, run: func() { c.report(locale.T("Report as a spreadsheet (Excel)…"), "xlsx") }},
			{id: "compare.report.png", name: "Plot as a picture (PNG)…", group: groupRanking, enabled: compared, why: first, run: func() { c.report(locale.T("Plot as a picture (PNG)…"), "png") }},
			{id: "compare.report.svg", name: "Plot as a drawing (SVG)…", group: groupRanking, enabled: compared, why: first, run: func() { c.report(locale.T("Plot as a drawing (SVG)…"), "svg") }},
			{id: "compare.settle", name: "Judge what would settle it", group: groupRanking, enabled: compared, why: first, run: c.settle},
			{id: "compare.interleave", name: "Interleave A and B", group: groupRanking, leads: true, key: letter('m'), run: func() { c.view(viewInterleave) }},
			{id: "compare.interleave.next", name: "Next mixed page", group: groupRanking, enabled: mixing, why: "No mixed page is on screen.", run: c.interleaving.done},
			{id: "compare.ideal", name: "Ideal page", group: groupRanking, leads: true, key: letter('i'), run: func() { c.view(viewIdeal) }},
			{id: "compare.timeline", name: "Timeline of rankers and snapshots", group: groupRanking, leads: true, key: letter('t'), run: func() { c.view(viewTimeline) }},
			{id: "compare.run", name: "Read a run or a snapshot…", group: groupRanking, leads: true, run: c.timeline.pick},
			{id: "compare.sweep", name: "Sweep a weight", group: groupRanking, leads: true, key: letter('w'), run: func() { c.view(viewSweep) }},
		},
		keys: []keyHelp{
			{"← →", "go from query to query, best to worst"},
			{"1 … 9 0", "interleaved: pick a product; Enter goes on, ← back"},
		},
	}
}
