package workbench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

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
	ID    uint64            `json:"-"`    // in the store; 0 while it is not kept
	Time  time.Time         `json:"time"` // when it was made
	Judge string            `json:"judge,omitempty"`
	A     string            `json:"a"` // what the sides are called
	B     string            `json:"b"`
	Pages []InterleavedPage `json:"pages"`
	Ended bool              `json:"ended,omitempty"` // before all pages were done: what is open stays so
}

// InterleavedPage is the mixed page of one query. FromB is for the end, when all
// is told.
type InterleavedPage struct {
	Query  string   `json:"query"`
	IDs    []string `json:"products"`
	FromB  []bool   `json:"from_b"` // by product: B brought it
	Picked []bool   `json:"picked"` // by product
	Done   bool     `json:"done"`   // the judge has looked at it

	Products []engine.Product `json:"-"` // of IDs, as the catalogue has them now
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
	runs, err := b.sideRuns(ctx, sides, wanted, All, interleavedDepth, nil, progress)
	if err != nil {
		return nil, err
	}
	settings := b.store.Settings()
	t := &Interleaving{Time: time.Now().UTC(), Judge: settings.judge(), A: sides[0].Label(), B: sides[1].Label()}
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
			page.IDs, page.FromB = append(page.IDs, d.Product), append(page.FromB, d.Team == compare.TeamB)
		}
		page.Picked = make([]bool, len(page.IDs))
		t.Pages = append(t.Pages, page)
	}
	if len(t.Pages) == 0 {
		return nil, fmt.Errorf("interleave: both sides show the same first page for all of %d queries", len(queries))
	}
	return t, b.fillPages(t)
}

// fillPages reads the products of all pages.
func (b *Bench) fillPages(t *Interleaving) error {
	for i := range t.Pages {
		page := &t.Pages[i]
		page.Products = make([]engine.Product, len(page.IDs))
		for k, id := range page.IDs {
			page.Products[k].ID = id
			if err := b.fill(&page.Products[k]); err != nil {
				return err
			}
		}
	}
	return nil
}

// KeepInterleaving stores a trial with its picks as they are now, and returns
// its ID: one durable transaction, so that a judge can go on where they stopped.
func (b *Bench) KeepInterleaving(t *Interleaving) (id uint64, err error) {
	return b.store.PutInterleaving(*t)
}

// Interleavings lists the trials that are kept, oldest first, without their
// products.
func (b *Bench) Interleavings() ([]Interleaving, error) { return b.store.Interleavings() }

// Interleaved is a kept trial with its products.
func (b *Bench) Interleaved(id uint64) (*Interleaving, error) {
	all, err := b.store.Interleavings()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(t Interleaving) bool { return t.ID == id })
	if i < 0 {
		return nil, fmt.Errorf("there is no interleaving %d", id)
	}
	return &all[i], b.fillPages(&all[i])
}

// Open is the first page that the judge has not looked at; −1 where all are done
// or the trial was ended.
func (t *Interleaving) Open() int {
	if t.Ended {
		return -1
	}
	return slices.IndexFunc(t.Pages, func(p InterleavedPage) bool { return !p.Done })
}

// Clone is a copy that shares no picks.
func (t *Interleaving) Clone() *Interleaving {
	out := *t
	out.Pages = slices.Clone(t.Pages)
	for i := range out.Pages {
		out.Pages[i].Picked = slices.Clone(out.Pages[i].Picked)
	}
	return &out
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
		a, b := page.Picks()
		r.PicksA, r.PicksB = r.PicksA+a, r.PicksB+b
		switch {
		case b > a:
			r.Won++
		case b < a:
			r.Lost++
		default:
			r.Equal++
		}
	}
	r.P = measure.SignTest(r.Won, r.Lost)
	return r
}

// Verdict is whether B is preferred, Better, or A, Worse.
func (r InterleaveResult) Verdict() measure.Verdict {
	switch {
	case r.P >= measure.Alpha:
		return measure.NoDifference
	case r.Won > r.Lost:
		return Better
	}
	return Worse
}

// Picks is how many of the picked products each side brought.
func (p *InterleavedPage) Picks() (a, b int) {
	for i, picked := range p.Picked {
		switch {
		case picked && p.FromB[i]:
			b++
		case picked:
			a++
		}
	}
	return a, b
}

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
		for k, id := range page.IDs {
			g, judged := grades[id]
			page.Done = page.Done || judged
			page.Picked[k] = judged && metric.IsRelevant(float64(g))
		}
	}
	return nil
}
