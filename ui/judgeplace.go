package ui

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
)

func init() { registerPlace(placeJudge, newJudgePlace) }

func newJudgePlace(sh *shell) *place {
	j := newJudge(sh.search, sh.person, sh.canvas.Unfocus, func() { sh.goTo(placeSearch) })
	j.remade = func() { sh.relabel(func() { sh.goTo(placeJudge) }) }
	sh.judge = j
	there := func() bool { return j.item() != nil }
	none := locale.Mark("Nothing is on screen to judge.")
	p := &place{
		content: j.content, side: j.side.content,
		enter: j.enter, key: j.key, rune: j.rune, undo: j.undo,
		actions: []action{
			{id: "judge.skip", name: "Skip this product", group: groupJudging, key: letter('s'), enabled: there, why: none, run: j.skip},
			{id: "judge.unsure", name: "Can’t tell", group: groupJudging, key: letter('?'), enabled: there, why: none, run: j.cannotTell},
			{id: "judge.later", name: "Judge it later", group: groupJudging, key: letter('l'), enabled: there, why: none, run: j.later},
			{id: "judge.note", name: "Write a note", group: groupJudging, key: letter('n'), enabled: there, why: none, run: j.toNote},
			{id: "judge.explain", name: "Explain where it stands", group: groupJudging, key: letter('e'), enabled: there, why: none, run: j.explain},
			{id: "judge.list", name: "List the query’s products, to grade several at once", group: groupJudging, key: letter('v'), apart: true, enabled: there, why: none, run: j.list.toggle},
			{id: "judge.clear", name: "Clear the grades of the marked products", group: groupJudging, enabled: func() bool { return len(j.list.marked) > 0 }, why: "Mark products in the list first.", run: func() { j.list.grade(nil) }},
			{id: "judge.settle", name: "Settle on a grade", group: groupJudging, key: letter('t'), enabled: j.disputed, why: "Judges disagree about nothing on screen, or you have not graded it yet.", run: j.toSettle},
			{id: "judge.undo", name: "Take back the last grade", group: groupJudging, key: letter('z'), run: j.undo},
		},
		keys: []keyHelp{
			{"0 1 2 3", "grade the product on screen and go on"},
			{"← →", "look back and on"},
			{"X A", "in the list: mark a product, mark all"},
			{"Delete", "in the list: clear the grades of what is marked"},
		},
	}
	p.actions = append(p.actions, judgingActions(sh, j)...)
	return p
}

// judgingActions are those about all judging of the workspace: packs, scales and
// how several grades become one.
func judgingActions(sh *shell, j *judge) []action {
	all := []action{
		{id: "judging.judges", name: "How far the judges agree…", group: groupJudging, apart: true, anywhere: true, run: sh.showJudges},
		{id: "judging.history", name: "The history of grades…", group: groupJudging, anywhere: true, run: sh.showHistory},
		{id: "judging.share", name: "Share the judging out…", group: groupJudging, anywhere: true, run: sh.shareOut},
		{id: "judging.pack", name: "Write a judging pack…", group: groupJudging, apart: true, anywhere: true, run: func() {
			sh.files.save(locale.T("Write a judging pack…"), "judging"+workspaceEnding, func(path string) { sh.pack(path) })
		}},
		{id: "judging.sheet", name: "Write a spreadsheet to judge in…", group: groupJudging, anywhere: true, run: func() {
			sh.files.save(locale.T("Write a spreadsheet to judge in…"), "judging.xlsx", func(path string) { sh.pack(path) })
		}},
		{id: "judging.merge", name: "Bring in what was judged elsewhere…", group: groupJudging, anywhere: true, run: func() {
			sh.files.open(locale.T("Bring in what was judged elsewhere…"), nil, sh.merge)
		}},
	}
	for i, c := range consensusNames {
		all = append(all, action{id: "judging.consensus." + string(c.by), name: c.name, group: groupJudging, under: "One grade from many", anywhere: true, apart: i == 0,
			on: func() bool { return sh.bench.Consensus() == c.by },
			run: func() {
				j.change(locale.T("The choice was not kept"), func() error { return j.bench.SetConsensus(c.by) })
			}})
	}
	for _, c := range scaleNames {
		all = append(all, action{id: "judging.scale." + c.scale, name: c.name, group: groupJudging, under: "Scale", anywhere: true,
			on:  func() bool { return slices.Equal(sh.bench.Scale(), engine.Scales[c.scale]) },
			run: func() { j.useScale(sh, engine.Scales[c.scale]) }})
	}
	return append(all, action{id: "judging.scale.own", name: "One of your own…", group: groupJudging, under: "Scale", anywhere: true, run: func() { j.askScale(sh) }})
}

// consensusNames are the ways to make one grade of many.
var consensusNames = []struct {
	by   workbench.Consensus
	name string
}{
	{"median", locale.Mark("The median")}, {"mean", locale.Mark("The mean")}, {"majority", locale.Mark("What most judges say")}, {"reliable", locale.Mark("By how reliable each judge is")},
}

// scaleNames are the scales that need no thought.
var scaleNames = []struct{ scale, name string }{
	{"binary", locale.Mark("Wrong or right")}, {"0-3", locale.Mark("0 to 3")}, {"0-4", locale.Mark("0 to 4")},
}

// change does something to the workspace and then makes the places anew, which
// show grades by it.
func (j *judge) change(failed string, do func() error) {
	j.tasks.inOrder(func() func() {
		err := do()
		return func() {
			if err != nil {
				j.s.tell(failure(failed, err))
				return
			}
			j.remade()
		}
	})
}

// pack writes a judging pack beside the window.
func (sh *shell) pack(path string) {
	b := sh.bench
	sh.work(locale.T("Writing %s", filepath.Base(path)), func(ctx context.Context, progress engine.OnProgress) notice {
		// The dialog has made the file, and a pack is never written over another.
		if info, err := os.Stat(path); err == nil && info.Size() == 0 {
			if err := os.Remove(path); err != nil {
				return failure(locale.T("The pack was not written"), err)
			}
		}
		packed, err := b.WritePack(ctx, workbench.PackRequest{File: path, Seed: poolSeed}, progress)
		if err != nil {
			return failure(locale.T("The pack was not written"), err)
		}
		return notice{text: locale.T("%s: %d products to judge for %d queries, without rankings or grades.", filepath.Base(path), packed.Pairs, packed.Queries)}
	})
}

// merge brings in what was judged elsewhere.
func (sh *shell) merge(path string) {
	b := sh.bench
	sh.work(locale.T("Reading %s", filepath.Base(path)), func(ctx context.Context, _ engine.OnProgress) notice {
		m, err := b.Merge(ctx, path, "")
		if err != nil {
			return failure(locale.T("%s was not brought in", filepath.Base(path)), err)
		}
		sh.post(sh.refresh)
		return notice{text: locale.T("%s: %d new grades, %d newer than here, %d in conflict and kept beside what was here.", filepath.Base(path), m.Added, m.Updated, m.Conflicts)}
	})
}
