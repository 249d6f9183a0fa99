package cli

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// engineCmd is "touchstone engine W …".
type engineCmd struct {
	Of engineOf `arg:"" name:"workspace"`
}

type engineOf struct {
	Workspace string `arg:"" help:"A workspace file."`

	List    engineListCmd    `cmd:"" help:"The engines that are configured, and where each query goes."`
	Add     engineAddCmd     `cmd:"" help:"Configure an engine, or change one. Nothing is asked of it yet."`
	Key     engineKeyCmd     `cmd:"" help:"Keep an engine's secret, read from stdin, in the system's keyring; an empty one removes it."`
	Remove  engineRemoveCmd  `cmd:"" help:"Forget an engine."`
	Try     engineTryCmd     `cmd:"" help:"Ask an engine once, and show its raw answer and what is read of it."`
	Use     engineUseCmd     `cmd:"" help:"Rank what an engine brings up from now on; local: what this machine finds."`
	Move    engineMoveCmd    `cmd:"" help:"Keep the catalogue at an engine (a name, or weaviate=http://…), or in the workspace (local)."`
	Refresh engineRefreshCmd `cmd:"" help:"Read again what a remote catalogue tells of itself, after other machines filled it."`
}

// workspaceOf is the workspace of an engine command.
type workspaceOf string

// AfterApply hands the workspace to the command below.
func (e *engineOf) AfterApply(k *kong.Context) error {
	k.Bind(workspaceOf(e.Workspace))
	return nil
}

type engineListCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

func (c *engineListCmd) Run(s *session, w workspaceOf) error {
	return s.with(string(w), func(bench *workbench.Bench) error {
		source := bench.Status().Source
		if c.JSON {
			return s.writeJSON(struct {
				Source  workbench.Source `json:"source"`
				Engines []engine.Remote  `json:"engines"`
			}{source, append([]engine.Remote{}, bench.Remotes()...)})
		}
		fmt.Fprintf(s.Stdout, "queries go to %s\n", source)
		for _, r := range bench.Remotes() {
			var marks []string
			if r.Name == source.Catalogue {
				marks = append(marks, "keeps the catalogue")
			}
			if r.Name == source.Candidates {
				marks = append(marks, "brings up the candidates")
			}
			fmt.Fprintf(s.Stdout, "%s  %s %s %s  %s\n", r.Name, r.Kind, strings.Join(r.URLs, " "), r.Index, strings.Join(marks, ", "))
		}
		return nil
	})
}

type engineAddCmd struct {
	Name string            `arg:"" help:"What to call it."`
	URLs []string          `arg:"" name:"url" help:"Its address; more than one are the nodes of one cluster."`
	Kind engine.RemoteKind `required:"" enum:"weaviate,opensearch,elasticsearch,solr,http" help:"weaviate, opensearch, elasticsearch, solr, or http for any that answers JSON."`

	Index   string         `help:"Class, index or core."`
	User    string         `help:"The name that goes with a password; without it, the secret is sent as a bearer token or API key."`
	CA      string         `name:"ca" help:"File of the certificates to trust, PEM."`
	Timeout engine.Seconds `help:"Seconds to wait for an answer; otherwise 10."`

	Shards      int    `help:"Weaviate: shards of a new class."`
	Replication int    `help:"Weaviate: copies of each product in a new class."`
	Consistency string `help:"Weaviate: how many copies must answer: ONE, QUORUM or ALL."`
	GRPC        string `name:"grpc" help:"Weaviate: host:port of its gRPC, more than one with commas (default: port 50051 of each address)."`

	Method string            `help:"How to ask: GET or POST."`
	Path   string            `help:"How to ask: path and query string behind the address, with {{query}} and {{k}}."`
	Body   string            `help:"How to ask: a file with the body, JSON with {{query}} and {{k}}."`
	Header map[string]string `help:"How to ask: headers, as name=value."`
	Hits   string            `help:"In the answer: where the list of hits is, such as response.docs."`
	ID     string            `name:"id" help:"In a hit: the product's ID."`
	Score  string            `help:"In a hit: its score."`
	Total  string            `help:"In the answer: how many match."`
	Field  map[string]string `help:"In a hit: fields by role, as title=name."`
}

func (c *engineAddCmd) Run(s *session, w workspaceOf) error {
	r := engine.Remote{Name: c.Name, Kind: c.Kind, URLs: c.URLs, Index: c.Index, User: c.User, CA: absolute(c.CA), Timeout: c.Timeout,
		Shards: c.Shards, Replication: c.Replication, Consistency: c.Consistency, GRPC: c.GRPC,
		Request: engine.RemoteRequest{Method: c.Method, Path: c.Path, Header: c.Header},
		Answer:  engine.RemoteAnswer{Hits: c.Hits, ID: c.ID, Score: c.Score, Total: c.Total}}
	if c.Body != "" {
		body, err := os.ReadFile(c.Body)
		if err != nil {
			return err
		}
		r.Request.Body = string(body)
	}
	for role, field := range c.Field {
		if r.Answer.Fields == nil {
			r.Answer.Fields = map[engine.Role]string{}
		}
		r.Answer.Fields[engine.Role(role)] = field
	}
	return s.with(string(w), func(bench *workbench.Bench) error { return bench.PutRemote(r) })
}

type engineKeyCmd struct {
	Name string `arg:""`
}

func (c *engineKeyCmd) Run(s *session, w workspaceOf) error {
	secret, err := io.ReadAll(io.LimitReader(s.Stdin, 1<<16))
	if err != nil {
		return err
	}
	return s.with(string(w), func(bench *workbench.Bench) error {
		return bench.PutSecret(c.Name, strings.TrimSpace(string(secret)))
	})
}

