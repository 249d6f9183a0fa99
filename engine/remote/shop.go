package remote

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"
	"github.com/opensearch-project/opensearch-go/v4/opensearchtransport"

	"touchstone/engine"
)

// Shop is the search that a shop already runs, asked as its own pages ask it. It
// is safe for concurrent use.
type Shop struct {
	remote engine.Remote
	secret string // that goes into headers; otherwise the client sends it
	do     func(*http.Request) (*http.Response, error)
}

// Limits of what is read of an answer.
const (
	mostHits = 10_000
	mostID   = 1024     // bytes
	mostText = 64 << 10 // bytes of a field
)

// usual is how each make is asked and answers, unless a person says otherwise.
var usual = map[engine.RemoteKind]struct {
	request engine.RemoteRequest
	answer  engine.RemoteAnswer
	prefix  string // of the fields of a hit
}{
	engine.OpenSearch:    {elasticRequest, elasticAnswer, "_source."},
	engine.Elasticsearch: {elasticRequest, elasticAnswer, "_source."},
	engine.Solr: {
		engine.RemoteRequest{Path: "/{{index}}/select?defType=edismax&q={{query}}&rows={{k}}&fl=*,score&wt=json"},
		engine.RemoteAnswer{Hits: "response.docs", ID: "id", Score: "score", Total: "response.numFound"}, "",
	},
	engine.HTTPJSON: {
		engine.RemoteRequest{Path: "?q={{query}}&k={{k}}"},
		engine.RemoteAnswer{Hits: "results", ID: "id", Score: "score", Total: "total"}, "",
	},
}

var (
	elasticRequest = engine.RemoteRequest{Path: "/{{index}}/_search",
		Body: `{"size":{{k}},"query":{"multi_match":{"query":"{{query}}","fields":["*"],"lenient":true}}}`}
	elasticAnswer = engine.RemoteAnswer{Hits: "hits.hits", ID: "_id", Score: "_score", Total: "hits.total.value"}
)

// textRoles are those that a shop's search may send.
var textRoles = []engine.Role{engine.RoleTitle, engine.RoleBrand, engine.RoleCategory, engine.RoleDescription,
	engine.RolePrice, engine.RoleRating, engine.RolePopularity, engine.RoleDate, engine.RoleImage}

// completed is the configuration with what its make does where it says nothing.
func completed(r engine.Remote) engine.Remote {
	u := usual[r.Kind]
	if r.Request.Path == "" && r.Request.Body == "" {
		r.Request.Path, r.Request.Body = u.request.Path, u.request.Body
	}
	for _, s := range []struct{ to, from *string }{
		{&r.Answer.Hits, &u.answer.Hits}, {&r.Answer.ID, &u.answer.ID}, {&r.Answer.Score, &u.answer.Score}, {&r.Answer.Total, &u.answer.Total},
	} {
		if *s.to == "" {
			*s.to = *s.from
		}
	}
	fields := map[engine.Role]string{}
	for _, role := range textRoles {
		fields[role] = u.prefix + string(role)
	}
	for role, path := range r.Answer.Fields {
		if u.prefix != "" && !strings.HasPrefix(path, "_") && !strings.HasPrefix(path, "fields.") && path != "" {
			path = u.prefix + path // as people call the fields of their index
		}
		fields[role] = path
	}
	r.Answer.Fields = fields
	return r
}

