package workbench

import (
	"context"
	"errors"
	"fmt"

	"touchstone/engine"
	"touchstone/engine/measure"
)

// Store is the workspace file, as far as the use cases need it. Every method
// that changes something is one durable transaction: when it returns nil, the
// change survives a crash. Errors name the file and the operation.
type Store interface {
	Path() string
	// ReadOnly stores refuse every change with ErrReadOnly.
	ReadOnly() bool

	// Settings are read often; the store keeps them in memory. Their lists are
	// everybody's: to change one is to put another in its place.
	Settings() Settings
	PutSettings(Settings) error

	// PutProducts adds or replaces products by ID, all or none, and returns the
	// row of each. A new ID gets the next free row; a known one keeps its row.
	PutProducts(ctx context.Context, products []engine.Product) ([]uint32, error)
	// DeleteProducts removes products by ID with their vectors. Judgments stay.
	DeleteProducts(ctx context.Context, ids []string) error
	// Product reads one product by ID; false when there is none.
	Product(id string) (engine.Product, bool, error)
	// ProductAt reads the product of a row; false when the row is free.
	ProductAt(row uint32) (engine.Product, bool, error)
	// Row is the row of a product ID; false when there is none.
	Row(id string) (uint32, bool, error)
	// EachProduct calls fn in the order of rows. The product is fn's to keep.
	EachProduct(ctx context.Context, fn func(row uint32, p engine.Product) error) error

	// PutVectors stores vectors of one model (engine.Encoder.Name) by row, each
	// with the hash of the text it was made from. Vectors of other models go.
	PutVectors(ctx context.Context, model string, vectors []Vector) error
	// EachVectorBlock calls fn with the stored blocks of a model in the order of
	// rows. The block is valid during the call only.
	EachVectorBlock(ctx context.Context, model string, fn func(VectorBlock) error) error

	// EachVectorBlockOf is EachVectorBlock for the blocks that hold some rows.
	EachVectorBlockOf(ctx context.Context, model string, rows []uint32, fn func(VectorBlock) error) error

	// PutJudgments adds or replaces judgments, all or none, and appends each
	// change to the history, as one step. A judgment equal to the stored one
	// changes nothing.
	PutJudgments(ctx context.Context, judgments []engine.Judgment) error
	// BringJudgments is PutJudgments of grades that nobody gives here and now,
	// which the history notes.
	BringJudgments(ctx context.Context, judgments []engine.Judgment) error
	// ClearJudgments removes the judgments of the same query, product and judge,
	// as one step; no error where there is none.
	ClearJudgments(of []engine.Judgment) error
	// UndoJudgment takes back the newest step that a person made and that is not
	// yet undone, and returns the entries that undid it, none when there is none.
	UndoJudgment(author string) ([]engine.Change, error)
	// EachJudgment calls fn ordered by query, product, judge.
	EachJudgment(ctx context.Context, fn func(engine.Judgment) error) error
	// History calls fn newest first, until it returns false.
	History(fn func(engine.Change) bool) error

	// Journal keeps a change of a judgment that could not be written, outside of
	// the workspace in a file that it names, until DropJournal; opening the
	// workspace plays it.
	Journal(change engine.Change) (file string, err error)
	DropJournal() error
	// KeepBackup copies the workspace beside itself, if it changed since the last
	// time, and drops the oldest of several such copies. reason is one word.
	KeepBackup(ctx context.Context, reason string) error
	// KeepDailyBackup is KeepBackup where the newest copy is older than a day.
	KeepDailyBackup(ctx context.Context) error

	// PutQueries adds or replaces queries by text. Queries lists them in the
	// order in which they were first put.
	PutQueries(queries []engine.Query) error
	// SetQueries makes the query set these in this order; no other stays.
	SetQueries(queries []engine.Query) error
	Queries() ([]engine.Query, error)

	// SetAssignments makes the assignments these, in this order; Assignments lists
	// them.
	SetAssignments(assignments []Assignment) error
	Assignments() ([]Assignment, error)

	// PutRanker stores a ranker under its name with the next version, which it
	// returns in the result. Rankers lists all versions, oldest first.
	PutRanker(engine.Ranker) (engine.Ranker, error)
	Rankers() ([]engine.Ranker, error)

	// PutHead stores what fine-tuning made under its name with the next version,
	// which it returns in the result. Heads lists all versions, oldest first.
	PutHead(engine.Head) (engine.Head, error)
	Heads() ([]engine.Head, error)

	// PutProfiles adds or replaces profiles by name, all or none. Profile reads
	// one, false when there is none; Profiles lists the names in order.
	PutProfiles(profiles []engine.Profile) error
	Profile(name string) (engine.Profile, bool, error)
	Profiles() ([]string, error)

	// AddPages adds of pages what was not added within a week before, all or none,
	// and returns that; a page is known by its ID and query. source is the hash of
	// the file that they are from, 16 hexadecimal digits, "" for none; of a source
	// that was added before it is ErrAlreadyRead. Clicks lists all by query.
	AddPages(source string, pages []engine.ResultPage) (added []engine.Clicks, err error)
	Clicks() ([]engine.Clicks, error)

	// PutSnapshot stores a snapshot; its name must be new. Snapshots lists them,
	// oldest first.
	PutSnapshot(Snapshot) error
	Snapshots() ([]Snapshot, error)

	// PutInterleaving stores a trial in place of the one of its ID; one whose ID is
	// 0 gets the next, which is returned. Interleavings lists them, oldest first.
	PutInterleaving(Interleaving) (id uint64, err error)
	Interleavings() ([]Interleaving, error)

	// ChangeRules adds and replaces rules, and removes others by ID, all or none,
	// as one entry of their history, which it returns. A rule whose ID is 0 gets
	// a new one. UndoRules takes back the newest change that is not yet undone;
	// false when there is none. Rules lists them by ID; RuleHistory calls fn
	// newest first, until it returns false.
	ChangeRules(put []engine.Rule, remove []uint64, author string) (engine.RuleChange, error)
	UndoRules(author string) (engine.RuleChange, bool, error)
	Rules() ([]engine.Rule, error)
	RuleHistory(fn func(engine.RuleChange) bool) error

	// PutDerived stores what can always be made again from the rest, such as the
	// lexical index; Derived calls fn with the bytes, valid during the call
	// only, and returns false when there are none.
	PutDerived(name string, data []byte) error
	Derived(name string, fn func(data []byte) error) (bool, error)

	// Generation counts the transactions that changed products. What is derived
	// from products records the generation it was made at.
	Generation() uint64

	// NewFile makes an empty workspace in another file; OpenFile opens another one
	// for reading.
	NewFile(path string) (Store, error)
	OpenFile(path string) (Store, error)

	Close() error
}

