package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"touchstone/engine"
	comparing "touchstone/engine/compare"
	"touchstone/engine/measure"
	"touchstone/engine/workbench"
)

// fakeDeciding is the part of a fakeBench that the Compare and Rules places use.
type fakeDeciding struct {
	rules     []engine.Rule
	undone    [][]engine.Rule // states before each change, oldest first
	adopted   []string        // reasons
	reports   []string        // files
	compared  int
	request   workbench.CompareRequest
	sided     []string // the sides that were asked for
	effects   int
	wentBack  []string
	taken     int
	snapshots []string
	mixed     []workbench.Interleaving
	keepErr   error
	decideErr error
}

func (b *fakeBench) Rankers() ([]engine.Ranker, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rankers != nil {
		return b.rankers, nil
	}
	return []engine.Ranker{{Name: "learned", Version: 6, Kind: engine.Linear}, {Name: "learned", Version: 7, Kind: engine.Linear}}, nil
}

func (b *fakeBench) Sides() (all []workbench.SideChoice, before, now string, err error) {
	return []workbench.SideChoice{
		{Name: "learned@7", Kind: workbench.RankerSide, Of: "learned v7"}, {Name: "learned@6", Kind: workbench.RankerSide, Of: "learned v6"},
		{Name: "default", Kind: workbench.RankerSide, Of: "default"}, {Name: "snapshot:before spring", Kind: workbench.SnapshotSide, Of: "before spring"},
		{Name: "rules:off", Kind: workbench.RulesSide, Of: "off"}, {Name: "engine:shop", Kind: workbench.EngineSide, Of: "shop"},
		{Name: "encoder:shipped", Kind: workbench.EncoderSide, Of: "shipped"}, {Name: "encoder:bge-zh", Kind: workbench.EncoderSide, Of: "bge-zh"},
	}, "learned@6", "learned@7", b.decideErr
}

func (b *fakeBench) SlidersSide(draft *engine.Ranker) string {
	return fmt.Sprintf("learned@7+bm25=%g", draft.Weight("bm25"))
}

func (b *fakeBench) TakeSnapshot(_ context.Context, name string, _ *engine.Ranker, _ engine.OnProgress) (*workbench.Snapshot, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.snapshots = append(b.snapshots, name)
	return &workbench.Snapshot{Name: name, Runs: map[string][]string{"usb hub": nil}}, b.decideErr
}

func (b *fakeBench) ReadSnapshot(file, name string) (*workbench.SnapshotReport, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.snapshots = append(b.snapshots, name+"<"+file)
	return &workbench.SnapshotReport{Snapshot: &workbench.Snapshot{Name: "configA", Runs: map[string][]string{"usb hub": nil}}, Format: "TREC run", Unknown: 3,
		Problems: []workbench.RowProblem{{File: file, Line: 2, What: "has 5 parts"}}}, b.decideErr
}

// Interleave mixes two pages of three products.
func (b *fakeBench) Interleave(_ context.Context, req workbench.InterleaveRequest, _ engine.OnProgress) (*workbench.Interleaving, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := &workbench.Interleaving{Time: time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC), Judge: "ann", A: req.A.Label(), B: req.B.Label()}
	for _, query := range []string{"usb c hub", "dock"} {
		t.Pages = append(t.Pages, workbench.InterleavedPage{Query: query, Products: slices.Clone(b.products[:3]), IDs: []string{"1", "2", "3"}, FromB: []bool{true, false, true}, Picked: make([]bool, 3)})
	}
	return t, b.decideErr
}

func (b *fakeBench) KeepInterleaving(t *workbench.Interleaving) (uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.keepErr != nil {
		return 0, b.keepErr
	}
	kept := t.Clone()
	if kept.ID == 0 {
		b.mixed = append(b.mixed, *kept)
		kept.ID = uint64(len(b.mixed))
	}
	b.mixed[kept.ID-1] = *kept
	return kept.ID, nil
}

func (b *fakeBench) Interleavings() ([]workbench.Interleaving, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.mixed), b.decideErr
}

func (b *fakeBench) Interleaved(id uint64) (*workbench.Interleaving, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.mixed[id-1].Clone(), b.decideErr
}