// NewShop makes a shop's search of its address; it asks nothing there yet.
func NewShop(r engine.Remote, secret string) (*Shop, error) {
	if _, known := usual[r.Kind]; !known {
		return nil, fmt.Errorf("%s: no kind of engine is called %q; %s", r.Name, r.Kind, engine.Among(engine.RemoteKinds, ""))
	}
	r = completed(r)
	if strings.Contains(r.Request.Path, "{{index}}") && r.Index == "" {
		return nil, fmt.Errorf("%s: name its index or core (--index)", r.Name)
	}
	if !strings.Contains(r.Request.Path+r.Request.Body, "{{query}}") {
		return nil, fmt.Errorf("%s: neither path nor body says where the query goes; write {{query}} there", r.Name)
	}
	for role := range r.Answer.Fields {
		if !slices.Contains(textRoles, role) {
			return nil, fmt.Errorf("%s: no field of a hit is read as %q; %s", r.Name, role, engine.Among(textRoles, ""))
		}
	}
	s := &Shop{remote: r}
	for name, value := range r.Request.Header {
		switch {
		case strings.Contains(value, keyMark):
			s.secret, secret = cmp.Or(secret, s.secret), ""
		case secretly(name):
			return nil, fmt.Errorf("%s: the header %s would keep a secret in the workspace; write %s in its place, and give the key as %s or in the keyring", r.Name, name, keyMark, Variable(r))
		}
	}
	client, err := Client(r, secret)
	if err != nil {
		return nil, err
	}
	s.do = client.Do
	nodes, err := Nodes(r)
	if err != nil {
		return nil, err
	}
	switch r.Kind {
	case engine.OpenSearch:
		// It would ask the cluster how it is every few seconds, unasked: a context
		// that has ended stops that before it starts.
		over, end := context.WithCancel(context.Background())
		end()
		t, err := opensearchtransport.New(opensearchtransport.Config{URLs: nodes, Transport: client.Transport, DisableRetry: true,
			Context: over, HealthCheck: opensearchtransport.NoOpHealthCheck, NodeStatsInterval: -1})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Name, err)
		}
		s.do = t.Stream
	case engine.Elasticsearch:
		t, err := elastictransport.NewClient(elastictransport.WithURLs(nodes...), elastictransport.WithTransport(client.Transport),
			elastictransport.WithDisableRetry())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Name, err)
		}
		s.do = t.Perform
	}
	return s, nil
}

// keyMark stands in a header for the engine's secret.
const keyMark = "{{key}}"

// secretly reports headers that hold secrets.
func secretly(name string) bool {
	name = strings.ToLower(name)
	for _, sign := range []string{"auth", "cookie", "key", "token", "secret", "password"} {
		if strings.Contains(name, sign) {
			return true
		}
	}
	return false
}

// Retrieve asks the search for what was typed. It knows nothing of vectors,
// filters and names: whoever asked applies them to what came.
func (s *Shop) Retrieve(ctx context.Context, req engine.Request) (engine.Candidates, error) {
	if req.Only || strings.TrimSpace(req.Analysis.Input) == "" {
		return engine.Candidates{}, nil
	}
	try, err := s.try(ctx, req.Analysis.Input, req.Depth)
	if err != nil {
		return engine.Candidates{}, err
	}
	out := engine.Candidates{Total: try.Total}
	for _, p := range try.Products {
		out.Items = append(out.Items, engine.Candidate{Product: p.ID})
		out.Brought = append(out.Brought, engine.Brought{Product: p})
	}
	return out, nil
}

// Try is one question to a search and all of its answer.
type Try struct {
	Method   string           `json:"method"`
	URL      string           `json:"url"`
	Body     string           `json:"body,omitempty"`
	Status   int              `json:"status"` // of HTTP; 0 where nothing came
	Took     time.Duration    `json:"took"`
	Raw      string           `json:"raw"` // the answer, at most mostText of it
	Total    int              `json:"total"`
	Hits     string           `json:"hits"`   // where in the answer they were looked for
	Fields   []FieldRead      `json:"fields"` // what was looked for in them
	Products []engine.Product `json:"products"`
}

// FieldRead is a field of the hits.
type FieldRead struct {
	Role  engine.Role `json:"role"`
	Path  string      `json:"path"`  // where in a hit it was looked for
	Count int         `json:"count"` // products that have it
}

// fieldsRead counts what was found of an answer's fields.
func fieldsRead(a engine.RemoteAnswer, products []engine.Product) []FieldRead {
	has := map[engine.Role]func(*engine.Product) bool{
		engine.RoleTitle:       func(p *engine.Product) bool { return p.Title != p.ID }, // which stands in for it
		engine.RoleBrand:       func(p *engine.Product) bool { return p.Brand != "" },
		engine.RoleCategory:    func(p *engine.Product) bool { return p.Category != "" },
		engine.RoleDescription: func(p *engine.Product) bool { return p.Description != "" },
		engine.RolePrice:       func(p *engine.Product) bool { return p.Price.Known },
		engine.RoleRating:      func(p *engine.Product) bool { return p.Rating.Known },
		engine.RolePopularity:  func(p *engine.Product) bool { return p.Popularity.Known },
		engine.RoleDate:        func(p *engine.Product) bool { return !p.Date.IsZero() },
		engine.RoleImage:       func(p *engine.Product) bool { return p.Image != "" },
	}
	list := []FieldRead{{engine.RoleID, a.ID, len(products)}}
	for _, role := range textRoles {
		f := FieldRead{Role: role, Path: a.Fields[role]}
		for i := range products {
			if has[role](&products[i]) {
				f.Count++
			}
		}
		list = append(list, f)
	}
	return list
}

