package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

type searchCmd struct {
	Workspace string `arg:""`
	Query     string `arg:""`
	K         int    `short:"k" default:"10" help:"Results wanted."`
	Ranker    string `help:"A ranker by name; otherwise the one in use."`
	Profile   string `help:"Search as this shopper."`
	Offset    int    `help:"Results to leave out before the first."`
	Sort      order  `help:"Order by price, date or rating in place of the score; -price starts with the highest."`
	Depth     int    `help:"Candidates that words and meaning each bring up to be ranked; 0 is 200."`
	Fusion    string `help:"Make one list of both before ranking and keep --depth of it: minmax, rrf or zscore; otherwise all are ranked."`
	Facets    bool   `help:"Count brands, categories, prices and attributes of all products that match."`
	Filter    string `help:"Conditions: price<100, brand=Sony"`
	Typing    bool   `help:"The query is still being typed: its last word may go on."`
	Rules     string `help:"Follow this set of rules: main, off or a name; otherwise the one in use."`
	JSON      bool   `name:"json" help:"Print JSON."`
}

// searchJSON is the contract's form of a page.
type searchJSON struct {
	Query      string           `json:"query"`
	TookMS     float64          `json:"took_ms"`
	Total      int              `json:"total"`
	Near       int              `json:"near,omitempty"`       // of them, without a word of the query; no facet counts these
	Suggestion string           `json:"suggestion,omitempty"` // "did you mean"
	Rules      []engine.Rule    `json:"rules,omitempty"`      // that had a part in the page
	Redirect   string           `json:"redirect,omitempty"`
	Analysis   engine.Analysis  `json:"analysis,omitzero"`
	Steps      []workbench.Step `json:"steps,omitempty"` // what became of each word
	Facets     []engine.Facet   `json:"facets,omitempty"`
	Notes      []string         `json:"notes,omitempty"`
	Results    []resultJSON     `json:"results"`
}

// resultJSON is a result with the terms that it matched, by field.
type resultJSON struct {
	engine.Result
	matched map[string][]string
}

func (r resultJSON) MarshalJSON() ([]byte, error) {
	b, err := json.Marshal(r.Result)
	if err != nil || len(r.matched) == 0 {
		return b, err
	}
	m, err := json.Marshal(r.matched)
	return slices.Concat(b[:len(b)-1], []byte(`,"matched":`), m, []byte("}")), err
}

func (c *searchCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		req := workbench.SearchRequest{Query: c.Query, K: c.K, Offset: c.Offset, Sort: workbench.Sort(c.Sort), Facets: c.Facets, Depth: c.Depth, Fusion: engine.Fusion(c.Fusion), Typing: c.Typing, Profile: c.Profile}
		var err error
		if req.Filter, err = workbench.ParseFilter(c.Filter); err != nil {
			return err
		}
		if req.Ranker, err = named(bench, c.Ranker); err != nil {
			return err
		}
		if req.Rules, err = bench.RuleSet(c.Rules); err != nil {
			return err
		}
		page, err := bench.Search(s, req)
		if err != nil {
			return err
		}
		return s.answer(page, c.JSON)
	})
}

type similarCmd struct {
	Workspace string `arg:""`
	Product   string `arg:"" help:"The ID of a product."`
	K         int    `short:"k" default:"10" help:"Results wanted."`
	JSON      bool   `name:"json" help:"Print JSON."`
}

func (c *similarCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		page, err := bench.Similar(s, c.Product, c.K)
		if err != nil {
			return err
		}
		return s.answer(page, c.JSON)
	})
}

// order is the name of an order, which may begin with a hyphen: --sort -price.
type order string

// Decode implements kong.MapperValue.
func (o *order) Decode(ctx *kong.DecodeContext) error {
	*o = order(ctx.Scan.Pop().String())
	return nil
}

// answer prints a page, for people or for programs.
func (s *session) answer(page *workbench.Page, asJSON bool) error {
	for _, note := range page.Notes {
		fmt.Fprintln(s.Stderr, note)
	}
	if !asJSON {
		return s.printPage(page)
	}
	results := make([]resultJSON, len(page.Results))
	for i, r := range page.Results {
		results[i] = resultJSON{r, page.MatchedIn(&r)}
	}
	return s.writeJSON(searchJSON{page.Query, milliseconds(page.Took), page.Total, page.Near, page.Suggestion, page.Rules, page.Redirect, page.Analysis, page.Steps(), page.Facets, page.Notes, results})
}

// named finds a ranker by name; nil, the ranker in use, for "".
func named(bench *workbench.Bench, name string) (*engine.Ranker, error) {
	if name == "" {
		return nil, nil
	}
	r, err := bench.Named(name)
	if err != nil {
		return nil, err
	}
	return &r, nil
}

func (s *session) printPage(page *workbench.Page) error {
	fmt.Fprintf(s.Stdout, "%q: %d products, %.1f ms\n", page.Query, page.Total, milliseconds(page.Took))
	if page.Suggestion != "" {
		fmt.Fprintf(s.Stdout, "read as %q\n", page.Suggestion)
	}
	for i := range page.Rules {
		fmt.Fprintf(s.Stdout, "rule %d: %s\n", page.Rules[i].ID, workbench.RuleText(&page.Rules[i]))
	}
	if len(page.Results) == 0 && page.Total > 0 {
		fmt.Fprintf(s.Stdout, "the list ends at %d: --offset goes no further\n", page.Total)
	}
	w := tabwriter.NewWriter(s.Stdout, 0, 4, 2, ' ', 0)
	for _, r := range page.Results {
		fmt.Fprintf(w, "%3d\t%.3f\t%s\t%s\n", r.Rank, r.Score, r.Product.Title, strings.Join(strongest(r.Contributions, 3), ", "))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, f := range page.Facets {
		var values []string
		for _, v := range f.Values {
			values = append(values, fmt.Sprintf("%s (%d)", v.Value, v.Count))
		}
		fmt.Fprintf(w, "%s\t%s\n", f.Field, strings.Join(values, ", "))
	}
	return w.Flush()
}

// strongest names the n largest contributions.
func strongest(contributions []engine.Contribution, n int) []string {
	var names []string
	used := make([]bool, len(contributions))
	for range n {
		best := -1
		for i, c := range contributions {
			if !used[i] && c.Contribution != 0 && (best < 0 || abs(c.Contribution) > abs(contributions[best].Contribution)) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		used[best] = true
		names = append(names, fmt.Sprintf("%s %+.2f", contributions[best].Feature, contributions[best].Contribution))
	}
	return names
}

func abs(v float64) float64 { return max(v, -v) }