// Ideal turns the fake's page round.
func (b *fakeBench) Ideal(_ context.Context, query string, _ workbench.Side) (*workbench.IdealPage, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	page := &workbench.IdealPage{Query: query, Metric: "ndcg@10", Value: 0.71, Best: 1,
		By: []workbench.IdealFigure{{Metric: "NDCG@10", Present: 0.71, Ideal: 1}, {Metric: "ERR@10", Present: 0.52, Ideal: 0.9}}}
	const n = 6
	for i := range n {
		page.Present = append(page.Present, workbench.ComparedLine{Rank: i + 1, Product: b.products[i], Other: n - i, Grade: grade(engine.Grade(i / 2))})
		page.Ideal = append(page.Ideal, workbench.ComparedLine{Rank: i + 1, Product: b.products[n-1-i], Other: n - i, Grade: grade(engine.Grade((n - 1 - i) / 2))})
	}
	return page, b.decideErr
}

func (b *fakeBench) Side(name string) (workbench.Side, error) {
	b.mu.Lock()
	b.sided = append(b.sided, name)
	b.mu.Unlock()
	return workbench.Side{Ranker: &engine.Ranker{Name: name}}, b.decideErr
}

// Compare compares made-up runs: B wins most queries and loses some.
func (b *fakeBench) Compare(_ context.Context, req workbench.CompareRequest, _ engine.OnProgress) (*workbench.Comparison, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.compared++
	b.request = req
	if b.decideErr != nil {
		return nil, b.decideErr
	}
	in := comparing.Input{Metric: measure.Metric{Kind: measure.NDCG, K: 10}, Beside: []measure.Metric{{Kind: measure.ERR, K: 10}}, Qrels: engine.Qrels{}, Seed: req.Seed,
		A: comparing.Side{Name: req.A.Ranker.Name, Runs: map[string][]string{}}, B: comparing.Side{Name: req.B.Ranker.Name, Runs: map[string][]string{}}}
	for i := range 40 {
		q := fmt.Sprintf("query %02d <script>", i)
		ids := []string{}
		for k := range 8 {
			ids = append(ids, b.products[(i+k)%len(b.products)].ID)
		}
		in.Qrels[q] = map[string]engine.Grade{ids[0]: 3, ids[1]: 2, ids[2]: 0, ids[4]: 1}
		turned := slices.Clone(ids)
		turned[0], turned[2] = ids[2], ids[0]
		in.A.Runs[q], in.B.Runs[q] = turned, ids
		if i%5 == 0 {
			in.A.Runs[q], in.B.Runs[q] = ids, turned
		}
	}
	if req.A.Ranker.Name == req.B.Ranker.Name {
		in.A.Runs = in.B.Runs
	}
	return comparing.Compare(in), nil
}

func (b *fakeBench) product(id string) engine.Product {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.products {
		if p.ID == id {
			return p
		}
	}
	return engine.Product{ID: id, Title: id}
}

func (b *fakeBench) ComparedPages(c *workbench.Comparison, q workbench.ComparedQuery) (workbench.ComparedPages, error) {
	pages := c.Pages(q)
	for _, page := range [][]workbench.ComparedLine{pages.A, pages.B} {
		for i := range page {
			page[i].Product = b.product(page[i].Product.ID)
		}
	}
	return pages, nil
}

func (b *fakeBench) Settling(c *workbench.Comparison) (items []workbench.QueueItem, err error) {
	for _, p := range c.Unsettled {
		items = append(items, workbench.QueueItem{Query: engine.Query{Text: p.Query}, Product: b.product(p.Product.ID)})
	}
	return items, nil
}

func (b *fakeBench) WriteReport(_ *workbench.Comparison, format, file string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reports = append(b.reports, file)
	return b.decideErr
}

func (b *fakeBench) AdoptSide(side workbench.Side, why string) (engine.Ranker, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.adopted = append(b.adopted, why)
	return *side.Ranker, b.decideErr
}

func (b *fakeBench) Timeline(context.Context, engine.OnProgress) ([]workbench.Moment, error) {
	at := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	return []workbench.Moment{
		{Time: at, Kind: workbench.RankerMoment, Name: "learned@7", Of: "learned v7", Why: "B is better", Now: true, Scored: true, Score: 0.81},
		{Time: at.Add(-time.Hour), Kind: workbench.RulesMoment, Name: "rules 3", Of: "3", Why: "ann: pin"},
		{Time: at.AddDate(0, 0, -1), Kind: workbench.SnapshotMoment, Name: "snapshot:before spring", Of: "before spring", Why: "taken by learned v6", Scored: true, Score: 0.79},
	}, b.decideErr
}

