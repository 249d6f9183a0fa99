package engine

import (
	"encoding/json"
	"fmt"
	"time"
)

// Kind is the family of a ranker.
type Kind string

// The kinds of rankers.
const (
	Linear Kind = "linear"
	DNN    Kind = "dnn"
	Trees  Kind = "trees"
)

// Weight is one feature's part in a linear ranker: it adds
// Weight × (value − Offset) / Scale to the score. Offset and Scale stay as they
// were when the weight was learned, so that it means the same tomorrow.
type Weight struct {
	Feature string  `json:"feature"`
	Weight  float64 `json:"weight"`
	Offset  float64 `json:"offset,omitempty"`
	Scale   float64 `json:"scale,omitempty"` // 0 counts as 1
}

// Ranker is a named, versioned set of weights that orders candidates.
type Ranker struct {
	Name    string          `json:"name"`
	Version int             `json:"version"`
	Kind    Kind            `json:"kind"`
	Weights []Weight        `json:"weights"`         // linear: what scores; others: the features they read, weight 0
	Model   json.RawMessage `json:"model,omitempty"` // dnn and trees: parameters in their own form
	Made    Provenance      `json:"made,omitzero"`
}

// Versioned is the name by which this version is asked for, NAME@VERSION.
func (r *Ranker) Versioned() string { return versioned(r.Name, r.Version) }

// Label is the name and version as people read them: "learned v3".
func (r *Ranker) Label() string { return label(r.Name, r.Version) }

func versioned(name string, version int) string { return fmt.Sprintf("%s@%d", name, version) }
func label(name string, version int) string     { return fmt.Sprintf("%s v%d", name, version) }

// Weight returns the weight of a feature, 0 where the ranker has none.
func (r *Ranker) Weight(feature string) float64 {
	for _, w := range r.Weights {
		if w.Feature == feature {
			return w.Weight
		}
	}
	return 0
}

// Provenance says how a ranker came to be.
type Provenance struct {
	Time      time.Time `json:"time"`
	From      string    `json:"from,omitempty"` // the ranker it was pulled toward, "name v3"
	Seed      int64     `json:"seed,omitempty"`
	Metric    string    `json:"metric,omitempty"`
	Judgments int       `json:"judgments,omitempty"`
	Queries   int       `json:"queries,omitempty"`
	DataHash  string    `json:"data_hash,omitempty"`
	Before    float64   `json:"before,omitempty"` // of the old and the new ranker, on queries left out of the fit
	After     float64   `json:"after,omitempty"`
	Why       string    `json:"why,omitempty"` // the reason for which a person adopted it
}

// Feature describes one number that rankers read. Values lie in about [0, 1].
type Feature struct {
	Name  string `json:"name"`  // stable: bm25_title, cosine
	Label string `json:"label"` // for people: "Title words (BM25)"
	Help  string `json:"help"`  // one plain sentence
	// Sign is +1 where more can never count against a product, −1 where it can
	// never count for it, 0 where either may be.
	Sign int `json:"sign"`
}

// Contribution is one named part of a score: contributions sum to the score.
type Contribution struct {
	Feature      string  `json:"feature"`
	Value        float64 `json:"value"`
	Weight       float64 `json:"weight"`
	Contribution float64 `json:"contribution"`
}

// Result is one ranked product and the explanation of its score.
type Result struct {
	Rank          int            `json:"rank"` // 1 is first
	Product       Product        `json:"-"`
	Score         float64        `json:"score"`
	Grade         *Grade         `json:"grade"` // this judge's grade, or else the agreed one; nil when no one has judged it
	Contributions []Contribution `json:"contributions"`
	Pinned        bool           `json:"pinned,omitempty"` // a rule gave it its place, not its score
	// Matched says which terms of the query's analysis each text field has, as in
	// Candidate.
	Matched [TextFields]uint64 `json:"-"`
}

// ResultForm is a result in the form of the command contract: id and title in
// place of the product. Who writes many writes these: what encoding/json gets
// from a MarshalJSON it reads once more.
type ResultForm struct {
	Rank  int    `json:"rank"`
	ID    string `json:"id"`
	Title string `json:"title"`
	plainResult
}

type plainResult Result // which has no MarshalJSON

// Form is the result in the form of the command contract.
func (r *Result) Form() ResultForm {
	return ResultForm{r.Rank, r.Product.ID, r.Product.Title, plainResult(*r)}
}

// MarshalJSON writes the form of the command contract.
func (r Result) MarshalJSON() ([]byte, error) { return json.Marshal(r.Form()) }
