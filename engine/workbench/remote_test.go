package workbench_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"touchstone/engine"
	"touchstone/engine/remote/weaviate/weaviatetest"
	"touchstone/engine/workbench"
)

// node is a Weaviate for one test, or the test is skipped.
func node(t *testing.T) (*weaviatetest.Node, engine.Remote) {
	t.Helper()
	if testing.Short() {
		t.Skip("it starts servers")
	}
	if _, err := weaviatetest.Binary(); err != nil {
		t.Skip(err)
	}
	nodes, err := weaviatetest.Start(t.TempDir(), 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { weaviatetest.Stop(nodes) })
	r := weaviatetest.Remote(nodes)
	r.Timeout = 5
	return nodes[0], r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// furniture is a catalogue of n products.
func furniture(n int) []string {
	lines := []string{"id,title,brand,price,description"}
	for i := range n {
		kind := []string{"desk lamp", "floor lamp oak", "office chair", "velvet cushion", "WH-1000XM5 headphones"}[i%5]
		lines = append(lines, fmt.Sprintf("p%d,%s no%d,%s,%d.5,made for the %s", i, kind, i, []string{"Lumo", "Tela"}[i%2], i, []string{"home", "office desk"}[i%3%2]))
	}
	return lines
}

// seen is a page as far as two ways to search must agree on it.
type seen struct {
	id    string
	score float64
}

func results(page *workbench.Page) []seen {
	var list []seen
	for _, r := range page.Results {
		list = append(list, seen{r.Product.ID, math.Round(r.Score*1e4) / 1e4})
	}
	return list
}

// TestMovesToWeaviateAndBack: a catalogue that was moved is searched, explained,
// judged, measured, learned from and compared as before, goes on answering what
// it has answered when the server is gone, and comes back whole.
func TestMovesToWeaviateAndBack(t *testing.T) {
	server, r := node(t)
	s := newShop(t)
	s.encoder.above = true
	s.importLines(furniture(90)...)
	s.grade("desk lamp", "p0", 3)
	s.grade("desk lamp", "p1", 1)
	queries := []string{"desk lamp", "office chiar", "wh1000xm5", "lumo", "cushion velvet office", "zzz"}
	before := map[string]*workbench.Page{}
	for _, q := range queries {
		before[q] = s.search(q)
	}
	filter, err := workbench.ParseFilter("price<40, brand=tela")
	must(t, err)
	filtered := workbench.SearchRequest{Query: "lamp", Filter: filter, Facets: true, K: 30}
	localPage, err := s.Search(t.Context(), filtered)
	must(t, err)
	measured, err := s.Evaluate(t.Context(), workbench.EvalRequest{}, nil)
	must(t, err)
	similar, err := s.Similar(t.Context(), "p7", 5)
	must(t, err)

	must(t, s.PutRemote(r))
	must(t, s.Move(t.Context(), r.Name, nil))
	check := func(when string) {
		t.Helper()
		for _, q := range queries {
			page := s.search(q)
			if got, want := results(page), results(before[q]); !slices.Equal(got, want) {
				t.Errorf("%s, %q: %v, want %v", when, q, got, want)
			}
			if page.Total != before[q].Total || page.Suggestion != before[q].Suggestion {
				t.Errorf("%s, %q: total %d, suggestion %q; want %d, %q", when, q, page.Total, page.Suggestion, before[q].Total, before[q].Suggestion)
			}
		}
	}
	check("at Weaviate")
	if status := s.Status(); status.Products != 90 || status.Encoded != 90 || status.Source.Address == "" {
		t.Errorf("status %+v: want 90 products, all encoded, at an address", status)
	}
	farPage, err := s.Search(t.Context(), filtered)
	must(t, err)
	if !slices.Equal(results(farPage), results(localPage)) {
		t.Errorf("filtered: %v, want %v", results(farPage), results(localPage))
	}
	for _, offset := range []int{5, 25, 35} {
		page, err := s.Search(t.Context(), workbench.SearchRequest{Query: "office", Offset: offset, K: 10, Depth: 10})
		must(t, err)
		if len(page.Results) == 0 && page.Total > offset {
			t.Errorf("nothing at %d of %d", offset, page.Total)
		}
	}
	farSimilar, err := s.Similar(t.Context(), "p7", 5)
	must(t, err)
	if !slices.Equal(results(farSimilar), results(similar)) {
		t.Errorf("similar %v, want %v", results(farSimilar), results(similar))
	}
	s.grade("desk lamp", "p5", 3)
	s.grade("office chair", "p2", 3)
	if err := s.Grade(t.Context(), "office chair", "no such product", 3); err == nil {
		t.Error("a product that is nowhere was graded")
	}
	if g := gradeOf(s.search("desk lamp"), "p0"); g != 3 {
		t.Errorf("grade %v beside p0, want 3", g)
	}
	for range 2 {
		if undone, err := s.Undo(); len(undone) == 0 || err != nil {
			t.Errorf("undo: %v, %v", undone, err)
		}
	}
	far, err := s.Evaluate(t.Context(), workbench.EvalRequest{}, nil)
	must(t, err)
	if math.Abs(far.Mean-measured.Mean) > 1e-9 {
		t.Errorf("NDCG %v, %v before the move", far.Mean, measured.Mean)
	}
	if _, err := s.Train(t.Context(), workbench.TrainRequest{}, nil); err != nil {
		t.Error(err)
	}
	a, err := s.Side("default")
	must(t, err)
	if _, err := s.Compare(t.Context(), workbench.CompareRequest{A: a, B: a}, nil); err != nil {
		t.Error(err)
	}

	// The answers are kept: also over the end of the program.
	must(t, server.Kill())
	s.reopen()
	page := s.search("desk lamp")
	if page.Recorded.IsZero() || len(page.Notes) == 0 || len(page.Results) == 0 {
		t.Errorf("without the server: %d results of %v, notes %q", len(page.Results), page.Recorded, page.Notes)
	}
	if _, err := s.Search(t.Context(), workbench.SearchRequest{Query: "never asked before"}); err == nil {
		t.Error("without the server a new query was answered")
	}
	must(t, server.Restart())
	must(t, server.Wait())

	must(t, s.Move(t.Context(), workbench.Local, nil))
	if status := s.Status(); status.Products != 90 || status.Encoded != 90 || status.Source.Address != "" {
		t.Errorf("back home: %+v", status)
	}
	check("back home")
}

// TestSeveralMachinesFillOneCatalogue: each takes its share, one of them twice,
// and everyone sees all of it.
func TestSeveralMachinesFillOneCatalogue(t *testing.T) {
	_, r := node(t)
	file := ""
	whole := newShop(t)
	whole.encoder.above = true
	whole.importLines(furniture(200)...)
	var last *shop
	for i := range 3 {
		s := newShop(t)
		s.encoder.above = true
		if file == "" {
			file = s.file("all.csv", furniture(200)...)
		}
		must(t, s.PutRemote(r))
		must(t, s.Move(t.Context(), r.Name, nil))
		for range 1 + i%2 {
			report, err := s.ImportPart(t.Context(), []string{file}, nil, workbench.Part{I: i + 1, Of: 3}, nil)
			must(t, err)
			if n := report.Added + report.Changed; n < 40 || n > 100 {
				t.Errorf("machine %d sent %d of 200 products", i+1, n)
			}
		}
		last = s
	}
	must(t, last.RefreshRemote(t.Context()))
	if n := last.Status().Products; n != 200 {
		t.Errorf("%d products, want 200", n)
	}
	for _, q := range []string{"desk lamp", "office", "lumo"} {
		if got, want := results(last.search(q)), results(whole.search(q)); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", q, got, want)
		}
	}
	if _, err := whole.ImportPart(t.Context(), []string{file}, nil, workbench.Part{I: 1, Of: 3}, nil); err == nil {
		t.Error("a share was imported into a workspace that keeps its catalogue itself")
	}
}

