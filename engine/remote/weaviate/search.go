package weaviate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	pb "github.com/weaviate/weaviate/grpc/generated/protocol/v1"
	"github.com/weaviate/weaviate/usecases/byteops"
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
	get := func(list, limit int, where *pb.Filters, search *pb.SearchRequest) {
		search.Limit, search.Filters = uint32(limit), where
		group.Go(func() (err error) {
			lists[list], err = c.get(gctx, search)
			return err
		})
	}
	if !req.Only {
		text := strings.Join(words, " ")
		switch {
		case req.Fusion != "" && len(words) > 0 && req.Vector != nil:
			get(0, max(req.Keep, 1), where, &pb.SearchRequest{HybridSearch: &pb.Hybrid{
				Query: text, Properties: weighted(), Vectors: vectors(req.Vector), Alpha: 0.5, FusionType: fusions[req.Fusion]}})
		default:
			if len(words) > 0 {
				get(0, depth, where, &pb.SearchRequest{Bm25Search: &pb.BM25{Query: text, Properties: weighted()}})
			}
			if req.Vector != nil {
				get(1, depth, where, &pb.SearchRequest{NearVector: &pb.NearVector{Vectors: vectors(req.Vector)}})
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
		get(2, len(req.Include), allOf(conditions, contains(pb.Filters_OPERATOR_CONTAINS_ANY, propID, req.Include)), &pb.SearchRequest{})
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
var fusions = map[engine.Fusion]pb.Hybrid_FusionType{
	engine.MinMax:         pb.Hybrid_FUSION_TYPE_RELATIVE_SCORE,
	engine.ZScore:         pb.Hybrid_FUSION_TYPE_RELATIVE_SCORE,
	engine.ReciprocalRank: pb.Hybrid_FUSION_TYPE_RANKED,
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
func weighted() []string {
	var list []string
	for f, name := range wordProps {
		list = append(list, name+"^"+wordWeights[f])
	}
	return list
}

// conditions are what products must meet to be found.
func conditions(req *engine.Request) ([]*pb.Filters, error) {
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
			parts = append(parts, not(allOf(all)))
		}
	}
	if len(req.Exclude) > 0 {
		parts = append(parts, not(contains(pb.Filters_OPERATOR_CONTAINS_ANY, propID, req.Exclude)))
	}
	return parts, nil
}

func ofFilter(filter engine.Filter) ([]*pb.Filters, error) {
	var parts []*pb.Filters
	for _, condition := range filter {
		part, err := where(condition)
		if err != nil {
			return nil, fmt.Errorf("filter %s%s%s: %w", condition.Field, condition.Op, condition.Value, err)
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// allOf are conditions that must all hold; nil for none.
func allOf(conditions []*pb.Filters, others ...*pb.Filters) *pb.Filters {
	switch parts := slices.Concat(conditions, others); len(parts) {
	case 0:
		return nil
	case 1:
		return parts[0]
	default:
		return &pb.Filters{Operator: pb.Filters_OPERATOR_AND, Filters: parts}
	}
}

func not(condition *pb.Filters) *pb.Filters {
	return &pb.Filters{Operator: pb.Filters_OPERATOR_NOT, Filters: []*pb.Filters{condition}}
}

// operators are Weaviate's names of those of a condition.
var operators = map[string]pb.Filters_Operator{"=": pb.Filters_OPERATOR_EQUAL, "<": pb.Filters_OPERATOR_LESS_THAN, "<=": pb.Filters_OPERATOR_LESS_THAN_EQUAL,
	">": pb.Filters_OPERATOR_GREATER_THAN, ">=": pb.Filters_OPERATOR_GREATER_THAN_EQUAL}

// where is one condition. A product that lacks the field meets none but !=.
func where(c engine.Condition) (*pb.Filters, error) {
	if c.Op == "!=" {
		c.Op = "="
		is, err := where(c)
		return not(is), err
	}
	if c.Field == engine.Words && c.Op == "~" {
		return contains(pb.Filters_OPERATOR_CONTAINS_ALL, propTerms, strings.Fields(c.Value)), nil
	}
	operator, known := operators[c.Op]
	if !known {
		return nil, fmt.Errorf("%q is none of = != < <= > >=", c.Op)
	}
	field := retrieve.FoldedField(c.Field)
	if v, numeric, ok := retrieve.NumberOf(engine.Role(field), c.Value); numeric {
		if !ok {
			return nil, fmt.Errorf("%q is no %s", c.Value, field)
		}
		return &pb.Filters{Operator: operator, Target: target(field), TestValue: &pb.Filters_ValueNumber{ValueNumber: v}}, nil
	}
	if c.Op != "=" {
		return nil, errors.New("a remote catalogue compares it by = and != only; the numbers are price, rating, popularity and date")
	}
	property, value := propAttributes, attributeValue(c.Field, c.Value)
	switch engine.Role(field) {
	case engine.RoleBrand:
		property, value = propBrandIs, retrieve.Folded(c.Value)
	case engine.RoleCategory:
		property, value = propCategoryIs, retrieve.Folded(c.Value)
	}
	return &pb.Filters{Operator: operator, Target: target(property), TestValue: &pb.Filters_ValueText{ValueText: valid(value)}}, nil
}

func target(property string) *pb.FilterTarget {
	return &pb.FilterTarget{Target: &pb.FilterTarget_Property{Property: property}}
}

// contains is a condition that a property has any, or all, of some values.
func contains(how pb.Filters_Operator, property string, values []string) *pb.Filters {
	list := make([]string, len(values))
	for i, s := range values {
		list[i] = valid(s)
	}
	return &pb.Filters{Operator: how, Target: target(property), TestValue: &pb.Filters_ValueTextArray{ValueTextArray: &pb.TextArray{Values: list}}}
}

// valid is a text as the protocol carries it.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

func vectors(v []float32) []*pb.Vectors {
	return []*pb.Vectors{{VectorBytes: byteops.Fp32SliceToBytes(v), Type: pb.Vectors_VECTOR_TYPE_SINGLE_FP32}}
}

// get asks for products with their vectors.
func (c *Catalogue) get(ctx context.Context, search *pb.SearchRequest) ([]engine.Brought, error) {
	search.Properties = &pb.PropertiesRequest{NonRefProperties: []string{propProduct}}
	search.Metadata = &pb.MetadataRequest{Vector: true}
	rows, err := c.search(ctx, c.class, search)
	if err != nil {
		return nil, err
	}
	list := make([]engine.Brought, len(rows))
	for i, row := range rows {
		if list[i], err = c.brought(row); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// brought reads the product that an object holds.
func (c *Catalogue) brought(row *pb.SearchResult) (engine.Brought, error) {
	p, err := c.read.product(property(row, propProduct))
	if err != nil {
		return engine.Brought{}, fmt.Errorf("%s: an object of its class %s is no product of Touchstone's; another program writes there too", c.remote.Name, c.class)
	}
	b := engine.Brought{Product: *p}
	if data := row.GetMetadata().GetVectorBytes(); len(data)%4 != 0 {
		return b, fmt.Errorf("%s: half of the vector of %s came; look whether something between here and there cuts answers", c.remote.Name, p.ID)
	} else if len(data) > 0 {
		b.Vector = byteops.Fp32SliceFromBytes(data)
	}
	return b, nil
}

// mostRead is how many products are kept as they were read, at least; twice as
// many at most.
const mostRead = 4096

// read keeps products by what was written of them: the answers to what someone
// types have most of theirs in common, and reading JSON is much of such a search.
type read struct {
	mu         sync.Mutex
	young, old map[string]*engine.Product
}

// product reads one; the caller must not change it.
func (r *read) product(text string) (*engine.Product, error) {
	r.mu.Lock()
	p := r.young[text]
	if p == nil {
		p = r.old[text]
	}
	r.mu.Unlock()
	if p == nil {
		p = new(engine.Product)
		if err := json.Unmarshal([]byte(text), p); err != nil {
			return nil, err
		}
		if p.ID == "" {
			return nil, errors.New("it has no ID")
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.young) >= mostRead || r.young == nil {
		r.old, r.young = r.young, map[string]*engine.Product{}
	}
	r.young[text] = p
	return p, nil
}

// count counts the products that have any of the words, and their facets.
func (c *Catalogue) count(ctx context.Context, words []string, conditions []*pb.Filters, facets bool) (int, []engine.Facet, error) {
	where := allOf(conditions, contains(pb.Filters_OPERATOR_CONTAINS_ANY, propTerms, words))
	group, ctx := errgroup.WithContext(ctx)
	n := 0
	group.Go(func() error {
		total, err := c.aggregate(ctx, &pb.AggregateRequest{Filters: where})
		n = int(total.GetSingleResult().GetObjectsCount())
		return err
	})
	var list []engine.Facet
	if facets {
		list = []engine.Facet{{Field: string(engine.RoleBrand)}, {Field: string(engine.RoleCategory)}}
	}
	for i, by := range []string{propBrand, propCategory}[:len(list)] {
		group.Go(func() error {
			limit := uint32(facetValues)
			groups, err := c.aggregate(ctx, &pb.AggregateRequest{Filters: where, Limit: &limit,
				GroupBy: &pb.AggregateRequest_GroupBy{Collection: c.class, Property: by}})
			f := &list[i]
			for _, g := range groups.GetGroupedResults().GetGroups() {
				if value := g.GetGroupedBy().GetText(); value != "" {
					f.Values = append(f.Values, engine.FacetValue{Value: value, Count: int(g.GetObjectsCount()), Filter: engine.Filter{{Field: f.Field, Op: "=", Value: value}}})
				}
			}
			return err
		})
	}
	err := group.Wait()
	return n, slices.DeleteFunc(list, func(f engine.Facet) bool { return len(f.Values) < 2 }), err
}
