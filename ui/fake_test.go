package ui

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// fakeBench answers from made-up data, the same every time. It is a Bench for
// the window and counts what the window asks of it.
type fakeBench struct {
	fakeDeciding
	fakePictures
	mu       sync.Mutex
	products []engine.Product
	grades   map[[2]string]engine.Grade
	unmerged []engine.Query // the set before MergeQueries
	gone     map[string]int // graded products that the catalogue lacks, by query
	history  []engine.Change
	ranker   engine.Ranker
	pages    map[*workbench.Page][]engine.Product
	values   map[string]float64
	asked    []string // queries searched for
	requests []workbench.SearchRequest
	sampled  workbench.SampleRequest
	sides    []string // that answered

	sideQueries []string      // what they were asked
	sideHold    chan struct{} // they wait until it is closed
	sideError   error
	edits       []engine.Product // as they stood before each edit
	measured    int              // evaluations
	closed      bool
	judge       string
	notes       map[[2]string]string
	queues      []workbench.Queue // asked for
	set         []engine.Query
	scale       engine.Scale
	steps       int    // selections graded or cleared
	step        uint64 // the one at work, 0 for none
	assigned    []workbench.AssignRequest
	toDo        int               // pairs that are shared out to the judge
	others      []engine.Judgment // of every pair
	again       []string          // products looked at a second time
	settled     []string

	mapping   map[string]engine.Role // of the last import
	unencoded int                    // products without a vector
	daily     int                    // backups that were asked for
	readOnly  bool                   // it can only be looked at

	// What the next call is to do.
	gradeError  error
	gradeGate   chan struct{}
	searchError error
	queueError  error
	editError   error
	hold        chan struct{} // a search waits until it is closed or cancelled
	learned     *workbench.Learned
	rankers     []engine.Ranker
	heads       []engine.Head
	head        string
	exports     []string
	clicked     bool // a log of clicks was read
	clickModel  string
	clickWeight float64
	imported    *workbench.ImportReport
}

var fakeFeatures = []engine.Feature{
	{Name: "cosine", Label: "Meaning (BERT)", Sign: 1},
	{Name: "bm25_title", Label: "Title words (BM25)", Sign: 1},
	{Name: "bm25_category", Label: "Category words", Sign: 1},
	{Name: "bm25_description", Label: "Description words", Sign: 1},
	{Name: "rating", Label: "Rating", Sign: 1},
	{Name: "price", Label: "Price", Sign: 0},
	{Name: "freshness", Label: "Newer first", Sign: 0},
}

func fakeRanker() engine.Ranker {
	return engine.Ranker{Name: "spring", Version: 7, Kind: engine.Linear, Weights: []engine.Weight{
		{Feature: "cosine", Weight: 0.62}, {Feature: "bm25_title", Weight: 0.41}, {Feature: "bm25_category", Weight: 0.33},
		{Feature: "bm25_description", Weight: 0.18}, {Feature: "rating", Weight: 0.12}, {Feature: "price", Weight: -0.1},
		{Feature: "freshness", Weight: 0.05},
	}}
}

func newFakeBench() *fakeBench {
	b := &fakeBench{grades: map[[2]string]engine.Grade{}, ranker: fakeRanker(), judge: "you", notes: map[[2]string]string{}, values: map[string]float64{}, pages: map[*workbench.Page][]engine.Product{}}
	add := func(title, brand, category, currency string, price float64) {
		b.products = append(b.products, engine.Product{
			ID: fmt.Sprintf("P%03d", len(b.products)), Title: title, Brand: brand, Category: category, Currency: currency, Price: engine.Known(price),
		})
	}
	add("Over-ear headphones with active noise cancelling, 30 h", "Aurelia", "Headphones", "€", 249)
	add("Studio closed-back headphones, detachable cable", "Norvik", "Headphones", "€", 129)
	add("Wireless in-ear buds, noise cancelling, charging case", "Aurelia", "Earbuds", "€", 159)
	add("Kids headphones, volume limited, foldable", "Piccolo", "Headphones", "€", 29.5)
	add("Replacement ear pads for over-ear headphones", "Norvik", "Accessories", "€", 15)
	add("Headphone stand, walnut and steel", "Fjell", "Accessories", "€", 49)
	add("Bluetooth transmitter for TV and headphones", "Castor", "Audio", "€", 39)
	add("Gaming headset with boom microphone, USB", "Raid", "Headsets", "€", 89)
	add("Sleep headband with flat speakers", "Lull", "Wellness", "€", 35)
	add("华为 FreeBuds Pro 3 真无线降噪耳机，陶瓷白", "华为", "耳机", "¥", 1499)
	add("小米 头戴式蓝牙耳机，主动降噪，折叠收纳", "小米", "耳机", "¥", 299)
	add("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft headphones with a title that never ends", "Langenscheidt & Söhne Gesellschaft mit beschränkter Haftung", "Headphones", "EUR", 12345.67)
	for i := len(b.products); i < 150; i++ {
		add(fmt.Sprintf("Headphone cable %d, braided, 3.5 mm", i), "Castor", "Cables", "€", float64(5+i))
	}
	b.set = []engine.Query{{Text: "headphones", Need: "to listen, not parts", Weight: 812, Tags: []string{"head"}}, {Text: "usb c hub", Weight: 90, Tags: []string{"torso"}}, {Text: "降噪耳机"}, {Text: "Headphones", Weight: 12}, {Text: "gaming headset", Note: "for the autumn range"}}
	b.grades[[2]string{"headphones", "P000"}] = 3
	b.grades[[2]string{"headphones", "P004"}] = 0
	b.grades[[2]string{"usb c hub", "P007"}] = 2
	return b
}