// Settings are the workspace's own; a person's preferences live elsewhere.
type Settings struct {
	Catalogue engine.Catalogue `json:"catalogue"`
	Model     string           `json:"model"`  // of the encoder: "minilm", "bge-zh", a folder; "auto" until an import decides
	Ranker    string           `json:"ranker"` // the name of the ranker in use; "" is the default
	Scale     engine.Scale     `json:"scale"`
	Head      string           `json:"head,omitempty"` // what stands behind the encoder, NAME@VERSION; "" for nothing
	Clicks    ClickSettings    `json:"clicks,omitzero"`
	Judge     string           `json:"judge"`            // who grades when no one else is named
	Rules     string           `json:"rules,omitempty"`  // the set of rules in use: "" is the first one, "off" none
	Depth     int              `json:"depth,omitempty"`  // candidates of each search; 0 is the usual number
	Fusion    engine.Fusion    `json:"fusion,omitempty"` // "" ranks all that either search brings up

	Consensus measure.Consensus `json:"consensus,omitempty"` // how several grades of a pair become one; "" is the median

	// Merged are queries that were made one with others, and which of them stayed.
	Merged map[string]string `json:"merged,omitempty"`

	Pictures PictureSettings `json:"pictures,omitzero"`

	// Remotes are the search engines that a person configured. Home is the name of
	// the one that keeps the catalogue, "" for the workspace itself; Candidates of
	// the one that brings up what is ranked, "" for where the catalogue is.
	Remotes    []engine.Remote `json:"remotes,omitempty"`
	Home       string          `json:"home,omitempty"`
	Candidates string          `json:"candidates,omitempty"`
	Writer     string          `json:"writer,omitempty"` // this workspace among those that fill a remote catalogue
}

// Assignment is what one judge is to grade of a query.
type Assignment struct {
	Judge    string   `json:"judge"` // "" is whoever sits at the machine
	Query    string   `json:"query"`
	Products []string `json:"products"` // in the order to show them
}

// AutoModel leaves the choice of the encoder to the first import.
const AutoModel = "auto"

// Vector is one row's vector on its way into the store.
type Vector struct {
	Row    uint32
	Hash   uint64 // engine.Product.TextHash of the text it was made from, never 0
	Values []float32
}

// VectorBlock is a run of consecutive rows of vectors, as stored.
type VectorBlock struct {
	First  uint32   // row of the first vector
	Dim    int      // values a row
	Hashes []uint64 // one a row; 0 where the row has no vector
	Half   []uint16 // len(Hashes) × Dim IEEE 754 half-precision values, row after row
}

// ErrNotWritten says that the disk refused a change, which would be valid.
var ErrNotWritten = errors.New("it could not be written")

// ErrAlreadyRead says that the clicks of a file are counted already.
var ErrAlreadyRead = errors.New("its clicks were counted already")

// ErrReadOnly says that a workspace that is only to be looked at was to be
// changed.
var ErrReadOnly = errors.New("opened for reading only")

// ErrInUse says that another program has the workspace open.
var ErrInUse = errors.New("already open in another program")

// InUseError is an ErrInUse that knows who has it open.
type InUseError struct {
	Who string // a name, machine, process and time; "" where no one knows
}

// Error says who has the workspace open and what to do.
func (e *InUseError) Error() string {
	if e.Who == "" {
		return fmt.Sprintf("%v: close it there first", ErrInUse)
	}
	return fmt.Sprintf("%v (%s): close it there first", ErrInUse, e.Who)
}

// Unwrap makes errors.Is(err, ErrInUse) true.
func (e *InUseError) Unwrap() error { return ErrInUse }

// ErrDamaged is what errors.Is finds in every error about a file whose content
// is not what Touchstone wrote.
var ErrDamaged = errors.New("the file is damaged")

// ErrNewer says that a newer Touchstone wrote the workspace.
var ErrNewer = errors.New("written by a newer Touchstone")
