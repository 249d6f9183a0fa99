package remote

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/engine"
)

func request(query string) engine.Request {
	return engine.Request{Analysis: engine.Analysis{Input: query}, Depth: 5}
}

// shopAt is a shop's search of a kind at an address.
func shopAt(t testing.TB, kind engine.RemoteKind, address string) *Shop {
	t.Helper()
	s, err := NewShop(engine.Remote{Name: "shop", Kind: kind, URLs: []string{address}, Index: "products", Timeout: 0.3}, "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// silence waits until the caller gives up.
func silence(r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // the server sees a caller leave only behind the body
	<-r.Context().Done()
}

const good = `{"hits":{"total":{"value":7},"hits":[{"_id":"1","_score":2,"_source":{"title":"Desk lamp","price":"49.9"}},{"_id":"1"},{"_id":"2","_source":{}}]}}`

// TestFailures: whatever an engine does, there is a message that names it and
// says what to do, and it comes within the timeout.
func TestFailures(t *testing.T) {
	answer := func(code int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			fmt.Fprint(w, body)
		}
	}
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		says    string
		away    bool // an older answer may stand in
	}{
		"slow": {func(_ http.ResponseWriter, r *http.Request) { silence(r) }, "no answer within 300ms", true},
		"half": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, good[:50])
		}, "half-way", true},
		"slow half": {func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, good[:50])
			w.(http.Flusher).Flush()
			silence(r)
		}, "no answer within", true},
		"overloaded": {answer(503, "later"), "answered 503: later", true},
		"refused":    {answer(401, ""), Variable(engine.Remote{URLs: []string{"http://127.0.0.1"}}), false},
		"no index":   {answer(404, `{"error":"no such index"}`), "no such index", false},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		}, "302", false},
		"html":    {answer(200, "<html>login"), `no JSON, but starts with "<html>login"`, false},
		"schema":  {answer(200, `{"results":[]}`), `"hits.hits"`, false},
		"no list": {answer(200, `{"hits":{"hits":3}}`), "no list", false},
		"no ids":  {answer(200, `{"hits":{"hits":[{"sku":1}]}}`), `hit 1: it has no ID`, false},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.handler)
			defer server.Close()
			for _, kind := range []engine.RemoteKind{engine.OpenSearch, engine.Elasticsearch} {
				_, err := shopAt(t, kind, server.URL).Retrieve(t.Context(), request("lamp"))
				if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "shop") {
					t.Errorf("%s: %v; want it to say %q", kind, err, c.says)
				}
				if errors.Is(err, ErrUnreachable) != c.away {
					t.Errorf("%s: unreachable %v, want %v: %v", kind, !c.away, c.away, err)
				}
			}
		})
	}
	t.Run("down", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := "http://" + l.Addr().String()
		l.Close()
		if _, err := shopAt(t, engine.Solr, address).Retrieve(t.Context(), request("lamp")); !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "whether it is running") {
			t.Errorf("down: %v", err)
		}
	})
	t.Run("TLS", func(t *testing.T) {
		server := httptest.NewTLSServer(answer(200, good))
		defer server.Close()
		server.Config.ErrorLog = nil
		if _, err := shopAt(t, engine.OpenSearch, server.URL).Retrieve(t.Context(), request("lamp")); err == nil || !strings.Contains(err.Error(), "--ca") || errors.Is(err, ErrUnreachable) {
			t.Errorf("a certificate that no one signed: %v", err)
		}
		ca := filepath.Join(t.TempDir(), "ca.pem")
		if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
			t.Fatal(err)
		}
		r := engine.Remote{Name: "shop", Kind: engine.OpenSearch, URLs: []string{server.URL}, Index: "products", CA: ca}
		s, err := NewShop(r, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Retrieve(t.Context(), request("lamp")); err != nil {
			t.Errorf("with its authority: %v", err)
		}
		u, _ := url.Parse(server.URL)
		r.URLs = []string{"https://localhost:" + u.Port()}
		if s, err = NewShop(r, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Retrieve(t.Context(), request("lamp")); err == nil || !strings.Contains(err.Error(), "not valid for this address") {
			t.Errorf("a certificate for another name: %v", err)
		}
		plain := httptest.NewServer(answer(200, good))
		defer plain.Close()
		if _, err := shopAt(t, engine.OpenSearch, strings.Replace(plain.URL, "http:", "https:", 1)).Retrieve(t.Context(), request("lamp")); err == nil || !strings.Contains(err.Error(), "TLS") {
			t.Errorf("https to a server without it: %v", err)
		}
	})
	for _, bad := range []engine.Remote{
		{Kind: "lucene", URLs: []string{"http://a"}},
		{Kind: engine.Solr, URLs: []string{"http://a"}},
		{Kind: engine.Solr, Index: "core"},
		{Kind: engine.Solr, Index: "core", URLs: []string{"ftp://a"}},
		{Kind: engine.HTTPJSON, URLs: []string{"http://a"}, Request: engine.RemoteRequest{Path: "/all"}},
		{Kind: engine.HTTPJSON, URLs: []string{"http://a"}, CA: "no such file"},
	} {
		if _, err := NewShop(bad, ""); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}

// TestAsksAndReads: the question is as the make wants it, with the query escaped
// for where it stands and the secret for its scheme, and the answer is read.
func TestAsksAndReads(t *testing.T) {
	solr := `{"response":{"numFound":40,"docs":[{"id":"a","title":["Desk lamp"],"score":1.5,"price":3}]}}`
	own := `{"data":[{"items":[{"sku":17,"name":"Desk lamp","cost":"2.5","made":{"by":"Lumo"}}]}]}`
	for _, c := range []struct {
		r           engine.Remote
		uri, body   string
		auth        string
		answer      string
		first, last engine.Product
		total       int
	}{
		{engine.Remote{Kind: engine.OpenSearch, Index: "p", User: "me"}, "/p/_search", `"query":"a \"b\" & ü"`, "Basic", good,
			engine.Product{ID: "1", Title: "Desk lamp", Price: engine.Known(49.9)}, engine.Product{ID: "2", Title: "2"}, 7},
		{engine.Remote{Kind: engine.Elasticsearch, Index: "p"}, "/p/_search", `"size":5`, "ApiKey s3", good,
			engine.Product{ID: "1", Title: "Desk lamp", Price: engine.Known(49.9)}, engine.Product{ID: "2", Title: "2"}, 7},
		{engine.Remote{Kind: engine.Solr, Index: "p"}, "/p/select?defType=edismax&q=a+%22b%22+%26+%C3%BC&rows=5&fl=*,score&wt=json", "", "Bearer s3", solr,
			engine.Product{ID: "a", Title: "Desk lamp", Price: engine.Known(3)}, engine.Product{ID: "a", Title: "Desk lamp", Price: engine.Known(3)}, 40},
		{engine.Remote{Kind: engine.HTTPJSON, Request: engine.RemoteRequest{Path: "/find", Body: `{"text":"{{query}}","n":{{k}}}`, Header: map[string]string{"X-Shop": "1"}},
			Answer: engine.RemoteAnswer{Hits: "data.0.items", ID: "sku", Fields: map[engine.Role]string{engine.RoleTitle: "name", engine.RoleBrand: "made.by", engine.RolePrice: "cost"}}},
			"/find", `{"text":"a \"b\" & ü","n":5}`, "Bearer s3", own,
			engine.Product{ID: "17", Title: "Desk lamp", Brand: "Lumo", Price: engine.Known(2.5)}, engine.Product{ID: "17", Title: "Desk lamp", Brand: "Lumo", Price: engine.Known(2.5)}, 1},
	} {
		t.Run(string(c.r.Kind), func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body := make([]byte, 4096)
				n, _ := r.Body.Read(body)
				// encoding/json writes & as \u0026, which is the same text.
				if got := strings.ReplaceAll(string(body[:n]), `\u0026`, "&"); r.RequestURI != c.uri || !strings.Contains(got, c.body) || !strings.HasPrefix(r.Header.Get("Authorization"), c.auth) {
					t.Errorf("asked %s %s as %q; want %s, %s, %q", r.RequestURI, got, r.Header.Get("Authorization"), c.uri, c.body, c.auth)
				}
				fmt.Fprint(w, c.answer)
			}))
			defer server.Close()
			c.r.Name, c.r.URLs = "shop", []string{server.URL}
			s, err := NewShop(c.r, "s3")
			if err != nil {
				t.Fatal(err)
			}
			found, err := s.Retrieve(t.Context(), request(`a "b" & ü`))
			if err != nil {
				t.Fatal(err)
			}
			same := func(a, b engine.Product) bool { return fmt.Sprintf("%+v", a) == fmt.Sprintf("%+v", b) }
			if n := len(found.Brought); n == 0 || !same(found.Brought[0].Product, c.first) || !same(found.Brought[n-1].Product, c.last) || found.Total != c.total {
				t.Errorf("read %+v of %d; want %+v to %+v of %d", found.Brought, found.Total, c.first, c.last, c.total)
			}
		})
	}
}

