package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// Deps are what main hands to the commands.
type Deps struct {
	Version string
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer

	// Open opens an existing workspace; Create makes a new one, whose encoder is
	// model ("auto", "minilm", "bge-zh" or a folder).
	Open   func(path string) (*workbench.Bench, error)
	Create func(path, model string) (*workbench.Bench, error)
	// Sample makes the sample workspace of a language ("en", "zh") at path.
	Sample func(ctx context.Context, path, language string, progress engine.OnProgress) (*workbench.Bench, error)
	// Encoder opens a model; precision is "int8" or "fp32".
	Encoder func(model, precision string) (Encoder, error)
	// ImportModel takes a model folder into the local store and returns what the
	// model calls itself.
	ImportModel func(ctx context.Context, in workbench.ModelImport) (about string, err error)
	// Backup copies a workspace file while no one writes to it.
	Backup func(ctx context.Context, from, to string) error
	Upkeep workbench.Upkeep
	// Window opens the window on a workspace ("" is the last one, or the sample).
	Window func(path string) error
	// Picture draws the search screen off screen.
	Picture func(ctx context.Context, bench *workbench.Bench, query string) (image.Image, error)
}

// Encoder is an engine.Encoder that also shows its token ids.
type Encoder interface {
	engine.Encoder
	Tokenize(text string) []int32
}

// Exit codes of the command contract.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
	exitGate   = 3
)

// errGate says that the work was done and a gate (--fail-under, --fail-if-worse) failed.
var errGate = errors.New("gate failed")

type grammar struct {
	Open      openCmd      `cmd:"" default:"withargs" help:"Open the window on a workspace (the last one used, or the sample)."`
	Demo      demoCmd      `cmd:"" help:"On the sample: search, judge, learn; prints NDCG@10 before and after on queries that were not trained on."`
	New       newCmd       `cmd:"" help:"Make an empty workspace."`
	Import    importCmd    `cmd:"" help:"Read a catalogue into a workspace: .csv .tsv .json .jsonl .xlsx, each also .gz; - is JSON Lines from stdin."`
	Judgments judgmentsCmd `cmd:"" help:"Read judgments into a workspace, in any common format."`
	Judges    judgesCmd    `cmd:"" help:"How far the judges of a workspace agree, and where they do not."`
	Settle    settleCmd    `cmd:"" help:"Settle on a grade where judges disagree, beside what each of them said; or list what is to discuss."`
	Scale     scaleCmd     `cmd:"" help:"The scale of grades: binary, 0-3, 0-4, or names of your own."`
	Assign    assignCmd    `cmd:"" help:"Share out the judging, each pair to so many judges; or print how far each has come."`
	Pack      packCmd      `cmd:"" help:"Write a judging pack for another machine: queries and products, no rankings."`
	Merge     mergeCmd     `cmd:"" help:"Bring in what was judged elsewhere; no grade is ever lost."`
	Queries   queriesCmd   `cmd:"" help:"The query set: list, import, export, sample from a log, edit, merge."`
	History   historyCmd   `cmd:"" help:"Who graded what, when, from what to what; take steps back."`
	Search    searchCmd    `cmd:"" help:"Search a workspace and explain the scores."`
	Similar   similarCmd   `cmd:"" help:"Find the products nearest to one in meaning."`
	Recommend recommendCmd `cmd:"" help:"Fill a front page for a shopper."`
	Product   productCmd   `cmd:"" help:"Show, change, hide or unhide products of a workspace."`
	Events    eventsCmd    `cmd:"" help:"Read what shoppers viewed, added and bought into their profiles."`
	Ranker    rankerCmd    `cmd:"" help:"List, import and use rankers, and say why they are as they are."`
	Clicks    clicksCmd    `cmd:"" help:"What the clicks on result pages say, by two models, and how much learning listens to them."`
	Train     trainCmd     `cmd:"" help:"Learn better weights from the grades; they are adopted only if queries left out of the fit do not get worse."`
	Finetune  finetuneCmd  `cmd:"" help:"Fine-tune the encoder on the grades; it is adopted only if queries left out of the fit do not get worse."`
	Eval      evalCmd      `cmd:"" help:"Measure a ranker on the judged queries."`
	Compare   compareCmd   `cmd:"" help:"Is ranker B better than A, and where does it hurt?"`
	Snapshot  snapshotCmd  `cmd:"" help:"Keep what a ranker makes of the query set now, to compare with later; without a name, list what is kept."`
	Rules     rulesCmd     `cmd:"" help:"Pins, boosts, synonyms and other decisions about queries: list, add, import, export, check, effect."`
	Encode    encodeCmd    `cmd:"" help:"Encode JSON Lines {\"text\"} from stdin to {\"ids\",\"embedding\"}, in order."`
	Model     modelCmd     `cmd:"" help:"Add encoders to this machine."`
	Export    exportCmd    `cmd:"" help:"Write judgments, a ranker or a run in another tool's format."`
	Engine    engineCmd    `cmd:"" help:"Search engines beyond this machine: a remote catalogue, or the search that a shop already runs."`
	Serve     serveCmd     `cmd:"" help:"Answer searches over HTTP."`
	Backup    backupCmd    `cmd:"" help:"Copy a workspace to another file."`
	Check     checkCmd     `cmd:"" help:"Verify every record of a workspace and print counts."`
	Repair    repairCmd    `cmd:"" help:"Save what can be read of a damaged workspace into a new one."`
	Restore   restoreCmd   `cmd:"" help:"Put a backup in the place of a workspace, or list its automatic backups."`
	Compact   compactCmd   `cmd:"" help:"Give the space that a workspace no longer needs back to the disk."`
	Bench     benchCmd     `cmd:"" help:"Time the encoder or the search."`

	Deciding decidingCmds `embed:""`

	Version kong.VersionFlag `help:"Print the version."`
}

