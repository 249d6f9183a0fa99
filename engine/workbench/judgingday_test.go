package workbench_test

import (
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/engine"
	"touchstone/engine/measure"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

// said is what stands of a pair, "judge grade" sorted.
func (s *shop) said(query, product string) string {
	var list []string
	for _, j := range s.Said(query, product) {
		list = append(list, fmt.Sprintf("%s %v", j.Judge, j.Grade))
	}
	return strings.Join(list, ", ")
}

func (s *shop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// TestSettling: what was settled counts in place of what the judges said, and
// leaves that alone.
func TestSettling(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	s.judgeAs("bea", "lamp", "l1", 3)
	s.judgeAs("ann", "lamp", "l1", 0)
	agreed := func() engine.Grade {
		t.Helper()
		s.must(s.SetJudge("eve")) // who has graded nothing
		return gradeOf(s.search("lamp"), "l1")
	}
	if got := agreed(); got != 1.5 {
		t.Errorf("the median is %v", got)
	}
	s.must(s.SetConsensus(measure.Majority))
	if got := agreed(); got != 0 {
		t.Errorf("of two most frequent grades the lowest: %v", got)
	}
	s.must(s.SetConsensus(measure.Reliable))
	if got := agreed(); got != 0 && got != 3 {
		t.Errorf("by reliability: %v", got)
	}
	if err := s.SetConsensus("loudest"); err == nil {
		t.Error("an unknown consensus was taken")
	}
	s.must(s.SetConsensus(measure.Mean))
	list, err := s.Discussion(false)
	if err != nil || len(list) != 1 || list[0].Product != "l1" || len(list[0].Judgments) != 2 || list[0].Title == "" {
		t.Fatalf("to discuss: %+v, %v", list, err)
	}
	s.must(s.SetJudge("ann"))
	s.must(s.Settle("lamp", "l1", 2, "it has no bulb"))
	if got := s.said("lamp", "l1"); got != "adjudicated 2, ann 0, bea 3" {
		t.Errorf("stands: %s", got)
	}
	if got := agreed(); got != 2 {
		t.Errorf("settled as 2, counts as %v", got)
	}
	if list, err = s.Discussion(false); len(list) != 0 || err != nil {
		t.Errorf("still to discuss: %+v, %v", list, err)
	}
	if list, err = s.Discussion(true); len(list) != 1 || list[0].Settled.Note != "it has no bulb" || list[0].Settled.By != "ann" || err != nil {
		t.Errorf("settled: %+v, %v", list, err)
	}
	report, err := s.Judges(t.Context())
	if err != nil || report.Settled != 1 || len(report.Agreement.Judges) != 2 || len(report.Disputes) != 0 || len(report.Rest) != 2 {
		t.Errorf("report %+v, %v", report, err)
	}
	s.must(s.SetJudge("ann"))
	if undone, err := s.Undo(); len(undone) != 1 || err != nil || s.said("lamp", "l1") != "ann 0, bea 3" {
		t.Errorf("undo: %v, %v; stands %s", undone, err, s.said("lamp", "l1"))
	}
	for _, name := range []string{engine.Adjudicated, engine.Again("ann")} {
		if err := s.SetJudge(name); err == nil {
			t.Errorf("%q was taken as a judge's name", name)
		}
	}
}

// TestSettledElsewhere: where two workspaces settled on different grades, the one
// here counts, and the other's is kept and is no judge's opinion.
func TestSettledElsewhere(t *testing.T) {
	here, away := newShop(t), newShop(t)
	for grade, s := range []*shop{here, away} {
		s.importLines(lamps...)
		s.judgeAs("bea", "lamp", "l1", 3)
		s.judgeAs("ann", "lamp", "l1", 0)
		s.must(s.Settle("lamp", "l1", engine.Grade(grade+1), ""))
		s.must(s.GradeAgain("lamp", "l1", engine.Grade(grade), ""))
	}
	s := here
	s.must(away.Close())
	m, err := s.Merge(t.Context(), away.path, "")
	if err != nil || m.Conflicts != 2 {
		t.Errorf("merged %+v, %v", m, err)
	}
	if got := s.said("lamp", "l1"); got != "adjudicated 1, adjudicated (shop) 2, ann 0, bea 3" {
		t.Errorf("stands: %s", got)
	}
	report, err := s.Judges(t.Context())
	if err != nil || !slices.Equal(report.Agreement.Judges, []string{"ann", "bea"}) || report.Settled != 1 {
		t.Errorf("judges %v, %d settled, %v", report.Agreement.Judges, report.Settled, err)
	}
	s.must(s.SetJudge("eve"))
	if got := gradeOf(s.search("lamp"), "l1"); got != 1 {
		t.Errorf("settled here as 1, counts as %v", got)
	}
}

// TestSecondLooks: a pair comes again as if new, and what is said then counts
// for nothing but how far a judge agrees with themselves.
func TestSecondLooks(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	s.judgeAs("ann", "lamp", "l1", 3)
	s.judgeAs("ann", "lamp", "l2", 1)
	again := s.queue(workbench.QueueRequest{Queue: workbench.SecondLook, Seed: 1})
	if len(again) != 2 || again[0].Grade != nil {
		t.Fatalf("second looks: %+v", again)
	}
	s.must(s.GradeAgain("lamp", "l1", 3, ""))
	s.must(s.GradeAgain("lamp", "l2", 0, ""))
	if left := s.queue(workbench.QueueRequest{Queue: workbench.SecondLook}); len(left) != 0 {
		t.Errorf("left: %v", products(left))
	}
	report, err := s.Judges(t.Context())
	if err != nil || len(report.Self) != 1 || report.Self[0].Shared != 2 || report.Self[0].Same != 0.5 || report.Shared != 0 || len(report.Agreement.Judges) != 1 {
		t.Errorf("report %+v, %v", report, err)
	}
	if got := gradeOf(s.search("lamp"), "l2"); got != 1 {
		t.Errorf("the second look changed the grade to %v", got)
	}
	if undone, err := s.Undo(); len(undone) != 1 || undone[0].About().Judge != engine.Again("ann") || err != nil {
		t.Errorf("undo: %+v, %v", undone, err)
	}
	s.must(s.Clear("lamp", "l1")) // what is left of the first look is nothing to compare with
	if report, err = s.Judges(t.Context()); err != nil || len(report.Self) != 0 {
		t.Errorf("second looks without a first: %+v, %v", report.Self, err)
	}
}

// TestOldGrades: a product that changed comes again, and the same grade once
// more settles it.
func TestOldGrades(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	s.judgeAs("ann", "lamp", "l1", 3)
	s.judgeAs("ann", "lamp", "l2", 2)
	if old := s.queue(workbench.QueueRequest{Queue: workbench.OldGrades}); len(old) != 0 {
		t.Errorf("old at once: %v", products(old))
	}
	if old := s.queue(workbench.QueueRequest{Queue: workbench.OldGrades, Age: time.Nanosecond}); len(old) != 2 {
		t.Errorf("older than a moment: %v", products(old))
	}
	changed := slices.Clone(lamps)
	for i, line := range changed {
		changed[i] = strings.Replace(line, "l1,", "l1,Now another ", 1)
	}
	s.importLines(changed...)
	old := s.queue(workbench.QueueRequest{Queue: workbench.OldGrades})
	if got := products(old); !slices.Equal(got, []string{"lamp/l1"}) || *old[0].Grade != 3 {
		t.Fatalf("changed: %v", got)
	}
	s.grade("lamp", "l1", 3)
	if old := s.queue(workbench.QueueRequest{Queue: workbench.OldGrades}); len(old) != 0 {
		t.Errorf("confirmed, and still old: %v", products(old))
	}
}

// TestSelectionsAreOneStep grades and clears several products at once.
func TestSelectionsAreOneStep(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	s.judgeAs("ann", "lamp", "l1", 1)
	s.must(s.GradeMany("lamp", []string{"l1", "l2", "l3"}, 2))
	if err := s.GradeMany("lamp", []string{"l1", "none"}, 3); err == nil {
		t.Error("a product that is not there was graded")
	}
	stands := func(want ...engine.Grade) {
		t.Helper()
		page := s.search("lamp")
		for i, id := range []string{"l1", "l2", "l3"} {
			if got := gradeOf(page, id); got != want[i] {
				t.Errorf("%s has %v, want %v", id, got, want[i])
			}
		}
	}
	stands(2, 2, 2)
	s.must(s.Clear("lamp", "l1", "l2"))
	stands(-1, -1, 2)
	// Undone, put back, and undone again: of the clearing and of the grading.
	for _, step := range []struct{ undone, putBack [3]engine.Grade }{
		{[3]engine.Grade{2, 2, 2}, [3]engine.Grade{-1, -1, 2}},
		{[3]engine.Grade{1, -1, -1}, [3]engine.Grade{2, 2, 2}},
	} {
		undone, err := s.Undo()
		s.must(err)
		stands(step.undone[:]...)
		s.must(s.PutBack(undone))
		stands(step.putBack[:]...)
		if _, err := s.Undo(); err != nil {
			t.Fatal(err)
		}
		stands(step.undone[:]...)
	}
	s.must(s.PutBack(nil))
	history, err := s.History(workbench.HistoryRequest{Product: "l1"})
	if err != nil || len(history) != 9 || history[0].Undoes == 0 || history[8].Before != nil {
		t.Errorf("history %+v, %v", history, err)
	}
}

func TestAssignments(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	if _, err := s.ImportQueries(t.Context(), s.file("q.csv", "query,information_need", "lamp,Light", "cushion,Soft")); err != nil {
		t.Fatal(err)
	}
	for _, req := range []workbench.AssignRequest{{}, {Judges: []string{"ann"}, Overlap: 2}, {Judges: []string{"ann"}, Tag: "none"}} {
		if _, err := s.Assign(t.Context(), req, nil); err == nil {
			t.Errorf("%+v was shared out", req)
		}
	}
	counts, err := s.Assign(t.Context(), workbench.AssignRequest{Judges: []string{"ann", " bea ", "cem"}, Overlap: 2, Seed: 3}, nil)
	if err != nil {
		t.Fatal(err)
	}
	total, most, least := 0, 0, math.MaxInt
	of := map[string]int{}
	for judge, n := range counts {
		total, most, least = total+n, max(most, n), min(least, n)
		s.must(s.SetJudge(judge))
		for _, id := range products(s.queue(workbench.QueueRequest{Queue: workbench.AssignedPairs})) {
			of[id]++
		}
	}
	if most-least > 1 || total == 0 {
		t.Errorf("shares %v", counts)
	}
	for id, n := range of {
		if n != 2 {
			t.Errorf("%s is shared out to %d judges, not 2", id, n)
		}
	}
	// Nobody sees what others said before they have graded it.
	s.reopen()
	s.must(s.SetJudge("ann"))
	mine := s.queue(workbench.QueueRequest{Queue: workbench.AssignedPairs})[0]
	s.judgeAs("dan", mine.Query.Text, mine.Product.ID, 3)
	s.must(s.SetJudge("ann"))
	mine = s.queue(workbench.QueueRequest{Queue: workbench.AssignedPairs})[0]
	if got := gradeOf(s.search(mine.Query.Text), mine.Product.ID); got != -1 || len(mine.Others) > 0 {
		t.Errorf("before grading ann sees %v and %v", got, mine.Others)
	}
	s.grade(mine.Query.Text, mine.Product.ID, 1)
	if got := s.said(mine.Query.Text, mine.Product.ID); got != "ann 1, dan 3" {
		t.Errorf("afterwards ann sees %q", got)
	}
	disputed := s.queue(workbench.QueueRequest{Queue: workbench.Disagreements})
	if len(disputed) != 1 || len(disputed[0].Others) != 1 {
		t.Errorf("disputed: %+v", disputed)
	}
	share, err := s.Shares()
	s.must(err)
	if i := slices.IndexFunc(share, func(s workbench.Share) bool { return s.Judge == "ann" }); share[i].To != share[i].Pairs-1 {
		t.Errorf("shares %+v", share)
	}
}

// TestLeftToDoHoldsNoRemovedProducts: nobody can grade a product that has left
// the catalogue, so that none is waited for; what was graded of it counts as done.
func TestLeftToDoHoldsNoRemovedProducts(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	s.must(s.PutQuery(engine.Query{Text: "lamp"}))
	s.must(s.SetJudge("ann"))
	if _, err := s.Assign(t.Context(), workbench.AssignRequest{Judges: []string{"ann"}}, nil); err != nil {
		t.Fatal(err)
	}
	waiting := s.queue(workbench.QueueRequest{Queue: workbench.AssignedPairs})
	graded, gone, stays := waiting[0].Product.ID, waiting[1].Product.ID, len(waiting)-1
	s.grade("lamp", graded, 2)
	kept := slices.DeleteFunc(slices.Clone(lamps), func(line string) bool {
		return strings.HasPrefix(line, graded+",") || strings.HasPrefix(line, gone+",")
	})
	if _, err := s.Replace(t.Context(), []string{s.file("next.csv", kept...)}, nil, nil); err != nil {
		t.Fatal(err)
	}
	want := []workbench.Share{{Judge: "ann", Pairs: stays, To: stays - 1}}
	if got, err := s.Shares(); err != nil || !slices.Equal(got, want) {
		t.Errorf("shares %+v, want %+v; %v", got, want, err)
	}
	if left := s.queue(workbench.QueueRequest{Queue: workbench.AssignedPairs}); len(left) != want[0].To {
		t.Errorf("%d wait in the queue, and %d are said to", len(left), want[0].To)
	}
}

// TestEveryTwoJudgesShare: whatever the numbers, no judge is without pairs to be
// compared with any other by.
func TestEveryTwoJudgesShare(t *testing.T) {
	s := newShop(t)
	lines := []string{"id,title"}
	for i := range 40 {
		lines = append(lines, fmt.Sprintf("p%02d,lamp number%d", i, i))
	}
	s.importLines(lines...)
	s.must(s.PutQuery(engine.Query{Text: "lamp"}))
	for _, c := range []struct{ judges, overlap int }{{2, 2}, {3, 2}, {4, 2}, {5, 3}} {
		var judges []string
		for k := range c.judges {
			judges = append(judges, fmt.Sprint("judge ", k))
		}
		counts, err := s.Assign(t.Context(), workbench.AssignRequest{Judges: judges, Overlap: c.overlap, Depth: 30}, nil)
		if err != nil {
			t.Fatal(err)
		}
		of := map[string][]string{}
		least, most := math.MaxInt, 0
		for _, judge := range judges {
			least, most = min(least, counts[judge]), max(most, counts[judge])
			s.must(s.SetJudge(judge))
			of[judge] = products(s.queue(workbench.QueueRequest{Queue: workbench.AssignedPairs}))
		}
		if most-least > 1 || least < 10 {
			t.Errorf("%d judges: %v", c.judges, counts)
		}
		for i, a := range judges {
			for _, b := range judges[i+1:] {
				shared := 0
				for _, id := range of[a] {
					if slices.Contains(of[b], id) {
						shared++
					}
				}
				// An even share is each one's pairs times the others' seats beside them.
				if even := counts[a] * (c.overlap - 1) / (c.judges - 1); shared < even/2 || shared == 0 {
					t.Errorf("%d judges, each pair by %d: %s and %s share %d of %d", c.judges, c.overlap, a, b, shared, counts[a])
				}
			}
		}
	}
}

// TestPacksTravel: two people judge in packs, on other machines, and nothing of
// what they say is lost, however often the packs come back.
func TestPacksTravel(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	if _, err := s.ImportQueries(t.Context(), s.file("q.csv", "query,information_need", "lamp,Light", "cushion,Soft")); err != nil {
		t.Fatal(err)
	}
	s.judgeAs("ann", "lamp", "l1", 3)
	dir := t.TempDir()
	file := filepath.Join(dir, "trip.touchstone")
	packed, err := s.WritePack(t.Context(), workbench.PackRequest{File: file}, nil)
	if err != nil || packed.Queries != 2 || packed.Pairs == 0 {
		t.Fatalf("packed %+v, %v", packed, err)
	}
	if _, err := s.WritePack(t.Context(), workbench.PackRequest{File: file}, nil); err == nil {
		t.Error("a pack was written over another")
	}
	away := openShop(t, file)
	if n := away.Status(); n.Judgments != 0 || n.Products != packed.Products || n.Queries != packed.Queries {
		t.Errorf("the pack holds %+v", n)
	}
	for _, judge := range []string{"ann", "bea"} {
		s.must(away.SetJudge(judge))
		tasks := away.queue(workbench.QueueRequest{Queue: workbench.AssignedPairs})
		if len(tasks) != packed.Pairs {
			t.Errorf("%s has %d of %d pairs to judge", judge, len(tasks), packed.Pairs)
		}
	}
	away.judgeAs("ann", "lamp", "l1", 0) // knows nothing of the 3
	away.judgeAs("bea", "lamp", "l1", 2)
	away.judgeAs("bea", "lamp", "l2", 1)
	merge := func(want workbench.Merged) {
		t.Helper()
		s.must(away.Close())
		m, err := s.Merge(t.Context(), file, "")
		if err != nil {
			t.Fatal(err)
		}
		if m.Read != want.Read || m.Added != want.Added || m.Updated != want.Updated || m.Known != want.Known || m.Conflicts != want.Conflicts {
			t.Errorf("merged %+v, want %+v", *m, want)
		}
		away = openShop(t, file)
	}
	merge(workbench.Merged{Read: 3, Added: 2, Conflicts: 1})
	if got := s.said("lamp", "l1"); got != "ann 3, ann (trip) 0, bea 2" {
		t.Errorf("after the merge: %s", got)
	}
	merge(workbench.Merged{Read: 3, Known: 3})
	away.judgeAs("bea", "lamp", "l2", 3) // out of the 1 that is here, too
	merge(workbench.Merged{Read: 3, Known: 2, Updated: 1})
	s.judgeAs("bea", "lamp", "l2", 0) // out of the 3 that came back
	merge(workbench.Merged{Read: 3, Known: 3})
	if got := s.said("lamp", "l2"); got != "bea 0" {
		t.Errorf("in the end: %s", got)
	}
	sheet := filepath.Join(dir, "trip.xlsx")
	if _, err := s.WritePack(t.Context(), workbench.PackRequest{File: sheet}, nil); err != nil {
		t.Error(err)
	}
	filled := s.file("filled.csv", "query,docid,title,rating,judge,note", "lamp,l3,Some lamp,2,cem,hm", "lamp,l2,Some lamp,,cem,")
	if m, err := s.Merge(t.Context(), filled, ""); err != nil || m.Added != 1 || s.said("lamp", "l3") != "cem 2" {
		t.Errorf("a filled sheet: %+v, %v", m, err)
	}
	for _, bad := range []string{filepath.Join(dir, "none.touchstone"), s.file("x.touchstone", "no workspace")} {
		if _, err := s.Merge(t.Context(), bad, ""); err == nil {
			t.Errorf("%s was merged", bad)
		}
	}
	s.must(away.Close())
}

func TestQuerySet(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	for _, q := range []engine.Query{{Text: "lamp", Weight: 3, Tags: []string{"b", " a", "b"}}, {Text: "Lamp", Weight: 2, Need: "light"}, {Text: "cushion"}} {
		s.must(s.PutQuery(q))
	}
	if err := s.PutQuery(engine.Query{Text: "  "}); err == nil {
		t.Error("a query without words was kept")
	}
	s.judgeAs("ann", "lamp", "l1", 3)
	s.judgeAs("ann", "Lamp", "l1", 1)
	s.judgeAs("ann", "Lamp", "l2", 2)
	counted := func(want int) {
		t.Helper()
		if got := s.Status().Queries; got != want {
			t.Errorf("%d queries are counted, want %d", got, want)
		}
	}
	counted(3)
	s.judgeAs("ann", "bulb", "l2", 2) // not listed
	counted(4)
	s.must(s.Clear("bulb", "l2"))
	counted(3)
	rows, err := s.QuerySet(t.Context(), true, nil)
	if err != nil || len(rows) != 3 {
		t.Fatal(rows, err)
	}
	if !slices.Equal(rows[0].Tags, []string{"a", "b"}) || !slices.Equal(rows[0].Twins, []string{"Lamp"}) || rows[0].Pairs != 1 || !rows[0].Ranked || rows[2].Twins != nil {
		t.Errorf("rows %+v", rows)
	}
	// What the set says is what a page of Search says, and it is kept over sessions.
	score, ok := s.Measure(s.search("lamp"))
	if !ok || score.Value != rows[0].Value {
		t.Errorf("the set says %v, the page %v", rows[0].Value, score.Value)
	}
	// A query of which nothing good is known has bounds and no value, here as there.
	s.judgeAs("ann", "cushion", "l1", 0)
	rows, err = s.QuerySet(t.Context(), true, nil)
	if err != nil || !rows[0].Measured() || rows[2].Measured() || rows[2].Pairs != 1 {
		t.Errorf("measured: %+v, %v", rows, err)
	}
	evaluation, err := s.Evaluate(t.Context(), workbench.EvalRequest{}, nil)
	if err != nil || evaluation.Queries != 2 || evaluation.Skipped != 1 {
		t.Errorf("evaluated: %+v, %v", evaluation, err)
	}
	s.must(s.Clear("cushion", "l1"))
	s.reopen()
	again, err := s.QuerySet(t.Context(), false, nil)
	if err != nil || !again[0].Ranked || again[0].Value != rows[0].Value {
		t.Errorf("without searching: %+v, %v", again, err)
	}
	s.importLines("id,title", "new,Another lamp")
	if again, err = s.QuerySet(t.Context(), false, nil); err != nil || again[0].Ranked {
		t.Errorf("pages of another catalogue were kept: %+v, %v", again, err)
	}
	m, err := s.MergeQueries(t.Context(), "lamp", "Lamp")
	if err != nil || m.Added != 1 || m.Conflicts != 1 {
		t.Errorf("merged %+v, %v", m, err)
	}
	if got := s.said("lamp", "l1"); got != "ann 3, ann (Lamp) 1" {
		t.Errorf("l1: %s", got)
	}
	counted(2)
	rows, err = s.QuerySet(t.Context(), true, nil)
	if err != nil || len(rows) != 2 || rows[0].Weight != 5 || rows[0].Need != "light" || rows[0].Pairs != 2 {
		t.Errorf("after merging: %+v, %v", rows, err)
	}
	sampled, err := s.SampleLog(t.Context(), workbench.SampleRequest{File: s.file("log.csv", "query,searches", "lamp,60", "cushion,30", "rug,9", "bulb,1"), N: 4, Seed: 1})
	if err != nil || !slices.Equal(sampled.Added, []string{"rug", "bulb"}) || sampled.Known != 2 {
		t.Errorf("sampled %+v, %v", sampled, err)
	}
	tags := map[string]int{}
	set, err := s.Queries()
	for _, q := range set {
		for _, tag := range q.Tags {
			tags[tag]++
		}
	}
	if err != nil || tags["head"] != 1 || tags["a"] != 1 {
		t.Errorf("tags %v, %v", tags, err)
	}
	all, err := s.Queries()
	s.must(err)
	removed, err := s.RemoveQueries("rug", all[0].Text)
	s.must(err)
	counted(len(all) - 1)
	// The first is judged: it stays as a query that nothing else is known of.
	if queries, err := s.Queries(); err != nil || len(queries) != len(all)-1 || queries[len(queries)-1].Text != all[0].Text || len(removed) != 2 {
		t.Errorf("queries %+v, removed %+v, %v", queries, removed, err)
	}
	s.must(s.RestoreQueries(removed...))
	s.must(s.RestoreQueries(removed...)) // they are there already
	if queries, err := s.Queries(); err != nil || !reflect.DeepEqual(queries, all) {
		t.Errorf("put back: %+v, were %+v, %v", queries, all, err)
	}
	s.reopen()
	counted(len(all))
	if _, err := s.RemoveQueries("no such query"); err == nil {
		t.Error("a query that is not there was removed")
	}
}

func TestScales(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	s.judgeAs("ann", "lamp", "l1", 3)
	s.judgeAs("ann", "lamp", "l2", 1)
	if _, err := s.SetScale(t.Context(), engine.Scales["binary"], false); err == nil {
		t.Error("a scale without the grades that were given was taken")
	}
	moved, err := s.SetScale(t.Context(), engine.Scales["0-4"], true)
	if err != nil || moved != 1 || s.said("lamp", "l1") != "ann 4" {
		t.Errorf("moved %d, %v; %s", moved, err, s.said("lamp", "l1"))
	}
	s.grade("lamp", "l3", 4)
	eval, err := s.Evaluate(t.Context(), workbench.EvalRequest{Metric: "err@10"}, nil)
	if err != nil || !(eval.Mean > 0 && eval.Mean < 1) {
		t.Errorf("ERR on 0 to 4: %+v, %v", eval, err)
	}
	for _, scale := range []engine.Scale{{{Name: "one"}}, {{Name: "a"}, {Name: "A"}}, {{Name: "a", Key: "z"}, {Name: "b"}}, {{Name: "a", Key: "1"}, {Name: "b"}}, {{Name: "a", Colour: "red"}, {Name: "b"}}, {{Name: ""}, {Name: "b"}}} {
		if _, err := s.SetScale(t.Context(), scale, true); err == nil {
			t.Errorf("%+v was taken", scale)
		}
	}
}

// openShop opens a workspace that is there.
func openShop(t *testing.T, path string) *shop {
	t.Helper()
	store, err := storage.Open(path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{t: t, path: path, encoder: &wordVectors{}}
	s.use(store)
	return s
}

// TestGradesFromAFileKnowTheirText: a product that changes after its grade came
// from a file is looked at again, and the same file again takes nothing of that back.
func TestGradesFromAFileKnowTheirText(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	ratings := s.file("ratings.csv", "query,docid,rating", "lamp,l1,3", "lamp,l3,1", "lamp,gone,2")
	if _, err := s.ImportJudgments(t.Context(), ratings, ""); err != nil {
		t.Fatal(err)
	}
	if old := s.queue(workbench.QueueRequest{Queue: workbench.OldGrades}); len(old) != 0 {
		t.Fatalf("%v are to be looked at again, and nothing has changed", products(old))
	}
	s.importLines(lamps[0], "l1,Desk lamp that dims,Lumo,49.90,Warm light for the desk", "l3,Lamp shade linen,Tela,21,Shade for a table lamp")
	for _, when := range []string{"after the change", "after the same file again"} {
		old := s.queue(workbench.QueueRequest{Queue: workbench.OldGrades})
		if len(old) != 1 || old[0].Product.ID != "l1" {
			t.Fatalf("%s %v are to be looked at again, want l1, whose text differs", when, products(old))
		}
		if _, err := s.ImportJudgments(t.Context(), ratings, ""); err != nil {
			t.Fatal(err)
		}
	}
	// A grade that the file says anew is of the text that is there now.
	if _, err := s.ImportJudgments(t.Context(), s.file("anew.csv", "query,docid,rating", "lamp,l1,2"), ""); err != nil {
		t.Fatal(err)
	}
	if old := s.queue(workbench.QueueRequest{Queue: workbench.OldGrades}); len(old) != 0 {
		t.Errorf("%v are still to be looked at again", products(old))
	}
}

// TestGradesOfProductsThatAreGone are counted where they lower a score: those above
// 0, until the product is there again.
func TestGradesOfProductsThatAreGone(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	s.grade("lamp", "l1", 3)
	s.grade("lamp", "l2", 0)
	s.grade("lamp", "l3", 2)
	row := func() workbench.QueryRow {
		t.Helper()
		rows, err := s.QuerySet(t.Context(), true, nil)
		if err != nil || len(rows) != 1 {
			t.Fatalf("%v, %v", rows, err)
		}
		return rows[0]
	}
	before := row()
	if before.Gone != 0 {
		t.Errorf("%d are gone of those that are there", before.Gone)
	}
	if _, err := s.Replace(t.Context(), []string{s.file("fewer.csv", lamps[0], lamps[3], lamps[4])}, nil, nil); err != nil {
		t.Fatal(err)
	}
	if after := row(); after.Gone != 1 || !(after.Value < before.Value) {
		t.Errorf("%d are gone and the value went from %v to %v; want l1 alone, whose grade counts", after.Gone, before.Value, after.Value)
	}
	s.importLines(lamps...)
	if again := row(); again.Gone != 0 || again.Value != before.Value {
		t.Errorf("%d are gone after they came back, the value is %v and was %v", again.Gone, again.Value, before.Value)
	}
}

// TestMergedQueriesAreTakenApart: grades and queries are as they were, but for what
// was said in between.
func TestMergedQueriesAreTakenApart(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	for _, q := range []engine.Query{{Text: "Lamp", Weight: 2, Need: "light"}, {Text: "cushion"}, {Text: "lamp", Weight: 3, Tags: []string{"b"}}, {Text: "LAMP", Tags: []string{"c"}}} {
		s.must(s.PutQuery(q))
	}
	s.judgeAs("ann", "lamp", "l1", 3)
	s.judgeAs("ann", "Lamp", "l1", 1)
	s.judgeAs("bea", "Lamp", "l2", 2)
	s.judgeAs("ann", "LAMP", "l3", 2)
	said := func() string {
		set, err := s.Queries()
		s.must(err)
		text := fmt.Sprintf("%+v", set)
		for _, q := range []string{"lamp", "Lamp", "LAMP"} {
			for _, id := range []string{"l1", "l2", "l3"} {
				text += fmt.Sprintf("\n%s %s: %s", q, id, s.said(q, id))
			}
		}
		return text
	}
	before := said()
	for _, keep := range []string{"lamp", "lAmp"} { // one of the set, and one that is only judged
		if keep == "lAmp" {
			s.judgeAs("ann", keep, "b1", 1)
			before = said()
		}
		m, err := s.MergeQueries(t.Context(), keep, "Lamp", "LAMP", "lamp")
		s.must(err)
		if between := said(); between == before {
			t.Fatal("nothing was merged")
		}
		s.must(s.UnmergeQueries(t.Context(), m))
		for _, when := range []string{"at once", "after reopening"} {
			if after := said(); after != before {
				t.Errorf("into %s, %s:\n%s\nbefore:\n%s", keep, when, after, before)
			}
			s.reopen()
		}
	}
	m, err := s.MergeQueries(t.Context(), "lamp", "Lamp")
	s.must(err)
	s.judgeAs("bea", "lamp", "l2", 0)
	s.must(s.UnmergeQueries(t.Context(), m))
	if got := s.said("lamp", "l2") + "; " + s.said("Lamp", "l2"); got != "bea 0; bea 2" {
		t.Errorf("a grade that was given in between: %s", got)
	}
}

// TestPackComesBackAfterItsQueriesWereMerged: what was judged in it is of the query
// that stayed, and the others are not new again, over two merges and reopening.
func TestPackComesBackAfterItsQueriesWereMerged(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	for _, q := range []string{"lamp", "Lamp", "LAMP", "cushion"} {
		s.must(s.PutQuery(engine.Query{Text: q}))
	}
	back := s.file("back.csv", "query,docid,rating,judge", "Lamp,l1,2,bea", "LAMP,l2,1,bea", "cushion,c1,3,bea", "LAMP,l1,1,bea")
	_, err := s.MergeQueries(t.Context(), "Lamp", "LAMP")
	s.must(err)
	last, err := s.MergeQueries(t.Context(), "lamp", "Lamp")
	s.must(err)
	s.reopen()
	for round, want := range []workbench.Merged{{Read: 4, Added: 3, Conflicts: 1}, {Read: 4, Known: 4}} {
		m, err := s.Merge(t.Context(), back, "")
		if err != nil || m.Added != want.Added || m.Known != want.Known || m.Conflicts != want.Conflicts || m.Queries != 0 {
			t.Errorf("round %d: %+v, %v", round, m, err)
		}
	}
	if got := s.said("lamp", "l1") + "; " + s.said("lamp", "l2") + "; " + s.said("cushion", "c1"); got != "bea 2, bea (back) 1; bea 1; bea 3" {
		t.Errorf("kept %s", got)
	}
	set, err := s.Queries()
	if err != nil || len(set) != 2 {
		t.Errorf("the set is %+v, %v", set, err)
	}
	// Taken apart again, they are queries of their own.
	s.must(s.UnmergeQueries(t.Context(), last))
	if m, err := s.Merge(t.Context(), s.file("later.csv", "query,docid,rating,judge", "Lamp,l3,2,bea"), ""); err != nil || m.Added != 1 || s.said("Lamp", "l3") != "bea 2" {
		t.Errorf("after taking apart: %+v, %v", m, err)
	}
}