// TestKeyInAHeader: the secret goes into the header that asks for it and nowhere
// else, and a header that would hold a secret itself is refused.
func TestKeyInAHeader(t *testing.T) {
	var got http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = r.Header; fmt.Fprint(w, `{"results":[]}`) }))
	defer server.Close()
	r := engine.Remote{Name: "shop", Kind: engine.HTTPJSON, URLs: []string{server.URL},
		Request: engine.RemoteRequest{Path: "?q={{query}}", Header: map[string]string{"X-Api-Key": "{{key}}", "X-Other": "my {{key}}", "X-Shop": "de"}}}
	try, err := TryOut(t.Context(), r, "s3cret", "lamp", 3)
	if err != nil {
		t.Fatal(err)
	}
	if got.Get("X-Api-Key") != "s3cret" || got.Get("X-Other") != "my s3cret" || got.Get("X-Shop") != "de" || got.Get("Authorization") != "" {
		t.Errorf("it was sent %v", got)
	}
	if strings.Contains(fmt.Sprint(try), "s3cret") {
		t.Errorf("what is shown of the question holds the key: %+v", try)
	}
	r.Request.Header = map[string]string{"x-api-key": "s3cret"}
	if _, err := NewShop(r, ""); err == nil || !strings.Contains(err.Error(), "{{key}}") || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("a key in the workspace: %v", err)
	}
	r.Request.Header, r.Answer.Fields = nil, map[engine.Role]string{"colour": "c"}
	if _, err := NewShop(r, ""); err == nil || !strings.Contains(err.Error(), "colour") {
		t.Errorf("a field of no role: %v", err)
	}
}

