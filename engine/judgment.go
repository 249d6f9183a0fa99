package engine

import "time"

// Grade says how well a product answers a query, from 0 (wrong) to the scale's
// maximum. People give whole grades; files and averages may hold fractions.
type Grade float64

// Scale names the grades of a workspace; the grade is the index.
type Scale []Label

// Label is what one grade is called and what it means.
type Label struct {
	Name string `json:"name"`
	Help string `json:"help"`
}

// DefaultScale is the scale 0 to 3 of a new workspace.
func DefaultScale() Scale {
	return Scale{
		{"Wrong", "not what was asked"},
		{"Related", "same world, not it"},
		{"Good", "would do"},
		{"Exact", "what was asked"},
	}
}

// Max is the highest grade.
func (s Scale) Max() Grade { return Grade(len(s) - 1) }

// Judgment is one judge's grade of one product for one query. There is at most
// one for each (Query, Product, Judge); a later one replaces it and the history
// keeps both. Queries are compared exactly: "Nike" and "nike" are two.
type Judgment struct {
	Query   string    `json:"query"`
	Product string    `json:"product"` // product ID; it may name a product the catalogue lacks
	Grade   Grade     `json:"grade"`
	Judge   string    `json:"judge"`
	Time    time.Time `json:"time"`
	Note    string    `json:"note,omitempty"`
}

// Change is one entry of the judgment history: what stood before and what
// stands after. Before is nil for a first grade, After for a cleared one.
type Change struct {
	Seq    uint64    `json:"seq"`
	Time   time.Time `json:"time"`
	Before *Judgment `json:"before,omitempty"`
	After  *Judgment `json:"after,omitempty"`
	Undoes uint64    `json:"undoes,omitempty"` // the Seq this entry takes back, 0 for none
}

// Qrels holds one agreed grade for each judged pair: query → product ID → grade.
type Qrels map[string]map[string]Grade

// Query is something shoppers type, with what is known about the need behind it.
type Query struct {
	Text string `json:"text"`
	Need string `json:"need,omitempty"` // the information need, for judges
}
