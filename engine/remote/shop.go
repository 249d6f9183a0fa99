package remote

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

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
