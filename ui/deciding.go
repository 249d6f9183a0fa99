package ui

import (
	"context"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// deciding is what the Compare and Rules places use of a workspace. SlidersSide,
// RuleSets, RuleSet, Rules and DraftRules answer from memory, at once; everything
// else is called beside the window.
type deciding interface {
	Rankers() ([]engine.Ranker, error)
	Sides() (all []workbench.SideChoice, before, now string, err error)
	SlidersSide(draft *engine.Ranker) string
	Side(name string) (workbench.Side, error)
	Compare(ctx context.Context, req workbench.CompareRequest, progress engine.OnProgress) (*workbench.Comparison, error)
	ComparedPages(c *workbench.Comparison, q workbench.ComparedQuery) (workbench.ComparedPages, error)
	Settling(c *workbench.Comparison) ([]workbench.QueueItem, error)
	WriteReport(c *workbench.Comparison, format, file string) error
	AdoptSide(side workbench.Side, why string) (engine.Ranker, error)
	Timeline(ctx context.Context, progress engine.OnProgress) ([]workbench.Moment, error)
	GoBack(name, why string) (engine.Ranker, error)
	Sweep(ctx context.Context, req workbench.SweepRequest, progress engine.OnProgress) (*workbench.Sweep, error)
	Take(s *workbench.Sweep, point int) error
	ReadSnapshot(file, name string) (*workbench.SnapshotReport, error)
	TakeSnapshot(ctx context.Context, name string, ranker *engine.Ranker, progress engine.OnProgress) (*workbench.Snapshot, error)

	Interleave(ctx context.Context, req workbench.InterleaveRequest, progress engine.OnProgress) (*workbench.Interleaving, error)
	KeepInterleaving(t *workbench.Interleaving) (id uint64, err error)
	Interleavings() ([]workbench.Interleaving, error)
	Interleaved(id uint64) (*workbench.Interleaving, error)
	Ideal(ctx context.Context, query string, side workbench.Side) (*workbench.IdealPage, error)

	RuleSets() []string
	RuleSet(name string) (*workbench.RuleSet, error)
	DraftRules(set *workbench.RuleSet, draft engine.Rule) (*workbench.RuleSet, error)
	PutRules(list ...engine.Rule) ([]engine.Rule, error)
	RemoveRules(ids ...uint64) error
	UndoRules() (engine.RuleChange, bool, error)
	RuleEffect(ctx context.Context, before, after *workbench.RuleSet, progress engine.OnProgress) (*workbench.RuleEffect, error)
	WarmRules(ctx context.Context, progress engine.OnProgress) error
	CheckRules(set *workbench.RuleSet) ([]workbench.RuleProblem, error)
	ImportRules(ctx context.Context, file, set string) (*workbench.RuleImport, error)
	ExportRules(set *workbench.RuleSet, format, file string) (notes []string, err error)
}