// TestNextNode: where a node does not answer, the next one is asked, and stays
// the first to ask.
func TestNextNode(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked++; fmt.Fprint(w, good) }))
	defer server.Close()
	s, err := NewShop(engine.Remote{Name: "shop", Kind: engine.OpenSearch, Index: "p", URLs: []string{"http://127.0.0.1:1", server.URL}}, "")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := s.Retrieve(t.Context(), request("lamp")); err != nil {
			t.Fatal(err)
		}
	}
	if asked != 3 {
		t.Errorf("the node that answers was asked %d times", asked)
	}
}

// TestEndlessAnswer: reading stops at the limit.
func TestEndlessAnswer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		block := []byte(strings.Repeat(" ", 1<<20))
		for {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	s, err := NewShop(engine.Remote{Name: "shop", Kind: engine.HTTPJSON, URLs: []string{server.URL}, Timeout: 60}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Retrieve(t.Context(), request("lamp")); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("an answer without end: %v", err)
	}
}

// FuzzRead: no answer makes it panic, and what is read can be judged.
func FuzzRead(f *testing.F) {
	f.Add([]byte(good), "hits.hits", "_id", "_source.title")
	f.Add([]byte(`[[{"a.b":{"c":null}}]]`), "0", "a.b", "a.b.c")
	f.Add([]byte(`{"hits":[{"id":1e400},{"id":"\ud800"},{"id":[]}]}`), "hits", "id", "")
	f.Fuzz(func(t *testing.T, body []byte, hits, id, title string) {
		products, total, err := productsOf(body, engine.RemoteAnswer{Hits: hits, ID: id, Total: "total", Fields: map[engine.Role]string{engine.RoleTitle: title}})
		if err != nil {
			return
		}
		if total < len(products) {
			t.Errorf("%d products of %d", len(products), total)
		}
		for _, p := range products {
			if p.ID == "" || p.Title == "" || strings.ToValidUTF8(p.ID, "") != p.ID {
				t.Errorf("read ID %q, title %q", p.ID, p.Title)
			}
		}
	})
}
