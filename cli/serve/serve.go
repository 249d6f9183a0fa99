// Package serve answers searches over HTTP from one open workspace: the tuned
// ranking as a service, for a shop's own pages.
//
// It knows HTTP and the use cases it calls; nothing of storage, models or the
// command line. It listens where it is told and decides who may ask: beyond
// this machine only those who carry a token.
package serve

import (
	"bytes"
	"context"
	"crypto/subtle"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// Bench is what the service asks of a workspace.
type Bench interface {
	Search(ctx context.Context, req workbench.SearchRequest) (*workbench.Page, error)
	Similar(ctx context.Context, id string, k int) (*workbench.Page, error)
	Recommend(ctx context.Context, profile string, k int) (*workbench.Page, error)
	Use(r engine.Ranker) (engine.Ranker, error)
	Ranker() engine.Ranker
	ReadEvents(ctx context.Context, r io.Reader, name string) (*workbench.EventReport, error)
	Status() workbench.Status
}

// Limits keep a flood of requests from becoming a collapse.
const (
	maxQuery  = 10_000 // bytes of a query
	maxK      = 1000   // results of a page
	defaultK  = 10
	waiting   = 8               // requests a core that may wait for it; more are answered 429
	patience  = 2 * time.Second // for one request, waiting included
	farewell  = 5 * time.Second // for running requests when the service stops
	maxHeader = 16 << 10
	maxEvents = 4 << 20 // bytes of events sent at once
	maxRanker = 8 << 20 // bytes of a ranker
)

// TokenVariable is the environment variable that holds the token.
const TokenVariable = "TOUCHSTONE_TOKEN"

// Listen opens the address. One that others on the network can reach needs a
// token.
func Listen(address, token string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("serve: %q is no address; write host:port, such as 127.0.0.1:8080", address)
	}
	if ip := net.ParseIP(host); token == "" && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("serve: %s can be reached from other machines; set %s to a secret that callers must send, or use 127.0.0.1", address, TokenVariable)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("serve: %w", err)
	}
	return l, nil
}

// Serve answers requests until ctx ends, then lets running ones finish.
func Serve(ctx context.Context, l net.Listener, bench Bench, token string) error {
	spareCollections()
	server := &http.Server{
		Handler:           NewHandler(bench, token),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    maxHeader,
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
		defer cancel()
		stopped <- server.Shutdown(last)
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return <-stopped
}

// handler holds what requests share.
type handler struct {
	bench   Bench
	token   string
	metrics *metrics
	running chan struct{} // a place for each request that a core works on
	queue   chan struct{} // a place for each request that runs or waits
}

// NewHandler makes the routes of the service, which openapi.json describes.
func NewHandler(bench Bench, token string) http.Handler { return newHandler(bench, token).routes() }

func newHandler(bench Bench, token string) *handler {
	cores := runtime.GOMAXPROCS(0)
	h := &handler{bench: bench, token: token, running: make(chan struct{}, cores), queue: make(chan struct{}, cores*(1+waiting))}
	h.metrics = newMetrics(h)
	return h
}

// openAPI describes the service for programs.
//
//go:embed openapi.json
var openAPI []byte

// route is one way to call the service.
type route struct {
	method, path string
	open         bool // without a token
	do           http.HandlerFunc
}

func (h *handler) list() []route {
	return []route{
		{"GET", "/healthz", true, h.health},
		{"GET", "/openapi.json", true, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(openAPI) // a caller who has left needs no answer
		}},
		{"GET", "/metrics", false, h.metrics.handler().ServeHTTP},
		{"GET", "/v1/search", false, h.placed(paged(h.search))},
		{"GET", "/v1/similar", false, h.placed(paged(h.similar))},
		{"GET", "/v1/recommend", false, h.placed(paged(h.recommend))},
		{"POST", "/v1/events", false, h.placed(h.events)},
		{"GET", "/v1/ranker", false, h.placed(h.ranker)},
		{"PUT", "/v1/ranker", false, h.placed(h.adopt)},
	}
}