// production answers like a shop's own search: products whose title has the
// first word, in an order of its own.
func production(t *testing.T, broken *bool) engine.Remote {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if *broken {
			http.Error(w, "maintenance", http.StatusServiceUnavailable)
			return
		}
		type hit struct {
			SKU  string `json:"sku"`
			Name string `json:"name"`
		}
		var found struct {
			Hits  []hit `json:"hits"`
			Count int   `json:"count"`
		}
		lines := furniture(40)[1:]
		slices.Reverse(lines)
		for _, line := range append(lines, "x1,lamp of another catalogue,,") {
			cells := strings.Split(line, ",")
			if strings.Contains(cells[1], strings.Fields(q.FormValue("q"))[0]) {
				found.Hits = append(found.Hits, hit{cells[0], cells[1]})
			}
		}
		found.Count = len(found.Hits)
		json.NewEncoder(w).Encode(found)
	}))
	t.Cleanup(server.Close)
	return engine.Remote{Name: "production", Kind: engine.HTTPJSON, URLs: []string{server.URL}, Timeout: 5,
		Request: engine.RemoteRequest{Path: "/find?q={{query}}&rows={{k}}"},
		Answer:  engine.RemoteAnswer{Hits: "hits", ID: "sku", Total: "count", Fields: map[engine.Role]string{engine.RoleTitle: "name"}}}
}

