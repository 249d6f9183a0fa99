package exchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"touchstone/engine"
	"touchstone/engine/model"
)

// RankerFormats are the formats that WriteRanker writes and ReadRanker reads.
var RankerFormats = []string{"touchstone", "es-ltr", "opensearch-ltr", "solr-ltr", "ranklib"}

// WriteRanker writes a ranker: touchstone holds any kind and everything about
// it, the others linear ones and trees for the search engine that will run them.
// Of linear ones products come out in the same order; ranklib's scores differ
// from Touchstone's by a constant, since it knows no offsets. Trees stand on a
// weighted sum, which the others cannot hold: it is written as a tree a feature
// in fine steps, and products whose scores differ by less than a step may change
// places.
func WriteRanker(path, format string, r engine.Ranker) error {
	if format == "touchstone" {
		return WriteFile(path, func(w io.Writer) error { return writeJSON(w, r) })
	}
	write, ok := map[string]func(io.Writer, engine.Ranker) error{"es-ltr": writeESLTR, "opensearch-ltr": writeESLTR, "solr-ltr": writeSolrLTR, "ranklib": writeRankLib}[format]
	if !ok {
		return fmt.Errorf("there is no format %q for rankers; the formats are %s", format, strings.Join(RankerFormats, ", "))
	}
	if r.Kind != engine.Linear && r.Kind != engine.Trees {
		return fmt.Errorf("the ranker %s is of the kind %s, and %s is written of linear ones and trees only: export touchstone", r.Name, r.Kind, format)
	}
	return WriteFile(path, func(w io.Writer) error { return write(w, r) })
}

// ReadRanker reads a ranker in one of RankerFormats, recognised by its content.
func ReadRanker(path string) (engine.Ranker, error) {
	s, err := open(path, defaultLimits)
	if err != nil {
		return engine.Ranker{}, err
	}
	r, err := readRanker(s, defaultLimits)
	return r, errors.Join(fileError(s.name, err), s.Close())
}

func readRanker(s *source, lim limits) (engine.Ranker, error) {
	if s.binary {
		return engine.Ranker{}, errors.New("this is a spreadsheet or an archive and no ranker")
	}
	data, err := io.ReadAll(io.LimitReader(s.Reader, int64(lim.Document)+1))
	if err != nil {
		return engine.Ranker{}, err
	}
	if len(data) > lim.Document {
		return engine.Ranker{}, fmt.Errorf("larger than %s, which no ranker is", bytesText(int64(lim.Document)))
	}
	return ParseRanker(data)
}

// ParseRanker is ReadRanker for what is read already.
func ParseRanker(data []byte) (engine.Ranker, error) {
	r, err := parseRanker(data)
	if err == nil {
		err = checkWeights(r)
	}
	if err == nil {
		_, err = model.New(&r, namesOf(r))
	}
	return r, err
}

func parseRanker(data []byte) (r engine.Ranker, err error) {
	if text := strings.TrimSpace(string(data)); strings.HasPrefix(text, "## ") {
		return readRankLib(text)
	}
	var kind struct {
		Kind  engine.Kind     `json:"kind"`
		Model json.RawMessage `json:"model"`
		Class string          `json:"class"`
	}
	if err := json.Unmarshal(data, &kind); err != nil {
		return r, fmt.Errorf("neither a ranker's JSON, as Touchstone, Elasticsearch, OpenSearch or Solr write it, nor a RankLib model: %w", err)
	}
	switch {
	case kind.Class != "":
		r, err = readSolrLTR(data)
	case kind.Kind == "" && kind.Model != nil:
		r, err = readESLTR(data)
	case slices.Contains([]engine.Kind{engine.Linear, engine.DNN, engine.Trees}, kind.Kind):
		err = json.Unmarshal(data, &r)
	default:
		err = fmt.Errorf("no format of rankers that is known: %s are", strings.Join(RankerFormats, ", "))
	}
	return r, err
}

// checkWeights refuses what no ranker can score with.
func checkWeights(r engine.Ranker) error {
	if len(r.Weights) == 0 {
		return errors.New("the ranker has no weights")
	}
	seen := map[string]bool{}
	for _, w := range r.Weights {
		switch {
		case w.Feature == "":
			return errors.New("the ranker has a weight without a feature")
		case seen[w.Feature]:
			return fmt.Errorf("the ranker has two weights of the feature %q", w.Feature)
		case !finite(w.Weight) || !finite(w.Offset) || !finite(w.Scale):
			return fmt.Errorf("the weight of the feature %q is not a finite number", w.Feature)
		}
		seen[w.Feature] = true
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// scaleOf is the scale of a weight, of which 0 counts as 1.
func scaleOf(w engine.Weight) float64 {
	if w.Scale == 0 {
		return 1
	}
	return w.Scale
}

// normalised reports whether a weight shifts or scales its feature.
func normalised(w engine.Weight) bool { return w.Offset != 0 || scaleOf(w) != 1 }