func (h *handler) routes() http.Handler {
	mux := http.NewServeMux()
	for _, r := range h.list() {
		do := r.do
		if !r.open {
			do = h.allowed(do)
		}
		mux.HandleFunc(r.method+" "+r.path, h.metrics.measured(r.path, do))
	}
	return mux
}

func (h *handler) health(w http.ResponseWriter, _ *http.Request) {
	status := h.bench.Status()
	answer(w, http.StatusOK, struct {
		Status   string `json:"status"`
		Products int    `json:"products"`
	}{"ok", status.Products})
}

// failure is what a request went wrong with, as its caller is told.
type failure struct {
	code int
	text string
}

func (f *failure) Error() string { return f.text }

func badRequest(format string, args ...any) error {
	return &failure{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// ofBody is the error of taking in the body of a request, as its caller is told: it
// is theirs to mend, unless the disk or the time was lacking.
func ofBody(err error) error {
	for _, ours := range []error{workbench.ErrNotWritten, workbench.ErrReadOnly, context.DeadlineExceeded, context.Canceled} {
		if errors.Is(err, ours) {
			return err
		}
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &failure{http.StatusRequestEntityTooLarge, fmt.Sprintf("send at most %d bytes at once", large.Limit)}
	}
	return badRequest("%v", err)
}

// allowed lets a request in whose token is right.
func (h *handler) allowed(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if h.token != "" && subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+h.token)) != 1 {
			w.Header().Set("WWW-Authenticate", "Bearer")
			refuse(w, &failure{http.StatusUnauthorized, "send the token as Authorization: Bearer …"})
			return
		}
		next(w, r)
	}
}

// placed works on a request once there is a place for it.
func (h *handler) placed(work func(context.Context, *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case h.queue <- struct{}{}:
			defer func() { <-h.queue }()
		default:
			h.metrics.shed.Inc()
			w.Header().Set("Retry-After", "1")
			refuse(w, &failure{http.StatusTooManyRequests, "too many requests at once; try again in a second"})
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		select {
		case h.running <- struct{}{}:
			defer func() { <-h.running }()
		case <-ctx.Done():
			refuse(w, ctx.Err())
			return
		}
		if len(h.queue) > 1 {
			ctx = engine.OneProcessor(ctx)
		}
		result, err := work(ctx, r)
		if err != nil {
			refuse(w, err)
			return
		}
		answer(w, http.StatusOK, result)
	}
}

// paged puts a page in the form of the command contract.
func paged(page func(context.Context, *http.Request) (*workbench.Page, error)) func(context.Context, *http.Request) (any, error) {
	return func(ctx context.Context, r *http.Request) (any, error) {
		found, err := page(ctx, r)
		if err != nil {
			return nil, err
		}
		results := make([]engine.ResultForm, len(found.Results))
		for i := range results {
			results[i] = found.Results[i].Form()
		}
		return struct {
			Query   string              `json:"query"`
			TookMS  float64             `json:"took_ms"`
			Total   int                 `json:"total"`
			Results []engine.ResultForm `json:"results"`
		}{found.Query, float64(found.Took.Microseconds()) / 1000, found.Total, results}, nil
	}
}

// events takes in what shoppers did: UBI events as JSON Lines, or any form that
// touchstone events reads.
func (h *handler) events(ctx context.Context, r *http.Request) (any, error) {
	report, err := h.bench.ReadEvents(ctx, http.MaxBytesReader(nil, r.Body, maxEvents), "the request's body")
	if err != nil {
		return nil, ofBody(err)
	}
	problems := []string{}
	for _, p := range report.Problems {
		problems = append(problems, fmt.Sprintf("line %d: %s", p.Line, p.What))
	}
	return struct {
		Read     int      `json:"read"`
		Profiles int      `json:"profiles"`
		Shown    int      `json:"shown"`   // on pages, and not told before
		Clicked  int      `json:"clicked"` // likewise
		Skipped  int      `json:"skipped"`
		Problems []string `json:"problems"`
	}{report.Read, report.Profiles, report.Shown, report.Clicked, report.Skipped, problems}, nil
}