func (b *fakeBench) GoBack(name, _ string) (engine.Ranker, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wentBack = append(b.wentBack, name)
	return engine.Ranker{Name: name, Version: 8}, b.decideErr
}

func (b *fakeBench) Sweep(_ context.Context, req workbench.SweepRequest, _ engine.OnProgress) (*workbench.Sweep, error) {
	s := &workbench.Sweep{Parameter: req.Parameter, Present: 1, Best: 3, Chosen: 40, Left: 20}
	for i := range 5 {
		s.Points = append(s.Points, workbench.SweepPoint{Label: fmt.Sprint(i), Value: float64(i), Chosen: 0.7 + 0.02*float64(i%4), Left: 0.7})
	}
	return s, b.decideErr
}

func (b *fakeBench) Take(_ *workbench.Sweep, point int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.taken = point
	return b.decideErr
}

func (b *fakeBench) RuleSets() []string { return []string{workbench.MainRules, workbench.NoRules} }

func (b *fakeBench) RuleSet(string) (*workbench.RuleSet, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return &workbench.RuleSet{Name: workbench.MainRules, Rules: slices.Clone(b.rules)}, nil
}

func (b *fakeBench) DraftRules(set *workbench.RuleSet, draft engine.Rule) (*workbench.RuleSet, error) {
	return &workbench.RuleSet{Name: "draft", Rules: []engine.Rule{draft}}, workbench.ValidRule(&draft)
}

func (b *fakeBench) PutRules(list ...engine.Rule) ([]engine.Rule, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.decideErr != nil {
		return nil, b.decideErr
	}
	b.undone = append(b.undone, slices.Clone(b.rules))
	for i, r := range list {
		if r.ID == 0 {
			r.ID = uint64(len(b.undone))
			b.rules = append(b.rules, r)
		} else {
			b.rules[slices.IndexFunc(b.rules, func(o engine.Rule) bool { return o.ID == r.ID })] = r
		}
		list[i] = r
	}
	return list, nil
}

func (b *fakeBench) RemoveRules(ids ...uint64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.undone = append(b.undone, slices.Clone(b.rules))
	b.rules = slices.DeleteFunc(b.rules, func(r engine.Rule) bool { return slices.Contains(ids, r.ID) })
	return b.decideErr
}

func (b *fakeBench) UndoRules() (engine.RuleChange, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.undone) == 0 {
		return engine.RuleChange{}, false, nil
	}
	b.rules, b.undone = b.undone[len(b.undone)-1], b.undone[:len(b.undone)-1]
	return engine.RuleChange{Seq: 1}, true, nil
}

func (b *fakeBench) RuleEffect(_ context.Context, _, after *workbench.RuleSet, _ engine.OnProgress) (*workbench.RuleEffect, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.effects++
	return &workbench.RuleEffect{Queries: 90, Affected: 3, Judged: 60, Before: 0.792, After: 0.801, Changed: []workbench.QueryEffect{
		{Query: "usb c hub", Judged: true, Before: 0.7, After: 0.6, Left: []engine.Product{{ID: "x", Title: "An old hub"}}, Came: []engine.Product{{ID: "y", Title: "A new hub"}}},
		{Query: "dock"},
	}}, nil
}

func (b *fakeBench) WarmRules(context.Context, engine.OnProgress) error { return b.decideErr }

func (b *fakeBench) CheckRules(set *workbench.RuleSet) (found []workbench.RuleProblem, err error) {
	for _, r := range set.Rules {
		if slices.Contains(r.Products, "gone") {
			found = append(found, workbench.RuleProblem{Trouble: "no product", Rules: []uint64{r.ID}, Subject: "gone", Dead: true})
		}
	}
	return found, b.decideErr
}

func (b *fakeBench) ImportRules(context.Context, string, string) (*workbench.RuleImport, error) {
	if b.decideErr != nil {
		return nil, b.decideErr
	}
	return &workbench.RuleImport{Skipped: 1, Problems: []workbench.RowProblem{{Line: 3, What: "is no instruction that is known"}}}, nil
}

func (b *fakeBench) ExportRules(*workbench.RuleSet, string, string) ([]string, error) {
	return []string{"rules.txt leaves out its dates: 1 rule"}, b.decideErr
}

var errDecide = errors.New("the disk is full")
