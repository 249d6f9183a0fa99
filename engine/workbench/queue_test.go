package workbench_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// queue asks for a queue and fails the test where there is none.
func (s *shop) queue(req workbench.QueueRequest) []workbench.QueueItem {
	s.t.Helper()
	items, err := s.Queue(s.t.Context(), req, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, item := range items {
		if item.Why == "" || item.Product.Title == "" || item.Query.Text == "" {
			s.t.Errorf("%s: an item lacks its reason, its product or its query: %+v", req.Queue, item)
		}
	}
	return items
}

func products(items []workbench.QueueItem) []string {
	var ids []string
	for _, item := range items {
		ids = append(ids, item.Query.Text+"/"+item.Product.ID)
	}
	return ids
}

// judgeAs grades under another name.
func (s *shop) judgeAs(name, query, product string, g engine.Grade) {
	s.t.Helper()
	if err := s.SetJudge(name); err != nil {
		s.t.Fatal(err)
	}
	s.grade(query, product, g)
}

func TestQueuesLeaveOutWhatIsGraded(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	if _, err := s.ImportQueries(t.Context(), s.file("queries.csv", "query,information_need", "lamp,Light for a room", "cushion,Something soft")); err != nil {
		t.Fatal(err)
	}
	s.judgeAs("bea", "lamp", "l3", 3)
	s.judgeAs("ann", "lamp", "l1", 3)
	s.judgeAs("ann", "lamp", "l3", 1)

	page := products(s.queue(workbench.QueueRequest{Queue: workbench.PageQueue, Query: "lamp"}))
	if slices.Contains(page, "lamp/l1") || !slices.Contains(page, "lamp/l2") {
		t.Errorf("the page of lamp is %v; want it without what ann graded", page)
	}
	unjudged := s.queue(workbench.QueueRequest{Queue: workbench.NeverJudged})
	for _, item := range unjudged {
		if item.Query.Text != "cushion" || item.Query.Need != "Something soft" {
			t.Errorf("never judged: %+v", item.Query)
		}
	}
	if len(unjudged) == 0 {
		t.Error("cushion was never judged and is not in the queue")
	}
	disputed := s.queue(workbench.QueueRequest{Queue: workbench.Disagreements})
	if got := products(disputed); !slices.Equal(got, []string{"lamp/l3"}) || *disputed[0].Grade != 1 {
		t.Errorf("disagreements are %v with ann's grade %v", got, disputed[0].Grade)
	}
	next := s.queue(workbench.QueueRequest{Queue: workbench.NextBest, Limit: 3})
	if len(next) != 3 {
		t.Errorf("next best gives %d of 3", len(next))
	}
	for _, id := range products(next) {
		if id == "lamp/l1" || id == "lamp/l3" {
			t.Errorf("next best offers %s, which is graded", id)
		}
	}
	for _, req := range []workbench.QueueRequest{{Queue: workbench.PageQueue}, {Queue: "loudest"}} {
		if _, err := s.Queue(t.Context(), req, nil); err == nil {
			t.Errorf("%+v gave a queue", req)
		}
	}
}

func TestPooledOrderIsBlindAndRepeats(t *testing.T) {
	s := newShop(t)
	lines := []string{"id,title"}
	for i := range 60 {
		lines = append(lines, fmt.Sprintf("p%02d,lamp number%d", i, i))
	}
	s.importLines(lines...)
	ask := func(seed int64) []string {
		return products(s.queue(workbench.QueueRequest{Queue: workbench.PoolQueue, Query: "lamp", Seed: seed}))
	}
	if !slices.Equal(ask(1), ask(1)) {
		t.Error("the same seed gives two orders")
	}
	if slices.Equal(ask(1), ask(2)) {
		t.Error("two seeds give one order")
	}
	var page []string
	for _, r := range s.search("lamp").Results {
		page = append(page, "lamp/"+r.Product.ID)
	}
	if got := ask(1); slices.Equal(got[:min(len(got), len(page))], page) {
		t.Error("the order is the ranker's")
	}
}

// TestJudgingCountsWhatIsGivenByHand: what files, workspaces, merged queries and
// another scale bring is nobody's work of today, nor is putting it back.
func TestJudgingCountsWhatIsGivenByHand(t *testing.T) {
	s, away := newShop(t), newShop(t)
	s.importLines(lamps...)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	counted := func(when string, want int) {
		t.Helper()
		if day, err := s.Judging(time.Now()); err != nil || day.Today != want || want < 2 && day.PerHour != 0 {
			t.Errorf("%s %d grades are counted, %v an hour; want %d (%v)", when, day.Today, day.PerHour, want, err)
		}
	}
	must(s.SetJudge("ann"))
	_, err := s.ImportJudgments(t.Context(), s.file("ratings.csv", "query,docid,rating", "lamp,l1,3", "lamp,l3,1"), "ann")
	must(err)
	counted("after an import", 0)
	away.importLines(lamps...)
	away.judgeAs("ann", "Lamp", "l2", 2)
	must(away.Close())
	merged, err := s.Merge(t.Context(), away.path, "")
	if err != nil || merged.Added != 1 {
		t.Fatalf("merged %+v, %v", merged, err)
	}
	counted("after a merge", 0)
	if undone, err := s.Undo(); err != nil || len(undone) != 1 {
		t.Fatalf("undone %+v, %v", undone, err)
	} else {
		must(s.PutBack(undone))
	}
	counted("after it was put back", 0)
	_, err = s.MergeQueries(t.Context(), "lamp", "Lamp")
	must(err)
	counted("after merging queries", 0)
	if moved, err := s.SetScale(t.Context(), engine.Scales["0-4"], true); err != nil || moved == 0 {
		t.Fatalf("%d grades moved, %v", moved, err)
	}
	counted("on another scale", 0)
	s.grade("lamp", "b1", 4)
	counted("after one by hand", 1)
	s.grade("lamp", "l1", 0)
	counted("after one of the imported was given anew", 2)
}

func TestJudging(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	if err := s.SetJudge("  "); err == nil {
		t.Error("a judge without a name was taken")
	}
	for _, g := range []struct {
		judge, product string
		grade          engine.Grade
	}{{"bea", "l1", 3}, {"bea", "l2", 2}, {"bea", "l3", 0}, {"ann", "l1", 3}, {"ann", "l2", 0}, {"ann", "l3", 0}, {"ann", "b1", 1}} {
		s.judgeAs(g.judge, "lamp", g.product, g.grade)
	}
	if err := s.GradeNoted(t.Context(), "lamp", "b1", 0, " only the bulb "); err != nil {
		t.Fatal(err)
	}
	page := s.queue(workbench.QueueRequest{Queue: workbench.OldGrades, Age: time.Nanosecond})
	i := slices.IndexFunc(page, func(item workbench.QueueItem) bool { return item.Product.ID == "b1" })
	if i < 0 || page[i].Note != "only the bulb" {
		t.Errorf("the note is gone: %+v", page)
	}
	day, err := s.Judging(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if day.Judge != "ann" || day.Today != 5 || day.Shared != 3 || day.Disputed != 1 || !(day.Kappa > 0 && day.Kappa < 1) {
		t.Errorf("ann's day: %+v; want 5 grades, 3 shared, 1 disputed", day)
	}
	if undone, err := s.Undo(); len(undone) == 0 || err != nil {
		t.Fatal(err)
	}
	if day, err = s.Judging(time.Now()); err != nil || day.Today != 4 {
		t.Errorf("after an undo %d grades count, want 4 (%v)", day.Today, err)
	}
	if day, err = s.Judging(time.Now().Add(48 * time.Hour)); err != nil || day.Today != 0 {
		t.Errorf("two days later %d grades are today's (%v)", day.Today, err)
	}
	report, err := s.Judges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Disputes) != 1 || report.Disputes[0].Product != "l2" || len(report.Disputes[0].Judgments) != 2 ||
		report.Judgments["ann"] != 4 || report.Shared != 3 || math.IsNaN(report.Ordinal.Value) {
		t.Errorf("report %+v", report)
	}
}

func TestMatches(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	const title = "Desk lamps, for the DESK of a café"
	var got []string
	for _, m := range s.Matches("desk lamp", title) {
		got = append(got, title[m[0]:m[1]])
	}
	if want := []string{"Desk", "lamps", "DESK"}; !slices.Equal(got, want) {
		t.Errorf("matches %q, want %q", got, want)
	}
	const odd = "ｄｅｓｋ lamp" // the cleaned text differs from this one
	for _, m := range s.Matches("lamp", odd) {
		if odd[m[0]:m[1]] != "lamp" {
			t.Errorf("match %q", odd[m[0]:m[1]])
		}
	}
}

// sampleShop is the English sample with its known grades; products that they do
// not name are wrong for the query.
func sampleShop(t *testing.T) (*shop, engine.Qrels) {
	t.Helper()
	s := newShop(t)
	if _, err := s.Import(t.Context(), []string{"../../assets/sample/en/products.jsonl"}, nil, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ImportQueries(t.Context(), "../../assets/sample/en/queries.csv"); err != nil {
		t.Fatal(err)
	}
	truth, err := s.ReadQrels(t.Context(), "../../assets/sample/en/judgments.csv")
	if err != nil {
		t.Fatal(err)
	}
	return s, truth
}

// TestNextBestBeatsRandom grades the sample twice with its known grades: by next
// best, and at random from what any ranker puts first. After the same number of
// grades the first must know NDCG@10 better.
func TestNextBestBeatsRandom(t *testing.T) {
	if testing.Short() {
		t.Skip("grades the sample several times; not in -short")
	}
	const budget, batch = 160, 20
	off := map[workbench.Queue]float64{}
	for _, queue := range []workbench.Queue{workbench.NextBest, workbench.PoolQueue} {
		for seed := range int64(3) {
			s, truth := sampleShop(t)
			full, err := s.Evaluate(t.Context(), workbench.EvalRequest{Qrels: truth}, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]float64{}
			for _, q := range full.PerQuery {
				want[q.Query] = q.Value
			}
			rng := rand.New(rand.NewPCG(uint64(seed), 0))
			for graded := 0; graded < budget; graded += batch {
				items := s.queue(workbench.QueueRequest{Queue: queue, Limit: batch, Seed: seed + int64(graded)})
				if queue == workbench.PoolQueue {
					items = s.queue(workbench.QueueRequest{Queue: queue, Limit: 10000, Seed: seed})
					rng.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
				}
				for _, item := range items[:min(batch, len(items))] {
					s.grade(item.Query.Text, item.Product.ID, truth[item.Query.Text][item.Product.ID])
				}
			}
			known, err := s.Evaluate(t.Context(), workbench.EvalRequest{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]float64{}
			for _, q := range known.PerQuery {
				got[q.Query] = q.Value
			}
			sum := 0.0
			for query, value := range want {
				sum += math.Abs(got[query]-value) / float64(len(want))
			}
			t.Logf("%s, seed %d: NDCG@10 of a query is off by %.3f", queue, seed, sum)
			off[queue] += sum
		}
	}
	if off[workbench.NextBest] >= off[workbench.PoolQueue] {
		t.Errorf("after %d grades NDCG@10 of a query is off by %.3f with next best, by %.3f at random", budget,
			off[workbench.NextBest]/3, off[workbench.PoolQueue]/3)
	}
}

// TestSuspectsAreOpinions: whose grade others contradict is asked again, until
// they confirm it or the judges settle; what a judge said at a second look, or
// what was settled, is nobody's suspect.
func TestSuspectsAreOpinions(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	for _, judge := range []string{"bea", "cem", "dan", "eve"} {
		s.judgeAs(judge, "lamp", "l1", 0)
		s.judgeAs(judge, "lamp", "l2", 0)
		s.judgeAs(judge, "lamp", "l3", 3)
	}
	for _, product := range []string{"l1", "l2", "l3"} {
		s.judgeAs("ann", "lamp", product, 3)
	}
	s.must(s.GradeAgain("lamp", "l3", 0, ""))
	suspects := func(want ...string) {
		t.Helper()
		if got := products(s.queue(workbench.QueueRequest{Queue: workbench.SuspectGrades})); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
			t.Errorf("ann's suspects are %v, want %v", got, want)
		}
	}
	suspects("lamp/l1", "lamp/l2")
	s.grade("lamp", "l1", 3) // the same again
	suspects("lamp/l2")
	s.must(s.Settle("lamp", "l2", 1, ""))
	suspects()
	all, err := s.Suspects(t.Context(), nil)
	s.must(err)
	if len(all) != 10 {
		t.Errorf("%d suspects, want 5 judges' of 2 pairs", len(all))
	}
	for _, suspect := range all {
		if !suspect.Opinion() || suspect.Judgment.Product == "l2" || !(suspect.Surprise >= 0) || !strings.HasSuffix(suspect.Why, ".") {
			t.Errorf("suspect %+v", suspect)
		}
	}
	// Nobody has said anything: nothing is suspect.
	empty := newShop(t)
	empty.importLines(lamps...)
	if all, err := empty.Suspects(t.Context(), nil); err != nil || len(all) != 0 {
		t.Errorf("suspects of no grades: %+v, %v", all, err)
	}
}

// TestFlippedGradesAreSuspects turns one grade in fifty of a judge into another
// and looks for it among the worst tenth of the judge's suspects: alone, with
// nothing to go by but score and features, and beside two others who are right
// three times in four.
func TestFlippedGradesAreSuspects(t *testing.T) {
	if testing.Short() {
		t.Skip("looks through the sample several times; not in -short")
	}
	for _, c := range []struct {
		others int
		least  float64 // share of the flipped grades; chance finds a tenth
	}{{0, 0.3}, {2, 0.6}} {
		found, flipped := 0, 0
		for seed := range uint64(3) {
			s, truth := sampleShop(t)
			rng := rand.New(rand.NewPCG(seed, 0))
			flip := func(g engine.Grade) engine.Grade { return engine.Grade((int(g) + 1 + rng.IntN(3)) % 4) }
			wrong := map[string]bool{}
			for judge := range 1 + c.others {
				lines := []string{"query,docid,rating"}
				for _, query := range slices.Sorted(maps.Keys(truth)) {
					for _, product := range slices.Sorted(maps.Keys(truth[query])) {
						grade := truth[query][product]
						switch {
						case judge == 0 && rng.Float64() < 0.02:
							grade = flip(grade)
							wrong[query+"/"+product] = true
						case judge > 0 && rng.Float64() < 0.25:
							grade = flip(grade)
						}
						lines = append(lines, fmt.Sprintf("%q,%s,%v", query, product, grade))
					}
				}
				if _, err := s.ImportJudgments(t.Context(), s.file("flipped.csv", lines...), fmt.Sprint("judge ", judge)); err != nil {
					t.Fatal(err)
				}
			}
			all, err := s.Suspects(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			all = slices.DeleteFunc(all, func(s workbench.Suspect) bool { return s.Judge != "judge 0" })
			for _, suspect := range all[:len(all)/10] {
				if wrong[suspect.Query+"/"+suspect.Judgment.Product] {
					found++
				}
			}
			flipped += len(wrong)
		}
		t.Logf("beside %d others, %d of %d flipped grades are in the worst tenth", c.others, found, flipped)
		if float64(found) < c.least*float64(flipped) {
			t.Errorf("beside %d others, %d of %d flipped grades are in the worst tenth, want %.0f %%", c.others, found, flipped, 100*c.least)
		}
	}
}
