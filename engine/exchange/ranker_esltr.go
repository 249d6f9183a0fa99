package exchange

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"touchstone/engine"
)

// esModel is a model of the Elasticsearch Learning to Rank plugin. The
// definition of a linear one is JSON again, written as a string.
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
	weights := map[string]float64{}
	var m esModel
	m.Model.Name = r.Name
	m.Model.Model.Type = "model/linear"
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
	definition, err := json.Marshal(weights)
	if err != nil {
		return err
	}
	if m.Model.Model.Definition, err = json.Marshal(string(definition)); err != nil {
		return err
	}
	return writeJSON(w, m)
}

func readESLTR(data []byte) (engine.Ranker, error) {
	var m esModel
	if err := json.Unmarshal(data, &m); err != nil {
		return engine.Ranker{}, err
	}
	if t := m.Model.Model.Type; t != "model/linear" {
		return engine.Ranker{}, fmt.Errorf("a model of the type %q: only model/linear can be read", t)
	}
	definition := []byte(m.Model.Model.Definition)
	var quoted string
	if json.Unmarshal(definition, &quoted) == nil {
		definition = []byte(quoted)
	}
	var weights map[string]float64
	if err := json.Unmarshal(definition, &weights); err != nil {
		return engine.Ranker{}, fmt.Errorf("the definition of the model: %w", err)
	}
	r := engine.Ranker{Name: m.Model.Name, Kind: engine.Linear}
	for _, name := range slices.Sorted(maps.Keys(weights)) {
		weight := engine.Weight{Feature: name, Weight: weights[name]}
		switch n := m.Model.Model.Normalizers[name]; {
		case n.Standard != nil:
			weight.Offset, weight.Scale = n.Standard.Mean, n.Standard.Deviation
		case n.MinMax != nil:
			weight.Offset, weight.Scale = n.MinMax.Minimum, n.MinMax.Maximum-n.MinMax.Minimum
		}
		r.Weights = append(r.Weights, weight)
	}
	return r, nil
}