// slowGrade makes the next grades wait until release is called.
func (b *fakeBench) slowGrade() (release func()) {
	gate := make(chan struct{})
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gradeGate = gate
	return func() { close(gate) }
}

// value is a number between 0 and 1 that depends on its arguments alone; the
// first products get the higher ones.
func (b *fakeBench) value(feature string, p *engine.Product) float64 {
	if v, ok := b.values[feature+p.ID]; ok {
		return v
	}
	h := fnv.New32a()
	fmt.Fprint(h, feature, p.ID)
	noise := float64(h.Sum32()%1000) / 1000
	var place int
	fmt.Sscanf(p.ID, "P%d", &place)
	b.values[feature+p.ID] = 0.9/(1+float64(place)/12) + 0.1*noise
	return b.values[feature+p.ID]
}

func (b *fakeBench) order(query string, products []engine.Product, r engine.Ranker) []engine.Result {
	results := make([]engine.Result, 0, len(products))
	for _, p := range products {
		res := engine.Result{Product: p}
		for _, w := range r.Weights {
			v := b.value(w.Feature, &p)
			c := v * w.Weight
			res.Score += c
			res.Contributions = append(res.Contributions, engine.Contribution{Feature: w.Feature, Value: v, Weight: w.Weight, Contribution: c})
		}
		if g, ok := b.grades[[2]string{query, p.ID}]; ok {
			res.Grade = &g
		}
		results = append(results, res)
	}
	sort.SliceStable(results, func(i, j int) bool { return results[i].Score > results[j].Score })
	for i := range results {
		results[i].Rank = i + 1
	}
	return results[:min(len(results), 100)]
}

func (b *fakeBench) Status() workbench.Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	queries := map[string]bool{}
	for k := range b.grades {
		queries[k[0]] = true
	}
	return workbench.Status{
		Path: "/shop/spring.touchstone", ReadOnly: b.readOnly, Products: len(b.products) - b.countHidden(), Hidden: b.countHidden(), Encoded: len(b.products) - b.countHidden() - b.unencoded,
		Queries: len(queries), Judgments: len(b.grades), Model: "all-MiniLM-L6-v2 · int8", Judge: b.judge,
	}
}

func (b *fakeBench) countHidden() (n int) {
	for i := range b.products {
		if b.products[i].Hidden {
			n++
		}
	}
	return n
}

func (b *fakeBench) Scale() engine.Scale {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.scale != nil {
		return b.scale
	}
	return engine.DefaultScale()
}
func (b *fakeBench) Features() []engine.Feature { return fakeFeatures }
func (b *fakeBench) Default() engine.Ranker     { return fakeRanker() }

func (b *fakeBench) Ranker() engine.Ranker {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ranker
}

func (b *fakeBench) Use(r engine.Ranker) (engine.Ranker, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r.Version = b.ranker.Version + 1
	b.ranker = r
	return r, nil
}

