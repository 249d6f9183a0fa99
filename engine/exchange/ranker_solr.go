package exchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"touchstone/engine"
	"touchstone/engine/model"
)

const (
	solrTrees    = "org.apache.solr.ltr.model.MultipleAdditiveTreesModel"
	solrLinear   = "org.apache.solr.ltr.model.LinearModel"
	solrStandard = "org.apache.solr.ltr.norm.StandardNormalizer"
	solrIdentity = "org.apache.solr.ltr.norm.IdentityNormalizer"
	solrMinMax   = "org.apache.solr.ltr.norm.MinMaxNormalizer"
)

// solrModel is a model of Solr's Learning to Rank module.
type solrModel struct {
	Store    string        `json:"store"`
	Class    string        `json:"class"`
	Name     string        `json:"name"`
	Features []solrFeature `json:"features"`
	Params   struct {
		Weights map[string]float64 `json:"weights,omitempty"`
		Trees   []solrTree         `json:"trees,omitempty"`
		// NullIsZero is "false" where nodes say where missing values go (SOLR-16596,
		// since Solr 9.2).
		NullIsZero loose `json:"isNullSameAsZero,omitempty"`
	} `json:"params"`
}

type solrTree struct {
	Weight loose    `json:"weight"`
	Root   solrNode `json:"root"`
}

// solrNode is a question or, with a value, a leaf; numbers are strings.
type solrNode struct {
	Value     loose     `json:"value,omitempty"`
	Feature   string    `json:"feature,omitempty"`
	Threshold loose     `json:"threshold,omitempty"`
	Missing   string    `json:"missing,omitempty"`
	Left      *solrNode `json:"left,omitempty"`
	Right     *solrNode `json:"right,omitempty"`
}

// solr writes a tree; missing says that each node tells where missing values go.
func (b *branch) solr(missing bool) solrNode {
	if b.left == nil {
		return solrNode{Value: looseNumber(b.value)}
	}
	left, right := b.left.solr(missing), b.right.solr(missing)
	n := solrNode{Feature: b.feature, Threshold: looseNumber(b.threshold), Left: &left, Right: &right}
	if missing {
		n.Missing = string(b.lacking())
	}
	return n
}

func (n *solrNode) branch(depth int) (*branch, error) {
	if depth > deepest {
		return nil, errTooDeep
	}
	if n.Left == nil && n.Right == nil {
		v, err := strconv.ParseFloat(n.Value.String(), 64)
		return &branch{value: v}, err
	}
	if n.Left == nil || n.Right == nil || n.Feature == "" {
		return nil, errors.New("a node that is neither a leaf nor a split with two sides")
	}
	b := &branch{feature: n.Feature, missing: model.Side(n.Missing)}
	var err error
	if b.threshold, err = strconv.ParseFloat(n.Threshold.String(), 64); err != nil {
		return nil, err
	}
	if b.left, err = n.Left.branch(depth + 1); err == nil {
		b.right, err = n.Right.branch(depth + 1)
	}
	return b, err
}

type solrFeature struct {
	Name string `json:"name"`
	Norm *struct {
		Class  string           `json:"class"`
		Params map[string]loose `json:"params"`
	} `json:"norm,omitempty"`
}

func writeSolrLTR(w io.Writer, r engine.Ranker) error {
	m := solrModel{Store: "touchstone", Class: solrLinear, Name: r.Name, Features: []solrFeature{}}
	if r.Kind == engine.Trees {
		all, err := branchesOf(r)
		if err != nil {
			return err
		}
		m.Class = solrTrees
		for _, name := range namesOf(r) {
			m.Features = append(m.Features, solrFeature{Name: name})
		}
		missing := slices.ContainsFunc(all, func(b *branch) bool { return b.learnedMissing(false) != "" })
		if missing {
			m.Params.NullIsZero = "false"
		}
		for _, b := range all {
			m.Params.Trees = append(m.Params.Trees, solrTree{Weight: "1", Root: b.solr(missing)})
		}
		return writeJSON(w, m)
	}
	m.Params.Weights = map[string]float64{}
	for _, f := range r.Weights {
		feature := solrFeature{Name: f.Feature}
		if normalised(f) {
			feature.Norm = &struct {
				Class  string           `json:"class"`
				Params map[string]loose `json:"params"`
			}{solrStandard, map[string]loose{"avg": looseNumber(f.Offset), "std": looseNumber(scaleOf(f))}}
		}
		m.Features = append(m.Features, feature)
		m.Params.Weights[f.Feature] = f.Weight
	}
	return writeJSON(w, m)
}

func looseNumber(v float64) loose { return loose(strconv.FormatFloat(v, 'g', -1, 64)) }

func readSolrLTR(data []byte) (engine.Ranker, error) {
	var m solrModel
	if err := json.Unmarshal(data, &m); err != nil {
		return engine.Ranker{}, err
	}
	if m.Class == solrTrees {
		return m.trees()
	}
	if m.Class != solrLinear {
		return engine.Ranker{}, fmt.Errorf("a model of the class %q: only %s and %s can be read", m.Class, solrLinear, solrTrees)
	}
	r := engine.Ranker{Name: m.Name, Kind: engine.Linear}
	for _, f := range m.Features {
		weight, err := f.normaliser()
		if err != nil {
			return r, err
		}
		weight.Weight = m.Params.Weights[f.Name]
		r.Weights = append(r.Weights, weight)
	}
	return r, nil
}

// trees reads a model of trees.
func (m *solrModel) trees() (engine.Ranker, error) {
	normalisers := map[string]engine.Weight{}
	var names []string
	for _, f := range m.Features {
		w, err := f.normaliser()
		if err != nil {
			return engine.Ranker{}, err
		}
		normalisers[f.Name] = w
		names = append(names, f.Name)
	}
	var all []*branch
	for i := range m.Params.Trees {
		t := &m.Params.Trees[i]
		b, err := t.Root.branch(0)
		if err != nil {
			return engine.Ranker{}, fmt.Errorf("tree %d of the model: %w", i+1, err)
		}
		weight, err := strconv.ParseFloat(t.Weight.String(), 64)
		if err != nil {
			return engine.Ranker{}, fmt.Errorf("tree %d of the model: its weight is not a number", i+1)
		}
		b.multiply(weight)
		b.normalise(normalisers)
		all = append(all, b)
	}
	return forest(m.Name, all, names)
}

// normaliser is how a feature is shifted and scaled.
func (f *solrFeature) normaliser() (weight engine.Weight, err error) {
	weight.Feature = f.Name
	switch {
	case f.Norm == nil, f.Norm.Class == solrIdentity:
	case f.Norm.Class == solrStandard:
		weight.Offset, weight.Scale, err = f.params("avg", "std")
	case f.Norm.Class == solrMinMax:
		weight.Offset, weight.Scale, err = f.params("min", "max")
		weight.Scale -= weight.Offset
	default:
		err = fmt.Errorf("the normaliser %q cannot be read", f.Norm.Class)
	}
	if err != nil {
		err = fmt.Errorf("the feature %q: %w", f.Name, err)
	}
	return weight, err
}

// params are two parameters of the feature's normaliser, which Solr writes as
// strings.
func (f *solrFeature) params(first, second string) (a, b float64, err error) {
	if a, err = strconv.ParseFloat(f.Norm.Params[first].String(), 64); err != nil {
		return 0, 0, fmt.Errorf("%s is not a number", first)
	}
	if b, err = strconv.ParseFloat(f.Norm.Params[second].String(), 64); err != nil {
		return 0, 0, fmt.Errorf("%s is not a number", second)
	}
	return a, b, nil
}
