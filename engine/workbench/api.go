package workbench

import (
	"time"

	"touchstone/engine"
	"touchstone/engine/rank"
)

// SearchRequest asks for one page.
type SearchRequest struct {
	Query  string
	K      int            // results wanted; 0 is 10
	Offset int            // results to leave out before the first
	Sort   Sort           // "" is by score
	Facets bool           // count the values of the products that match
	Ranker *engine.Ranker // nil is the ranker in use
	Filter engine.Filter
	Typing bool // the query is being typed: its last word may go on

	// Depth is how many candidates words and meaning each bring up to be ranked;
	// 0 is 200. A Fusion makes one list of both and keeps Depth of it; "" ranks
	// all that either brings up.
	Depth  int
	Fusion engine.Fusion

	// Profile is the shopper as whom to search; "" is no one in particular.
	Profile string

	Rules *RuleSet // nil is the set in use
}

// Sort orders a page by a number of the products instead of their score: what
// the search brought up and the ranker would order. "-price" starts with the
// highest. Products that lack the number come last.
type Sort string

// The orders of a page.
const (
	ByPrice      Sort = "price"
	ByPriceDown  Sort = "-price"
	ByDate       Sort = "date"
	ByDateDown   Sort = "-date"
	ByRating     Sort = "rating"
	ByRatingDown Sort = "-rating"
)

// Page is the answer to one search. It keeps the features of its candidates, so
// that Bench.Rerank can put them in another order without searching again.
type Page struct {
	Query    string
	Analysis engine.Analysis
	Total    int // products that match
	Near     int // of them, have no word of the query and are near in meaning
	Took     time.Duration
	Results  []engine.Result
	Facets   []engine.Facet // where they were asked for
	// Suggestion is the query with its probable typing mistakes mended, "" where
	// there are none. The results are already those of the mended words.
	Suggestion string
	Notes      []string // what else to know of the page, in plain sentences
	// Recorded is when the remote engine whose candidates these are gave them,
	// where it cannot be asked now; zero otherwise.
	Recorded time.Time
	// Rules are those that had a part in the page; Redirect is the page to which
	// one of them sends the shopper instead.
	Rules    []engine.Rule
	Redirect string

	pool   *pool // candidates and their features
	order  []rank.Scored
	k      int // results wanted
	offset int // results before the first
}

// Measured is a mean of a metric with what must stand beside it.
type Measured struct {
	Metric     string  // "ndcg@10"
	Convention string  // "standard"
	Mean       float64 // over Queries
	Queries    int
	Skipped    int        // queries whose judged products are all grade 0
	Coverage   float64    // share of the top k that is judged, 0 to 1
	Bounds     [2]float64 // if all unjudged were grade 0, or the highest grade
}

// QueryScore is the metric of one query.
type QueryScore struct {
	Query    string  `json:"query"`
	Value    float64 `json:"value"`
	Judged   int     `json:"judged"`
	Coverage float64 `json:"coverage"`
	Worst    float64 `json:"worst"`
	Best     float64 `json:"best"`
}

// Evaluation is a measured ranker, query by query.
type Evaluation struct {
	Measured
	PerQuery []QueryScore
	Notes    []string // that answers of a remote engine are not of now
}

// Scope says what an evaluation ranks.
type Scope string

// The scopes: the whole catalogue, or only the judged products of each query.
const (
	All    Scope = "all"
	Judged Scope = "judged"
)

// EvalRequest asks for an evaluation. Zero values: the judgments of the
// workspace, the ranker in use, ndcg@10, the whole catalogue.
type EvalRequest struct {
	Qrels  engine.Qrels
	Ranker *engine.Ranker
	Rules  *RuleSet // nil is the set in use
	Metric string
	Scope  Scope
	// Weighted counts each query as often as shoppers ask it.
	Weighted bool
}

// TrainRequest asks for learning.
type TrainRequest struct {
	Kind engine.Kind // "" is linear
	Seed int64
}

// UsualSeed is the seed where none is asked for: the window and the commands
// learn the same from the same grades.
const UsualSeed = 1

// Learned is what came of learning: a ranker that was adopted, or the reason
// why the old one was kept.
type Learned struct {
	Ranker engine.Ranker // the one in use afterwards
	Before engine.Ranker // the one in use until then
	Kind   engine.Kind
	// Score is NDCG@10 on queries left out of the fit, cross-validated: of the
	// weights that no grades have made, and of what the grades make of them.
	Score   [2]float64
	Train   [2]float64 // both on the very queries that the new one was fitted to
	Better  []string   // left-out queries that got better, most first
	Worse   []string   // left-out queries that got worse, most first
	Equal   int
	Grades  int
	Adopted bool
	Why     string // one or two plain sentences
	Seconds float64
}

// RowProblem is one row that an import could not read.
type RowProblem struct {
	File string
	Line int
	What string
}

// ImportReport says what an import did.
type ImportReport struct {
	Added, Changed, Unchanged, Removed int
	Missing                            int // products that the files lack and that stay
	Skipped                            int // rows that became no product
	Addresses                          int // products whose pictures lie on the web
	Problems                           []RowProblem
	Notes                              []string // how the files were read, in plain sentences
	Fields                             []engine.Field
	Language                           string
	Model                              string
	Seconds                            float64
}

// Status is what the window's status bar shows.
type Status struct {
	Path      string
	ReadOnly  bool // it can be looked at, and not changed
	Catalogue engine.Catalogue
	Products  int
	Encoded   int // products with an up-to-date vector
	Hidden    int // products that are kept and never found; Products does not count them
	Queries   int // of the query set, as Bench.Queries lists it: what is judged belongs to it
	Judgments int
	Model     string // "all-MiniLM-L6-v2 · int8"
	Judge     string
	Source    Source // where a query goes
}

// JudgmentReport says what an import of judgments did.
type JudgmentReport struct {
	Format   string
	Read     int
	Queries  int
	Unknown  int // judgments of products that the catalogue lacks; kept
	Skipped  int // rows that were not read
	Problems []RowProblem
	Notes    []string // how the file was understood, in plain sentences
}