func (b *fakeBench) Search(ctx context.Context, req workbench.SearchRequest) (*workbench.Page, error) {
	b.mu.Lock()
	b.asked = append(b.asked, req.Query)
	hold, failed := b.hold, b.searchError
	b.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if failed != nil {
		return nil, failed
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	var found []engine.Product
	if !strings.Contains(req.Query, "xyzzy") {
		for _, p := range b.products {
			if !p.Hidden && fakeKeeps(&p, req.Filter) {
				found = append(found, p)
			}
		}
	}
	b.requests = append(b.requests, req)
	ranker := b.ranker
	if req.Ranker != nil {
		ranker = *req.Ranker
	}
	page := &workbench.Page{Query: req.Query, Total: len(found), Took: 3 * time.Millisecond, Results: b.order(req.Query, found, ranker)}
	for i, w := range strings.Fields(req.Query) {
		if w == "for" || w == "the" {
			page.Analysis.Dropped = append(page.Analysis.Dropped, w)
			continue
		}
		page.Analysis.Terms = append(page.Analysis.Terms, engine.Term{Text: strings.TrimSuffix(w, "s"), Pos: i})
	}
	page.Analysis.Terms = append(page.Analysis.Terms, engine.Term{Text: "anc", Added: "synonym"})
	for i, w := range strings.Fields(req.Query) {
		page.Analysis.Words = append(page.Analysis.Words, w)
		page.Analysis.Clean = strings.TrimSpace(page.Analysis.Clean + " " + w)
		for k := range page.Analysis.Terms {
			if page.Analysis.Terms[k].Pos == i && page.Analysis.Terms[k].Added == "" {
				page.Analysis.Terms[k].Start, page.Analysis.Terms[k].End = len(page.Analysis.Clean)-len(w), len(page.Analysis.Clean)
			}
		}
	}
	for _, r := range b.rules {
		if r.Kind == engine.RedirectRule && slices.Contains(r.When.Queries, req.Query) {
			page.Rules, page.Redirect = append(page.Rules, r), r.URL
		}
	}
	if req.Facets {
		page.Facets = fakeFacets(found)
	}
	b.pages[page] = found
	return page, nil
}

// SearchSide orders by how new the products are: almost as the fake ranker does,
// and some move.
func (b *fakeBench) SearchSide(ctx context.Context, req workbench.SearchRequest, side workbench.Side, _ engine.OnProgress) (*workbench.Page, error) {
	b.mu.Lock()
	b.sides, b.sideQueries = append(b.sides, side.Ranker.Name), append(b.sideQueries, req.Query)
	hold, failed := b.sideHold, b.sideError
	b.mu.Unlock()
	if failed != nil {
		return nil, failed
	}
	if hold != nil {
		<-hold
	}
	req.Ranker = &engine.Ranker{Name: side.Ranker.Name, Kind: engine.Linear, Weights: []engine.Weight{{Feature: "freshness", Weight: 1}}}
	return b.Search(ctx, req)
}

func fakeKeeps(p *engine.Product, f engine.Filter) bool {
	for _, c := range f {
		switch limit, _ := strconv.ParseFloat(c.Value, 64); {
		case c.Field == "category" && c.Op == "=" && p.Category != c.Value,
			c.Field == "brand" && c.Op == "=" && p.Brand != c.Value,
			c.Field == "price" && c.Op == "<" && p.Price.Value >= limit,
			c.Field == "price" && c.Op == ">=" && p.Price.Value < limit:
			return false
		}
	}
	return true
}

func fakeFacets(found []engine.Product) []engine.Facet {
	count := func(field string, value func(*engine.Product) string) engine.Facet {
		f := engine.Facet{Field: field}
		for i := range found {
			v := value(&found[i])
			at := slices.IndexFunc(f.Values, func(o engine.FacetValue) bool { return o.Value == v })
			if at < 0 {
				at = len(f.Values)
				f.Values = append(f.Values, engine.FacetValue{Value: v, Filter: engine.Filter{{Field: field, Op: "=", Value: v}}})
			}
			f.Values[at].Count++
		}
		return f
	}
	cheap := 0
	for i := range found {
		if found[i].Price.Value < 50 {
			cheap++
		}
	}
	return []engine.Facet{
		count("brand", func(p *engine.Product) string { return p.Brand }),
		count("category", func(p *engine.Product) string { return p.Category }),
		{Field: "price", Values: []engine.FacetValue{
			{Value: "<50", Count: cheap, Filter: engine.Filter{{Field: "price", Op: "<", Value: "50"}}},
			{Value: "≥50", Count: len(found) - cheap, Filter: engine.Filter{{Field: "price", Op: ">=", Value: "50"}}},
		}},
	}
}

func (b *fakeBench) Recommend(_ context.Context, profile string, k int) (*workbench.Page, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	page := &workbench.Page{Query: profile, Total: k}
	for i, p := range b.products[:10] {
		part := engine.Contribution{Feature: "rating", Value: 1, Weight: 0.35, Contribution: 0.35}
		if profile != "" {
			part.Feature = "cosine"
		}
		unlike := engine.Contribution{Feature: "diversity", Value: 0.1 * float64(i), Weight: -0.3, Contribution: 0 - 0.03*float64(i)}
		page.Results = append(page.Results, engine.Result{Rank: i + 1, Product: p, Score: part.Contribution + unlike.Contribution, Contributions: []engine.Contribution{part, unlike}})
	}
	return page, nil
}

func (b *fakeBench) Similar(_ context.Context, id string, k int) (*workbench.Page, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	page := &workbench.Page{Total: k}
	for _, p := range b.products[:10] {
		if p.ID != id {
			page.Results = append(page.Results, engine.Result{Rank: len(page.Results) + 1, Product: p, Score: 0.9 - 0.05*float64(len(page.Results))})
		}
	}
	return page, nil
}

func (b *fakeBench) Profiles() ([]string, error) { return []string{"ann", "bo"}, nil }

func (b *fakeBench) Shopper(name string) (*workbench.Shopper, error) {
	return &workbench.Shopper{Name: name, Count: map[engine.Action]int{engine.View: 5, engine.Add: 2, engine.Buy: 1},
		Recent: []workbench.ShopperEvent{{Product: "P000", Title: b.products[0].Title, Action: engine.Buy}}}, nil
}

func (b *fakeBench) Product(id string) (engine.Product, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if i := slices.IndexFunc(b.products, func(p engine.Product) bool { return p.ID == id }); i >= 0 {
		return b.products[i], true, nil
	}
	return engine.Product{}, false, nil
}

func (b *fakeBench) List(_ context.Context, req workbench.ListRequest) (*workbench.ProductList, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := &workbench.ProductList{}
	for _, p := range b.products {
		if p.Hidden == req.Hidden && strings.Contains(strings.ToLower(p.Title+" "+p.ID), strings.ToLower(req.Text)) {
			list.Total++
			if list.Total <= req.K {
				list.Products = append(list.Products, p)
			}
		}
	}
	return list, nil
}

// put replaces a product and keeps what stood before.
func (b *fakeBench) put(p engine.Product) error {
	for i := range b.products {
		if b.products[i].ID == p.ID {
			b.edits = append(b.edits, b.products[i])
			b.products = slices.Clone(b.products)
			b.products[i] = p
			return nil
		}
	}
	return fmt.Errorf("no product %q", p.ID)
}

func (b *fakeBench) Edit(_ context.Context, p engine.Product) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.editError != nil {
		return b.editError
	}
	return b.put(p)
}

