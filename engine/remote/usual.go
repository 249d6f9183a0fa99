package remote

import (
	"strings"

	"touchstone/engine"
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
