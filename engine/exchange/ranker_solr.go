package exchange

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"touchstone/engine"
)

const (
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
		Weights map[string]float64 `json:"weights"`
	} `json:"params"`
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
	if m.Class != solrLinear {
		return engine.Ranker{}, fmt.Errorf("a model of the class %q: only %s can be read", m.Class, solrLinear)
	}
	r := engine.Ranker{Name: m.Name, Kind: engine.Linear}
	for _, f := range m.Features {
		weight := engine.Weight{Feature: f.Name, Weight: m.Params.Weights[f.Name]}
		var err error
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
			return r, fmt.Errorf("the feature %q: %w", f.Name, err)
		}
		r.Weights = append(r.Weights, weight)
	}
	return r, nil
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