func (h *handler) search(ctx context.Context, r *http.Request) (*workbench.Page, error) {
	query := r.FormValue("q")
	if strings.TrimSpace(query) == "" || len(query) > maxQuery {
		return nil, badRequest("q must hold a query of 1 to %d bytes", maxQuery)
	}
	k, err := count(r)
	if err != nil {
		return nil, err
	}
	filter, err := workbench.ParseFilter(r.FormValue("filter"))
	if err != nil {
		return nil, badRequest("%v", err)
	}
	return h.bench.Search(ctx, workbench.SearchRequest{Query: query, K: k, Filter: filter, Profile: r.FormValue("profile")})
}

func (h *handler) similar(ctx context.Context, r *http.Request) (*workbench.Page, error) {
	id := r.FormValue("id")
	if id == "" {
		return nil, badRequest("id must name a product")
	}
	k, err := count(r)
	if err != nil {
		return nil, err
	}
	page, err := h.bench.Similar(ctx, id, k)
	var unknown *workbench.NoProductError
	if errors.As(err, &unknown) {
		return nil, &failure{http.StatusNotFound, err.Error()}
	}
	return page, err
}

func (h *handler) recommend(ctx context.Context, r *http.Request) (*workbench.Page, error) {
	profile := r.FormValue("profile")
	if profile == "" || len(profile) > maxQuery {
		return nil, badRequest("profile must name a shopper, in 1 to %d bytes", maxQuery)
	}
	k, err := count(r)
	if err != nil {
		return nil, err
	}
	return h.bench.Recommend(ctx, profile, k)
}

// named is which ranker is in use.
type named struct {
	Ranker  string `json:"ranker"`
	Version int    `json:"version"`
}

func (h *handler) ranker(context.Context, *http.Request) (any, error) {
	r := h.bench.Ranker()
	return named{r.Name, r.Version}, nil
}

// adopt puts a ranker in use that was learned elsewhere, in the form of
// "touchstone export W ranker --format touchstone". Searches that run keep the
// one they began with; the next ones have the new one.
func (h *handler) adopt(_ context.Context, r *http.Request) (any, error) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxRanker))
	if err != nil {
		return nil, ofBody(err)
	}
	ranker, err := workbench.ParseRanker(body)
	if err != nil {
		return nil, badRequest("%v", err)
	}
	used, err := h.bench.Use(ranker)
	if err != nil {
		return nil, ofBody(err)
	}
	h.metrics.adopted.Inc()
	return named{used.Name, used.Version}, nil
}

// count is how many results a request wants.
func count(r *http.Request) (int, error) {
	text := r.FormValue("k")
	if text == "" {
		return defaultK, nil
	}
	k, err := strconv.Atoi(text)
	if err != nil || k < 1 || k > maxK {
		return 0, badRequest("k must be a number from 1 to %d", maxK)
	}
	return k, nil
}

// refuse tells a caller what went wrong.
func refuse(w http.ResponseWriter, err error) {
	code := http.StatusInternalServerError
	var f *failure
	switch {
	case errors.As(err, &f):
		code = f.code
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		code, err = http.StatusServiceUnavailable, fmt.Errorf("no answer within %v; try again", patience)
	}
	answer(w, code, struct {
		Error string `json:"error"`
	}{err.Error()})
}

func answer(w http.ResponseWriter, code int, v any) {
	body := idleBuffers.Get().(*bytes.Buffer)
	defer idleBuffers.Put(body)
	body.Reset()
	if err := json.NewEncoder(body).Encode(v); err != nil { // a score that is no number
		code = http.StatusInternalServerError
		body.Reset()
		body.WriteString(`{"error":"the answer cannot be written as JSON"}` + "\n")
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(code)
	_, _ = w.Write(body.Bytes()) // a caller who has left needs no answer
}

// idleBuffers are those that no answer is written in.
var idleBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
