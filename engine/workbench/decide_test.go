package workbench_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"touchstone/engine"
	"touchstone/engine/measure"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

func TestSweepFindsTheTurn(t *testing.T) {
	s := lampShop(t)
	// A ranker that puts cheap things first: the lamps, which are right, are dear.
	cheap := *byPrice(-1)
	if _, err := s.Use(cheap); err != nil {
		t.Fatal(err)
	}
	sweep, err := s.Sweep(t.Context(), workbench.SweepRequest{Parameter: "price", From: -1, To: 1, Steps: 5, Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	best := sweep.Points[sweep.Best]
	if best.Value <= 0 || sweep.Points[sweep.Present].Value != -1 || sweep.Chosen+sweep.Left != 10 || sweep.Left == 0 || len(sweep.Points) != 5 {
		t.Fatalf("%s: %+v", sweep.Sentence(), sweep)
	}
	for i, p := range sweep.Points { // each point is what an evaluation of that ranker says
		e, err := s.Evaluate(t.Context(), workbench.EvalRequest{Ranker: byPrice(p.Value)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		whole := (p.Chosen*float64(sweep.Chosen) + p.Left*float64(sweep.Left)) / 10
		if math.Abs(whole-e.Mean) > 1e-12 {
			t.Errorf("point %d: %v, evaluated alone %v", i, whole, e.Mean)
		}
	}
	if err := s.Take(sweep, sweep.Best); err != nil {
		t.Fatal(err)
	}
	if r := s.Ranker(); r.Name != "price" || r.Version != 2 || r.Weight("price") != best.Value || !strings.HasPrefix(r.Made.Why, "price ") {
		t.Errorf("%+v is in use", r)
	}
	for _, parameter := range []string{workbench.SweepDepth, workbench.SweepFusion} {
		sweep, err := s.Sweep(t.Context(), workbench.SweepRequest{Parameter: parameter}, nil)
		if err != nil {
			t.Fatal(err)
		}
		e, err := s.Evaluate(t.Context(), workbench.EvalRequest{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		p := sweep.Points[sweep.Present]
		if whole := (p.Chosen*float64(sweep.Chosen) + p.Left*float64(sweep.Left)) / 10; math.Abs(whole-e.Mean) > 1e-12 {
			t.Errorf("%s: the present point %v, evaluated %v", parameter, whole, e.Mean)
		}
		if err := s.Take(sweep, 1); err != nil {
			t.Fatal(err)
		}
		again, err := s.Sweep(t.Context(), workbench.SweepRequest{Parameter: parameter}, nil)
		if err != nil || again.Present != 1 {
			t.Errorf("%s: after taking point 1 the present one is %d, %v", parameter, again.Present, err)
		}
	}
	for _, bad := range []workbench.SweepRequest{{Parameter: "nothing"}, {Parameter: "price", From: 1, To: 0}, {Parameter: "price", Steps: 1}, {Parameter: "price", Metric: "best"}} {
		if _, err := s.Sweep(t.Context(), bad, nil); err == nil {
			t.Errorf("%+v was swept", bad)
		}
	}
	if err := s.Take(sweep, 99); err == nil {
		t.Error("a point that is not there was taken")
	}
}

func TestInterleavingHasAVerdict(t *testing.T) {
	for _, c := range []struct {
		won, lost, equal int
		want             measure.Verdict
	}{{0, 0, 0, measure.NoDifference}, {5, 0, 9, measure.NoDifference}, {6, 0, 0, measure.Better}, {0, 6, 0, measure.Worse}, {9, 3, 0, measure.NoDifference}} {
		trial := &workbench.Interleaving{}
		for i := range c.won + c.lost + c.equal {
			page := workbench.InterleavedPage{IDs: []string{"a", "b"}, FromB: []bool{false, true}, Picked: []bool{false, false}, Done: true}
			if i < c.won+c.lost {
				page.Picked = []bool{i >= c.won, i < c.won}
			}
			trial.Pages = append(trial.Pages, page)
		}
		if got := trial.Result().Verdict(); got != c.want {
			t.Errorf("%d won, %d lost, %d equal: %v, want %v", c.won, c.lost, c.equal, got, c.want)
		}
	}
}

func TestInterleavingByGrades(t *testing.T) {
	s := lampShop(t)
	trial, err := s.Interleave(t.Context(), workbench.InterleaveRequest{A: ranks(byPrice(-1)), B: ranks(byPrice(1)), Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(trial.Pages) == 0 || trial.Pages[0].Products[0].Title == "" || trial.Result().Done != 0 || trial.Result().P != 1 {
		t.Fatalf("%+v", trial)
	}
	if err := s.PickByGrades(trial); err != nil {
		t.Fatal(err)
	}
	r := trial.Result()
	if r.Done != len(trial.Pages) || r.Won+r.Lost+r.Equal != r.Done || r.PicksA+r.PicksB == 0 {
		t.Errorf("%+v", r)
	}
	// A judge goes on where they stopped, in another session.
	kept := trial.Clone()
	kept.Pages[0].Done, kept.Pages[1].Done = false, false
	if kept.ID, err = s.KeepInterleaving(kept); err != nil {
		t.Fatal(err)
	}
	kept.Pages[0].Done = true
	if _, err := s.KeepInterleaving(kept); err != nil {
		t.Fatal(err)
	}
	s.reopen()
	again, err := s.Interleaved(kept.ID)
	if err != nil {
		t.Fatal(err)
	}
	if again.Open() != 1 || again.Result().Done != len(trial.Pages)-1 || again.Judge != "me" || again.Pages[3].Products[0].Title != trial.Pages[3].Products[0].Title {
		t.Errorf("opened again: page %d is open, %+v", again.Open(), again.Result())
	}
	again.Ended = true
	if again.Open() != -1 || !trial.Pages[0].Done {
		t.Error("an ended trial has an open page, or a copy shares its picks")
	}
	if _, err := s.Interleaved(9); err == nil {
		t.Error("a trial that is not there")
	}
	if _, err := s.Interleave(t.Context(), workbench.InterleaveRequest{}, nil); err == nil || !strings.Contains(err.Error(), "same first page") {
		t.Errorf("a side and itself: %v", err)
	}
}

func TestIdealPage(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	if _, err := s.Ideal(t.Context(), "lamp", workbench.Side{}); err == nil {
		t.Error("an ideal page without grades")
	}
	page := s.search("lamp")
	last, first := page.Results[len(page.Results)-1].Product.ID, page.Results[0].Product.ID
	s.grade("lamp", last, 3)
	s.grade("lamp", first, 1)
	ideal, err := s.Ideal(t.Context(), "lamp", workbench.Side{})
	if err != nil {
		t.Fatal(err)
	}
	if len(ideal.Ideal) != 2 || ideal.Ideal[0].Product.ID != last || ideal.Ideal[0].Other != len(page.Results) || ideal.Ideal[1].Product.ID != first {
		t.Errorf("%+v", ideal.Ideal)
	}
	if len(ideal.Present) != len(page.Results) || ideal.Present[0].Product.ID != first || ideal.Present[0].Other != 2 {
		t.Errorf("%+v", ideal.Present)
	}
	if score, _ := s.Measure(page); score.Value != ideal.Value {
		t.Errorf("%v, measured %v", ideal.Value, score.Value)
	}
}

func TestTimelineAndTheWayBack(t *testing.T) {
	s := lampShop(t)
	if _, err := s.Use(*byPrice(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.TakeSnapshot(t.Context(), "spring", nil, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Use(*byPrice(-1)); err != nil {
		t.Fatal(err)
	}
	s.rules(engine.Rule{Kind: engine.HideRule, Words: "shade"})
	moments, err := s.Timeline(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range moments {
		names = append(names, m.Name)
		if m.Kind == workbench.RulesMoment {
			continue
		}
		if !m.Scored || m.Now != (m.Name == "price@2") {
			t.Errorf("%+v", m)
		}
	}
	if !slices.Equal(names, []string{"rules 1", "price@2", "snapshot:spring", "price@1"}) {
		t.Fatalf("%q", names)
	}
	for k, ranker := range map[int]*engine.Ranker{1: byPrice(-1), 3: byPrice(1)} {
		e, err := s.Evaluate(t.Context(), workbench.EvalRequest{Ranker: ranker}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if e.Mean != moments[k].Score {
			t.Errorf("%s: %v on the timeline, evaluated %v", names[k], moments[k].Score, e.Mean)
		}
	}
	for i, name := range []string{"price@1", "snapshot:spring"} {
		r, err := s.GoBack(name, "it was better")
		if err != nil || r.Version != 3+i || r.Weight("price") != 1 || r.Made.Why != "it was better" {
			t.Errorf("back to %s: %+v, %v", name, r, err)
		}
	}
	s.reopen()
	if r := s.Ranker(); r.Version != 4 || r.Made.Why != "it was better" {
		t.Errorf("after reopening %+v", r)
	}
	if _, err := s.GoBack("price@9", ""); err == nil {
		t.Error("went back to what never was")
	}
}

func TestSnapshotOfAnotherCatalogue(t *testing.T) {
	s := lampShop(t)
	if _, err := s.TakeSnapshot(t.Context(), "spring", nil, nil); err != nil {
		t.Fatal(err)
	}
	other := s.side("snapshot:spring")
	s.importLines("id,title,price", "n1,Night lamp for the desk,9")
	for query := range other.Snapshot.Runs {
		other.Snapshot.Runs[query] = []string{"x1", "x2"}
	}
	_, err := s.Compare(t.Context(), workbench.CompareRequest{A: other}, nil)
	if err == nil || !strings.Contains(err.Error(), "another catalogue") || !strings.Contains(err.Error(), "spring") {
		t.Errorf("%v", err)
	}
	if all, err := s.Snapshots(); err != nil || len(all) != 1 {
		t.Errorf("the snapshot is gone: %v", err)
	}
}

func TestWeightedByFrequency(t *testing.T) {
	s := lampShop(t)
	req := workbench.EvalRequest{Ranker: byPrice(1), Weighted: true}
	if _, err := s.Evaluate(t.Context(), req, nil); err == nil || !strings.Contains(err.Error(), "frequency") {
		t.Errorf("nobody knows how often: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(s.path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.PutQueries([]engine.Query{{Text: "lamp0", Weight: 1e6}}); err != nil {
		t.Fatal(err)
	}
	s.use(store)
	e, err := s.Evaluate(t.Context(), req, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range e.PerQuery {
		if q.Query == "lamp0" && math.Abs(q.Value-e.Mean) > 1e-4 {
			t.Errorf("nearly all ask for lamp0, which has %v; the mean is %v", q.Value, e.Mean)
		}
	}
	c := s.compare(workbench.CompareRequest{A: ranks(byPrice(1)), B: ranks(byPrice(-1)), Weighted: true})
	if math.Abs(c.B.Mean-c.A.Mean-c.Delta) > 1e-12 || math.Abs(c.A.Mean-e.Mean) > 1e-12 {
		t.Errorf("%v and %v, difference %v", c.A.Mean, c.B.Mean, c.Delta)
	}
}
