package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// fakeBench answers every search with one product named after the query. A
// search for "wait" waits for release, or for its context; one for "share" is
// answered with the processors that it may take.
type fakeBench struct{ release chan struct{} }

func (b *fakeBench) Search(ctx context.Context, req workbench.SearchRequest) (*workbench.Page, error) {
	switch req.Query {
	case "wait":
		select {
		case <-b.release:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	case "broken":
		return nil, errors.New("the disk is gone")
	case "share":
		return page(fmt.Sprintf("%d processors", engine.Processors(ctx))), nil
	}
	return page(fmt.Sprintf("%s/%d/%d", req.Query, req.K, len(req.Filter)) + req.Profile), nil
}

func (b *fakeBench) Similar(_ context.Context, id string, k int) (*workbench.Page, error) {
	if id == "gone" {
		return nil, fmt.Errorf("similar products: %w", &workbench.NoProductError{ID: id})
	}
	return page(fmt.Sprintf("%s/%d", id, k)), nil
}

func (b *fakeBench) Recommend(_ context.Context, profile string, k int) (*workbench.Page, error) {
	return page(fmt.Sprintf("%s/%d", profile, k)), nil
}

func (b *fakeBench) Ranker() engine.Ranker { return engine.Ranker{Name: "learned", Version: 3} }

func (b *fakeBench) Use(r engine.Ranker) (engine.Ranker, error) {
	if r.Name == "bad" {
		return r, errors.New("it cannot score")
	}
	if r.Name == "full" {
		return r, fmt.Errorf("%w: no space left", workbench.ErrNotWritten)
	}
	r.Version = 4
	return r, nil
}

func (b *fakeBench) ReadEvents(_ context.Context, r io.Reader, _ string) (*workbench.EventReport, error) {
	body, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	switch string(body) {
	case "broken":
		return nil, errors.New("no events in it")
	case "full":
		return nil, fmt.Errorf("%w: no space left", workbench.ErrNotWritten)
	case "slow":
		return nil, context.DeadlineExceeded
	}
	return &workbench.EventReport{Read: len(body), Profiles: 1, Skipped: 1, Problems: []workbench.RowProblem{{Line: 2, What: "odd"}}}, nil
}

func (b *fakeBench) Status() workbench.Status { return workbench.Status{Products: 7} }

func page(id string) *workbench.Page {
	return &workbench.Page{Query: id, Total: 1, Results: []engine.Result{{Rank: 1, Product: engine.Product{ID: id, Title: "<t>"}}}}
}

func ask(h http.Handler, url, token string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", url, nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAnswers(t *testing.T) {
	h := NewHandler(&fakeBench{}, "")
	for _, c := range []struct {
		url  string
		code int
		says string
	}{
		{"/v1/search?q=lamp", 200, `"id":"lamp/10/0"`},
		{"/v1/search?q=lamp&k=3&filter=price%3C100", 200, `"id":"lamp/3/1"`},
		{"/v1/search?q=lamp&k=3&profile=ann", 200, `"id":"lamp/3/0ann"`},
		{"/v1/similar?id=l1&k=2", 200, `"id":"l1/2"`},
		{"/v1/recommend?profile=ann&k=2", 200, `"id":"ann/2"`},
		{"/v1/recommend", 400, "profile must"},
		{"/v1/ranker", 200, `"version":3`},
		{"/openapi.json", 200, "openapi"},
		{"/healthz", 200, `"products":7`},
		{"/v1/search", 400, "q must"},
		{"/v1/search?q=" + strings.Repeat("x", maxQuery+1), 400, "q must"},
		{"/v1/search?q=a&k=0", 400, "k must"},
		{"/v1/search?q=a&k=1001", 400, "k must"},
		{"/v1/search?q=a&k=many", 400, "k must"},
		{"/v1/search?q=a&filter=price", 400, "filter"},
		{"/v1/similar", 400, "id must"},
		{"/v1/similar?id=gone", 404, `no product \"gone\"`},
		{"/v1/search?q=broken", 500, "the disk is gone"},
		{"/v1/nothing", 404, ""},
	} {
		w := ask(h, c.url, "")
		if w.Code != c.code || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("GET %.60s: %d %s; want %d with %q", c.url, w.Code, w.Body, c.code, c.says)
		}
		if c.says != "" && !json.Valid(w.Body.Bytes()) {
			t.Errorf("GET %.60s: no JSON: %s", c.url, w.Body)
		}
	}
	r := httptest.NewRequest("POST", "/v1/search?q=a", nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestEvents(t *testing.T) {
	h := NewHandler(&fakeBench{}, "")
	for _, c := range []struct {
		body string
		code int
		says string
	}{
		{"12345", 200, `"read":5`},
		{"12345", 200, "line 2: odd"},
		{"broken", 400, "no events in it"},
		{"full", 500, "no space left"},
		{"slow", 503, "try again"},
		{strings.Repeat("x", maxEvents+1), 413, "at most"},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", "/v1/events", strings.NewReader(c.body)))
		if w.Code != c.code || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%.20s: %d %s; want %d with %q", c.body, w.Code, w.Body, c.code, c.says)
		}
	}
}

func TestAdoptsARanker(t *testing.T) {
	h := NewHandler(&fakeBench{}, "")
	for _, c := range []struct {
		body string
		code int
		says string
	}{
		{`{"name":"learned","kind":"linear","weights":[{"feature":"bm25","weight":1}]}`, 200, `"version":4`},
		{`{"name":"bad","kind":"linear","weights":[{"feature":"bm25","weight":1}]}`, 400, "cannot score"},
		{`{"name":"full","kind":"linear","weights":[{"feature":"bm25","weight":1}]}`, 500, "no space left"},
		{`{`, 400, "ranker"},
		{`{"name":"` + strings.Repeat("x", maxRanker) + `"}`, 413, "at most"},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("PUT", "/v1/ranker", strings.NewReader(c.body)))
		if w.Code != c.code || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%.40s: %d %s; want %d with %q", c.body, w.Code, w.Body, c.code, c.says)
		}
	}
}

