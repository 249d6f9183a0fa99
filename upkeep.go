package main

import (
	"context"
	"errors"

	"touchstone/engine/workbench"
	"touchstone/storage"
)

// upkeep is workbench.Upkeep over workspace files.
type upkeep struct{}

func (upkeep) Check(ctx context.Context, path string) (counts []workbench.Count, problems []string, err error) {
	err = withStore(path, func(store *storage.Workspace) error {
		n, err := store.Check(ctx)
		counts = countsOf(n)
		var damage *storage.DamageError
		if !errors.As(err, &damage) {
			return err
		}
		for _, p := range damage.Problems {
			problems = append(problems, p.String())
		}
		return nil
	})
	return counts, problems, err
}

func countsOf(n storage.Counts) []workbench.Count {
	return []workbench.Count{
		{What: "products", N: n.Products}, {What: "vectors", N: n.Vectors}, {What: "judgments", N: n.Judgments},
		{What: "changes", N: n.Changes}, {What: "queries", N: n.Queries}, {What: "rankers", N: n.Rankers}, {What: "rules", N: n.Rules},
		{What: "profiles", N: n.Profiles}, {What: "snapshots", N: n.Snapshots},
	}
}

func (upkeep) Repair(ctx context.Context, from, to string) (workbench.Saved, error) {
	report, err := storage.Repair(ctx, from, to)
	saved := workbench.Saved{Counts: countsOf(report.Saved), Undated: report.Undated}
	for _, p := range report.Lost {
		saved.Lost = append(saved.Lost, p.String())
	}
	return saved, err
}

func (upkeep) Backups(path string) ([]workbench.Backup, error) {
	return storage.Backups(path)
}

func (upkeep) Look(backup string) (workbench.Held, error) { return storage.Look(backup) }

func (upkeep) Restore(ctx context.Context, path, backup string) (aside string, err error) {
	return storage.Restore(ctx, path, backup)
}

func (upkeep) Compact(ctx context.Context, path string) (before, after int64, err error) {
	sizes, err := storage.Compact(ctx, path)
	return sizes.Before, sizes.After, err
}

// withStore opens a workspace for reading only.
func withStore(path string, use func(*storage.Workspace) error) error {
	store, err := storage.Open(path, storage.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	return errors.Join(use(store), store.Close())
}
