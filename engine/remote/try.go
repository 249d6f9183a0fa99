package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"touchstone/engine"
)

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