func (b *fakeBench) Hide(_ context.Context, hidden bool, ids ...string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.products {
		if p.ID == ids[0] {
			p.Hidden = hidden
			return b.put(p)
		}
	}
	return fmt.Errorf("no product %q", ids[0])
}

func (b *fakeBench) UndoEdit(context.Context) ([]engine.Product, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.edits) == 0 {
		return nil, nil
	}
	last := b.edits[len(b.edits)-1]
	edits := b.edits[:len(b.edits)-1]
	err := b.put(last)
	b.edits = edits
	return []engine.Product{last}, err
}

func (b *fakeBench) Rerank(page *workbench.Page, r engine.Ranker) (*workbench.Page, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	next := *page
	next.Results = b.order(page.Query, b.pages[page], r)
	b.pages[&next] = b.pages[page]
	return &next, nil
}

func (b *fakeBench) change(query, product string, g *engine.Grade) {
	key := [2]string{query, product}
	var c engine.Change
	if old, ok := b.grades[key]; ok {
		c.Before = &engine.Judgment{Query: query, Product: product, Grade: old}
	}
	delete(b.grades, key)
	if g != nil {
		c.After = &engine.Judgment{Query: query, Product: product, Grade: *g}
		b.grades[key] = *g
	}
	c.Step = b.step
	b.history = append(b.history, c)
}

