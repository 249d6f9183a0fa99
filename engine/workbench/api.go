package workbench

import (
	"context"
	"time"

	"touchstone/engine"
)

// SearchRequest asks for one page.
type SearchRequest struct {
	Query  string
	K      int            // results wanted; 0 is 10
	Ranker *engine.Ranker // nil is the ranker in use
	Filter engine.Filter
}

// Page is the answer to one search. It keeps the features of its candidates, so
// that Bench.Rerank can put them in another order without searching again.
type Page struct {
	Query    string
	Analysis engine.Analysis
	Total    int // products that match
	Took     time.Duration
	Results  []engine.Result

	pool *pool // candidates and their features
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
	Metric string
	Scope  Scope
}

// TrainRequest asks for learning.
type TrainRequest struct {
	Kind engine.Kind // "" is linear
	Seed int64
}

// Learned is what came of learning: a ranker that was adopted, or the reason
// why the old one was kept.
type Learned struct {
	Ranker  engine.Ranker // the one in use afterwards
	Before  engine.Ranker // the one in use until then
	Kind    engine.Kind
	Score   [2]float64 // NDCG@10 before and after, cross-validated: on queries left out of the fit
	Train   float64    // of the new ranker on the queries it was fitted to
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
	Problems                           []RowProblem
	Fields                             []engine.Field
	Language                           string
	Model                              string
	Seconds                            float64
}

// Status is what the window's status bar shows.
type Status struct {
	Path      string
	Catalogue engine.Catalogue
	Products  int
	Encoded   int // products with an up-to-date vector
	Queries   int // judged or listed queries
	Judgments int
	Model     string // "all-MiniLM-L6-v2 · int8"
	Judge     string
}

// Workbench is the full set of use cases, in one place for reading. The window
// and the commands each declare the part they use.
type Workbench interface {
	Status() Status
	Scale() engine.Scale
	Features() []engine.Feature

	Search(ctx context.Context, req SearchRequest) (*Page, error)
	// Rerank orders the page's candidates by another ranker, without searching
	// again: a few microseconds, for a slider in motion.
	Rerank(page *Page, ranker engine.Ranker) *Page

	// Ranker is the one in use, Rankers all versions, oldest first. Use adopts
	// a ranker as a new version.
	Ranker() engine.Ranker
	Rankers() ([]engine.Ranker, error)
	Use(r engine.Ranker) (engine.Ranker, error)
	// Default is the ranker that needs no grades.
	Default() engine.Ranker

	// Grade stores a judge's grade durably before it returns.
	Grade(ctx context.Context, query, product string, g engine.Grade) error
	Clear(query, product string) error
	Undo() (engine.Change, bool, error)

	// Measure is the metric of one page; Evaluate of the query set.
	Measure(page *Page) (QueryScore, bool)
	Evaluate(ctx context.Context, req EvalRequest, progress engine.OnProgress) (*Evaluation, error)
	Train(ctx context.Context, req TrainRequest, progress engine.OnProgress) (*Learned, error)

	// Import reads catalogue files, guesses or takes the mapping, stores and
	// encodes. Cancelled while encoding it keeps what is done; Resume goes on.
	Import(ctx context.Context, files []string, mapping map[string]engine.Role, progress engine.OnProgress) (*ImportReport, error)
	Resume(ctx context.Context, progress engine.OnProgress) error
	ImportJudgments(ctx context.Context, file, judge string) (*JudgmentReport, error)
	ExportJudgments(ctx context.Context, format, file string) error

	Close() error
}

// JudgmentReport says what an import of judgments did.
type JudgmentReport struct {
	Format   string
	Read     int
	Queries  int
	Unknown  int // judgments of products that the catalogue lacks; kept
	Problems []RowProblem
}
