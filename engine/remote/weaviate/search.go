package weaviate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"touchstone/engine"
	"touchstone/engine/retrieve"
)

// facetValues is how many values of a facet are shown.
const facetValues = 10

// Retrieve brings up the best by words, the nearest by meaning, or one list of
// both where the request names a fusion, and the products of req.Include. Items
// hold no scores: whoever asked has the products to measure. Total counts the
// products that have a word of the query.
func (c *Catalogue) Retrieve(ctx context.Context, req engine.Request) (engine.Candidates, error) {
	conditions, err := conditions(&req)
	if err != nil {
		return engine.Candidates{}, err
	}
	where := allOf(conditions)
	depth := req.Depth
	if depth <= 0 {
		depth = retrieve.DefaultDepth
	}
	words := queryWords(&req.Analysis)
	var lists [3][]engine.Brought // by words, by meaning, by name
	var out engine.Candidates
	group, gctx := errgroup.WithContext(ctx)
	get := func(list int, arguments ...string) {
		group.Go(func() (err error) {
			lists[list], err = c.get(gctx, arguments...)
			return err
		})
	}
	limit := func(n int) string { return "limit:" + strconv.Itoa(n) }
	if !req.Only {
		hybrid := req.Fusion != "" && len(words) > 0 && req.Vector != nil
		switch {
		case hybrid:
			get(0, fmt.Sprintf("hybrid:{query:%s,vector:%s,alpha:0.5,properties:%s,fusionType:%s}",
				quoted(strings.Join(words, " ")), vector(req.Vector), weighted(), fusions[req.Fusion]), where, limit(max(req.Keep, 1)))
		default:
			if len(words) > 0 {
				get(0, fmt.Sprintf("bm25:{query:%s,properties:%s}", quoted(strings.Join(words, " ")), weighted()), where, limit(depth))
			}
			if req.Vector != nil {
				get(1, "nearVector:{vector:"+vector(req.Vector)+"}", where, limit(depth))
			}
		}
		if len(words) > 0 {
			group.Go(func() (err error) {
				out.Total, out.Facets, err = c.count(gctx, words, conditions, req.Facets)
				return err
			})
		}
	}
	if len(req.Include) > 0 {
		get(2, allOf(conditions, contains("Any", propID, req.Include)), limit(len(req.Include)))
	}
	if err := group.Wait(); err != nil {
		return engine.Candidates{}, err
	}
	seen := map[string]bool{}
	for _, list := range lists {
		for _, b := range list {
			if seen[b.Product.ID] {
				continue
			}
			seen[b.Product.ID] = true
			out.Items = append(out.Items, engine.Candidate{Product: b.Product.ID})
			out.Brought = append(out.Brought, b)
		}
	}
	return out, nil
}

// fusions are Weaviate's names of the ways to make one list of two.
var fusions = map[engine.Fusion]string{
	engine.MinMax:         "relativeScoreFusion",
	engine.ZScore:         "relativeScoreFusion",
	engine.ReciprocalRank: "rankedFusion",
}

// queryWords are the different terms of a query.
func queryWords(a *engine.Analysis) []string {
	var words []string
	for _, t := range a.Terms {
		if !slices.Contains(words, t.Text) {
			words = append(words, t.Text)
		}
	}
	return words
}

// weighted lists the fields of words with what they weigh.
func weighted() string {
	var list []string
	for f, name := range wordProps {
		list = append(list, name+"^"+wordWeights[f])
	}
	return quotedList(list)
}

// conditions are what products must meet to be found.
func conditions(req *engine.Request) ([]string, error) {
	parts, err := ofFilter(req.Filter)
	if err != nil {
		return nil, err
	}
	for _, except := range req.Except {
		all, err := ofFilter(except)
		if err != nil {
			return nil, err
		}
		if len(all) > 0 {
			parts = append(parts, not(strings.TrimPrefix(allOf(all), "where:")))
		}
	}
	if len(req.Exclude) > 0 {
		parts = append(parts, not(contains("Any", propID, req.Exclude)))
	}
	return parts, nil
}