func (b *fakeBench) Grade(_ context.Context, query, product string, g engine.Grade) error {
	b.mu.Lock()
	gate := b.gradeGate
	b.mu.Unlock()
	if gate != nil {
		<-gate
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gradeError != nil {
		return b.gradeError
	}
	b.change(query, product, &g)
	return nil
}

func (b *fakeBench) GradeNoted(ctx context.Context, query, product string, g engine.Grade, note string) error {
	if err := b.Grade(ctx, query, product, g); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.notes[[2]string{query, product}] = note
	return nil
}

// Queue lists the first products that are not graded for “headphones”; the page
// of another query for that one.
func (b *fakeBench) Queue(ctx context.Context, req workbench.QueueRequest, _ engine.OnProgress) ([]workbench.QueueItem, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queues = append(b.queues, req.Queue)
	if b.queueError != nil {
		return nil, b.queueError
	}
	query := req.Query
	if query == "" {
		query = "headphones"
	}
	var items []workbench.QueueItem
	for _, p := range b.products[:12] {
		if _, ok := b.grades[[2]string{query, p.ID}]; ok || req.Queue == workbench.Disagreements && b.others == nil {
			continue
		}
		p.Description = "Adaptive noise cancelling with transparency mode. Eight hours a charge, 32 with the case; these headphones fold."
		p.Rating, p.Popularity = engine.Known(4.4), engine.Known(1207)
		p.Attributes = []engine.Attribute{{Name: "Connection", Value: "Bluetooth 5.3"}, {Name: "Wearing", Value: "In ear"}, {Name: "Colour", Value: "Graphite"}}
		items = append(items, workbench.QueueItem{
			Query: engine.Query{Text: query, Need: "Someone wants quiet on flights; wants headphones, not parts."}, Product: p,
			Why: "Two rankers disagree by 9 places about it; no one has graded “Earbuds” for this query. Its grade moves NDCG@10 of this query by 0.031 on average.",
		})
	}
	return items, ctx.Err()
}

func (b *fakeBench) Others(string, string) []engine.Judgment { return b.others }

func (b *fakeBench) Judging(time.Time) (workbench.Judging, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return workbench.Judging{Judge: b.judge, Today: 148 + len(b.history), PerHour: 392, Kappa: 0.71, Shared: 60, Disputed: 6, ToDo: max(0, b.toDo-len(b.history))}, nil
}

func (b *fakeBench) Unsaved() int { return 0 }

func (b *fakeBench) KeepDailyBackup(context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.daily++
	return nil
}

func (b *fakeBench) SetJudge(name string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.judge = name
	return nil
}

func (b *fakeBench) Matches(query, text string) [][2]int {
	var marks [][2]int
	for _, word := range strings.Fields(query) {
		if i := strings.Index(strings.ToLower(text), word); i >= 0 {
			marks = append(marks, [2]int{i, i + len(word)})
		}
	}
	return marks
}

func (b *fakeBench) Clear(query string, products ...string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.steps++
	b.step = uint64(b.steps)
	for _, product := range products {
		b.change(query, product, nil)
	}
	b.step = 0
	return nil
}

func (b *fakeBench) PutBack(undone []engine.Change) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range undone {
		b.grades[[2]string{c.Before.Query, c.Before.Product}] = c.Before.Grade
		b.history = append(b.history, engine.Change{After: c.Before, Step: 1000})
	}
	return nil
}

func (b *fakeBench) Undo() ([]engine.Change, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.history) == 0 {
		return nil, nil
	}
	var undone []engine.Change
	for step := b.history[len(b.history)-1].Step; len(b.history) > 0; {
		last := b.history[len(b.history)-1]
		if len(undone) > 0 && (step == 0 || last.Step != step) {
			break
		}
		b.history = b.history[:len(b.history)-1]
		if last.After != nil {
			delete(b.grades, [2]string{last.After.Query, last.After.Product})
		}
		if last.Before != nil {
			b.grades[[2]string{last.Before.Query, last.Before.Product}] = last.Before.Grade
		}
		undone = append(undone, engine.Change{Before: last.After, After: last.Before})
	}
	return undone, nil
}

func (b *fakeBench) GradeMany(query string, products []string, g engine.Grade) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gradeError != nil {
		return b.gradeError
	}
	b.steps++
	b.step = uint64(b.steps)
	for _, product := range products {
		b.change(query, product, &g)
	}
	b.step = 0
	return nil
}

func (b *fakeBench) GradeAgain(query, product string, g engine.Grade, _ string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.again = append(b.again, product)
	return nil
}

func (b *fakeBench) Settle(query, product string, g engine.Grade, discussion string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.settled = append(b.settled, fmt.Sprintf("%s %v %s", product, g, discussion))
	return nil
}

func (b *fakeBench) Consensus() workbench.Consensus { return "median" }

