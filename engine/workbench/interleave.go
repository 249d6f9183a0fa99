package workbench

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"touchstone/engine"
	"touchstone/engine/compare"
	"touchstone/engine/measure"
)

// InterleaveRequest asks for pages on which two sides are mixed.
type InterleaveRequest struct {
	A, B    Side
	Queries []string // nil is the query set
	Most    int      // queries at most; 0 is 30
	Seed    int64
}

// Interleaving is a mix of two sides for someone who does not know which is
// which: on every page the products of both are mixed by team draft, the judge
// picks those that are worth having, and the side that brought more of them
// wins the query.
type Interleaving struct {
	A, B  string // what the sides are called; not to be shown before the end
	Pages []InterleavedPage
}

// InterleavedPage is the mixed page of one query.
type InterleavedPage struct {
	Query    string
	Products []engine.Product
	Picked   []bool // by product
	Done     bool   // the judge has looked at it

	teams []compare.Team
}

// interleavedDepth is how long a mixed page is.
const interleavedDepth = 10

// Interleave makes a trial. Queries on whose first page both sides agree in
// everything are left out: there is nothing to tell.
func (b *Bench) Interleave(ctx context.Context, req InterleaveRequest, progress engine.OnProgress) (*Interleaving, error) {
	queries := slices.Clone(req.Queries)
	if queries == nil {
		all, err := b.Queries()
		if err != nil {
			return nil, err
		}
		for _, q := range all {
			queries = append(queries, q.Text)
		}
	}
	if len(queries) == 0 {
		return nil, fmt.Errorf("interleave: there are no queries yet; import some, or grade some results")
	}
	rng := rand.New(rand.NewPCG(uint64(req.Seed), 7))
	rng.Shuffle(len(queries), func(i, j int) { queries[i], queries[j] = queries[j], queries[i] })
	wanted := engine.Qrels{}
	for _, q := range queries {
		wanted[q] = nil
	}
	sides := []Side{req.A, req.B}
	for i := range sides {
		if sides[i].Snapshot == nil && sides[i].Ranker == nil && sides[i].Engine == "" {
			sides[i].Ranker = b.ranker.Load()
		}
	}
	wanted, _, err := b.held(sides, wanted)
	if err != nil {
		return nil, err
	}
	runs, err := b.sideRuns(ctx, sides, wanted, All, interleavedDepth, progress)
	if err != nil {
		return nil, err
	}
	t := &Interleaving{A: sides[0].Label(), B: sides[1].Label()}
	most := req.Most
	if most <= 0 {
		most = 30
	}
	for _, query := range queries {
		one, other := top(runs[0][query]), top(runs[1][query])
		if _, held := wanted[query]; !held || slices.Equal(one, other) || len(t.Pages) == most {
			continue
		}
		page := InterleavedPage{Query: query}
		for _, d := range compare.TeamDraft(one, other, interleavedDepth, rng) {
			p := engine.Product{ID: d.Product}
			if err := b.fill(&p); err != nil {
				return nil, err
			}
			page.Products, page.teams = append(page.Products, p), append(page.teams, d.Team)
		}
		page.Picked = make([]bool, len(page.Products))
		t.Pages = append(t.Pages, page)
	}
	if len(t.Pages) == 0 {
		return nil, fmt.Errorf("interleave: both sides show the same first page for all of %d queries", len(queries))
	}
	return t, nil
}

func top(run []string) []string { return run[:min(len(run), interleavedDepth)] }

// InterleaveResult is how a trial ended so far.
type InterleaveResult struct {
	Won, Lost, Equal int // queries, of B
	PicksA, PicksB   int
	P                float64 // two-sided sign test over the queries that were not equal
	Done             int     // pages looked at
}

// Result counts the pages that are done.
func (t *Interleaving) Result() InterleaveResult {
	var r InterleaveResult
	for i := range t.Pages {
		page := &t.Pages[i]
		if !page.Done {
			continue
		}
		r.Done++
		picks := [2]int{}
		for k, picked := range page.Picked {
			if picked {
				picks[page.teams[k]]++
			}
		}
		r.PicksA, r.PicksB = r.PicksA+picks[compare.TeamA], r.PicksB+picks[compare.TeamB]
		switch {
		case picks[compare.TeamB] > picks[compare.TeamA]:
			r.Won++
		case picks[compare.TeamB] < picks[compare.TeamA]:
			r.Lost++
		default:
			r.Equal++
		}
	}
	r.P = measure.SignTest(r.Won, r.Lost)
	return r
}

// FromB reports whether B brought a product of a page: for the end, when all is
// told.
func (p *InterleavedPage) FromB(product int) bool { return p.teams[product] == compare.TeamB }

// PickByGrades picks what the judges graded as relevant, and leaves pages open on
// which nothing is judged: a preview of what a judge would say.
func (b *Bench) PickByGrades(t *Interleaving) error {
	metric, err := b.metric("p@10")
	if err != nil {
		return err
	}
	for i := range t.Pages {
		page := &t.Pages[i]
		grades, err := b.agreed(page.Query)
		if err != nil {
			return err
		}
		for k, p := range page.Products {
			g, judged := grades[p.ID]
			page.Done = page.Done || judged
			page.Picked[k] = judged && metric.IsRelevant(float64(g))
		}
	}
	return nil
}

// IdealPage is the best order that the judged products of a query allow, beside
// the present one.
type IdealPage struct {
	Query          string
	Metric         string
	Value          float64 // of the present page; the ideal one has 1, and more judged products may lower it
	Present, Ideal []ComparedLine
}

// Ideal finds the ideal page of a query. The zero Side is the ranker in use.
func (b *Bench) Ideal(ctx context.Context, query string, side Side) (*IdealPage, error) {
	grades, err := b.agreed(query)
	if err != nil {
		return nil, err
	}
	if len(grades) == 0 {
		return nil, fmt.Errorf("ideal page: nothing is judged for %q yet; grade some of its results first", query)
	}
	metric, err := b.metric(defaultMetric)
	if err != nil {
		return nil, err
	}
	runs, err := b.sideRuns(ctx, []Side{side}, engine.Qrels{query: nil}, All, 0, nil)
	if err != nil {
		return nil, err
	}
	run := runs[0][query]
	place := func(id string) int {
		if i := slices.Index(run, id); i >= 0 {
			return i
		}
		return len(run) // not found at all: last among its grade
	}
	best := slices.SortedFunc(maps.Keys(grades), func(x, y string) int {
		if d := compareGrades(grades[y], grades[x]); d != 0 {
			return d
		}
		if d := place(x) - place(y); d != 0 {
			return d
		}
		if x < y {
			return -1
		}
		return 1
	})
	c := compare.Compare(compare.Input{Metric: metric, Qrels: engine.Qrels{query: grades},
		A: compare.Side{Runs: map[string][]string{query: run}}, B: compare.Side{Runs: map[string][]string{query: best}}})
	page := &IdealPage{Query: query, Metric: metric.String(), Value: c.A.Mean}
	pages, err := b.ComparedPages(c, ComparedQuery{Query: query})
	page.Present, page.Ideal = pages.A, pages.B
	return page, err
}

func compareGrades(a, b engine.Grade) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
