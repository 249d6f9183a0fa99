package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"touchstone/engine/workbench"
)

// RepairReport says what a repair saved and what it could not.
type RepairReport struct {
	Saved Counts
	Lost  []Problem // by bucket; empty when nothing was
	// Undated is how many records fill a gap from a place that does not say
	// whether it is the newest: they may be older than what was lost.
	Undated int
}

// Repair saves every record that can be read of the damaged file into a new
// workspace, and leaves the damaged file as it is. A record is taken only if
// its checksum fits. Of several versions of one the first of these counts:
//
//  1. what the newest transaction's tree leads to, or what stands on a page
//     that is neither in that tree nor free, and so was in a lost part of it;
//  2. what the tree of the transaction before leads to, and, where a meta page
//     or the list of free pages is damaged too, what any page of the file holds:
//     of judgments the latest by their time.
//
// The latest change in the history decides over judgments of the second kind,
// unless they were made after it, and over those that were not found at all.
//
// The history is numbered anew where a part of it is lost, and ends with
// entries that lead to the judgments that stand. Derived data is left out.
func Repair(ctx context.Context, from, to string) (RepairReport, error) {
	report, err := repair(ctx, from, to)
	if err != nil {
		return report, fmt.Errorf("repairing %s into %s: %w", from, to, err)
	}
	return report, nil
}

func repair(ctx context.Context, from, to string) (report RepairReport, err error) {
	// The lock keeps writers away, where the file is whole enough for bbolt to
	// take it.
	switch w, err := attach(from, &bbolt.Options{ReadOnly: true}); {
	case err == nil:
		defer w.detach()
	case errors.Is(err, workbench.ErrInUse):
		return report, err
	}
	f, err := os.Open(from)
	if err != nil {
		return report, err
	}
	defer f.Close()
	s, err := readDamaged(ctx, f)
	if err != nil {
		return report, err
	}
	if len(s.records) == 0 {
		return report, fmt.Errorf("%w: no record of one can be read in it; go on with the latest backup", ErrNotWorkspace)
	}
	err = publish(to, func(tmp *os.File) error {
		r := &rebuilding{salvage: s, saved: map[string]bool{}}
		if err := r.into(tmp.Name()); err != nil {
			return err
		}
		saved, err := Open(tmp.Name(), Options{ReadOnly: true})
		if err != nil {
			return err
		}
		counts, err := saved.Check(ctx)
		report = RepairReport{Saved: counts, Lost: r.losses(), Undated: s.undated}
		return errors.Join(err, saved.Close())
	})
	return report, err
}

// losses are what was lost, by bucket. A record that was damaged in one place
// and found in another is not, nor is what is made again.
func (r *rebuilding) losses() []Problem {
	for name, records := range r.records {
		if r.broken[name] && name != bucketJudgments {
			for key := range records {
				r.saved[name+showKey(name, []byte(key))] = true
			}
		}
	}
	lost := slices.DeleteFunc(slices.Clone(r.lost), func(p Problem) bool {
		return p.Bucket == bucketRows || p.Bucket == bucketFree || p.Bucket == bucketDerived || p.Key != "" && r.saved[p.Bucket+p.Key]
	})
	slices.SortStableFunc(lost, func(a, b Problem) int { return strings.Compare(a.Bucket, b.Bucket) })
	return lost
}