// Judges are two who agree about most of a hundred pairs.
func (b *fakeBench) Judges(context.Context) (*workbench.JudgesReport, error) {
	some := workbench.Coefficient{Value: 0.72, Low: 0.61, High: 0.83}
	unknown := workbench.Coefficient{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
	r := &workbench.JudgesReport{Judgments: map[string]int{"ann": 120, "bea": 100}, Accuracy: map[string]float64{"ann": 0.93, "bea": 0.88}, Settled: 2, Consensus: "median",
		Disputes: []workbench.Dispute{{Query: "headphones", Product: "P001"}},
		PerQuery: []workbench.QueryAgreement{{Query: "headphones", Shared: 40, Same: 0.6, Ordinal: 0.5}, {Query: "usb-c cable", Shared: 60, Same: 1, Ordinal: math.NaN()}}}
	r.Agreement.Judges, r.Grades, r.Shared, r.Full = []string{"ann", "bea"}, []float64{0, 1, 2, 3}, 100, 100
	r.Ordinal, r.Nominal, r.Interval, r.Fleiss = some, some, some, unknown
	pair := workbench.PairAgreement{A: "ann", B: "bea", Shared: 100, Same: 0.84, Kappa: some, Linear: some, Quadratic: some,
		Confusion: [][]int{{31, 4, 0, 0}, {3, 17, 2, 0}, {0, 3, 19, 1}, {0, 0, 3, 17}}}
	r.Between, r.Rest = []workbench.PairAgreement{pair}, []workbench.PairAgreement{pair}
	return r, nil
}

// History is what was graded, newest first.
func (b *fakeBench) History(workbench.HistoryRequest) ([]engine.Change, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	changes := slices.Clone(b.history)
	slices.Reverse(changes)
	return changes, nil
}

// Assign notes what is shared out.
func (b *fakeBench) Assign(_ context.Context, req workbench.AssignRequest, _ engine.OnProgress) (map[string]int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.assigned = append(b.assigned, req)
	return map[string]int{"ann": 20, "bea": 20}, nil
}

func (b *fakeBench) SetConsensus(workbench.Consensus) error { return nil }

func (b *fakeBench) SetScale(_ context.Context, scale engine.Scale, rescale bool) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if top := engine.DefaultScale().Max(); len(b.grades) > 0 && scale.Max() < top && !rescale {
		return 0, &workbench.ScaleError{Top: scale.Max(), Grades: top}
	}
	b.scale = scale
	return 0, nil
}

func (b *fakeBench) WritePack(context.Context, workbench.PackRequest, engine.OnProgress) (workbench.Packed, error) {
	return workbench.Packed{Queries: 2, Pairs: 30}, nil
}

func (b *fakeBench) Merge(context.Context, string, string) (*workbench.Merged, error) {
	return &workbench.Merged{Added: 3, Conflicts: 1}, nil
}

func (b *fakeBench) QuerySet(_ context.Context, rank bool, _ engine.OnProgress) ([]workbench.QueryRow, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var rows []workbench.QueryRow
	for i, q := range b.set {
		r := workbench.QueryRow{Query: q, Ranked: rank}
		if i%3 != 2 {
			r.Pairs, r.Good, r.Gone = 4+i, true, b.gone[q.Text]
			r.QueryScore = workbench.QueryScore{Query: q.Text, Value: 0.9 - float64(i)/10, Worst: 0.8 - float64(i)/10, Best: 0.95, Coverage: 0.4}
		}
		for _, other := range b.set {
			if other.Text != q.Text && strings.EqualFold(other.Text, q.Text) {
				r.Twins = append(r.Twins, other.Text)
			}
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func (b *fakeBench) PutQuery(q engine.Query) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.set {
		if b.set[i].Text == q.Text {
			b.set[i] = q
			return nil
		}
	}
	b.set = append(b.set, q)
	return nil
}

func (b *fakeBench) RemoveQueries(texts ...string) (removed []workbench.RemovedQuery, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, q := range b.set {
		if slices.Contains(texts, q.Text) {
			removed = append(removed, workbench.RemovedQuery{Query: q, Place: i})
		}
	}
	b.set = slices.DeleteFunc(b.set, func(q engine.Query) bool { return slices.Contains(texts, q.Text) })
	return removed, nil
}

func (b *fakeBench) RestoreQueries(removed ...workbench.RemovedQuery) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range removed {
		b.set = slices.Insert(b.set, r.Place, r.Query)
	}
	return nil
}

func (b *fakeBench) MergeQueries(_ context.Context, keep string, others ...string) (*workbench.MergedQueries, error) {
	b.mu.Lock()
	b.unmerged = slices.Clone(b.set)
	b.mu.Unlock()
	_, err := b.RemoveQueries(slices.DeleteFunc(slices.Clone(others), func(q string) bool { return q == keep })...)
	return &workbench.MergedQueries{Merged: workbench.Merged{Added: 3, Conflicts: 1}}, err
}

func (b *fakeBench) UnmergeQueries(context.Context, *workbench.MergedQueries) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set = b.unmerged
	return nil
}