// TryOut asks an engine once. What came is there beside an error too.
func TryOut(ctx context.Context, r engine.Remote, secret, query string, k int) (*Try, error) {
	s, err := NewShop(r, secret)
	if err != nil {
		return nil, err
	}
	return s.try(ctx, query, k)
}

func (s *Shop) try(ctx context.Context, query string, k int) (*Try, error) {
	if k <= 0 {
		k = 10
	}
	ctx, cancel := context.WithTimeout(ctx, s.remote.Timeout.Duration(DefaultTimeout))
	defer cancel()
	req, try, err := s.request(ctx, query, min(k, mostHits))
	if err != nil {
		return try, err
	}
	start := time.Now()
	res, err := s.do(req)
	try.Took = time.Since(start)
	if err != nil {
		return try, Explain(s.remote, err)
	}
	defer res.Body.Close()
	try.Status = res.StatusCode
	body, err := io.ReadAll(res.Body)
	try.Took = time.Since(start)
	try.Raw = strings.ToValidUTF8(string(body[:min(len(body), mostText)]), "\uFFFD")
	if err != nil {
		return try, Explain(s.remote, err)
	}
	switch {
	case res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden:
		return try, fmt.Errorf("%s: it does not let this machine in (%d); set its key as %s or in the keyring", s.remote.Name, res.StatusCode, Variable(s.remote))
	case res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= 500:
		return try, fmt.Errorf("%s: it answered %d: %s: %w", s.remote.Name, res.StatusCode, first(try.Raw), ErrUnreachable)
	case res.StatusCode != http.StatusOK:
		return try, fmt.Errorf("%s: it answered %d to %s; look at the address, the index and the body: %s", s.remote.Name, res.StatusCode, try.URL, first(try.Raw))
	}
	try.Products, try.Total, err = productsOf(body, s.remote.Answer)
	try.Hits, try.Fields = s.remote.Answer.Hits, fieldsRead(s.remote.Answer, try.Products)
	if err != nil {
		return try, fmt.Errorf("%s: %w", s.remote.Name, err)
	}
	return try, nil
}