// TestShopsOwnSearch: what production brings up is ranked, judged and compared,
// beside production's own order.
func TestShopsOwnSearch(t *testing.T) {
	broken := false
	s := newShop(t)
	s.importLines(furniture(40)...)
	must(t, s.PutRemote(production(t, &broken)))
	s.grade("lamp desk", "p0", 3)
	s.grade("lamp desk", "p1", 1)
	s.grade("lamp desk", "p35", 0)

	own, err := s.Side("engine:production")
	must(t, err)
	ranked, err := s.Side("engine:production+default")
	must(t, err)
	c, err := s.Compare(t.Context(), workbench.CompareRequest{A: own, B: ranked}, nil)
	must(t, err)
	if c.A.Name == c.B.Name || c.A.Mean >= c.B.Mean {
		t.Errorf("%s %v, %s %v: production lists the desk lamps last, the ranker first", c.A.Name, c.A.Mean, c.B.Name, c.B.Mean)
	}
	answersAsCompared(t, s, "engine:production")
	answersAsCompared(t, s, "engine:production+default")
	if _, err := s.Side("engine:nobody"); err == nil {
		t.Error("an engine that is not configured is a side")
	}

	must(t, s.UseRemote("production"))
	page := s.search("lamp desk")
	if len(page.Results) == 0 || page.Results[0].Product.ID != "p0" && page.Results[0].Product.Title[:9] != "desk lamp" {
		t.Errorf("results %v: a desk lamp is not first", results(page))
	}
	all, err := s.Search(t.Context(), workbench.SearchRequest{Query: "lamp desk", K: 100})
	must(t, err)
	if !slices.ContainsFunc(all.Results, func(r engine.Result) bool { return r.Product.ID == "x1" && r.Product.Title != "x1" }) {
		t.Error("a product that the workspace lacks is not shown as production calls it")
	}
	tried, err := s.TryRemote(t.Context(), "production", "lamp", 3)
	if err != nil || tried.Status != 200 || len(tried.Products) == 0 || !strings.Contains(tried.Raw, "sku") {
		t.Errorf("tried %+v, %v", tried, err)
	}

	broken = true
	page = s.search("lamp desk")
	if page.Recorded.IsZero() || len(page.Results) == 0 {
		t.Errorf("production is down: %d results of %v", len(page.Results), page.Recorded)
	}
	dated := func(notes []string) bool {
		return slices.ContainsFunc(notes, func(n string) bool { return strings.Contains(n, "earlier answers, the oldest of 20") })
	}
	e, err := s.Evaluate(t.Context(), workbench.EvalRequest{}, nil)
	if err != nil || !dated(e.Notes) {
		t.Errorf("measured without production: %v, %v", e, err)
	}
	if c, err = s.Compare(t.Context(), workbench.CompareRequest{A: own, B: ranked}, nil); err != nil || !dated(c.Warnings) {
		t.Errorf("compared without production: %v, %v", c, err)
	}
	if _, err := s.Train(t.Context(), workbench.TrainRequest{}, nil); err != nil {
		t.Errorf("learning without production: %v", err)
	}
	if _, err := s.Search(t.Context(), workbench.SearchRequest{Query: "chair"}); err == nil {
		t.Error("production is down and a new query was answered")
	}
	must(t, s.UseRemote(workbench.Local))
	if page := s.search("chair"); len(page.Results) == 0 {
		t.Error("the workspace's own search finds nothing any more")
	}
	must(t, s.RemoveRemote("production"))
	if err := s.UseRemote("production"); err == nil {
		t.Error("an engine that was removed is used")
	}
}

// TestSecretsStayOut: neither file nor list has a secret in it.
func TestSecretsStayOut(t *testing.T) {
	s := newShop(t)
	err := s.PutRemote(engine.Remote{Name: "p", Kind: engine.HTTPJSON, URLs: []string{"http://me:hunter2@127.0.0.1:1"}})
	if err == nil {
		t.Error("an address with a password in it was taken")
	}
	t.Setenv("TOUCHSTONE_KEY_127_0_0_1", "hunter2")
	must(t, s.PutRemote(engine.Remote{Name: "p", Kind: engine.HTTPJSON, URLs: []string{"http://127.0.0.1:1"}}))
	must(t, s.UseRemote("p"))
	if _, err := s.Search(t.Context(), workbench.SearchRequest{Query: "a"}); err == nil || errors.Is(err, os.ErrNotExist) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("no one listens there, and the search says %v", err)
	}
	must(t, s.Close())
	data, err := os.ReadFile(s.path)
	must(t, err)
	if strings.Contains(string(data), "hunter2") {
		t.Error("the workspace holds the secret")
	}
}