func (b *fakeBench) ImportQueries(context.Context, string) (int, error) {
	return 1, b.PutQuery(engine.Query{Text: "imported"})
}

func (b *fakeBench) SampleLog(_ context.Context, req workbench.SampleRequest) (workbench.Sampled, error) {
	b.sampled = req
	return workbench.Sampled{Added: []string{"sampled"}, Known: 2}, b.PutQuery(engine.Query{Text: "sampled", Weight: 7})
}

func (b *fakeBench) Measure(page *workbench.Page) (workbench.QueryScore, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	score := workbench.QueryScore{Query: page.Query, Worst: 0.71, Best: 0.97}
	for k, g := range b.grades {
		if k[0] == page.Query && g > 0 {
			score.Value = 0.94
			score.Judged++
		}
	}
	return score, score.Judged > 0
}

func (b *fakeBench) Evaluate(ctx context.Context, req workbench.EvalRequest, _ engine.OnProgress) (*workbench.Evaluation, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.measured++
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	mean := 0.796
	if b.ranker.Name == "learned" || req.Ranker != nil {
		mean = 0.823
	}
	return &workbench.Evaluation{
		Measured: workbench.Measured{Metric: "ndcg@10", Convention: "standard", Mean: mean, Queries: 42, Coverage: 0.78, Bounds: [2]float64{0.7, 0.9}},
		PerQuery: []workbench.QueryScore{{Query: "usb c hub", Value: 0.41}, {Query: "headphones", Value: 0.94}},
	}, nil
}

func (b *fakeBench) Train(ctx context.Context, _ workbench.TrainRequest, progress engine.OnProgress) (*workbench.Learned, error) {
	progress.Report(engine.Progress{Stage: "learning", Done: 1, Total: 4})
	b.mu.Lock()
	hold := b.hold
	b.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.learned == nil {
		return nil, errors.New("too few grades to learn from: grade at least five products of two queries")
	}
	l := *b.learned
	l.Before = b.ranker
	if l.Adopted {
		b.ranker = l.Ranker
	} else {
		l.Ranker = b.ranker
	}
	return &l, nil
}

// betterWeights is a training that worked: the price counts for more than all.
func betterWeights() *workbench.Learned {
	r := fakeRanker()
	r.Name, r.Version = "learned", 8
	r.Weights = append([]engine.Weight(nil), r.Weights...)
	r.Weights[0].Weight, r.Weights[4].Weight = 0.1, 0.9
	return &workbench.Learned{
		Ranker: r, Kind: engine.Linear, Score: [2]float64{0.796, 0.823}, Train: [2]float64{0.801, 0.840}, Equal: 5, Grades: 812, Adopted: true,
		Better: []string{"headphones", "hdmi cable"}, Worse: []string{"usb c hub"},
		Why: "On 8 queries it was not trained on: 2 better, 1 worse, 5 equal.",
	}
}

func (b *fakeBench) Import(ctx context.Context, files []string, mapping map[string]engine.Role, progress engine.OnProgress) (*workbench.ImportReport, error) {
	progress.Report(engine.Progress{Stage: "encoding", Done: 50, Total: 200, Left: 90 * time.Second})
	b.mu.Lock()
	hold := b.hold
	b.mapping = mapping
	b.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if b.imported == nil {
		return nil, errors.New(files[0] + ": no column holds titles; name one with --map title=COLUMN")
	}
	return b.imported, nil
}

func (b *fakeBench) Replace(context.Context, []string, map[string]engine.Role, engine.OnProgress) (*workbench.ImportReport, error) {
	return &workbench.ImportReport{Unchanged: 1200, Removed: 2}, nil
}

func (b *fakeBench) Resume(ctx context.Context, progress engine.OnProgress) error {
	progress.Report(engine.Progress{Stage: "encoding", Done: 1, Total: 2})
	b.mu.Lock()
	defer b.mu.Unlock()
	b.unencoded = 0
	return ctx.Err()
}

func (b *fakeBench) ImportJudgments(context.Context, string, string) (*workbench.JudgmentReport, error) {
	return &workbench.JudgmentReport{Format: "csv", Read: 12, Queries: 3, Unknown: 1}, nil
}