type engineRemoveCmd struct {
	Name string `arg:""`
}

func (c *engineRemoveCmd) Run(s *session, w workspaceOf) error {
	return s.with(string(w), func(bench *workbench.Bench) error { return bench.RemoveRemote(c.Name) })
}

type engineTryCmd struct {
	Name  string `arg:""`
	Query string `arg:""`
	K     int    `short:"k" default:"10" help:"Hits wanted."`
	JSON  bool   `name:"json" help:"Print JSON."`
}

func (c *engineTryCmd) Run(s *session, w workspaceOf) error {
	return s.with(string(w), func(bench *workbench.Bench) error {
		tried, err := bench.TryRemote(s, c.Name, c.Query, c.K)
		if tried == nil {
			return err
		}
		if c.JSON {
			return errors.Join(s.writeJSON(tried), err)
		}
		fmt.Fprintf(s.Stdout, "%s %s\n%s\n\n", tried.Method, tried.URL, tried.Body)
		if tried.Status == 0 { // nothing came
			return err
		}
		fmt.Fprintf(s.Stdout, "answered %d in %.1f ms:\n%s\n\n", tried.Status, milliseconds(tried.Took), tried.Raw)
		for _, f := range tried.Fields {
			fmt.Fprintf(s.Stdout, "%-11s from %s: %d of %d\n", f.Role, f.Path, f.Count, len(tried.Products))
		}
		for i, p := range tried.Products {
			fmt.Fprintf(s.Stdout, "%3d  %s  %s\n", i+1, p.ID, p.Title)
		}
		return err
	})
}

type engineUseCmd struct {
	Name string `arg:"" help:"An engine, or local."`
}

func (c *engineUseCmd) Run(s *session, w workspaceOf) error {
	return s.with(string(w), func(bench *workbench.Bench) error {
		if err := bench.UseRemote(c.Name); err != nil {
			return err
		}
		fmt.Fprintf(s.Stderr, "queries go to %s\n", bench.Status().Source)
		return nil
	})
}

type engineMoveCmd struct {
	To string `arg:"" help:"local, an engine's name, or weaviate=http://host:port/Class (more nodes with commas; settings as 'new --help' shows)."`
}

func (c *engineMoveCmd) Run(s *session, w workspaceOf) error {
	return s.with(string(w), func(bench *workbench.Bench) error { return s.move(bench, c.To) })
}

// move keeps the catalogue of a workspace at what to names.
func (s *session) move(bench *workbench.Bench, to string) error {
	if strings.Contains(to, "=") {
		r, err := parseEngine(to)
		if err != nil {
			return err
		}
		if err := bench.PutRemote(r); err != nil {
			return err
		}
		to = r.Name
	}
	progress, finish := s.progress()
	err := bench.Move(s, to, progress)
	finish()
	if err != nil {
		return err
	}
	status := bench.Status()
	fmt.Fprintf(s.Stderr, "%d products; queries go to %s\n", status.Products, status.Source)
	return nil
}

// parseEngine reads weaviate=http://host:port/Class, with commas between the
// nodes of a cluster, and settings behind a question mark as "engine add" calls
// them. The engine is called by its kind.
func parseEngine(s string) (engine.Remote, error) {
	kind, addresses, _ := strings.Cut(s, "=")
	r := engine.Remote{Name: kind, Kind: engine.RemoteKind(kind)}
	addresses, settings, _ := strings.Cut(addresses, "?")
	for _, address := range strings.Split(addresses, ",") {
		u, err := url.Parse(strings.TrimSpace(address))
		if err != nil || u.Host == "" {
			return r, fmt.Errorf("%q names no engine; write weaviate=http://127.0.0.1:8080 or weaviate=http://127.0.0.1:8080/Class", s)
		}
		if class := strings.Trim(u.Path, "/"); class != "" {
			r.Index, u.Path = class, ""
		}
		r.URLs = append(r.URLs, u.String())
	}
	values, err := url.ParseQuery(settings)
	if err != nil {
		return r, fmt.Errorf("%q: its settings cannot be read: %w", s, err)
	}
	number := func(text string) int {
		n, failed := strconv.Atoi(text)
		if failed != nil && err == nil {
			err = fmt.Errorf("%q is no number; write it in digits", text)
		}
		return n
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		text := values.Get(name)
		switch name {
		case "grpc":
			r.GRPC = text
		case "ca":
			r.CA = absolute(text)
		case "user":
			r.User = text
		case "consistency":
			r.Consistency = text
		case "shards":
			r.Shards = number(text)
		case "replication":
			r.Replication = number(text)
		case "timeout":
			r.Timeout = engine.Seconds(number(text))
		default:
			return r, fmt.Errorf("%q is no setting of an engine; there are grpc, ca, user, consistency, shards, replication and timeout", name)
		}
	}
	return r, err
}

// absolute is the path of a file wherever the workspace is opened next.
func absolute(path string) string {
	if whole, err := filepath.Abs(path); path != "" && err == nil {
		return whole
	}
	return path
}

type engineRefreshCmd struct{}

func (c *engineRefreshCmd) Run(s *session, w workspaceOf) error {
	return s.with(string(w), func(bench *workbench.Bench) error {
		if err := bench.RefreshRemote(s); err != nil {
			return err
		}
		fmt.Fprintf(s.Stderr, "%d products\n", bench.Status().Products)
		return nil
	})
}
