package workbench

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"touchstone/engine"
	"touchstone/engine/rank"
	"touchstone/engine/retrieve"
)

// Recommend fills a front page for a shopper: products near to what they
// viewed, added and bought, without what they bought, and unlike each other. For
// a shopper of whom nothing is known it takes what is popular, well rated and
// new; the page's notes say so. The page's query is the shopper's name.
func (b *Bench) Recommend(ctx context.Context, profile string, k int) (*Page, error) {
	start := time.Now()
	if k <= 0 {
		k = defaultK
	}
	v := b.view.Load()
	shopper, direction, note, err := b.shopper(v, profile)
	if err != nil {
		return nil, err
	}
	bought := map[string]bool{}
	for _, e := range shopper.Events {
		bought[e.Product] = bought[e.Product] || e.Action == engine.Buy
	}
	page := &Page{Query: profile, pool: &pool{}}
	if note != "" {
		page.Notes = append(page.Notes, note)
	}
	// As many as can make k different ones.
	n := 10*k + len(bought)
	var offered []offer
	if direction == nil && v.far != nil && v.far.home {
		page.Notes = append(page.Notes, fmt.Sprintf("%s keeps the catalogue and does not say what is popular there", v.far.remote.Name))
	} else if direction == nil {
		offered = v.popular(n)
	} else if offered, err = v.near(ctx, direction, n); err != nil {
		return nil, err
	}
	return page, b.choose(ctx, v, page, offered, bought, k, start)
}

// offer is a product that may be recommended, with what makes it relevant.
type offer struct {
	row   uint32
	parts []engine.Contribution // sum to the relevance
}

func (o *offer) relevance() float64 {
	sum := 0.0
	for _, p := range o.parts {
		sum += p.Contribution
	}
	return sum
}

// near offers what is nearest to a shopper.
func (v *view) near(ctx context.Context, direction []float32, n int) ([]offer, error) {
	found, err := v.retrieve(ctx, engine.Request{Vector: direction, Depth: n})
	if err != nil {
		return nil, err
	}
	offers := make([]offer, len(found.Items))
	for i, c := range found.Items {
		offers[i] = offer{c.Row, []engine.Contribution{{Feature: "personal_affinity", Value: float64(c.Cosine), Weight: 1, Contribution: float64(c.Cosine)}}}
	}
	return offers, nil
}

// What makes a product popular, where nothing is known of the shopper.
const (
	popularityWeight = 0.5
	ratingWeight     = 0.3
	newnessWeight    = 0.2
)

// popular offers what everyone may like, best first: each of popularity (on a
// logarithmic scale), rating and date is 0 for the least in the catalogue, or
// where it is not known, and 1 for the most.
func (v *view) popular(n int) []offer {
	value := [3]func(retrieve.Numbers) float64{
		func(n retrieve.Numbers) float64 { return math.Log1p(max(0, n.Popularity)) },
		func(n retrieve.Numbers) float64 { return n.Rating },
		func(n retrieve.Numbers) float64 { return n.Date },
	}
	name := [3]string{"popularity", "rating", "freshness"}
	weight := [3]float64{popularityWeight, ratingWeight, newnessWeight}
	var low, high [3]float64
	for i := range value {
		low[i], high[i] = math.Inf(1), math.Inf(-1)
	}
	v.index.EachNumbers(func(_ uint32, n retrieve.Numbers) {
		for i := range value {
			if x := value[i](n); !math.IsNaN(x) {
				low[i], high[i] = min(low[i], x), max(high[i], x)
			}
		}
	})
	share := func(i int, n retrieve.Numbers) float64 {
		x := value[i](n)
		if math.IsNaN(x) || high[i] <= low[i] {
			return 0
		}
		return (x - low[i]) / (high[i] - low[i])
	}
	type scored struct {
		row     uint32
		score   float64
		numbers retrieve.Numbers
	}
	var all []scored
	v.index.EachNumbers(func(row uint32, n retrieve.Numbers) {
		s := scored{row: row, numbers: n}
		for i := range value {
			s.score += weight[i] * share(i, n)
		}
		all = append(all, s)
	})
	slices.SortFunc(all, func(a, b scored) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.row, b.row)) })
	offers := make([]offer, min(n, len(all)))
	for k := range offers {
		offers[k].row = all[k].row
		for i := range value {
			x := share(i, all[k].numbers)
			offers[k].parts = append(offers[k].parts, engine.Contribution{Feature: name[i], Value: x, Weight: weight[i], Contribution: weight[i] * x})
		}
	}
	return offers
}

// choose fills the page with k offers that are unlike each other.
func (b *Bench) choose(ctx context.Context, v *view, page *Page, offers []offer, bought map[string]bool, k int, start time.Time) error {
	var products []engine.Product
	var left []offer
	for _, o := range offers {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, ok, err := b.store.ProductAt(o.row)
		if err != nil {
			return err
		}
		if ok && !bought[p.ID] {
			products, left = append(products, p), append(left, o)
		}
	}
	relevance := make([]float64, len(left))
	vectors := make([][]float32, len(left))
	for i := range left {
		relevance[i] = left[i].relevance()
		vectors[i] = v.vector(left[i].row)
	}
	page.Total = len(left)
	for place, pick := range rank.Diversify(relevance, vectors, k) {
		r := engine.Result{Rank: place + 1, Product: products[pick.Index]}
		for _, c := range left[pick.Index].parts {
			c.Weight *= rank.Balance
			c.Contribution *= rank.Balance
			r.Contributions = append(r.Contributions, c)
		}
		r.Contributions = append(r.Contributions, engine.Contribution{Feature: "diversity", Value: pick.Alike,
			Weight: rank.Balance - 1, Contribution: 0 - (1-rank.Balance)*pick.Alike})
		for _, c := range r.Contributions {
			r.Score += c.Contribution
		}
		page.Results = append(page.Results, r)
	}
	page.Took = time.Since(start)
	return nil
}