func (b *fakeBench) ExportJudgments(context.Context, string, string) ([]string, error) {
	return nil, nil
}

func (b *fakeBench) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	return nil
}

func (b *fakeBench) Adopt(name string) (engine.Ranker, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.rankers {
		if r.Versioned() == name {
			b.ranker = r
			return r, nil
		}
	}
	return engine.Ranker{}, fmt.Errorf("no ranker is called %q", name)
}

func (b *fakeBench) ImportRanker(_ context.Context, file, _ string) (engine.Ranker, []string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := fakeRanker()
	r.Name, r.Version = "imported", 1
	b.rankers = append(b.rankers, r)
	return r, nil, nil
}

func (b *fakeBench) ExportRanker(r engine.Ranker, format, file string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.exports = append(b.exports, fmt.Sprintf("%s %d as %s in %s", r.Name, r.Version, format, file))
	return nil
}

func (b *fakeBench) ImportEvents(context.Context, string) (*workbench.EventReport, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.clicked {
		return &workbench.EventReport{Read: 12, Profiles: 3, Known: 165, Repeated: true}, nil
	}
	b.clicked = true
	return &workbench.EventReport{Read: 12, Profiles: 3, Queries: 2, Shown: 150, Clicked: 15}, nil
}

func (b *fakeBench) Clicks() (*workbench.ClickStudy, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := &workbench.ClickStudy{Model: "pbm", Weight: 0.2, Alike: math.NaN()}
	if b.clickModel != "" {
		s.Model, s.Weight = b.clickModel, b.clickWeight
	}
	if b.clicked {
		s.Queries, s.Shown, s.Clicked, s.Pairs, s.Alike = 2, 150, 15, 10, 0.93
		s.Models = []workbench.ClickModel{
			{Model: "pbm", Examined: []float64{1, 0.62, 0.44, 0.31, 0.2, 0.17, 0.1}, Graded: 40, Right: 0.7},
			{Model: "coec", Examined: []float64{1, 0.5, 0.4, 0.3, 0.2, 0.1, 0.1}},
		}
	}
	return s, nil
}

func (b *fakeBench) ClickPairs(context.Context, int) ([]workbench.ClickPair, error) {
	return []workbench.ClickPair{
		{Query: "headphones", Product: "P001", Title: "Studio closed-back headphones, detachable cable", Shown: 120, Clicked: 30, PositionBased: 2.8, OverExpected: 2.6, Trust: 0.17},
		{Query: "headphones", Product: "P004", Shown: 90, Clicked: 2, PositionBased: 0.3, OverExpected: 0.2, Trust: 0.15, People: grade(0)},
	}, nil
}

func (b *fakeBench) SetClicks(model string, weight float64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clickModel, b.clickWeight = model, weight
	return nil
}

func (b *fakeBench) Why(context.Context, engine.Ranker, int) ([]workbench.Change, error) {
	return []workbench.Change{{Feature: "cosine", Before: 0.4, After: 0.62, Pushes: []workbench.Push{{Query: "headphones", Better: "P000", Worse: "P004", Grades: [2]float64{3, math.NaN()}, Share: 0.5, Titles: [2]string{"Over-ear", "Cable"}}}}}, nil
}

func (b *fakeBench) LearningCurve(context.Context, int64, engine.OnProgress) (*workbench.Curve, error) {
	return &workbench.Curve{Points: []workbench.Point{{Queries: 6}, {Queries: 12}}, Says: "More would help."}, nil
}

func (b *fakeBench) Encoders() ([]engine.Head, string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.heads), b.head, nil
}

func (b *fakeBench) UseEncoder(name string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.head = name
	return nil
}

func (b *fakeBench) FineTune(ctx context.Context, _ int64, progress engine.OnProgress) (*workbench.Tuned, error) {
	progress.Report(engine.Progress{Stage: "fine-tuning", Done: 1, Total: 2})
	if b.hold != nil {
		select {
		case <-b.hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.heads, b.head = append(b.heads, engine.Head{Name: "tuned", Version: 1}), "tuned@1"
	return &workbench.Tuned{Adopted: true, Why: "On 9 queries it was not trained on: 5 better, 1 worse, 3 equal."}, nil
}

func (b *fakeBench) Refit(context.Context, int64) (*workbench.Trial, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := fakeRanker()
	r.Version = 0
	r.Weights[0].Weight = -float64(len(b.grades))
	return &workbench.Trial{Ranker: r}, nil
}
