package main

import (
	"context"
	"fmt"
	"os"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"touchstone/bench/electronics"
	"touchstone/engine"
	"touchstone/engine/workbench"
)

// answers are the pages of all queries.
type answers struct {
	pages [][]string // the first ten
	pools [][]string // all that was ranked, sorted
	took  []time.Duration
	ndcg  float64
}

// asked is a query, with or without a filter.
type asked struct {
	query  string
	filter engine.Filter
}

// wanted is how many queries are asked: the judged ones, and what is most
// frequent among their results: brands, categories, attributes.
const wanted = 135

// depth is how many candidates each list brings up unless asked.
const depth = 200

// beside answers queries locally and from Weaviate: as they are, where both
// approximate and score words in their own ways, and within a price range so
// narrow that both bring up all of it.
func beside(ctx context.Context, path string, r engine.Remote, profile string) error {
	b, err := electronics.Open(ctx, path)
	if err != nil {
		return err
	}
	defer b.Close()
	plain, narrow, err := questions(ctx, b)
	if err != nil {
		return err
	}
	all := slices.Concat(plain, narrow)
	local, err := ask(ctx, b, all)
	if err != nil {
		return err
	}
	n := b.Status().Products
	if err := b.PutRemote(r); err != nil {
		return err
	}
	start := time.Now()
	if err := b.Move(ctx, r.Name, nil); err != nil {
		return err
	}
	fmt.Printf("%d products moved in %.1f s\n", n, time.Since(start).Seconds())
	if profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
	}
	far, err := ask(ctx, b, all)
	pprof.StopCPUProfile()
	if err != nil {
		return err
	}
	again, err := ask(ctx, b, plain)
	if err != nil {
		return err
	}
	alike("whole catalogue", plain, local, far, 0)
	alike("a price range", narrow, local, far, len(plain))
	fmt.Printf("NDCG@10 local %.4f, Weaviate %.4f\n", local.ndcg, far.ndcg)
	fmt.Printf("a search, median and 99th percentile: local %v, Weaviate %v, asked again %v\n", local.times(len(plain)), far.times(len(plain)), again.times(len(plain)))
	return nil
}

// questions are the queries as they are, and each within a price range that so
// few products lie in that all of them become candidates.
func questions(ctx context.Context, b *workbench.Bench) (plain, narrow []asked, err error) {
	queries, err := b.Queries()
	if err != nil {
		return nil, nil, err
	}
	for _, q := range queries {
		plain = append(plain, asked{query: q.Text})
	}
	for i := 0; len(plain) < wanted && i < len(queries); i++ {
		page, err := b.Search(ctx, workbench.SearchRequest{Query: queries[i].Text, Facets: true})
		if err != nil {
			return nil, nil, err
		}
		for _, f := range page.Facets {
			value := strings.ToLower(f.Values[0].Value)
			if len(plain) < wanted && !slices.ContainsFunc(plain, func(q asked) bool { return q.query == value }) {
				plain = append(plain, asked{query: value})
			}
		}
	}
	for i, q := range plain {
		low := 1000 + 250*i
		for width := 256; ; width /= 2 {
			filter, err := workbench.ParseFilter(fmt.Sprintf("price>=%d, price<%d", low, low+width))
			if err != nil {
				return nil, nil, err
			}
			page, err := b.Search(ctx, workbench.SearchRequest{Query: q.query, Filter: filter})
			if err != nil {
				return nil, nil, err
			}
			if len(page.Candidates()) < depth || width == 1 {
				narrow = append(narrow, asked{q.query, filter})
				break
			}
		}
	}
	return plain, narrow, nil
}

// alike prints for how many queries both have the same candidates and the same
// first ten; from is the place of the first of them among all answers.
func alike(name string, queries []asked, local, far *answers, from int) {
	same, equal, top := 0, 0, 0
	for i, q := range queries {
		k := from + i
		tops := slices.Equal(local.pages[k], far.pages[k])
		if tops {
			top++
		}
		if slices.Equal(local.pools[k], far.pools[k]) {
			if same++; tops {
				equal++
			} else {
				fmt.Printf("  %q %v: the same candidates, but %v and %v\n", q.query, q.filter, local.pages[k], far.pages[k])
			}
		}
	}
	fmt.Printf("%s: %d queries; the same candidates for %d, of which the same top 10 for %d; the same top 10 for %d of all\n", name, len(queries), same, equal, top)
}

// times are the median and the 99th percentile of the first n searches.
func (a *answers) times(n int) []time.Duration {
	took := slices.Sorted(slices.Values(a.took[:n]))
	return []time.Duration{took[n/2].Round(100 * time.Microsecond), took[n*99/100].Round(100 * time.Microsecond)}
}

func ask(ctx context.Context, b *workbench.Bench, list []asked) (*answers, error) {
	a := &answers{}
	for _, q := range list {
		page, err := b.Search(ctx, workbench.SearchRequest{Query: q.query, Filter: q.filter, K: 10})
		if err != nil {
			return nil, fmt.Errorf("%q: %w", q.query, err)
		}
		a.took = append(a.took, page.Took)
		var top []string
		for _, r := range page.Results {
			top = append(top, r.Product.ID)
		}
		pool := page.Candidates()
		slices.Sort(pool)
		a.pages, a.pools = append(a.pages, top), append(a.pools, pool)
	}
	e, err := b.Evaluate(ctx, workbench.EvalRequest{}, nil)
	if err != nil {
		return nil, err
	}
	a.ndcg = e.Mean
	return a, nil
}
