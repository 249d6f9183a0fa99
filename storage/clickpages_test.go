package storage

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
)

// TestPagesCountOnce: of a page each product counts once as shown and once as
// clicked, however often and in whatever pieces it is told; pages of other IDs
// count, and after a week nothing is known any more.
func TestPagesCountOnce(t *testing.T) {
	w := newWorkspace(t)
	day := time.Date(2026, 11, 26, 23, 59, 0, 0, time.UTC)
	page := func(id string, tallies ...engine.Tally) []engine.ResultPage {
		return []engine.ResultPage{{ID: id, Query: "lamp", Tallies: tallies}}
	}
	shown := func(product string) engine.Tally { return engine.Tally{Product: product, Position: 1, Shown: 1} }
	clicked := func(product string) engine.Tally { return engine.Tally{Product: product, Position: 1, Clicked: 1} }
	both := func(product string) engine.Tally {
		return engine.Tally{Product: product, Position: 1, Shown: 1, Clicked: 1}
	}
	for i, step := range []struct {
		when  time.Time
		pages []engine.ResultPage
		added []engine.Tally
	}{
		{day, page("1", shown("a"), shown("b")), []engine.Tally{shown("a"), shown("b")}},
		{day, page("1", shown("a"), shown("b")), nil},
		{day, page("1", both("b"), shown("c")), []engine.Tally{clicked("b"), shown("c")}},
		{day.Add(time.Hour), page("1", both("a"), both("b")), []engine.Tally{clicked("a")}}, // the next day
		{day, page("1", both("a")), nil},                                                    // the clock was set back
		{day, page("2", both("a")), []engine.Tally{both("a")}},
		{day, append(page("3", shown("a")), page("3", shown("a"))...), []engine.Tally{shown("a")}},
		{day.AddDate(0, 0, pageDays), page("1", shown("a")), nil},
		{day.AddDate(0, 0, pageDays+1), page("1", shown("a"), clicked("a")), []engine.Tally{shown("a")}}, // its click was a day later
		{day, nil, nil},
	} {
		added, err := w.addPages("", step.pages, step.when)
		if err != nil {
			t.Fatal(err)
		}
		var want []engine.Clicks
		if step.added != nil {
			want = []engine.Clicks{{Query: "lamp"}}
			want[0].Add(step.added)
		}
		if d := cmp.Diff(want, added); d != "" {
			t.Errorf("step %d: %s", i, d)
		}
	}
	want := []engine.Clicks{{Query: "lamp", Tallies: []engine.Tally{
		{Product: "a", Position: 1, Shown: 4, Clicked: 2}, {Product: "b", Position: 1, Shown: 1, Clicked: 1}, {Product: "c", Position: 1, Shown: 1}}}}
	w = reopen(t, w)
	got, err := w.Clicks()
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(err, d)
	}
	if _, err := w.addPages("", []engine.ResultPage{{ID: "9", Tallies: []engine.Tally{shown("a")}}}, day); err == nil {
		t.Error("a page of no query was kept")
	}
}

// TestPagesAreForgotten: the list of what was counted holds a week.
func TestPagesAreForgotten(t *testing.T) {
	w := newWorkspace(t)
	if _, err := w.addPages("ffffffffffffffff", []engine.ResultPage{{ID: "0", Query: "lamp", Tallies: []engine.Tally{{Product: "a", Position: 1, Shown: 1}}}}, time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 30 {
		if _, err := w.addPages("", []engine.ResultPage{{ID: "1", Query: "lamp", Tallies: []engine.Tally{{Product: string(rune('a' + i)), Position: 1, Shown: 1}}}}, day.AddDate(0, 0, i)); err != nil {
			t.Fatal(err)
		}
	}
	listed := 0
	tx, err := w.db.Begin(false)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	b := in(tx, bucketClickLogs)
	if err := b.ForEach(func(key, _ []byte) error {
		listed++
		if len(key) != clickLogKey && !isPageKey(key) {
			t.Errorf("the key %q", key)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if want := 1 + pageDays + 1; listed != want {
		t.Errorf("%d are listed, want the file and %d days", listed, want-1)
	}
}
