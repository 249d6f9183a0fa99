package workbench

import (
	"context"
	"fmt"
	"io"
	"slices"

	"touchstone/engine"
	"touchstone/engine/exchange"
	"touchstone/engine/rank"
)

// mostEvents is how many events a profile keeps, the newest: what is older has
// lost its weight long before.
const mostEvents = 1000

// EventReport says what an import of events did.
type EventReport struct {
	Read     int // events kept
	Profiles int
	Unknown  int // events of products that the catalogue lacks; kept
	Others   int // rows of other kinds: impressions, searches
	Skipped  int // rows that were not read
	Problems []RowProblem

	// Of result pages, for learning: see Bench.Clicks.
	Queries, Shown, Clicked int
	Known                   int  // of shown and clicked, counted before and not again
	Repeated                bool // all these clicks were counted before
}

// ImportEvents reads a file of what shoppers did into their profiles, all or
// none. Reading a file again changes nothing.
func (b *Bench) ImportEvents(ctx context.Context, file string) (*EventReport, error) {
	read, err := exchange.OpenEvents(file)
	if err == nil {
		err = b.keepBackup(ctx, "import")
	}
	if err != nil {
		return nil, err
	}
	return b.keepEvents(ctx, read, true)
}

// ReadEvents is ImportEvents for what is already open; name is used in messages.
func (b *Bench) ReadEvents(ctx context.Context, r io.Reader, name string) (*EventReport, error) {
	read, err := exchange.ReadEvents(r, name)
	if err != nil {
		return nil, err
	}
	return b.keepEvents(ctx, read, false)
}

// keepEvents keeps both: profiles and the clicks on result pages. A file counts
// once, and each product of a page: who got no answer sends it again, maybe among
// other events, and a file may hold what was sent before.
func (b *Bench) keepEvents(ctx context.Context, read *exchange.Events, file bool) (*EventReport, error) {
	report := &EventReport{Read: read.Read, Profiles: len(read.Profiles), Others: read.Others, Skipped: read.Skipped}
	for _, p := range read.Problems {
		report.Problems = append(report.Problems, RowProblem{File: p.File, Line: p.Line, What: p.What})
	}
	var ids []string
	for _, p := range read.Profiles {
		for _, e := range p.Events {
			ids = append(ids, e.Product)
		}
	}
	if err := b.bring(ctx, ids); err != nil {
		return nil, err
	}
	for _, p := range read.Profiles {
		for _, e := range p.Events {
			if _, ok, err := b.store.Row(e.Product); err != nil {
				return nil, err
			} else if !ok {
				report.Unknown++
			}
		}
	}
	if err := b.addEvents(ctx, read.Profiles); err != nil {
		return nil, err
	}
	return report, b.keepClicks(read.Pages, file, report)
}

// addEvents adds events to profiles, all or none, and makes those that are new.
func (b *Bench) addEvents(ctx context.Context, profiles []engine.Profile) error {
	b.profiles.Lock() // a profile is read before it is written
	defer b.profiles.Unlock()
	merged := make([]engine.Profile, 0, len(profiles))
	for _, p := range profiles {
		if err := ctx.Err(); err != nil {
			return err
		}
		at := slices.IndexFunc(merged, func(m engine.Profile) bool { return m.Name == p.Name })
		if at < 0 {
			stored, _, err := b.store.Profile(p.Name)
			if err != nil {
				return err
			}
			stored.Name = p.Name
			at = len(merged)
			merged = append(merged, stored)
		}
		merged[at].Events = mergeEvents(merged[at].Events, p.Events)
	}
	return b.store.PutProfiles(merged)
}

// mergeEvents lists events oldest first, equal ones once, the newest mostEvents.
func mergeEvents(a, b []engine.Event) []engine.Event {
	all := slices.Concat(a, b)
	slices.SortStableFunc(all, func(x, y engine.Event) int { return x.Time.Compare(y.Time) })
	type event struct {
		product string
		action  engine.Action
		at      int64
	}
	seen := map[event]bool{}
	all = slices.DeleteFunc(all, func(e engine.Event) bool {
		key := event{e.Product, e.Action, e.Time.UnixNano()}
		again := seen[key]
		seen[key] = true
		return again
	})
	return all[max(0, len(all)-mostEvents):]
}

// Profiles lists the names of the shoppers that the workspace knows, in order.
func (b *Bench) Profiles() ([]string, error) { return b.store.Profiles() }

// shopper reads a profile and its direction; "" is no shopper. The note says in
// a plain sentence why there is no direction, where there is none.
func (b *Bench) shopper(v *view, name string) (p engine.Profile, direction []float32, note string, err error) {
	if name == "" {
		return p, nil, "", nil
	}
	p, known, err := b.store.Profile(name)
	if err != nil {
		return p, nil, "", err
	}
	var failed error
	direction = rank.Shopper(&p, func(product string) []float32 {
		row, ok, err := b.store.Row(product)
		if err != nil {
			failed = err
		}
		if !ok {
			return nil
		}
		return v.vector(row)
	})
	switch {
	case failed != nil:
		return p, nil, "", failed
	case !known:
		note = fmt.Sprintf("no shopper is called %q yet: ranked as for everyone", name)
	case direction == nil:
		note = fmt.Sprintf("nothing that %q did is of a product in the catalogue: ranked as for everyone", name)
	}
	return p, direction, note, nil
}
