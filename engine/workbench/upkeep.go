package workbench

import (
	"context"
	"time"
)

// Upkeep is what can be done to a workspace file that no one has open.
type Upkeep interface {
	// Check verifies every record; problems names what is wrong, a line each.
	Check(ctx context.Context, path string) (counts []Count, problems []string, err error)
	// Repair saves what can be read of a damaged file into a new one.
	Repair(ctx context.Context, from, to string) (Saved, error)
	// Backups lists the automatic backups, newest first; Look says what is in one.
	Backups(path string) ([]Backup, error)
	Look(backup string) (Held, error)
	// Restore puts a backup in the place of the workspace; aside is where the file
	// before is kept, "" when there was none.
	Restore(ctx context.Context, path, backup string) (aside string, err error)
	// Compact gives the pages that the file no longer needs back to the disk; before
	// and after are its sizes in bytes.
	Compact(ctx context.Context, path string) (before, after int64, err error)
}

// Count is how many records of a kind a workspace holds.
type Count struct {
	What string // "products"
	N    int
}

// Saved is what a repair made of a damaged file.
type Saved struct {
	Counts  []Count
	Lost    []string // what could not be saved, a line each
	Undated int      // records that may be older than what was lost
}

// Backup is an automatic backup of a workspace.
type Backup struct {
	Path   string
	Time   time.Time
	Reason string // "import", "daily"; "before-restore" is what a restore put aside
	Bytes  int64
}

// Held is what a backup holds, for a person who chooses between several.
type Held struct {
	Products, Judgments, Queries, Rankers int
	Graded                                time.Time // when its newest grade was given; zero for none
}