// TestOpenAPIDescribesEveryRoute: neither more nor less, and where a token is
// needed.
func TestOpenAPIDescribesEveryRoute(t *testing.T) {
	var api struct {
		Paths map[string]map[string]struct {
			Security  *[]map[string][]string     `json:"security"`
			Responses map[string]json.RawMessage `json:"responses"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(openAPI, &api); err != nil {
		t.Fatal(err)
	}
	described := 0
	for _, methods := range api.Paths {
		described += len(methods)
	}
	routes := newHandler(&fakeBench{}, "").list()
	if described != len(routes) {
		t.Errorf("%d ways to call it are described, there are %d", described, len(routes))
	}
	for _, r := range routes {
		d, ok := api.Paths[r.path][strings.ToLower(r.method)]
		if !ok {
			t.Errorf("%s %s is not described", r.method, r.path)
			continue
		}
		if free := d.Security != nil && len(*d.Security) == 0; free != r.open {
			t.Errorf("%s %s: described as free %v, it is %v", r.method, r.path, free, r.open)
		}
		if d.Responses["200"] == nil {
			t.Errorf("%s %s: no answer is described", r.method, r.path)
		}
	}
}

func TestMetrics(t *testing.T) {
	h := NewHandler(&fakeBench{}, "")
	ask(h, "/v1/search?q=a", "")
	ask(h, "/v1/search", "")
	body := ask(h, "/metrics", "").Body.String()
	for _, want := range []string{
		`touchstone_requests_total{route="/v1/search",status="200"} 1`, `touchstone_requests_total{route="/v1/search",status="400"} 1`,
		`touchstone_request_seconds_count{route="/v1/search"} 2`, "touchstone_products 7", "touchstone_shed_total 0",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
}

func TestToken(t *testing.T) {
	h := NewHandler(&fakeBench{}, "secret")
	for _, path := range []string{"/metrics", "/v1/recommend?profile=a", "/v1/ranker", "/v1/similar?id=a"} {
		if w := ask(h, path, ""); w.Code != http.StatusUnauthorized {
			t.Errorf("%s without a token: %d", path, w.Code)
		}
	}
	for token, want := range map[string]int{"": 401, "wrong": 401, "secre": 401, "secret": 200} {
		if w := ask(h, "/v1/search?q=a", token); w.Code != want {
			t.Errorf("token %q: %d, want %d", token, w.Code, want)
		}
	}
	if w := ask(h, "/healthz", ""); w.Code != 200 {
		t.Errorf("/healthz without a token: %d", w.Code)
	}
}

// TestShedsWhatItCannotHold: with all places taken the next request is turned
// away at once, those that wait are answered, and then there are places again.
func TestShedsWhatItCannotHold(t *testing.T) {
	bench := &fakeBench{release: make(chan struct{})}
	inside := newHandler(bench, "")
	h := inside.routes()
	codes := make(chan int, cap(inside.queue))
	var group sync.WaitGroup
	for range cap(codes) {
		group.Go(func() { codes <- ask(h, "/v1/search?q=wait", "").Code })
	}
	for len(inside.queue) < cap(inside.queue) {
		runtime.Gosched()
	}
	if w := ask(h, "/v1/search?q=a", ""); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("with all places taken: %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	close(bench.release)
	group.Wait()
	for range cap(codes) {
		if code := <-codes; code != 200 {
			t.Errorf("a waiting request was answered %d", code)
		}
	}
	if w := ask(h, "/v1/search?q=a", ""); w.Code != 200 {
		t.Errorf("afterwards: %d", w.Code)
	}
}

// TestSharesProcessors: a search alone may take all processors, one beside others
// takes one.
func TestSharesProcessors(t *testing.T) {
	if runtime.GOMAXPROCS(0) == 1 {
		t.Skip("there is one processor")
	}
	bench := &fakeBench{release: make(chan struct{})}
	h := NewHandler(bench, "")
	if w := ask(h, "/v1/search?q=share", ""); !strings.Contains(w.Body.String(), fmt.Sprintf("%d processors", runtime.GOMAXPROCS(0))) {
		t.Errorf("alone: %s", w.Body)
	}
	inside := newHandler(bench, "")
	h = inside.routes()
	code := make(chan int)
	go func() { code <- ask(h, "/v1/search?q=wait", "").Code }()
	for len(inside.queue) == 0 {
		runtime.Gosched()
	}
	if w := ask(h, "/v1/search?q=share", ""); !strings.Contains(w.Body.String(), "1 processors") {
		t.Errorf("beside another: %s", w.Body)
	}
	close(bench.release)
	if c := <-code; c != 200 {
		t.Errorf("the other was answered %d", c)
	}
}

func TestListen(t *testing.T) {
	for address, want := range map[string]string{"0.0.0.0:0": TokenVariable, ":0": TokenVariable, "nonsense": "no address", "example.invalid:0": TokenVariable} {
		if _, err := Listen(address, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("listen on %s: %v, want %q", address, err, want)
		}
	}
	for _, address := range []string{"127.0.0.1:0", "localhost:0"} {
		l, err := Listen(address, "")
		if err != nil {
			t.Errorf("listen on %s: %v", address, err)
			continue
		}
		l.Close()
	}
}

// TestStops: a service whose context ends lets the running request finish.
func TestStops(t *testing.T) {
	bench := &fakeBench{release: make(chan struct{})}
	l, err := Listen("127.0.0.1:0", "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- Serve(ctx, l, bench, "") }()
	answered := make(chan error, 1)
	go func() {
		res, err := http.Get("http://" + l.Addr().String() + "/v1/search?q=wait")
		if err == nil {
			res.Body.Close()
			if res.StatusCode != 200 {
				err = fmt.Errorf("answered %s", res.Status)
			}
		}
		answered <- err
	}()
	bench.release <- struct{}{} // the request is running
	stop()
	if err := <-answered; err != nil {
		t.Error(err)
	}
	select {
	case err := <-served:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("the service does not stop")
	}
}