func first(s string) string {
	const most = 200
	if s = strings.Join(strings.Fields(s), " "); len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// request makes the question for a query.
func (s *Shop) request(ctx context.Context, query string, k int) (*http.Request, *Try, error) {
	t := s.remote.Request
	inJSON, err := json.Marshal(query)
	if err != nil {
		return nil, nil, err
	}
	number := strconv.Itoa(k)
	path := strings.NewReplacer("{{query}}", url.QueryEscape(query), "{{k}}", number, "{{index}}", url.PathEscape(s.remote.Index)).Replace(t.Path)
	body := strings.NewReplacer("{{query}}", string(inJSON[1:len(inJSON)-1]), "{{k}}", number).Replace(t.Body)
	method := t.Method
	if method == "" {
		method = http.MethodGet
		if body != "" {
			method = http.MethodPost
		}
	}
	address := strings.TrimSuffix(s.remote.URLs[0], "/") + path
	if strings.HasPrefix(path, "?") {
		address = s.remote.URLs[0] + path
	}
	try := &Try{Method: method, URL: address, Body: body}
	if body != "" && !json.Valid([]byte(body)) {
		return nil, try, fmt.Errorf("%s: its body is no JSON once the query stands in it; write \"{{query}}\" in quotes and {{k}} without", s.remote.Name)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader([]byte(body)))
	if err != nil {
		return nil, try, fmt.Errorf("%s: %q is no address: %w", s.remote.Name, address, err)
	}
	req.Header.Set("Accept", "application/json")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range t.Header {
		req.Header.Set(name, strings.ReplaceAll(value, keyMark, s.secret))
	}
	return req, try, nil
}

// productsOf takes products out of an answer, in its order. A hit without an ID is
// an error: nothing could be judged or compared by it.
func productsOf(body []byte, a engine.RemoteAnswer) (products []engine.Product, total int, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var answer any
	if err := d.Decode(&answer); err != nil {
		return nil, 0, fmt.Errorf("its answer is no JSON, but starts with %q", first(string(body[:min(len(body), 80)])))
	}
	hits, ok := at(answer, a.Hits)
	if !ok {
		return nil, 0, fmt.Errorf("its answer has no %q; say where the list of hits is (--hits)", a.Hits)
	}
	list, ok := hits.([]any)
	if !ok {
		return nil, 0, fmt.Errorf("%q of its answer is no list; say where the list of hits is (--hits)", a.Hits)
	}
	if len(list) > mostHits {
		return nil, 0, fmt.Errorf("its answer has %d hits, of which at most %d are read; ask for fewer", len(list), mostHits)
	}
	seen := map[string]bool{}
	for i, hit := range list {
		p, err := product(hit, a)
		if err != nil {
			return nil, 0, fmt.Errorf("hit %d: %w", i+1, err)
		}
		if !seen[p.ID] {
			seen[p.ID] = true
			products = append(products, p)
		}
	}
	total = len(products)
	if v, ok := at(answer, a.Total); ok {
		if n, ok := number(v); ok && n >= float64(total) && n < 1e15 {
			total = int(n)
		}
	}
	return products, total, nil
}

// product reads one hit.
func product(hit any, a engine.RemoteAnswer) (engine.Product, error) {
	var p engine.Product
	id, _ := at(hit, a.ID)
	if p.ID = text(id); p.ID == "" || len(p.ID) > mostID || !utf8.ValidString(p.ID) {
		return p, fmt.Errorf("it has no ID of 1 to %d bytes at %q; say where it is (--id)", mostID, a.ID)
	}
	field := func(role engine.Role) any {
		v, _ := at(hit, a.Fields[role])
		if list, ok := v.([]any); ok && len(list) > 0 { // Solr's fields of many values
			return list[0]
		}
		return v
	}
	for role, to := range map[engine.Role]*string{engine.RoleTitle: &p.Title, engine.RoleBrand: &p.Brand, engine.RoleCategory: &p.Category,
		engine.RoleDescription: &p.Description, engine.RoleImage: &p.Image} {
		*to = text(field(role))
	}
	for role, to := range map[engine.Role]*engine.Number{engine.RolePrice: &p.Price, engine.RoleRating: &p.Rating, engine.RolePopularity: &p.Popularity} {
		if n, ok := number(field(role)); ok {
			*to = engine.Known(n)
		}
	}
	date := text(field(engine.RoleDate))
	for _, layout := range []string{time.RFC3339, "2006-01-02"} {
		if t, err := time.Parse(layout, date); err == nil {
			p.Date = t
			break
		}
	}
	if p.Title == "" {
		p.Title = p.ID
	}
	return p, nil
}

// at is the value of a path; the whole value for "".
func at(v any, path string) (any, bool) {
	for path != "" {
		switch in := v.(type) {
		case map[string]any:
			if whole, ok := in[path]; ok { // a name that has dots itself
				return whole, true
			}
			name, rest, _ := strings.Cut(path, ".")
			next, ok := in[name]
			if !ok {
				return nil, false
			}
			v, path = next, rest
		case []any:
			name, rest, _ := strings.Cut(path, ".")
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(in) {
				return nil, false
			}
			v, path = in[i], rest
		default:
			return nil, false
		}
	}
	return v, true
}

// text is a value as text; "" for lists, objects and null.
func text(v any) string {
	var s string
	switch v := v.(type) {
	case string:
		s = v
	case json.Number:
		s = v.String()
	case bool:
		s = strconv.FormatBool(v)
	}
	if len(s) > mostText {
		s = strings.ToValidUTF8(s[:mostText], "")
	}
	return strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
}

func number(v any) (float64, bool) {
	n, err := strconv.ParseFloat(text(v), 64)
	return n, err == nil
}
