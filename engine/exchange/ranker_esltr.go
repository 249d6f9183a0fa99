package exchange

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"touchstone/engine"
)

// esModel is a model of the Learning to Rank plugin of Elasticsearch and
// OpenSearch, which share the format. The definition is JSON again, written as
// a string.
type esModel struct {
	Model struct {
		Name  string `json:"name"`
		Model struct {
			Type        string                  `json:"type"`
			Definition  json.RawMessage         `json:"definition"`
			Normalizers map[string]esNormalizer `json:"feature_normalizers,omitempty"`
		} `json:"model"`
	} `json:"model"`
}

const (
	esLinear = "model/linear"
	esTrees  = "model/xgboost+json"
)

type esNormalizer struct {
	Standard *struct {
		Mean      float64 `json:"mean"`
		Deviation float64 `json:"standard_deviation"`
	} `json:"standard,omitempty"`
	MinMax *struct {
		Minimum float64 `json:"minimum"`
		Maximum float64 `json:"maximum"`
	} `json:"min_max,omitempty"`
}

// writeESLTR writes shift and scale as a standard normaliser: (value − mean) /
// standard deviation is what a Weight does.
func writeESLTR(w io.Writer, r engine.Ranker) error {
	var m esModel
	m.Model.Name = r.Name
	var definition []byte
	var err error
	if r.Kind == engine.Trees {
		m.Model.Model.Type = esTrees
		definition, err = esForest(r)
	} else {
		m.Model.Model.Type = esLinear
		weights := map[string]float64{}
		for _, f := range r.Weights {
			weights[f.Feature] = f.Weight
			if normalised(f) {
				var n esNormalizer
				n.Standard = &struct {
					Mean      float64 `json:"mean"`
					Deviation float64 `json:"standard_deviation"`
				}{f.Offset, scaleOf(f)}
				if m.Model.Model.Normalizers == nil {
					m.Model.Model.Normalizers = map[string]esNormalizer{}
				}
				m.Model.Model.Normalizers[f.Feature] = n
			}
		}
		definition, err = json.Marshal(weights)
	}
	if err != nil {
		return err
	}
	if m.Model.Model.Definition, err = json.Marshal(string(definition)); err != nil {
		return err
	}
	return writeJSON(w, m)
}

func esForest(r engine.Ranker) ([]byte, error) {
	all, err := branchesOf(r)
	if err != nil {
		return nil, err
	}
	nodes := make([]xgboostNode, len(all))
	for i, b := range all {
		next := 0
		nodes[i] = b.xgboost(&next, 0)
	}
	return json.Marshal(nodes)
}

func readESLTR(data []byte) (engine.Ranker, error) {
	var m esModel
	if err := json.Unmarshal(data, &m); err != nil {
		return engine.Ranker{}, err
	}
	definition := []byte(m.Model.Model.Definition)
	var quoted string
	if json.Unmarshal(definition, &quoted) == nil {
		definition = []byte(quoted)
	}
	normalisers := map[string]engine.Weight{}
	for name, n := range m.Model.Model.Normalizers {
		w := engine.Weight{Feature: name}
		switch {
		case n.Standard != nil:
			w.Offset, w.Scale = n.Standard.Mean, n.Standard.Deviation
		case n.MinMax != nil:
			w.Offset, w.Scale = n.MinMax.Minimum, n.MinMax.Maximum-n.MinMax.Minimum
		}
		normalisers[name] = w
	}
	switch t := m.Model.Model.Type; t {
	case esLinear:
		var weights map[string]float64
		if err := json.Unmarshal(definition, &weights); err != nil {
			return engine.Ranker{}, fmt.Errorf("the definition of the model: %w", err)
		}
		r := engine.Ranker{Name: m.Model.Name, Kind: engine.Linear}
		for _, name := range slices.Sorted(maps.Keys(weights)) {
			weight := normalisers[name]
			weight.Feature, weight.Weight = name, weights[name]
			r.Weights = append(r.Weights, weight)
		}
		return r, nil
	case esTrees:
		nodes, err := esNodes(definition)
		if err != nil {
			return engine.Ranker{}, fmt.Errorf("the definition of the model: %w", err)
		}
		var all []*branch
		for i := range nodes {
			b, err := nodes[i].branch(0)
			if err != nil {
				return engine.Ranker{}, fmt.Errorf("tree %d of the model: %w", i+1, err)
			}
			b.normalise(normalisers)
			all = append(all, b)
		}
		return forest(m.Model.Name, all, nil)
	default:
		return engine.Ranker{}, fmt.Errorf("a model of the type %q: only %s and %s can be read", t, esLinear, esTrees)
	}
}

// esNodes reads the trees as a list, or as the plugin's later object with an
// objective beside them.
func esNodes(definition []byte) ([]xgboostNode, error) {
	var nodes []xgboostNode
	if len(definition) > 0 && definition[0] == '{' {
		var o struct {
			Splits []xgboostNode `json:"splits"`
		}
		err := json.Unmarshal(definition, &o)
		return o.Splits, err
	}
	err := json.Unmarshal(definition, &nodes)
	return nodes, err
}