func ofFilter(filter engine.Filter) ([]string, error) {
	var parts []string
	for _, condition := range filter {
		part, err := where(condition)
		if err != nil {
			return nil, fmt.Errorf("filter %s%s%s: %w", condition.Field, condition.Op, condition.Value, err)
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// allOf is the argument for conditions that must all hold; "" for none.
func allOf(conditions []string, others ...string) string {
	switch parts := slices.Concat(conditions, others); len(parts) {
	case 0:
		return ""
	case 1:
		return "where:" + parts[0]
	default:
		return "where:{operator:And,operands:[" + strings.Join(parts, ",") + "]}"
	}
}

func not(condition string) string { return "{operator:Not,operands:[" + condition + "]}" }

// operators are Weaviate's names of those of a condition.
var operators = map[string]string{"=": "Equal", "<": "LessThan", "<=": "LessThanEqual", ">": "GreaterThan", ">=": "GreaterThanEqual"}

// where is one condition. A product that lacks the field meets none but !=.
func where(c engine.Condition) (string, error) {
	if c.Op == "!=" {
		c.Op = "="
		is, err := where(c)
		return not(is), err
	}
	if c.Field == engine.Words && c.Op == "~" {
		return contains("All", propTerms, strings.Fields(c.Value)), nil
	}
	operator, known := operators[c.Op]
	if !known {
		return "", fmt.Errorf("%q is none of = != < <= > >=", c.Op)
	}
	field := retrieve.FoldedField(c.Field)
	if v, numeric, ok := retrieve.NumberOf(engine.Role(field), c.Value); numeric {
		if !ok {
			return "", fmt.Errorf("%q is no %s", c.Value, field)
		}
		return fmt.Sprintf("{path:[%s],operator:%s,valueNumber:%s}", quoted(field), operator, strconv.FormatFloat(v, 'g', -1, 64)), nil
	}
	if c.Op != "=" {
		return "", errors.New("a remote catalogue compares it by = and != only; the numbers are price, rating, popularity and date")
	}
	path, value := propAttributes, attributeValue(c.Field, c.Value)
	switch engine.Role(field) {
	case engine.RoleBrand:
		path, value = propBrandIs, retrieve.Folded(c.Value)
	case engine.RoleCategory:
		path, value = propCategoryIs, retrieve.Folded(c.Value)
	}
	return fmt.Sprintf("{path:[%s],operator:Equal,valueText:%s}", quoted(path), quoted(value)), nil
}

// contains is a condition that a property has any, or all, of some values.
func contains(how, property string, values []string) string {
	return fmt.Sprintf("{path:[%s],operator:Contains%s,valueText:%s}", quoted(property), how, quotedList(values))
}

// get asks for products with their vectors.
func (c *Catalogue) get(ctx context.Context, arguments ...string) ([]engine.Brought, error) {
	if c.remote.Consistency != "" {
		arguments = append(arguments, "consistencyLevel:"+c.remote.Consistency)
	}
	arguments = slices.DeleteFunc(arguments, func(a string) bool { return a == "" })
	query := fmt.Sprintf("{Get{%s(%s){%s _additional{vector}}}}", c.class, strings.Join(arguments, ","), propProduct)
	var answer struct {
		Get map[string][]struct {
			Product    string `json:"product"`
			Additional struct {
				Vector []float32 `json:"vector"`
			} `json:"_additional"`
		}
	}
	if err := c.ask(ctx, query, &answer); err != nil {
		return nil, err
	}
	rows := answer.Get[c.class]
	list := make([]engine.Brought, 0, len(rows))
	for _, row := range rows {
		b, err := c.brought(row.Product, row.Additional.Vector)
		if err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	return list, nil
}

// brought reads what an object holds.
func (c *Catalogue) brought(product string, vector []float32) (engine.Brought, error) {
	b := engine.Brought{Vector: vector}
	if err := json.Unmarshal([]byte(product), &b.Product); err != nil || b.Product.ID == "" {
		return b, fmt.Errorf("%s: an object of its class %s is no product of Touchstone's; another program writes there too", c.remote.Name, c.class)
	}
	if len(vector) == 0 {
		b.Vector = nil
	}
	return b, nil
}

// count counts the products that have any of the words, and their facets.
func (c *Catalogue) count(ctx context.Context, words, conditions []string, facets bool) (int, []engine.Facet, error) {
	where := allOf(conditions, contains("Any", propTerms, words))
	type answer struct {
		Aggregate map[string][]struct {
			Meta      struct{ Count int }
			GroupedBy struct{ Value string }
		}
	}
	var total answer
	if err := c.ask(ctx, fmt.Sprintf("{Aggregate{%s(%s){meta{count}}}}", c.class, where), &total); err != nil {
		return 0, nil, err
	}
	n := 0
	for _, row := range total.Aggregate[c.class] {
		n += row.Meta.Count
	}
	if !facets {
		return n, nil, nil
	}
	list := []engine.Facet{}
	for _, by := range []struct {
		property string
		role     engine.Role
	}{{propBrand, engine.RoleBrand}, {propCategory, engine.RoleCategory}} {
		var groups answer
		query := fmt.Sprintf("{Aggregate{%s(%s,groupBy:[%s],limit:%d){meta{count} groupedBy{value}}}}", c.class, where, quoted(by.property), facetValues)
		if err := c.ask(ctx, query, &groups); err != nil {
			return 0, nil, err
		}
		f := engine.Facet{Field: string(by.role)}
		for _, row := range groups.Aggregate[c.class] {
			if value := row.GroupedBy.Value; value != "" {
				f.Values = append(f.Values, engine.FacetValue{Value: value, Count: row.Meta.Count, Filter: engine.Filter{{Field: f.Field, Op: "=", Value: value}}})
			}
		}
		if len(f.Values) > 1 {
			list = append(list, f)
		}
	}
	return n, list, nil
}

// ask sends a query and reads its data.
func (c *Catalogue) ask(ctx context.Context, query string, into any) error {
	return c.patiently(ctx, func() error {
		answer, err := c.http.GraphQL().Raw().WithQuery(query).Do(ctx)
		if err != nil {
			return c.failed("search", err)
		}
		if len(answer.Errors) > 0 {
			return fmt.Errorf("search: %s: %s", c.remote.Name, short(answer.Errors[0].Message))
		}
		// The client has decoded into maps; into types it goes by way of JSON.
		var b bytes.Buffer
		if err := json.NewEncoder(&b).Encode(answer.Data); err != nil {
			return err
		}
		if err := json.NewDecoder(&b).Decode(into); err != nil {
			return fmt.Errorf("search: %s: its answer is not what Weaviate answers: %w", c.remote.Name, err)
		}
		return nil
	})
}

// quoted is a text of GraphQL: JSON's escapes are among its own.
func quoted(s string) string {
	b, _ := json.Marshal(strings.ToValidUTF8(s, "\uFFFD")) // a string can always be marshalled
	return string(b)
}

func quotedList(list []string) string {
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = quoted(s)
	}
	return "[" + strings.Join(parts, ",") + "]"
}

func vector(v []float32) string {
	b := []byte{'['}
	for i, f := range v {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendFloat(b, float64(f), 'g', -1, 32)
	}
	return string(append(b, ']'))
}