// session is what a running command has to hand.
type session struct {
	context.Context
	Deps
}

// Run carries out the command of args (without the program's name) and returns
// its exit code: 0 done, 1 failed, 2 wrong usage, 3 a gate failed.
func Run(ctx context.Context, args []string, deps Deps) int {
	var g grammar
	left := -1
	parser, err := kong.New(&g,
		kong.Name("touchstone"),
		kong.Description("A bench for testing and tuning product search. Nothing leaves this machine."),
		kong.Writers(deps.Stdout, deps.Stderr),
		kong.Vars{"version": deps.Version},
		kong.Exit(func(code int) { left = code; panic(leave{}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		fmt.Fprintln(deps.Stderr, "touchstone:", err)
		return exitFailed
	}
	command, err := parse(parser, args)
	if left >= 0 { // --help or --version has answered
		return left
	}
	if err != nil {
		fmt.Fprintf(deps.Stderr, "touchstone: %v (touchstone --help lists the commands)\n", err)
		return exitUsage
	}
	err = command.Run(&session{ctx, deps}, &g)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errGate):
		fmt.Fprintln(deps.Stderr, "touchstone:", strings.TrimPrefix(err.Error(), errGate.Error()+": "))
		return exitGate
	default:
		fmt.Fprintln(deps.Stderr, "touchstone:", engine.WithAdvice(err))
		return exitFailed
	}
}

// leave unwinds the parser after --help, which kong would end with os.Exit.
type leave struct{}

func parse(parser *kong.Kong, args []string) (command *kong.Context, err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(leave); !ok {
				panic(r)
			}
		}
	}()
	return parser.Parse(args)
}

// none says beside the output why a list is empty.
func (s *session) none(why string) { fmt.Fprintln(s.Stderr, why) }

// writeJSON prints one value as the command's result.
func (s *session) writeJSON(v any) error {
	enc := json.NewEncoder(s.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(v)
}

// with opens a workspace for one use and closes it, reporting the first error.
func (s *session) with(path string, use func(*workbench.Bench) error) error {
	bench, err := s.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(use(bench), bench.Close())
}
