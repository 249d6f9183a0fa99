package ui

import (
	"context"
	"image"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// Bench is an open workspace, as far as the window uses one. It is safe for
// concurrent use. Status, Scale, Features, Ranker, Default, Rerank, Measure,
// Consensus, Pictures and Matches answer from memory, at once; everything else is called beside the window.
type Bench interface {
	Status() workbench.Status
	Scale() engine.Scale
	Features() []engine.Feature

	Search(ctx context.Context, req workbench.SearchRequest) (*workbench.Page, error)
	// SearchSide is Search by one side of a comparison.
	SearchSide(ctx context.Context, req workbench.SearchRequest, side workbench.Side, progress engine.OnProgress) (*workbench.Page, error)
	Rerank(page *workbench.Page, ranker engine.Ranker) (*workbench.Page, error)

	Similar(ctx context.Context, id string, k int) (*workbench.Page, error)
	Recommend(ctx context.Context, profile string, k int) (*workbench.Page, error)
	Profiles() ([]string, error)
	Shopper(name string) (*workbench.Shopper, error)

	Product(id string) (engine.Product, bool, error)
	List(ctx context.Context, req workbench.ListRequest) (*workbench.ProductList, error)
	Edit(ctx context.Context, p engine.Product) error
	Hide(ctx context.Context, hidden bool, ids ...string) error
	UndoEdit(ctx context.Context) ([]engine.Product, error)

	Ranker() engine.Ranker
	Default() engine.Ranker
	Use(r engine.Ranker) (engine.Ranker, error)
	Adopt(name string) (engine.Ranker, error)
	ImportRanker(ctx context.Context, file, name string) (engine.Ranker, []string, error)
	ExportRanker(r engine.Ranker, format, file string) error
	Why(ctx context.Context, r engine.Ranker, most int) ([]workbench.Change, error)
	LearningCurve(ctx context.Context, seed int64, progress engine.OnProgress) (*workbench.Curve, error)

	Encoders() (heads []engine.Head, used string, err error)
	UseEncoder(name string) error
	FineTune(ctx context.Context, seed int64, progress engine.OnProgress) (*workbench.Tuned, error)

	Grade(ctx context.Context, query, product string, g engine.Grade) error
	GradeNoted(ctx context.Context, query, product string, g engine.Grade, note string) error
	Clear(query string, products ...string) error
	Undo() ([]engine.Change, error)
	PutBack(undone []engine.Change) error
	GradeMany(query string, products []string, g engine.Grade) error
	GradeAgain(query, product string, g engine.Grade, note string) error
	Settle(query, product string, g engine.Grade, discussion string) error
	Others(query, product string) []engine.Judgment
	Judges(ctx context.Context) (*workbench.JudgesReport, error)
	History(req workbench.HistoryRequest) ([]engine.Change, error)
	Assign(ctx context.Context, req workbench.AssignRequest, progress engine.OnProgress) (map[string]int, error)
	Consensus() workbench.Consensus
	SetConsensus(by workbench.Consensus) error
	SetScale(ctx context.Context, scale engine.Scale, rescale bool) (moved int, err error)
	WritePack(ctx context.Context, req workbench.PackRequest, progress engine.OnProgress) (workbench.Packed, error)
	Merge(ctx context.Context, file, judge string) (*workbench.Merged, error)

	QuerySet(ctx context.Context, rank bool, progress engine.OnProgress) ([]workbench.QueryRow, error)
	PutQuery(q engine.Query) error
	RemoveQueries(texts ...string) ([]workbench.RemovedQuery, error)
	RestoreQueries(removed ...workbench.RemovedQuery) error
	MergeQueries(ctx context.Context, keep string, others ...string) (*workbench.MergedQueries, error)
	UnmergeQueries(ctx context.Context, m *workbench.MergedQueries) error
	ImportQueries(ctx context.Context, file string) (int, error)
	SampleLog(ctx context.Context, req workbench.SampleRequest) (workbench.Sampled, error)

	Queue(ctx context.Context, req workbench.QueueRequest, progress engine.OnProgress) ([]workbench.QueueItem, error)
	Judging(now time.Time) (workbench.Judging, error)
	SetJudge(name string) error
	Matches(query, text string) [][2]int

	Measure(page *workbench.Page) (workbench.QueryScore, bool)
	Evaluate(ctx context.Context, req workbench.EvalRequest, progress engine.OnProgress) (*workbench.Evaluation, error)
	Refit(ctx context.Context, seed int64) (*workbench.Trial, error)
	Train(ctx context.Context, req workbench.TrainRequest, progress engine.OnProgress) (*workbench.Learned, error)

	Import(ctx context.Context, files []string, mapping map[string]engine.Role, progress engine.OnProgress) (*workbench.ImportReport, error)
	Replace(ctx context.Context, files []string, mapping map[string]engine.Role, progress engine.OnProgress) (*workbench.ImportReport, error)
	Resume(ctx context.Context, progress engine.OnProgress) error
	ImportJudgments(ctx context.Context, file, judge string) (*workbench.JudgmentReport, error)
	ExportJudgments(ctx context.Context, format, file string) (notes []string, err error)

	Pictures() workbench.PictureSettings
	SetPictures(p workbench.PictureSettings) error
	Thumbnail(ctx context.Context, p *engine.Product, side int) (image.Image, error)

	// Unsaved is how many grades wait for the disk.
	Unsaved() int
	KeepDailyBackup(ctx context.Context) error

	deciding
	clicking

	Close() error
}

// Opener opens or makes the workspace at a path.
type Opener func(path string) (Bench, error)

// Deps is what the window needs of main.
type Deps struct {
	Version string
	Path    string // the workspace to open first; "" for the last one used, or the sample

	Open   Opener
	Create Opener
	// View opens a workspace to look at, even one that someone else has open.
	View   Opener
	Upkeep workbench.Upkeep

	// Crashed is when the program crashed, if it did since it was last started.
	Crashed time.Time
	// Diagnostics is the text that helps to find out what went wrong; st is nil
	// while no workspace is open. With details it holds messages as they were.
	Diagnostics func(st *workbench.Status, unsaved int, details bool) (string, error)

	// Sample opens the sample workspace and makes it first where there is none.
	Sample func() (Bench, error)
	// Samples are further ones, for the File menu.
	Samples []Sample
	Models  Models
}

// Models takes model folders in.
type Models struct {
	// Import takes long; it returns what the model calls itself.
	Import func(ctx context.Context, in workbench.ModelImport) (about string, err error)
	// Create makes a workspace whose encoder is an imported model.
	Create func(path, model string) (Bench, error)
}

// Sample is a workspace to look around in.
type Sample struct {
	Name     string // as it stands in the menu: "Open the sample in Chinese"
	Language string // that it is shown to at the first start in place of Sample: "zh"; "" for none
	Open     func() (Bench, error)
}
